import Gazette
import Kernel

/// What links a person to a case: one exposure.
package struct Exposure: Hashable, Sendable {
  /// How the exposure came about.
  package enum Basis: String, Codable, Sendable {
    /// They live behind the same door.
    case household
    /// They were at the same venue.
    case venue
    /// They were seen or told to be close.
    case encounter
    /// An investigator was told so.
    case interview
  }

  package let person: PersonID
  package let infection: CaseID
  /// 1 for a contact of the case, 2 for a contact of a close contact.
  package let degree: Int
  package let kind: ContactKind
  package let basis: Basis
  /// The close contact through whom it came, with degree 2.
  package let via: PersonID?
  package let venue: VenueID?
  package let span: TimeSpan
  /// Measured seconds together; 0 where nobody has measured, as at home.
  package let seconds: Int
  package let sources: [String]
  /// The account that was told of it; nil when it was computed.
  package let toldBy: String?
  /// The other account that confirmed what was told; nil while nobody has.
  package let confirmedBy: String?

  package init(
    person: PersonID, infection: CaseID, degree: Int, kind: ContactKind, basis: Basis,
    via: PersonID?, venue: VenueID?, span: TimeSpan, seconds: Int, sources: [String],
    toldBy: String? = nil, confirmedBy: String? = nil
  ) {
    self.person = person
    self.infection = infection
    self.degree = degree
    self.kind = kind
    self.basis = basis
    self.via = via
    self.venue = venue
    self.span = span
    self.seconds = seconds
    self.sources = sources
    self.toldBy = toldBy
    self.confirmedBy = confirmedBy
  }
}

/// A person who is, was or may be a contact: one however many cases and exposures link to them.
package struct Contact: Sendable {
  /// Where a contact stands; only proposed and confirmed ones are live.
  package enum State: String, Codable, CaseIterable, Sendable {
    /// Found by the computation; an investigator has to say.
    case proposed
    case confirmed
    case rejected
    /// The person became a case; the contact's clock has ended.
    case becameCase = "became_case"
    /// What it rested on is gone.
    case withdrawn

    package var isLive: Bool { self == .proposed || self == .confirmed }

    package var words: Words {
      switch self {
      case .proposed: Words("待确认", "to be confirmed")
      case .confirmed: Words("已确认", "confirmed")
      case .rejected: Words("已排除", "rejected")
      case .becameCase: Words("已转为病例", "became a case")
      case .withdrawn: Words("已撤销", "withdrawn")
      }
    }
  }

  package let id: ContactID
  package let person: PersonID
  /// Where the person lives, or the nearest known place.
  package let home: PlaceID
  package let path: PlacePath
  package var state: State
  /// The strongest kind that the exposures make.
  package var kind: ContactKind
  package var degree: Int
  package var firstAt: Instant
  /// The latest exposure of that kind, from which the person's clock runs.
  package var lastAt: Instant
  /// What was confirmed; differs from `kind` when new exposures ask for a new decision.
  package var confirmedKind: ContactKind?
  /// The last exposure that was told to those who act on it.
  package var toldLastAt: Instant?
  package let proposedAt: Instant
  package var decidedAt: Instant?
  package var decidedBy: String?
  package var reason: String?

  /// Whether a confirmed contact has to be looked at again: it would be of another kind, or somebody
  /// told of a later exposure that nobody else has confirmed.
  package var needsReview: Bool {
    state == .confirmed && (confirmedKind != kind || toldLastAt != lastAt)
  }
}

/// Why an investigator says that somebody is no contact.
package enum RejectionReason: String, Codable, CaseIterable, Sendable {
  /// They wore protection, or a wall stood between them.
  case protected
  /// They were not there, or at another time.
  case notThere = "not_there"
  /// The record is of somebody else.
  case mistakenIdentity = "mistaken_identity"
  /// They were there, but never near.
  case notNear = "not_near"

  package var words: Words {
    switch self {
    case .protected: Words("有效防护", "protected")
    case .notThere: Words("未到场", "not there")
    case .mistakenIdentity: Words("身份有误", "mistaken identity")
    case .notNear: Words("无近距离接触", "never near")
    }
  }
}

extension ContactKind {
  /// How much it limits a person: the highest decides.
  var weight: Int {
    switch self {
    case .close: 3
    case .secondary: 2
    case .general: 1
    case .companion: 0
    }
  }
}

extension Contact {
  /// A contact as it is opened, before anybody has decided.
  init(
    id: ContactID, person: PersonID, home: PlaceID, path: PlacePath, state: State,
    kind: ContactKind, degree: Int, firstAt: Instant, lastAt: Instant, proposedAt: Instant
  ) {
    self.init(
      id: id, person: person, home: home, path: path, state: state, kind: kind, degree: degree,
      firstAt: firstAt, lastAt: lastAt, confirmedKind: nil, toldLastAt: nil,
      proposedAt: proposedAt, decidedAt: nil, decidedBy: nil, reason: nil)
  }
}
