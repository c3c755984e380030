import Kernel

/// Addresses of files that change as soon as any file does: a browser may keep what it has fetched for
/// good, asks for nothing on the next page, and never mixes two versions. They stand in the head of each
/// page and in each module that imports another.
struct FileAddresses: Sendable {
  /// The digest of all files, 16 digits.
  let version: String
  private let imports: [String: [String]]
  /// Those of the imports that a module cannot begin without.
  private let atOnce: [String: [String]]
  private let paths: Set<String>

  /// - Parameter contents: the files by their path (`/app.css`).
  init(_ contents: [String: [UInt8]], version: String) {
    self.version = version
    paths = Set(contents.keys)
    let modules = contents.filter { $0.key.hasSuffix(".js") }
    imports = modules.mapValues { Self.imported(String(decoding: $0, as: UTF8.self)) }
    atOnce = modules.mapValues {
      Self.imported(String(decoding: $0, as: UTF8.self), after: Self.wordsAtOnce)
    }
  }

  /// Whether a file was asked for by the address of its version.
  func isVersioned(_ asked: Asked) -> Bool {
    asked.query?.contains { $0.name == Self.field && $0.value == version } ?? false
  }

  /// A module whose imports name versions.
  func module(_ bytes: [UInt8]) -> [UInt8] {
    var text = String(decoding: bytes, as: UTF8.self)
    for path in Set(Self.imported(text)) where paths.contains(path) {
      for word in Self.words {
        text = text.replacing("\(word)\"\(path)\"", with: "\(word)\"\(address(path))\"")
      }
    }
    return Array(text.utf8)
  }

  /// A page whose head names versions and, before any is read, every module that its modules import: on
  /// a slow line each step of a chain of imports waits for half a second of its own.
  func page(_ bytes: [UInt8]) -> [UInt8] {
    guard let end = bytes.prefix(Self.longestHead).firstRange(of: DocumentScreen.headEnd) else {
      return bytes
    }
    var head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    var modules: [String] = []
    var others: [String] = []
    for piece in head.split(separator: "\"") {
      let path = String(piece)
      guard paths.contains(path) else { continue }
      if path.hasSuffix(".js") { modules.append(path) } else { others.append(path) }
    }
    for path in modules + others where path != Self.icon {
      head = head.replacing("\"\(path)\"", with: "\"\(address(path))\"")
    }
    for path in everything(importedBy: modules) {
      head += DocumentScreen.preload(address(path))
    }
    return Array(head.utf8) + bytes[end.lowerBound...]
  }

  /// What the modules of a page import, at once or later, and what those import at once: what is fetched
  /// only when somebody presses a button, such as a reader of codes, is no weight of a first load.
  private func everything(importedBy modules: [String]) -> [String] {
    var found: [String] = []
    var waiting = modules
    while !waiting.isEmpty {
      let module = waiting.removeFirst()
      let imported = modules.contains(module) ? imports[module] : atOnce[module]
      for path in imported ?? [] where paths.contains(path) {
        guard !found.contains(path), !modules.contains(path) else { continue }
        found.append(path)
        waiting.append(path)
      }
    }
    return found
  }

  private func address(_ path: String) -> String { "\(path)?\(Self.field)=\(version)" }

  private static let field = "v"
  /// What stands before the name of an imported module.
  private static let words = wordsAtOnce + ["import("]
  private static let wordsAtOnce = ["from ", "import "]
  /// It stands in the body of pages too, where it has no version.
  private static let icon = "/icon.svg"
  private static let longestHead = 8_192

  private static func imported(_ text: String, after words: [String] = words) -> [String] {
    words.flatMap { word in
      text.split(separator: "\(word)\"/", omittingEmptySubsequences: false).dropFirst().compactMap {
        $0.split(separator: "\"", maxSplits: 1).first.map { "/" + $0 }
      }
    }
  }
}
