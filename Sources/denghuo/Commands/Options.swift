import ArgumentParser
import District
import Kernel

/// Where the district lives and for whom the command line acts.
struct FolderOptions: ParsableArguments {
  @Option(help: "The district's data folder.") var data: String
  @Option(help: "The account that acts.") var account = "admin"

  var folder: DataFolder { DataFolder(data) }

  func door(_ voice: Voice) async throws -> any Door {
    try await Doors.open(folder, account: account, voice: voice)
  }
}

enum TextOrJSON: String, ExpressibleByArgument {
  case text
  case json
}

enum CSVOrJSON: String, ExpressibleByArgument {
  case csv
  case json
}

enum AnyFormat: String, ExpressibleByArgument {
  case text
  case json
  case csv
}
