import Gazette
import Kernel
import Registry

/// One infection of one person, from the first report on.
package struct Infection: Sendable {
  package let id: CaseID
  package let person: PersonID
  /// As what it was reported.
  package var kind: InfectionKind
  /// How it was found, by the policy's code; nil until that is known.
  package var source: String?
  /// The district in which the person lives.
  package var district: PlaceID
  package var path: PlacePath
  /// Where it was found, as written: a district of the registry or a place elsewhere.
  package var foundIn: String?
  package var foundInPlace: PlaceID?
  package var reportedAt: Instant
  package let recordedAt: Instant
  package var onsetOn: Day?
  package var sampledAt: Instant?
  package var sex: Sex?
  package var age: Int?
  package var convertedAt: Instant?
  /// The case number under which the conversion was reported, mostly the same.
  package var convertedAs: CaseID?
  package var withdrawnAt: Instant?
  package var withdrawalReason: String?
  /// Recorded so long after it was reported that nobody was sent for it.
  package let isHistory: Bool

  /// How it stands now, without personal data, for the facts.
  package var standing: CaseStanding {
    CaseStanding(
      kind: kind, source: source, district: district, foundIn: foundInPlace,
      reportedAt: reportedAt, onsetOn: onsetOn, sampledAt: sampledAt, convertedAt: convertedAt)
  }

  /// Whether it is a confirmed case now.
  package var isConfirmed: Bool { kind != .asymptomatic || convertedAt != nil }
}

/// One row of a file of cases, or one report: the columns as somebody wrote them.
package struct CaseRow: Codable, Sendable {
  package let infection: CaseID
  package let person: PersonID?
  package let name: String?
  package let sex: String?
  package let age: Int?
  package let kind: String
  package let source: String?
  package let district: String
  package let foundIn: String?
  package let reportedAt: Instant
  package let onsetOn: Day?
  package let sampledAt: Instant?

  private enum CodingKeys: String, CodingKey {
    case infection = "case"
    case person
    case name
    case sex
    case age
    case kind
    case source
    case district
    case foundIn = "found_in"
    case reportedAt = "reported_at"
    case onsetOn = "onset_on"
    case sampledAt = "sampled_at"
  }

  package init(
    infection: CaseID, person: PersonID? = nil, name: String? = nil, sex: String? = nil,
    age: Int? = nil, kind: String, source: String? = nil, district: String,
    foundIn: String? = nil, reportedAt: Instant, onsetOn: Day? = nil, sampledAt: Instant? = nil
  ) {
    self.infection = infection
    self.person = person
    self.name = name
    self.sex = sex
    self.age = age
    self.kind = kind
    self.source = source
    self.district = district
    self.foundIn = foundIn
    self.reportedAt = reportedAt
    self.onsetOn = onsetOn
    self.sampledAt = sampledAt
  }
}

/// A field of a case that can be put right, by the name of its column.
package enum CaseField: String, Codable, CaseIterable, Sendable {
  case kind
  case source
  case district
  case foundIn = "found_in"
  case reportedAt = "reported_at"
  case onsetOn = "onset_on"
  case sampledAt = "sampled_at"
  case convertedAt = "converted_at"
  case sex
  case age
}

/// One correction of one field, kept for ever beside the case.
package struct CaseChange: Codable, Sendable {
  package let at: Instant
  package let field: String
  package let was: String?
  package let became: String?
  package let reason: String
  package let sender: String
}

/// What became of a report.
package enum CaseVerdict: String, Codable, Sendable {
  case accepted
  /// An earlier asymptomatic infection was converted by it.
  case converted
  /// The same case with the same content was there already.
  case duplicate
}
