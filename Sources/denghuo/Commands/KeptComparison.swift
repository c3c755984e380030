import District
import Kernel

/// What checkpoints that were kept elsewhere say of the journal.
struct KeptComparison: Encodable {
  let file: String
  private(set) var compared = 0
  private(set) var faults: [String] = []
  private(set) var unreadable = 0

  private static let atOnce = 500
  private static let mostFaults = 10

  /// Compares the journal with every checkpoint in a file, or in the file of a folder.
  ///
  /// - Throws: a failure when the file cannot be read.
  init(_ place: String, through door: any Door) async throws {
    let kept = KeptCheckpoints(place)
    file = kept.path
    var (rest, unreadable) = try kept.all()
    self.unreadable = unreadable
    while !rest.isEmpty {
      let part = Array(rest.prefix(Self.atOnce))
      rest.removeFirst(part.count)
      let answer = try await door.ask(
        CompareCheckpoints.name, Fields.json(Fields.jsonBytes(CompareCheckpoints(part))),
        purpose: .audit, as: CompareCheckpoints.Answer.self)
      compared += answer.compared
      faults += answer.faults.prefix(Self.mostFaults - faults.count)
    }
  }

  /// One line, with what does not agree.
  var words: Words {
    let unread = unreadable == 0 ? "" : "，\(unreadable) 行无法读取"
    let unreadLines = unreadable == 0 ? "" : ", \(unreadable) lines unreadable"
    let shown = faults.isEmpty ? "" : ": " + faults.joined(separator: ", ")
    return Words(
      "另存的检查点：核对 \(compared) 个，\(faults.isEmpty ? "全部相符" : "有不符")\(unread)\(shown)",
      "checkpoints kept elsewhere: \(compared) compared, "
        + "\(faults.isEmpty ? "all agree" : "NOT ALL AGREE")\(unreadLines)\(shown)")
  }
}
