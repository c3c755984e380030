import Gazette
import Kernel
import Registry

/// Where a zone stands.
package enum ZoneState: String, Codable, CaseIterable, Sendable {
  case proposed
  case standing
  case ended
  case declined

  package var words: Words {
    switch self {
    case .proposed: Words("待决定", "to be decided")
    case .standing: Words("管控中", "standing")
    case .ended: Words("已解除", "over")
    case .declined: Words("未采纳", "declined")
    }
  }
}

/// Why a zone is over.
package enum ZoneEnd: String, Codable, CaseIterable, Sendable {
  case released
  case evidenceWithdrawn = "evidence_withdrawn"
  case editionEnded = "edition_ended"
  /// All of its places belong to a higher zone now.
  case raised

  package var words: Words {
    switch self {
    case .released: Words("条件全部满足，已解除", "Released: every clause was met")
    case .evidenceWithdrawn:
      Words("所依据的病例已撤销或未获批准", "The infection behind it was withdrawn, or not approved")
    case .editionEnded: Words("政策不再设此类区域", "The policy has no such zones any more")
    case .raised: Words("已并入更高等级区域", "Its places belong to a higher zone now")
    }
  }
}

/// Places that are held together because of an infection.
package struct HeldZone: Sendable {
  /// How the journal names whoever proposed by rule.
  package static let ruleEngine = "rules"

  package let id: ZoneID
  package let level: ZoneLevel
  /// `cn-9@1`: the edition by whose clauses it is held and released.
  package let edition: String
  package let state: ZoneState
  /// The nearest place that holds all of its places.
  package let place: PlaceID
  package let path: PlacePath
  /// The infection on whose account it was proposed.
  package let infection: CaseID
  package let proposedBy: String
  package let proposedByOrganisations: String
  package let proposedAt: Instant
  /// Who opened it; with another account as proposer these are the two persons.
  package let openedBy: String?
  package let openedAt: Instant?
  /// Whether one account opened it without a second of another organisation; nil for zones of before
  /// that was noted.
  package let isOpenedAlone: Bool?
  /// A moment of day 0: the opening, or the last infection that counts.
  package let countedFrom: Instant?
  /// Since when it has its present level.
  package let levelSince: Instant?
  package let isSteppedDown: Bool
  /// How many lived there when it was opened.
  package let people: Int
  package let plan: String?
  /// Until when its door services were opened.
  package let servedUntil: Instant?
  package let endedAt: Instant?
  package let end: ZoneEnd?

  /// Whether two people decided that it stands: as it was noted, or as far as one can tell.
  package var isByTwo: Bool {
    isOpenedAlone.map { !$0 } ?? (proposedBy != Self.ruleEngine && proposedBy != openedBy)
  }
}

/// A place as part of a zone.
package struct ZonePlace: Sendable {
  package let place: PlaceID
  package let path: PlacePath
  package let from: Instant
  package let until: Instant?
}

/// An infection in a zone.
package struct ZoneInfection: Sendable {
  package let infection: CaseID
  package let person: PersonID
  /// Where it lives or was found, inside the zone or near by.
  package let path: PlacePath
  package let at: Instant
  /// Whether it makes the days begin anew: it was not isolated before.
  package var counts: Bool
  /// Where it lives and was found, whichever of them brought it into the zone.
  package var places: [PlacePath] = []

  /// Whether it lives or was found in one of these places.
  package func isInside(_ places: [PlacePath]) -> Bool {
    ([path] + self.places).contains { path in places.contains { $0.holds(path) } }
  }
}

/// What happened to a zone; kept for ever.
package struct ZoneEvent: Sendable {
  /// What happened.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case proposed
    case asked
    case opened
    case declined
    case infection
    case infectionWithdrawn = "infection_withdrawn"
    /// A case was not approved by a second person, or waits for one.
    case infectionDoubted = "infection_doubted"
    case placesReleased = "places_released"
    case steppedDown = "stepped_down"
    /// It was a part of another zone.
    case parted
    case released
    case evidenceWithdrawn = "evidence_withdrawn"
    case editionEnded = "edition_ended"
    case editionChanged = "edition_changed"
    case raised
    case plan
    case checkpoint

    package var words: Words {
      switch self {
      case .proposed: Words("提出划定", "Proposed")
      case .asked: Words("提请第二人决定", "Put before a second person")
      case .opened: Words("划定", "Opened")
      case .declined: Words("未采纳", "Declined")
      case .infection: Words("区内新增感染者", "Another infection")
      case .infectionWithdrawn: Words("感染者撤销", "An infection was withdrawn")
      case .infectionDoubted:
        Words("感染者报告未经第二人批准，不再计入", "A case that no second person approved counts no more")
      case .placesReleased: Words("部分解除", "A part was released")
      case .steppedDown: Words("降级", "Stepped down")
      case .parted: Words("从另一区域分出", "Parted from another zone")
      case .released: Words("解除", "Released")
      case .evidenceWithdrawn: Words("依据撤销，自动解除", "Ended: what it rested on was withdrawn")
      case .editionEnded: Words("政策调整，自动解除", "Ended by a new edition")
      case .editionChanged: Words("按新版政策继续", "Goes on under a new edition")
      case .raised: Words("并入更高等级区域", "Taken into a higher zone")
      case .plan: Words("一区一策方案更新", "The plan was written")
      case .checkpoint: Words("设置卡口", "A checkpoint was set")
      }
    }
  }

  package let kind: Kind
  package let at: Instant
  package let by: String
  package let edition: String
  package let level: ZoneLevel
  /// Identifiers of places, infections or zones, joined by `|`.
  package let about: String
}

/// Somebody's turn at a zone.
package struct ZoneShift: Sendable {
  package let id: String
  package let zone: ZoneID
  package let role: String
  /// The checkpoint at which it is spent, where it is one.
  package let checkpoint: String?
  package let account: AccountID
  package let from: Instant
  package let until: Instant
}

/// A gate of a zone.
package struct ZoneCheckpoint: Sendable {
  package let id: String
  package let zone: ZoneID
  package let place: PlaceID
  package let name: String
}

/// A time during which a post has fewer people than it needs.
package struct RosterGap: Codable, Hashable, Sendable {
  package let role: String
  package let checkpoint: String?
  package let from: Instant
  package let until: Instant
  package let present: Int
  package let needed: Int
}

/// What one clause of release says of a zone now, with the rows from which it was computed.
package struct ClauseFinding: Codable, Sendable {
  /// What a row is of.
  package enum RowKind: String, Codable, CaseIterable, Sendable {
    case infection
    case contact
    case door
    case zone
  }

  /// One row from which a clause was computed.
  package struct Row: Codable, Sendable {
    package let kind: RowKind
    /// The infection, contact, place or zone.
    package let id: String
    /// When the infection counts, or the contact was exposed last.
    package var at: Instant?
    /// How many people behind the door have no negative result, or all have one where it is met.
    package var people: Int?
    /// What is missing of a contact, `days` or `negative`; ``met`` when nothing is; the level of a zone.
    package var detail: String?
  }

  /// What a row says that speaks for the clause.
  package static let met = "met"
  /// What the row of an infection says whose contacts are not all decided on.
  package static let undecided = "undecided"

  package let kind: String
  package let words: Words
  package let source: String
  package let isMet: Bool
  /// The earliest moment at which it can be met when nothing happens.
  package let earliest: Instant?
  /// How many rows speak against it (for days: infections counted).
  package let total: Int
  package let rows: [Row]
}
