import ArgumentParser
import District
import Kernel

/// `denghuo verify`: the journal's chain and every invariant.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: told(
      "核对日志链、检查点与全部不变式。",
      "Check the journal's chain, its checkpoints and every invariant."))

  @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
  @Option(
    help: .told(
      "另存的检查点（文件或目录），默认为 journal keep 的目录。",
      "Checkpoints kept elsewhere, a file or a folder; by default that of journal keep."))
  var checkpoints: String?
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    let door = try await folder.door(voice)
    let answer = try await door.ask(
      VerifyEverything.name, .object([:]), purpose: .audit, as: VerifyEverything.Answer.self)
    let kept = try await kept(door, voice)
    switch format {
    case .json: try voice.say(json: Shown(answer: answer, kept: kept))
    case .text:
      try voice.say(
        Words(
          "日志 \(answer.entries) 条，链首 \(answer.head.prefix(16))…；检查 \(answer.checked) 条不变式，"
            + "\(answer.violated.count) 条不成立",
          "journal of \(answer.entries) entries, head \(answer.head.prefix(16))…; "
            + "\(answer.checked) invariants checked, \(answer.violated.count) violated")(
            voice.language))
      for invariant in District.assembly.invariants { try tell(invariant, answer, voice) }
      if let kept { try voice.say(kept.words(voice.language)) }
    }
    if !answer.violated.isEmpty || kept?.faults.isEmpty == false { throw ExitCode(1) }
  }

  /// The answer with what the checkpoints of elsewhere say, in one object.
  private struct Shown: Encodable {
    let answer: VerifyEverything.Answer
    let kept: KeptComparison?

    private enum CodingKeys: String, CodingKey {
      case kept
    }

    func encode(to encoder: any Encoder) throws {
      try answer.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(kept, forKey: .kept)
    }
  }

  /// Compares with the checkpoints that were named, else with those of the second place.
  private func kept(_ door: any Door, _ voice: Voice) async throws -> KeptComparison? {
    if let checkpoints { return try await KeptComparison(checkpoints, through: door) }
    guard let place = try await door.checkpoints(after: .max).place else { return nil }
    do {
      return try await KeptComparison(place, through: door)
    } catch is StorageFailure {
      voice.note(
        Words(
          "“\(place)”中的检查点无法读取，没有核对",
          "The checkpoints in “\(place)” cannot be read and were not compared"
        ))
      return nil
    }
  }

  /// One line an invariant, with what violates it.
  private func tell(
    _ invariant: Invariant, _ answer: VerifyEverything.Answer, _ voice: Voice
  ) throws {
    let violated = answer.violated.first { $0.sentence == invariant.sentence }
    let verdict = violated == nil ? Words("成立", "holds") : Words("不成立", "VIOLATED")
    let line = "\(invariant.number)  \(verdict(voice.language))  \(invariant.sentence)"
    let examples = violated.map { ": " + $0.violations.prefix(5).joined(separator: ", ") }
    try voice.say(line + (examples ?? ""))
  }
}
