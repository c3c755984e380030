import Gazette
import Kernel
import Registry

/// What a human decides of a contradiction.
package enum ConflictDecision: String, Codable, CaseIterable, Sendable {
  /// Everything was done as it is written: nothing is struck out.
  case stands
  /// Of one person's tubes this one has their swab; they are struck out of the others.
  case keep
  /// The tube is this device's; whom another one registered in it is struck out and swabbed again.
  case device
  /// The swabs that contradict are struck out, and their people are swabbed again.
  case reswab
  /// Nobody can say any more what is in it: void, and everybody in it is swabbed again.
  case void

  package var words: Words {
    switch self {
    case .stands: Words("核对无误，全部保留", "all is right as it stands")
    case .keep: Words("以此管为准", "this tube counts")
    case .device: Words("试管归此设备", "the tube is this device's")
    case .reswab: Words("剔除并重采", "strike out and swab again")
    case .void: Words("作废，管内重采", "void, swab everybody again")
    }
  }

  /// What may be decided of each kind, whatever the tubes say.
  static func possible(for kind: ConflictKind) -> [ConflictDecision] {
    switch kind {
    case .secondTube: [.keep, .reswab, .void, .stands]
    case .twoDevices: [.device, .void, .stands]
    case .afterSeal, .otherRound: [.reswab, .void, .stands]
    case .overfull, .ahead, .sealCount: [.void, .stands]
    case .control: [.reswab]
    case .outsideRound, .heldShared: [.reswab, .void, .stands]
    // The tube is not negative: only a correction by two people makes it otherwise.
    case .voidAfterResult: [.stands]
    }
  }

  /// What of that can be done with the tubes as they are.
  ///
  /// - Parameters:
  ///   - tubes: the tube, or the person's tubes of which one may count.
  ///   - belated: the swabs of after the seal that count for nothing.
  static func offered(
    for kind: ConflictKind, _ tubes: [Tube], belated: [Swab]
  ) -> [ConflictDecision] {
    let holding = tubes.count { $0.result?.holds == true }
    let isTested = tubes.contains { $0.result != nil && $0.result != .invalid }
    return possible(for: kind).filter { decision in
      switch decision {
      case .void: !isTested
      case .reswab, .device: holding == 0 || kind == .control
      case .keep: holding < tubes.count && holding < 2
      case .stands:
        switch kind {
        // Nobody held is decided by a tube with others in it, and nothing is in what was tested before.
        case .heldShared: holding > 0
        case .afterSeal:
          holding > 0
            || !belated.contains { swab in
              tubes.contains { tube in tube.firstReportedAt.map { swab.sampledAt > $0 } ?? false }
            }
        default: true
        }
      }
    }
  }
}

/// Why a swab of after the seal was in the tube all the same.
package enum LateGround: String, Codable, CaseIterable, Sendable {
  /// A device's clock was wrong: it was taken before.
  case clock
  /// The tube was opened once more before it went on.
  case opened

  package var words: Words {
    switch self {
    case .clock: Words("设备时钟有误，确在封管前采", "a clock was wrong: taken before the seal")
    case .opened: Words("封管后又打开采的，确在管内", "the tube was opened once more: it is in it")
    }
  }
}

/// A human's decision on a contradiction, with what follows from it: swabs are struck out, tubes are void,
/// people owe another swab, and other contradictions that are none any more fall away.
package struct SettleConflict: Command {
  package struct Answer: Codable, Sendable {
    /// How many swabs were struck out of tubes, and how many tubes are void.
    package let struck: Int
    package let voided: Int
    /// How many people are swabbed again.
    package let again: Int
  }

  package static let name = "screening.settleConflict"
  package static let duty: Duty = "screening.settle"
  package let conflict: ConflictID
  /// What is decided; nil for `stands`, or to strike one person out of one tube.
  package let decision: ConflictDecision?
  /// The tube that counts, or with `person` the tube out of which they are struck.
  package let tube: TubeCode?
  package let person: PersonID?
  /// The device whose tube it is.
  package let device: String?
  /// Why what was swabbed after the seal stands.
  package let ground: LateGround?

  package init(
    conflict: ConflictID, decision: ConflictDecision? = nil, tube: TubeCode? = nil,
    person: PersonID? = nil, device: String? = nil, ground: LateGround? = nil
  ) {
    self.ground = ground
    self.conflict = conflict
    self.decision = decision
    self.tube = tube
    self.person = person
    self.device = device
  }

  package func area(in work: Work) throws -> Area {
    let found = try get(in: work)
    return .path(try ScreeningRoundStore(work.transaction).get(found.round).path)
  }

  private func get(in work: Work) throws -> SwabConflict {
    guard let found = try ConflictsStore(work.transaction).find(conflict) else {
      throw Refusal.notFound(Words("矛盾记录", "conflict"), conflict.text, field: "conflict")
    }
    return found
  }

  package func perform(in work: Work) throws -> Answer {
    let found = try get(in: work)
    guard found.settledAt == nil else { return Answer(struck: 0, voided: 0, again: 0) }
    let decided = decision ?? .stands
    var settling = ConflictSettling(work, found)
    if decision == nil, let tube, let person {
      try settling.strike(person, from: tube)
    } else {
      guard ConflictDecision.possible(for: found.kind).contains(decided) else {
        throw Refusal.malformed(
          "decision", decided.rawValue,
          expected: {
            let codes = ConflictDecision.possible(for: found.kind).map(\.rawValue)
              .joined(separator: " | ")
            return Words(codes, codes)
          }())
      }
      switch decided {
      case .stands:
        try settling.requireTrue()
        if found.kind == .afterSeal { try settling.accept(for: ground) }
      case .keep: try settling.keep(tube)
      case .device: try settling.give(to: device)
      case .reswab: try settling.reswab()
      case .void: try settling.void()
      }
    }
    let store = ConflictsStore(work.transaction)
    try store.settle(
      found.id, decided, tube: tube, ground: ground, at: work.now,
      by: work.authority.sender.text)
    try settling.finish()
    if decision == nil, person != nil, try settling.isLeft() {
      // One of them is gone, and what is left contradicts as before.
      try store.reopen(found.id)
    } else if let known = try settling.known() {
      try store.keep(known, of: found.id)
    }
    let answer = settling.answer
    try work.record(
      ConflictSettled(
        conflict: found.id, tube: tube, decision: decided.rawValue, struck: answer.struck,
        voided: answer.voided, again: answer.again, ground: ground?.rawValue))
    return answer
  }
}
