import Cryptography
import Foundation
import Kernel
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
    // By hand: a pattern would be read anew for each of some thousand scalars.
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let whole = parts.first, isWhole(whole) else { return .text(text) }
    if parts.count == 1, let number = Int64(text) { return .integer(number) }
    if parts.count == 2, isDigits(parts[1]), let number = Double(text) {
      return Int64(exactly: number).map(Fields.integer) ?? .real(number)
    }
    return .text(text)
  }

  private static func isDigits(_ text: Substring.UTF8View) -> Bool {
    !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Digits without a zero before others, which JSON does not take for a number.
  private static func isWhole(_ text: Substring.UTF8View) -> Bool {
    isDigits(text) && (text.count == 1 || text.first != UInt8(ascii: "0"))
  }
}
