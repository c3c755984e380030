import Kernel

/// A room of an isolation site.
package enum SiteRoomTag {}
/// Somebody's stay at a site, from the asking to the leaving.
package enum SiteStayTag {}
/// Bags of waste that were handed over together.
package enum WasteHandoverTag {}

package typealias SiteRoomID = ID<SiteRoomTag>
package typealias SiteStayID = ID<SiteStayTag>
package typealias WasteHandoverID = ID<WasteHandoverTag>

/// An isolation site: a place of the registry that was emptied, cleaned and handed over.
package struct IsolationSite: Sendable {
  /// Where it stands.
  package enum State: String, Codable, Sendable {
    case preparing
    case ready
    case closed

    package var words: Words {
      switch self {
      case .preparing: Words("准备中", "being prepared")
      case .ready: Words("可接收", "ready")
      case .closed: Words("已关闭", "closed")
      }
    }
  }

  package let place: PlaceID
  package let path: PlacePath
  package let setUpAt: Instant
  package let readyAt: Instant?
  package let closedAt: Instant?

  package var state: State {
    if closedAt != nil { return .closed }
    return readyAt == nil ? .preparing : .ready
  }
}

/// One step of readiness, said by the side that gives and confirmed by the side that takes.
package struct SiteStep: Codable, Sendable {
  package let step: String
  package let givenBy: String
  package let givenAt: Instant
  package let confirmedBy: String?
  package let confirmedAt: Instant?
}

/// A room with what it holds.
package struct SiteRoom: Sendable {
  package let id: SiteRoomID
  package let site: PlaceID
  package let number: String
  package let floor: Int
  package let beds: Int
  package let isBarrierFree: Bool
  /// Whether somebody left it and nobody has disinfected it since.
  package let isDirty: Bool
}

/// Why two share a room (RULES 7: a single room, with exceptions).
package enum SharingReason: String, Codable, CaseIterable, Sendable {
  case household
  case carer

  package var words: Words {
    switch self {
    case .household: Words("同户", "same household")
    case .carer: Words("陪护", "carer")
    }
  }
}

/// How a stay is over.
package enum LeavingKind: String, Codable, CaseIterable, Sendable {
  /// Days, tests and notice are complete.
  case released
  /// No measure holds any more, though something is missing.
  case free
  /// To another site.
  case transferred
  /// To a hospital.
  case hospital

  package var words: Words {
    switch self {
    case .released: Words("解除隔离", "released")
    case .free: Words("措施已到期，离开", "left: no measure holds")
    case .transferred: Words("转往其他隔离点", "moved to another site")
    case .hospital: Words("转往医院", "moved to a hospital")
    }
  }
}

/// Somebody's stay at a site.
package struct SiteStay: Sendable {
  /// Where it stands.
  package enum State: String, Codable, Sendable {
    case asked
    case accepted
    case travelling
    case present
    case left
    /// The site said no, or nobody goes.
    case declined

    package var words: Words {
      switch self {
      case .asked: Words("待接收", "asked")
      case .accepted: Words("已同意，待出发", "accepted")
      case .travelling: Words("转运途中", "on the way")
      case .present: Words("在住", "present")
      case .left: Words("已离开", "left")
      case .declined: Words("未接收", "declined")
      }
    }
  }

  package let id: SiteStayID
  package let person: PersonID
  package let site: PlaceID
  package let path: PlacePath
  /// The measure by which the person is here; nil for a companion of their own will.
  package let restriction: RestrictionID?
  package let companionOf: PersonID?
  /// The stay at another site from which the person comes.
  package let from: SiteStayID?
  package let room: SiteRoomID?
  package let sharing: SharingReason?
  package let askedAt: Instant
  package let acceptedAt: Instant?
  package let departedAt: Instant?
  package let departedBy: String?
  package let arrivedAt: Instant?
  /// From when no measure asks for central isolation.
  package let freeFrom: Instant?
  package let noticeAt: Instant?
  package let leftAt: Instant?
  package let leaving: LeavingKind?
  package let declinedAt: Instant?

  package var state: State {
    if declinedAt != nil { return .declined }
    if leftAt != nil { return .left }
    if arrivedAt != nil { return .present }
    if departedAt != nil { return .travelling }
    return acceptedAt == nil ? .asked : .accepted
  }
}

/// How many came to a site and went, as they were written down one by one.
package struct SiteMovements: Codable, Sendable {
  package let admitted: Int
  package let transferredIn: Int
  package let released: Int
  package let transferredOut: Int
  package let hospital: Int

  /// Who must be there by the movements (I-37).
  package var present: Int { admitted + transferredIn - released - transferredOut - hospital }
}

/// The rooms of a site, counted.
package struct RoomCounts: Codable, Sendable {
  package let rooms: Int
  package let beds: Int
  /// Clean, empty and promised to nobody.
  package let free: Int
  package let dirty: Int
  package let present: Int
  /// Accepted or on the way.
  package let coming: Int
}

/// A bag of medical waste with its label.
package struct WasteBag: Codable, Sendable {
  package let label: String
  package let kind: String
  package let grams: Int
  package let weighedAt: Instant
  /// Since when the label is on it; nil while it bears none.
  package let labelledAt: Instant?
  /// How the label was made; nil while the bag bears none.
  package let labelMade: WasteLabel?
}

/// How a label was made.
package enum WasteLabel: String, Codable, Sendable {
  case printed
  /// By hand, when no printer works.
  case written

  package var words: Words {
    switch self {
    case .printed: Words("已贴，打印", "on it, printed")
    case .written: Words("已贴，手写", "on it, by hand")
    }
  }
}

/// Bags handed over together, and what the taker counted and weighed.
package struct WasteHandover: Codable, Sendable {
  package let handover: WasteHandoverID
  package let site: PlaceID
  package let bags: Int
  package let grams: Int
  package let givenBy: String
  package let givenAt: Instant
  package let takenBy: String?
  package let takenAt: Instant?
  package let takenGrams: Int?
}
