import Foundation
import Kernel

/// The address of a page with what stands behind its question mark.
package struct Address: Sendable {
  package let path: String
  package let query: [String: String]

  package init(_ path: String, _ query: [String: String?] = [:]) {
    self.path = path
    self.query = query.compactMapValues { $0 }.filter { !$0.value.isEmpty }
  }

  /// The same page with some fields changed; nil takes a field away.
  package func with(_ changes: [String: String?]) -> Address {
    var fields: [String: String?] = query
    for (name, value) in changes { fields[name] = .some(value) }
    return Address(path, fields)
  }

  /// As it stands in a link, fields in the order of their names.
  package var text: String {
    if query.isEmpty { return path }
    let fields = query.sorted { $0.key < $1.key }
      .map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
    return path + "?" + fields.joined(separator: "&")
  }

  /// A part of a path or a field, so that nothing in it is taken for a separator.
  package static func escaped(_ text: String) -> String {
    let kept = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
    return text.addingPercentEncoding(withAllowedCharacters: kept) ?? ""
  }
}
