import Gazette
import Kernel
import Registry

/// A case as lists show it; the name is masked.
package struct CaseEntry: Codable, Sendable {
  package let infection: CaseID
  package let person: PersonID
  package let name: String?
  package let kind: InfectionKind
  package let source: String?
  package let district: PlaceID
  package let districtName: String
  package let foundIn: String?
  package let reportedAt: Instant
  package let onsetOn: Day?
  package let convertedAt: Instant?
  package let withdrawnAt: Instant?
  /// Whether it was recorded later after its report than the policy allows.
  package let isLate: Bool

  private enum CodingKeys: String, CodingKey {
    case person
    case name
    case kind
    case source
    case district
    case infection = "case"
    case districtName = "district_name"
    case foundIn = "found_in"
    case reportedAt = "reported_at"
    case onsetOn = "onset_on"
    case convertedAt = "converted_at"
    case withdrawnAt = "withdrawn_at"
    case isLate = "late"
  }

  init(_ infection: Infection, in reading: Reading) throws {
    self.infection = infection.id
    let resident = try ResidentsStore(reading.transaction).current(infection.person)
    person = resident?.id ?? infection.person
    name = resident?.name.map { Mask.name($0.revealed) }
    kind = infection.kind
    source = infection.source
    district = infection.district
    districtName = try PlacesStore(reading.transaction).find(infection.district)?.name ?? ""
    foundIn = infection.foundIn
    reportedAt = infection.reportedAt
    onsetOn = infection.onsetOn
    convertedAt = infection.convertedAt
    withdrawnAt = infection.withdrawnAt
    let limit = Duration.minutes(try reading.policy(CasePolicy.self).reportWithinMinutes)
    isLate = infection.recordedAt - infection.reportedAt > limit
  }
}

/// The cases reported in a window by people who live in an area.
package struct ListCases: Query {
  package struct Answer: Codable, Sendable {
    package let cases: [CaseEntry]
    package let after: String?
  }

  package static let name = "cases.list"
  package static let duty: Duty = "cases.read"
  package static let purposes: [Purpose] = [.investigation, .bulletin, .supervision, .audit]
  /// A place; everywhere when there is none.
  package let place: PlaceID?
  package let from: Instant?
  package let to: Instant?
  /// Whether withdrawn cases are shown too.
  package let withdrawn: Bool?
  /// Whether the latest report comes first, as people look for it.
  package let latestFirst: Bool?
  package let after: String?
  package let limit: Int?

  package init(
    place: PlaceID? = nil, from: Instant? = nil, to: Instant? = nil, withdrawn: Bool = false,
    latestFirst: Bool = false, after: String? = nil, limit: Int? = nil
  ) {
    self.place = place
    self.from = from
    self.to = to
    self.withdrawn = withdrawn
    self.latestFirst = latestFirst
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 100, 1), 500)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try CasesStore(reading.transaction).reported(
      in: path ?? .everywhere, from: from, to: to, withdrawn: withdrawn == true,
      latestFirst: latestFirst == true, after: CaseCursor.read(after), limit: limit)
    for infection in found { reading.disclose(try reading.liveFile(of: infection.person)) }
    return Answer(
      cases: try found.map { try CaseEntry($0, in: reading) },
      after: found.count == limit ? found.last.map(CaseCursor.text) : nil)
  }
}

/// Everything that is known of one case.
package struct ShowCase: Query {
  package struct Answer: Codable, Sendable {
    package let entry: CaseEntry
    /// The whole name, for those who investigate.
    package let name: String?
    package let sex: Sex?
    package let age: Int?
    package let sampledAt: Instant?
    package let recordedAt: Instant
    package let isHistory: Bool
    package let withdrawalReason: String?
    package let changes: [CaseChange]
    package let obligations: [ObligationID]

    private enum CodingKeys: String, CodingKey {
      case name
      case sex
      case age
      case changes
      case obligations
      case entry = "case"
      case sampledAt = "sampled_at"
      case recordedAt = "recorded_at"
      case isHistory = "history"
      case withdrawalReason = "withdrawal_reason"
    }
  }

  package static let name = "cases.card"
  package static let duty: Duty = "cases.read"
  package static let purposes: [Purpose] = [.investigation, .supervision, .audit]
  package let infection: CaseID

  private enum CodingKeys: String, CodingKey {
    case infection = "case"
  }

  package init(infection: CaseID) { self.infection = infection }

  package func area(in reading: Reading) throws -> Area {
    .path(try CasesStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = CasesStore(reading.transaction)
    let known = try store.get(infection)
    let resident = try ResidentsStore(reading.transaction).current(known.person)
    reading.disclose(resident?.id ?? known.person)
    return Answer(
      entry: try CaseEntry(known, in: reading), name: resident?.name?.revealed,
      sex: known.sex ?? resident?.sex, age: known.age, sampledAt: known.sampledAt,
      recordedAt: known.recordedAt, isHistory: known.isHistory,
      withdrawalReason: known.withdrawalReason, changes: try store.changes(of: infection),
      obligations: try ObligationStore(reading.transaction).about(known.id.text).map(\.id))
  }
}

/// The ways in which a case may have been found, by the policy in force.
package struct ListSources: Query {
  /// One way, by its code and as people read it.
  package struct Source: Codable, Sendable {
    package let code: String
    package let words: Words
  }

  package static let name = "cases.sources"
  package static let duty: Duty = "cases.read"
  package static let purposes: [Purpose] = []

  package init() {}

  // A list of codes concerns no place.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> [Source] {
    try reading.policy(CasePolicy.self).sources.map { Source(code: $0.code, words: $0.words) }
  }
}

/// A place in a list that is ordered by the time of report.
enum CaseCursor {
  static func text(_ infection: Infection) -> String {
    "\(infection.reportedAt.milliseconds)/\(infection.id.text)"
  }

  static func read(_ text: String?) throws(Refusal) -> (at: Instant, id: CaseID)? {
    guard let text else { return nil }
    let parts = text.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let at = Int64(parts[0]) else {
      throw .malformed(
        "after", text, expected: Words("上一页给出的值", "the value that the page before gave"))
    }
    return (Instant(milliseconds: at), CaseID(trusted: String(parts[1])))
  }
}
