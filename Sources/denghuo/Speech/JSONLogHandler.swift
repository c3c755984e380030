import Kernel
import Logging

/// Log lines as JSON objects, one a line, for programs that gather them. What is logged holds codes,
/// routes and numbers, never anything about anybody.
struct JSONLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.notice
  let label: String
  private let clock = Clock.machine

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var members: [String: Fields] = [
      "at": .text(clock.now().text(in: .china)), "level": .text(event.level.rawValue),
      "label": .text(label), "message": .text(event.message.description),
    ]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
      members[key] = .text(value.description)
    }
    let line = (try? Fields.jsonBytes(Fields.object(members))) ?? []
    StandardError.write(String(decoding: line, as: UTF8.self) + "\n")
  }
}
