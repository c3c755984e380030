import Gazette
import Kernel

/// Names one link between a case and its source.
package enum TransmissionTag {}
package typealias TransmissionLinkID = ID<TransmissionTag>

/// Where an infection came from.
package enum TransmissionOrigin: Hashable, Sendable {
  case infector(CaseID)
  /// A venue at which several were infected, nobody knows by whom.
  case cluster(VenueID)
  /// Infected outside the area.
  case imported
  /// It was looked for and not found.
  case unknown

  /// The sort of source, as it stands in the table.
  package var code: String {
    switch self {
    case .infector: "case"
    case .cluster: "venue"
    case .imported: "imported"
    case .unknown: "unknown"
    }
  }

  package var infector: CaseID? {
    if case .infector(let infector) = self { infector } else { nil }
  }

  package var cluster: VenueID? {
    if case .cluster(let venue) = self { venue } else { nil }
  }
}

/// What a link rests on.
package enum TransmissionBasis: String, Codable, CaseIterable, Sendable {
  case household
  case venue
  /// One named the other as a contact, or they were seen close together.
  case namedContact = "named_contact"
  /// The sequences of both viruses agree.
  case sequence
  case told

  package var words: Words {
    switch self {
    case .household: Words("同住", "household")
    case .venue: Words("同一场所", "same venue")
    case .namedContact: Words("指认接触", "named contact")
    case .sequence: Words("基因测序", "sequence")
    case .told: Words("口述", "told")
    }
  }
}

/// Where a link stands; only proposed and confirmed ones are live.
package enum TransmissionState: String, Codable, CaseIterable, Sendable {
  case proposed
  case confirmed
  /// Somebody looked and said no.
  case rejected
  /// It was confirmed, or proposed, and taken back.
  case withdrawn

  package var isLive: Bool { self == .proposed || self == .confirmed }

  package var words: Words {
    switch self {
    case .proposed: Words("待确认", "proposed")
    case .confirmed: Words("已确认", "confirmed")
    case .rejected: Words("已排除", "rejected")
    case .withdrawn: Words("已撤销", "withdrawn")
    }
  }
}

/// A case and where it may have been infected.
package struct TransmissionLink: Hashable, Sendable {
  /// Nil for what follows from exposures and nobody has said.
  package var id: TransmissionLinkID?
  package let infection: CaseID
  package let origin: TransmissionOrigin
  package let basis: TransmissionBasis?
  package let venue: VenueID?
  package let exposedFrom: Instant?
  package let exposedTo: Instant?
  package var state: TransmissionState
  /// Measured seconds together; 0 where nobody has measured.
  package let seconds: Int
  package var reason: String?

  package init(
    id: TransmissionLinkID? = nil, infection: CaseID, origin: TransmissionOrigin,
    basis: TransmissionBasis? = nil, venue: VenueID? = nil, exposedFrom: Instant? = nil,
    exposedTo: Instant? = nil, state: TransmissionState = .proposed, seconds: Int = 0,
    reason: String? = nil
  ) {
    self.id = id
    self.infection = infection
    self.origin = origin
    self.basis = basis
    self.venue = venue
    self.exposedFrom = exposedFrom
    self.exposedTo = exposedTo
    self.state = state
    self.seconds = seconds
    self.reason = reason
  }

  package var infector: CaseID? { origin.infector }

  /// When they were together, as far as anybody knows.
  package var exposure: TimeSpan? {
    guard let from = exposedFrom ?? exposedTo, let to = exposedTo ?? exposedFrom else { return nil }
    return TimeSpan(from, to)
  }

  /// Whether two links say the same of the same case.
  package func says(_ other: TransmissionLink) -> Bool {
    infection == other.infection && origin == other.origin && basis == other.basis
      && venue == other.venue && exposedFrom == other.exposedFrom && exposedTo == other.exposedTo
  }
}

/// What the rules have to know of a case.
package struct TransmissionCase: Hashable, Sendable {
  package let id: CaseID
  package let kind: InfectionKind
  package let onsetOn: Day?
  /// The day of the first positive sample.
  package let sampledOn: Day?
  package let reportedAt: Instant
  package let reportedOn: Day
  package let isWithdrawn: Bool

  package init(
    id: CaseID, kind: InfectionKind = .confirmed, onsetOn: Day?, sampledOn: Day? = nil,
    reportedAt: Instant, zone: Zone, isWithdrawn: Bool = false
  ) {
    self.id = id
    self.kind = kind
    self.onsetOn = onsetOn
    self.sampledOn = sampledOn
    self.reportedAt = reportedAt
    reportedOn = Day(of: reportedAt, in: zone)
    self.isWithdrawn = isWithdrawn
  }

  /// The day at which it stands on the line of time.
  package var day: Day { onsetDay ?? reportedOn }

  /// The onset or, for who has none, the first positive sample; nil when neither is known. A report
  /// may come late, so nothing is held against it.
  package var onsetDay: Day? { onsetOn ?? sampledOn }

  /// Whether it became ill before another.
  package func isEarlier(than other: TransmissionCase) -> Bool {
    if day != other.day { return day < other.day }
    if reportedAt != other.reportedAt { return reportedAt < other.reportedAt }
    return id < other.id
  }
}
