import Kernel
import Registry

/// Names one piece of what a case said.
package enum InterviewEntryTag {}
package typealias InterviewEntryID = ID<InterviewEntryTag>

/// What a piece is about, in the order in which a caller asks.
package enum InterviewTopic: String, Codable, CaseIterable, Sendable {
  case onset
  case symptoms
  case household
  case work
  /// A word on a day, or on hours of it, without a place.
  case day
  case stay
  case ride
  case meeting

  /// Those that are asked once, before the days.
  package static let questions: [InterviewTopic] = [.onset, .symptoms, .household, .work]

  /// Those that name a venue or somebody whom the registry may not know.
  package static let resolvable: [InterviewTopic] = [.stay, .ride, .meeting]

  package var words: Words {
    switch self {
    case .onset: Words("发病", "Onset")
    case .symptoms: Words("症状", "Symptoms")
    case .household: Words("同住的人", "Household")
    case .work: Words("工作", "Work")
    case .day: Words("当天", "The day")
    case .stay: Words("去了哪里", "Where")
    case .ride: Words("交通", "Transport")
    case .meeting: Words("见了谁", "Whom")
    }
  }
}

/// What kind of answer it is.
package enum InterviewAnswer: String, Codable, CaseIterable, Sendable {
  case told
  case notKnown = "not_known"
  case refused

  package var words: Words {
    switch self {
    case .told: Words("已说", "told")
    case .notKnown: Words("不清楚", "not known")
    case .refused: Words("不愿说", "refused")
    }
  }
}

/// How somebody got about.
package enum InterviewTransport: String, Codable, CaseIterable, Sendable {
  case walk
  case bicycle
  case ownCar = "own_car"
  case taxi
  case bus
  case metro
  case train
  case aeroplane

  /// Whether others travel along, so that they are asked for.
  package var isShared: Bool {
    switch self {
    case .walk, .bicycle, .ownCar: false
    case .taxi, .bus, .metro, .train, .aeroplane: true
    }
  }

  package var words: Words {
    switch self {
    case .walk: Words("步行", "on foot")
    case .bicycle: Words("骑车", "bicycle")
    case .ownCar: Words("自驾", "own car")
    case .taxi: Words("出租车", "taxi")
    case .bus: Words("公交", "bus")
    case .metro: Words("地铁", "metro")
    case .train: Words("火车", "train")
    case .aeroplane: Words("飞机", "aeroplane")
    }
  }
}

/// One piece of what a case said, and what became of it.
struct InterviewEntry: Sendable {
  let id: InterviewEntryID
  let infection: CaseID
  let topic: InterviewTopic
  let answer: InterviewAnswer
  var day: Day?
  var span: TimeSpan?
  var venue: VenueID?
  var place: PlaceID?
  var transport: InterviewTransport?
  var person: PersonID?
  var contact: ContactID?
  /// Who told of the meeting, and so cannot confirm it; who found out the person, where another did.
  var toldBy: String?
  /// The time that was told of the contact: what of the meeting lay in the window then.
  var told: TimeSpan?
  var lead: LeadID?
  var isMasked: Bool?
  var onsetOn: Day?
  /// Codes of symptoms.
  var codes: [String]
  /// Whether a visit was recorded for it, which goes when it is struck.
  var hasVisit: Bool
  var sealed: SealedSaying
  let recordedAt: Instant
  let recordedBy: String
  var struckAt: Instant?
  var struckReason: String?

  init(
    _ id: InterviewEntryID, of infection: CaseID, _ topic: InterviewTopic,
    _ answer: InterviewAnswer = .told, day: Day? = nil, span: TimeSpan? = nil, at: Instant,
    by account: String
  ) {
    self.id = id
    self.infection = infection
    self.topic = topic
    self.answer = answer
    self.day = day
    self.span = span
    codes = []
    hasVisit = false
    sealed = SealedSaying()
    recordedAt = at
    recordedBy = account
  }
}

/// The sealed parts of a piece.
struct SealedSaying: Sendable {
  var words: [UInt8]?
  var name: [UInt8]?
  var phone: [UInt8]?
}
