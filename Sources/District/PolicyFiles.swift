import Cryptography
import Foundation
import Kernel
import Registry
import Yams

/// Policies as files: those of the binary, and those that a district adds in its data folder.
package enum PolicyFiles {
  /// Reads the policies of the binary and those in a folder, which win from the day on which they
  /// are in force, or from the same day with a higher version.
  ///
  /// - Throws: a refusal naming the file and what is wrong in it.
  package static func library(
    sections: [any PolicySection.Type], folder: String? = nil
  ) throws -> PolicyLibrary {
    var editions: [PolicyEdition] = []
    for path in Assets.paths where path.hasPrefix("Policies/") {
      let text = String(decoding: Assets.bytes(path) ?? [], as: UTF8.self)
      editions.append(try edition(text, file: path, sections: sections))
    }
    if let folder, FileManager.default.fileExists(atPath: folder) {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      for file in files.sorted() where file.hasSuffix(".yaml") {
        let text = try text(of: "\(folder)/\(file)", named: file)
        editions.append(try edition(text, file: file, sections: sections))
      }
    }
    let references = editions.map(\.reference)
    if let double = references.first(where: { one in references.filter { $0 == one }.count > 1 }) {
      throw Refusal(
        .conflict, "policy.double",
        Words(
          "政策版本 \(double) 出现两次，请提高其中一个的 version",
          "Policy version \(double) stands twice; raise the version of one"))
    }
    let library = PolicyLibrary(editions)
    try library.requireAgreement()
    return library
  }

  private static func text(of path: String, named file: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StorageFailure(.unavailable, "the policy file \(file) cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Refusal(
        .invalid, "policy.encoding",
        Words("\(file) 不是 UTF-8 文本，请另存为 UTF-8", "\(file) is no UTF-8 text; save it as UTF-8"))
    }
    return text
  }

  /// Reads one policy file.
  package static func edition(
    _ text: String, file: String, sections: [any PolicySection.Type]
  ) throws -> PolicyEdition {
    let digest = Hex.text(OpenSSLSuite().digest(Array(text.utf8)))
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw Refusal(.invalid, "policy.empty", Words("文件为空", "The file is empty"))
      }
      return try PolicyEdition(
        fields: fields(node), text: text, digest: digest, sections: sections)
    } catch let refusal as Refusal {
      throw Refusal(
        refusal.kind, refusal.code,
        Words("\(file)：\(refusal.words.chinese)", "\(file): \(refusal.words.english)"),
        field: refusal.field)
    } catch let error as YamlError {
      throw Refusal(
        .invalid, "policy.yaml",
        Words("\(file) 不是有效的 YAML：\(error)", "\(file) is not valid YAML: \(error)"))
    }
  }

  /// The fields of a policy file that was read before.
  static func fields(ofText text: String) throws -> Fields {
    try Yams.compose(yaml: text).map(fields) ?? .null
  }

  private static func fields(_ node: Node) -> Fields {
    switch node {
    case .mapping(let mapping):
      var members: [String: Fields] = [:]
      for (key, value) in mapping { members[key.scalar?.string ?? ""] = fields(value) }
      return .object(members)
    case .sequence(let sequence): return .list(sequence.map(fields))
    case .scalar(let scalar): return value(scalar)
    case .alias: return .null
    }
  }

  /// What a scalar says. Only plain ones are anything but text, and only in the forms of JSON: YAML
  /// 1.1 would take 08:00 for 480 and a quoted "010" for 8.
  private static func value(_ scalar: Node.Scalar) -> Fields {
    let text = scalar.string
    guard scalar.style == .plain else { return .text(text) }
    switch text {
    case "", "~", "null": return .null
    case "true": return .flag(true)
    case "false": return .flag(false)
    default: break
    }
    // By the reader of JSON and no pattern, which would be made anew for each of some thousand scalars.
    let isPlain = text.utf8.allSatisfy {
      IdentityCheck.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
    guard isPlain, let number = try? Fields.json(Array(text.utf8)) else { return .text(text) }
    // A whole number that is too large for one is text: it would lose its last digits.
    if case .real = number, !text.contains(".") { return .text(text) }
    return number
  }
}
