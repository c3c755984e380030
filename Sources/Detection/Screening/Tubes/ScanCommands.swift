import Gazette
import Kernel
import Registry

/// What was scanned at a desk with an open tube: a person, whose swab goes into it, or the next tube, which
/// seals the open one, full or not, and is the open one from now on. A number that may be either is neither
/// until whoever holds it says what it is.
package struct ScanAtPoint: Command {
  package struct Answer: Codable, Sendable {
    /// The tube that is open afterwards.
    package let tube: TubeCode
    package let members: Int
    package let capacity: Int
  }

  package static let name = "screening.scan"
  package static let duty: Duty = RegisterSwab.duty
  package let round: RoundID
  /// The open tube.
  package let tube: TubeCode
  package let code: String
  package let point: PointID?
  /// Whether whoever holds it says that it is a tube.
  package let isTube: Bool?

  private enum CodingKeys: String, CodingKey {
    case round
    case tube
    case code
    case point
    case isTube = "is_tube"
  }

  package init(
    round: RoundID, tube: TubeCode, code: String, point: PointID? = nil, isTube: Bool? = nil
  ) {
    self.round = round
    self.tube = tube
    self.code = code
    self.point = point
    self.isTube = isTube
  }

  // The point may be in another area than the person: the row says which.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let written = code.trimmingWhitespace()
    guard !written.isEmpty else { throw Refusal.missing("code") }
    guard PassForm.isPass(written) == false else {
      throw Refusal(
        .invalid, "swab.pass",
        Words(
          "这是通行码，请扫居民码、证件或输入编号",
          "This is a pass code; scan the resident's code or card, or type the number"),
        field: "code")
    }
    do {
      if try isNextTube(written, in: work) {
        return try follow(TubeCode(written, field: "code"), in: work)
      }
      let row = SwabRow(
        round: round, person: try PersonID(written, field: "code"), tube: tube, point: point,
        expectsKnown: true)
      let answer = try RegisterSwab(row).perform(in: work)
      return Answer(tube: tube, members: answer.members, capacity: answer.capacity)
    } catch let refusal as Refusal {
      // Whatever is wrong with the person or the next tube is wrong with what was scanned.
      guard refusal.field == "person" || refusal.field == "tube" else { throw refusal }
      throw Refusal(refusal.kind, refusal.code, refusal.words, field: "code")
    }
  }

  private func isNextTube(_ written: String, in work: Work) throws -> Bool {
    guard written != tube.text else {
      throw Refusal(
        .conflict, "tube.open",
        Words("这支管已打开，请扫人", "This tube is open already; scan a person"), field: "code")
    }
    // A person of the register, a card or a slip is a person, whatever anybody says of it.
    let named = PersonCode(PersonID(trusted: written), in: work)
    let isSomebody = try named.isNobodysNumber ? named.resident(isDesk: false) != nil : true
    if isSomebody { return false }
    if isTube == true { return true }
    let known = try TubesStore(work.transaction).find(TubeCode(trusted: written)) != nil
    if known || LabelRules.isLabel(written) { return true }
    guard TubesRules.family(written) == TubesRules.family(tube.text) else { return false }
    // Where people's numbers begin alike, the next of the roll could be one of them.
    return try !RosterStore(work.transaction).hasPerson(
      beginning: TubesRules.rollPrefix(written))
  }

  /// Seals the open tube and notes which one follows it.
  private func follow(_ next: TubeCode, in work: Work) throws -> Answer {
    try TubesRules.check(next)
    let store = TubesStore(work.transaction)
    let known = try work.tube(next, forDesk: round)
    guard var open = try store.find(tube) else {
      throw Refusal(
        .conflict, "tube.empty",
        Words(
          "管 \(tube.text) 里还没有人，不必封：在“打开这支管”处扫新管",
          "Nobody is in tube \(tube.text) yet and it needs no seal: scan the new one under “Open this tube”"
        ),
        field: "code")
    }
    if open.sealedAt == nil, open.voidedAt == nil {
      _ = try SealTube(tube: tube, round: round).perform(in: work)
      open = try store.get(tube)
    } else if open.round != round {
      throw Refusal.tube(
        "tube.otherRound", "该试管属于另一轮检测，请换一支新管", "This tube belongs to another round; take a new one"
      )
    }
    try store.follow(tube, by: next)
    let members = try known.map { try SwabsStore(work.transaction).inTube($0.code) } ?? []
    let pool = try ScreeningRoundStore(work.transaction).get(round).pool
    return Answer(
      tube: next, members: members.count { $0.withdrawnAt == nil },
      capacity: known?.capacity ?? pool)
  }
}

extension Work {
  /// A tube that a desk is about to open; nil for a new one.
  fileprivate func tube(_ code: TubeCode, forDesk round: RoundID) throws -> Tube? {
    guard let known = try TubesStore(transaction).find(code) else { return nil }
    guard known.round == round else {
      throw Refusal.tube(
        "tube.otherRound", "该试管属于另一轮检测，请换一支新管", "This tube belongs to another round; take a new one"
      )
    }
    guard known.sealedAt == nil, known.voidedAt == nil, known.result == nil else {
      throw Refusal.tube(
        "tube.used", "该试管已封、已作废或已出结果，请换一支新管",
        "This tube is sealed, void or has a result; take a new one")
    }
    return known
  }
}

/// What a pass code looks like (`docs/formats/PASSES.md`).
enum PassForm {
  private static let fewestSigns = 43

  static func isPass(_ code: String) -> Bool {
    code.utf8.count >= fewestSigns && code.uppercased().hasPrefix("DH1")
      && code.utf8.allSatisfy { byte in
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
      }
  }
}
