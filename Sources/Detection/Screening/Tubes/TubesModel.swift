import Gazette
import Kernel

/// A tube, from its first swab to its result.
package struct Tube: Sendable {
  package let code: TubeCode
  /// The round and the point of its first swab.
  package internal(set) var round: RoundID
  package internal(set) var point: PointID?
  package internal(set) var capacity: Int
  /// Whether it is the single tube of somebody who is held.
  package internal(set) var isSingle: Bool
  package internal(set) var openedAt: Instant?
  var openedClaim: String?
  package internal(set) var sealedAt: Instant?
  /// How many swabs were counted when it was sealed.
  package internal(set) var sealedCount: Int?
  package internal(set) var voidedAt: Instant?
  package internal(set) var voidReason: VoidReason?
  package internal(set) var box: BoxID?
  package internal(set) var laboratory: LaboratoryID?
  package internal(set) var receivedAt: Instant?
  package internal(set) var result: TubeResult?
  package internal(set) var reportedAt: Instant?
  /// When its first result was reported: nothing that went into it later was tested.
  var firstReportedAt: Instant?
  /// The tube that a desk opened after it.
  package internal(set) var followedBy: TubeCode?
  /// What it is known to hold, where it was made to try out laboratories; nobody's swab is in it.
  package internal(set) var control: ControlKind?

  init(code: TubeCode, round: RoundID, capacity: Int, isSingle: Bool = false) {
    self.code = code
    self.round = round
    self.capacity = capacity
    self.isSingle = isSingle
  }

  /// Whether a swab in it can still give a result, or has given one.
  package var isGood: Bool { voidedAt == nil && result != .invalid }

  /// Whether the swabs in it can be counted anew where it was filled: it is sealed, and has not gone on.
  var takesCount: Bool { sealedAt != nil && receivedAt == nil && voidedAt == nil && result == nil }
}

/// What a tube is known to hold that was made to try out laboratories.
package enum ControlKind: String, Codable, CaseIterable, Sendable {
  case positive
  case negative

  package var words: Words {
    switch self {
    case .positive: Words("已知阳性", "known to be positive")
    case .negative: Words("已知阴性", "known to be negative")
    }
  }

  /// Whether a result is what it has to be: of what is positive a weak sign is seen as well.
  func agrees(with result: TubeResult) -> Bool {
    switch self {
    case .positive: result.holds
    case .negative: result == .negative
    }
  }
}

/// Why a tube can give no result.
package enum VoidReason: String, Codable, CaseIterable, Sendable {
  case leaking
  case unreadable
  case lost
  case damaged
  /// Nobody can say any more whose swabs are in it.
  case mixed

  package var words: Words {
    switch self {
    case .leaking: Words("渗漏", "leaking")
    case .unreadable: Words("条码无法识别", "unreadable")
    case .lost: Words("遗失", "lost")
    case .damaged: Words("损坏", "damaged")
    case .mixed: Words("登记混乱", "mixed up")
    }
  }
}

/// A claim that somebody's swab is in a tube.
package struct Swab: Sendable {
  package let tube: TubeCode
  package let person: PersonID
  package let round: RoundID
  /// The cell of the frozen list in which the person stands; nil for an unlisted one.
  package let spot: RosterSpot?
  package internal(set) var point: PointID?
  package internal(set) var sampledAt: Instant
  package internal(set) var sampler: String?
  /// The command that said so, which decides between two of one moment.
  var claim: String
  package internal(set) var device: String?
  /// Whether it is the single swab of somebody who was held.
  package internal(set) var isRecheck: Bool
  package internal(set) var withdrawnAt: Instant?
  /// Behind which door the person lives, in a round in which a household may share a tube.
  package internal(set) var home: PlaceID?
  /// Whether its own time says that it cannot have been in the tube when that was sealed, received or tested:
  /// then it counts for nothing that says anything good of the person.
  package internal(set) var isLate = false
  /// When somebody found that it was in the tube in time all the same.
  var acceptedAt: Instant?

  /// The order in which claims count: the time on the device, then the command.
  func isBefore(_ other: Swab) -> Bool {
    (sampledAt, claim) < (other.sampledAt, other.claim)
  }

  /// Whether it was taken after another one of the person was struck out of the tube: then it is no
  /// second word of that one.
  func isAfter(_ struckOut: Swab) -> Bool {
    struckOut.withdrawnAt.map { $0 <= sampledAt } ?? false
  }
}

