import Gazette
import Kernel

/// Names one hand-over of a contact to the area of the home.
package enum ReferralTag {}
package typealias ReferralID = ID<ReferralTag>

/// A confirmed contact on the way to the area that answers for the home (推送); between districts it
/// is a help letter (协查函). Handed over only once the area has accepted it.
package struct Referral: Sendable {
  /// Where it stands.
  package enum State: String, Codable, CaseIterable, Sendable {
    /// Sent, and nobody has answered.
    case sent
    /// The area has taken it on; the person is not found yet.
    case accepted
    /// The area does not answer for the person.
    case returned
    /// The person was found (落地).
    case found
    /// It was sent to another area instead.
    case replaced
    /// The person is no contact any more.
    case closed

    /// Whether it is the one hand-over that counts for its contact.
    package var isActive: Bool { self != .replaced && self != .closed }

    package var words: Words {
      switch self {
      case .sent: Words("待接收", "not answered")
      case .accepted: Words("已接收，待落地", "accepted, to be found")
      case .returned: Words("被退回", "sent back")
      case .found: Words("已落地", "found")
      case .replaced: Words("已改推", "sent elsewhere")
      case .closed: Words("已终止", "ended")
      }
    }
  }

  package let id: ReferralID
  package let contact: ContactID
  package var person: PersonID
  package var infection: CaseID
  package var kind: ContactKind
  /// Where the case is investigated.
  package let from: PlaceID
  package let fromPath: PlacePath
  /// The area of the home: its community, or the nearest place that is known.
  package let to: PlaceID
  package let path: PlacePath
  /// The letter's number when it goes to another district.
  package let letter: String?
  package var state: State
  package let sentAt: Instant
  package let sentBy: String
  package let answerDue: Instant
  package var answeredAt: Instant?
  package var answeredBy: String?
  package var returned: ReturnReason?
  package let resultDue: Instant
  package var outcome: ReferralOutcome?
  package var outcomeAt: Instant?
  package var outcomeBy: String?
  package var journey = ReferralJourney()

  /// Whether the person was not found in time.
  package func isOverdue(at now: Instant) -> Bool {
    state.isActive && state != .found && now > resultDue
  }
}

/// How far a person has come: told, fetched, arrived.
package struct ReferralJourney: Sendable {
  /// When the notice was delivered.
  package var toldAt: Instant?
  /// Whether the person's measure is spent somewhere else than at home.
  package var needsMove = false
  package var departedAt: Instant?
  package var departedBy: String?
  /// Where the person is brought.
  package var site: String?
  package var arrivedAt: Instant?
  package var arrivedBy: String?
  /// When the move was done, by both sides or by the worker's word.
  package var movedAt: Instant?

  package init() {}

  package var isToMove: Bool { needsMove && movedAt == nil }
}

/// Why an area sends a hand-over back.
package enum ReturnReason: String, Codable, CaseIterable, Sendable {
  case otherArea = "other_area"
  case movedAway = "moved_away"
  case noSuchPerson = "no_such_person"
  case wrongDetails = "wrong_details"
  case unreachable

  package var words: Words {
    switch self {
    case .otherArea: Words("不属本辖区", "belongs to another area")
    case .movedAway: Words("已搬离", "has moved away")
    case .noSuchPerson: Words("查无此人", "nobody of that name")
    case .wrongDetails: Words("信息有误", "the details are wrong")
    case .unreachable: Words("无法落地", "cannot be found")
    }
  }
}

/// Where a person was found.
package enum ReferralOutcome: String, Codable, CaseIterable, Sendable {
  case home
  case site
  case hospital
  case abroad

  package var words: Words {
    switch self {
    case .home: Words("在家", "at home")
    case .site: Words("已在隔离点", "at an isolation site")
    case .hospital: Words("在医院", "in a hospital")
    case .abroad: Words("已出境", "has left the country")
    }
  }
}
