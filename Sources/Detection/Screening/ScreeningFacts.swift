import Gazette
import Kernel

/// A round was opened.
package struct RoundOpened: Fact {
  package static let name = "screening.roundOpened"
  package static let words = Words("检测轮次已开启", "Round of testing opened")
  package static let about = Matter.round
  package let round: RoundID
  package let area: PlaceID
  package let pool: Int
  package let dueAt: Instant
  package var subject: String { round.text }
}

/// The list of a round is complete.
package struct RoundFrozen: Fact {
  package static let name = "screening.roundFrozen"
  package static let words = Words("应检名单已冻结", "List of a round frozen")
  package static let about = Matter.round
  package let round: RoundID
  package let listed: Int
  package var subject: String { round.text }
}

/// A round was closed.
package struct RoundClosed: Fact {
  package static let name = "screening.roundClosed"
  package static let words = Words("检测轮次已结束", "Round of testing closed")
  package static let about = Matter.round
  package let round: RoundID
  /// How many on its list had neither a swab nor a reason; nil where the clock ended it.
  package var unanswered: Int?
  package var subject: String { round.text }
}

/// A sampling point was set up or put right.
package struct PointSet: Fact {
  package static let name = "screening.pointSet"
  package static let words = Words("采样点已设置或更正", "Sampling point set up or put right")
  package static let about = Matter.point
  package let point: PointID
  package let place: PlaceID
  package let kind: String
  package var subject: String { point.text }
}

/// Somebody said why a person is not swabbed.
package struct StandingNoted: Fact {
  package static let name = "screening.standingNoted"
  package static let words = Words("已登记未检原因", "Noted why somebody is not tested")
  package static let about = Matter.person
  package let round: RoundID
  package let person: PersonID
  package let standing: String
  package let reason: String
  package var subject: String { person.text }
}

/// A swab was put into a tube.
package struct SampleRegistered: Fact {
  package static let name = "screening.registered"
  package static let words = Words("采样已登记", "Swab registered")
  package static let about = Matter.tube
  package let round: RoundID
  package let tube: TubeCode
  package let person: PersonID
  package let point: PointID?
  package let sampledAt: Instant
  package var subject: String { tube.text }
}

/// Swabs of a file were taken in.
package struct SamplesImported: Fact {
  package static let name = "screening.samplesImported"
  package static let words = Words("已导入采样登记", "Swabs of a file taken in")
  package static let about = Matter.run
  package let run: String?
  package let accepted: Int
  package var subject: String { run ?? "registrations" }
}

/// A tube was closed.
package struct TubeSealed: Fact {
  package static let name = "screening.sealed"
  package static let words = Words("采样管已封管", "Tube sealed")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let at: Instant
  /// How many swabs were counted in it.
  package let count: Int?
  package var subject: String { tube.text }
}

/// The swabs in a sealed tube were counted once more, and were another number.
package struct TubeCounted: Fact {
  package static let name = "screening.counted"
  package static let words = Words("采样管内份数已重数", "Swabs in a tube counted again")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let was: Int?
  package let count: Int
  package var subject: String { tube.text }
}

/// A tube can give no result: everyone in it is sampled again.
package struct TubeVoided: Fact {
  package static let name = "screening.voided"
  package static let words = Words("采样管已作废", "Tube voided")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let reason: String
  package let members: Int
  package var subject: String { tube.text }
}

/// Something contradicts something else, and a human has to look.
package struct ConflictNoted: Fact {
  package static let name = "screening.conflictNoted"
  package static let words = Words("发现采样登记矛盾", "Contradiction of swabs noted")
  package static let about = Matter.conflict
  package let conflict: ConflictID
  package let kind: String
  package let about: String
  package var subject: String { conflict.text }
}

/// A human has decided on a contradiction.
package struct ConflictSettled: Fact {
  package static let name = "screening.conflictSettled"
  package static let words = Words("采样登记矛盾已处理", "Contradiction of swabs settled")
  package static let about = Matter.conflict
  package let conflict: ConflictID
  /// The tube that counts, or out of which somebody was struck; nil when no tube was named.
  package let tube: TubeCode?
  package let decision: String
  package let struck: Int
  package let voided: Int
  /// How many people are swabbed again.
  package let again: Int
  /// Why a swab of after the seal was in the tube all the same.
  package let ground: String?
  package var subject: String { conflict.text }
}

/// A leg of a box's way was given or taken.
package struct BoxMoved: Fact {
  package static let name = "screening.boxMoved"
  package static let words = Words("样本箱交出或接收", "Box of tubes given or taken")
  package static let about = Matter.box
  package let box: BoxID
  package let leg: Int
  package let step: String
  package let tubes: Int
  package let at: Instant
  package var subject: String { box.text }
}

/// A laboratory was set up, or its key changed.
package struct LaboratorySet: Fact {
  package static let name = "screening.laboratorySet"
  package static let words = Words("检测机构已设置或更新", "Laboratory set up or changed")
  package static let about = Matter.laboratory
  package let laboratory: LaboratoryID
  /// A digest of the key, so that a change shows.
  package let key: String?
  package var subject: String { laboratory.text }
}

/// A list of results came.
package struct ResultsDelivered: Fact {
  package static let name = "screening.resultsDelivered"
  package static let words = Words("已收到检测结果清单", "List of results received")
  package static let about = Matter.batch
  package let batch: BatchID
  package let laboratory: LaboratoryID
  package let rows: Int
  package let state: String
  package let reasons: [String]
  package var subject: String { batch.text }
}

/// A result that was known is another one now.
package struct ResultSuperseded: Fact {
  package static let name = "screening.resultSuperseded"
  package static let words = Words("检测结果已改变", "Known result replaced by another")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let was: String
  package let became: String
  /// The correction that two people decided; nil when a laboratory found more than before.
  package let correction: CorrectionID?
  package var subject: String { tube.text }
}

/// Somebody who was held is decided: released, or a case.
package struct RecallDecided: Fact {
  package static let name = "screening.recallDecided"
  package static let words = Words("追阳人员已有结论", "Recalled person decided: released or a case")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let person: PersonID
  package let state: String
  package let by: TubeCode
  package var subject: String { tube.text }
}

/// One person asks that a result be put right; another one decides.
package struct CorrectionAsked: Fact {
  package static let name = "screening.correctionAsked"
  package static let words = Words("已申请更正检测结果", "Correction of a result asked for")
  package static let about = Matter.correction
  package let correction: CorrectionID
  package let tube: TubeCode
  package let result: String
  package var subject: String { correction.text }
}

/// The second person has decided.
package struct CorrectionDecided: Fact {
  package static let name = "screening.correctionDecided"
  package static let words = Words("第二人已决定是否更正检测结果", "A second person decided on a correction")
  package static let about = Matter.correction
  package let correction: CorrectionID
  package let approved: Bool
  package var subject: String { correction.text }
}

/// What the facts of mass testing are about, besides rounds and tubes.
extension Matter {
  package static let roundList = Matter(Words("检测名单", "List for a round"))
  package static let point = Matter(Words("采样点", "Sampling point"))
  package static let box = Matter(
    Words("样本箱", "Box of tubes"), page: "/screening/box", query: "of")
  package static let laboratory = Matter(Words("检测机构", "Laboratory"))
  package static let batch = Matter(Words("结果清单", "List of results"))
  package static let conflict = Matter(Words("登记矛盾", "Contradiction"))
  package static let correction = Matter(Words("结果更正", "Correction of a result"))
}