/// A person's swab with what its tube says.
struct SwabWithTube: Sendable {
  let swab: Swab
  let tube: Tube

  /// Whether it can give a result, or has given one.
  var isGood: Bool { swab.withdrawnAt == nil && !swab.isLate && tube.isGood }
}

/// What contradicts what.
package enum ConflictKind: String, Codable, CaseIterable, Sendable {
  /// One person, two tubes.
  case secondTube = "second_tube"
  /// More people than the tube takes.
  case overfull
  /// Two devices, one tube.
  case twoDevices = "two_devices"
  /// A swab after the tube was sealed, received or tested.
  case afterSeal = "after_seal"
  /// A tube of another round.
  case otherRound = "other_round"
  /// The device's clock is ahead.
  case ahead
  /// A device says that a tube can give no result which has one that is not negative.
  case voidAfterResult = "void_after_result"
  /// At the seal another number of swabs was counted than is registered: an upload that was cut, or somebody
  /// who was swabbed and not registered.
  case sealCount = "seal_count"
  /// A device says that it was taken before the round opened or after it was over.
  case outsideRound = "outside_round"
  /// Somebody held, who has to have a tube of their own, shares one.
  case heldShared = "held_shared"
  /// Somebody was swabbed into a tube of known content.
  case control = "control_tube"

  package var words: Words {
    switch self {
    case .secondTube: Words("一人两管", "one person in two tubes")
    case .overfull: Words("超出混管人数", "more people than the tube takes")
    case .twoDevices: Words("两台设备同用一管", "two devices used one tube")
    case .afterSeal:
      Words(
        "封管、接收或出结果之后才采样，不算数",
        "swabbed after the tube was sealed, received or tested: counts for nothing")
    case .otherRound: Words("试管属于另一轮", "the tube belongs to another round")
    case .ahead: Words("设备时钟超前", "the device's clock is ahead")
    case .voidAfterResult:
      Words("异常结果之后报作废，须人工核实", "said to be void after a result that is not negative")
    case .sealCount:
      Words("封管清点数与登记数不符", "the count at the seal is not that of the swabs registered")
    case .outsideRound:
      Words("采样时间不在本轮期间", "swabbed before the round opened or after it was over")
    case .heldShared:
      Words("须单管复采的人与别人同管，不算复采", "somebody held shares a tube: it decides nothing of them")
    case .control:
      Words(
        "质控管里登记了人，不算数",
        "somebody is registered in a tube of known content: counts for nothing")
    }
  }

  /// Whether it is about a person; otherwise about a tube.
  package var isAboutPerson: Bool { self == .secondTube }
  /// Whether it follows from the swabs of one tube.
  var isOfTubes: Bool {
    switch self {
    case .secondTube, .ahead, .voidAfterResult, .outsideRound: false
    case .overfull, .twoDevices, .afterSeal, .otherRound, .sealCount, .heldShared, .control: true
    }
  }
}

/// Something that a human has to look at.
package struct SwabConflict: Sendable {
  package let id: ConflictID
  package let round: RoundID
  package let kind: ConflictKind
  /// The person or the tube.
  package let about: String
  package let notedAt: Instant
  package let settledAt: Instant?
  /// What was known of it when it was decided last; nil where it never was, or nobody noted it.
  let known: Set<String>?
  let decision: ConflictDecision?
}
