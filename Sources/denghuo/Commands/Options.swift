import ArgumentParser
import District
import Kernel

/// Where the district lives and for whom the command line acts.
struct FolderOptions: ParsableArguments {
  @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
  @Option(help: .told("以哪个账号操作。", "The account that acts.")) var account = "admin"

  var folder: DataFolder { DataFolder(data) }

  func door(_ voice: Voice) async throws -> any Door {
    try await Doors.open(
      folder, account: AccountID(account, field: "account").text, voice: voice)
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
