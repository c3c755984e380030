import Kernel

/// A household with somebody who is isolated at home, from the first to the last of them.
package enum HomeHouseholdTag {}
/// Somebody's time of isolation or monitoring at home.
package enum HomeStayTag {}
/// Somebody's way out for care, and home again.
package enum OutingTag {}
/// What a resident asked for.
package enum ResidentRequestTag {}

package typealias HomeHouseholdID = ID<HomeHouseholdTag>
package typealias HomeStayID = ID<HomeStayTag>
package typealias OutingID = ID<OutingTag>
package typealias ResidentRequestID = ID<ResidentRequestTag>

/// The six rules of isolation at home (居家隔离六要求).
package enum HomeRule: String, Codable, CaseIterable, Sendable {
  case room
  case air
  case visitors
  case household
  case door
  case rubbish

  package var words: Words {
    switch self {
    case .room: Words("单独房间、单独卫生间", "A room and a toilet of their own")
    case .air: Words("不与他人共用中央空调和通风", "No central air shared with others")
    case .visitors: Words("没有访客", "No visitors")
    case .household: Words("同住人一同不外出，或已另住", "Those who live there stay in too, or live elsewhere")
    case .door: Words("物资送到门口，无接触交接", "Goods are left at the door")
    case .rubbish: Words("垃圾双层装袋并消毒", "Rubbish in two bags, disinfected")
    }
  }
}

/// What is brought to, or fetched from, the door of somebody who may not go out.
package enum HomeService: String, Codable, CaseIterable, Sendable {
  case supply
  case rubbish

  package var words: Words {
    switch self {
    case .supply: Words("送生活物资和药品上门", "Bring food and medicine to the door")
    case .rubbish: Words("上门清运居家隔离垃圾", "Fetch the rubbish of isolation at home")
    }
  }

  /// The service of a zone that does the same.
  var ofZones: ZoneService {
    switch self {
    case .supply: .supply
    case .rubbish: .rubbish
    }
  }
}

/// A household with somebody who is isolated at home.
package struct HomeHousehold: Sendable {
  package let id: HomeHouseholdID
  package let home: PlaceID
  package let path: PlacePath
  /// The one person of it, where no door is known: then it is nobody else's household.
  package let lone: PersonID?
  package let openedAt: Instant
  package let closedAt: Instant?
  /// Until when what is brought to the door was opened.
  package let servedUntil: Instant?
  /// The last visit with the checklist.
  package let visitedAt: Instant?
  /// How many of the six rules were not met then.
  package let unmet: Int
}

/// Somebody's time of isolation or monitoring at home.
package struct HomeStay: Sendable {
  package let id: HomeStayID
  package let person: PersonID
  package let household: HomeHouseholdID
  package let restriction: RestrictionID
  package let kind: RestrictionKind
  /// What the policy asks for the clauses that hold.
  package let asks: HomeAsks
  package let since: Instant
  package let until: Instant
  /// When the person last reported, or was met.
  package let heardAt: Instant?
  /// When silence is too long; nil while nobody waits for a word, or somebody looks already.
  package let silenceAt: Instant?
  package let endedAt: Instant?
}

/// What isolation at home asks of those who look after it.
package struct HomeAsks: Hashable, Codable, Sendable {
  package var checklist: Bool
  package var deliveries: Bool
  package var silence: Bool

  package static let nothing = HomeAsks(checklist: false, deliveries: false, silence: false)

  func joined(with other: HomeAsks) -> HomeAsks {
    HomeAsks(
      checklist: checklist || other.checklist, deliveries: deliveries || other.deliveries,
      silence: silence || other.silence)
  }
}

/// One visit with the checklist.
package struct HomeVisit: Codable, Sendable {
  package let at: Instant
  package let sender: String
  /// The rules that were not met.
  package let unmet: [HomeRule]
}

/// Who cares for somebody who cannot be alone.
package struct HomeCarer: Codable, Sendable {
  package let dependent: PersonID
  package let carer: PersonID
  package let since: Instant
}

/// Somebody's way out for care.
package struct Outing: Sendable {
  /// Where it stands.
  package enum State: String, Codable, CaseIterable, Sendable {
    case asked
    case approved
    case declined
    case cancelled
    /// On the way there.
    case out
    case there
    /// On the way back.
    case back
    case home

    package var words: Words {
      switch self {
      case .asked: Words("待批准", "asked")
      case .approved: Words("已批准，待出发", "approved, not left yet")
      case .declined: Words("未批准", "declined")
      case .cancelled: Words("已取消", "cancelled")
      case .out: Words("前往途中", "on the way there")
      case .there: Words("已到达", "arrived")
      case .back: Words("返程途中", "on the way back")
      case .home: Words("已到家", "home again")
      }
    }

    /// Whether it is over.
    package var isOver: Bool { [.declined, .cancelled, .home].contains(self) }

    /// Whether the person is out of the house.
    package var isAway: Bool { [.out, .there, .back].contains(self) }
  }

  package let id: OutingID
  package let person: PersonID
  package let home: PlaceID
  package let path: PlacePath
  package let state: State
  package let isEmergency: Bool
  package let leaveAt: Instant
  package let askedAt: Instant
  package let askedBy: String
  package let decidedAt: Instant?
  package let decidedBy: String?
  package let departedAt: Instant?
  package let departedBy: String?
  package let arrivedAt: Instant?
  package let arrivedBy: String?
  package let backAt: Instant?
  package let backBy: String?
  package let homeAt: Instant?
  package let homeBy: String?
  package let vehicle: String?
  /// In which they went there, once they are on the way back.
  package let vehicleThere: String?
}

/// What a resident asked for on their own page.
package struct ResidentRequest: Sendable {
  package let id: ResidentRequestID
  package let person: PersonID
  package let place: PlaceID
  package let path: PlacePath
  /// A code of the policy's list.
  package let kind: String
  package let askedAt: Instant
  package let dueAt: Instant
  package let answeredAt: Instant?
}
