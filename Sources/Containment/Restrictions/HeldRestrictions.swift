import Gazette
import Kernel
import Registry

/// What waits for a second person: how many, by which clauses, where, until when at the latest, and ten
/// of them with their evidence (RELIABILITY 3.3, 4: the preview says who, why and how many).
package struct HeldRestrictions: Query {
  /// One of them, for the second person to look at.
  package struct Sample: Codable, Sendable {
    package let person: PersonID
    /// The name with all but its first character hidden; empty when nobody knows it.
    package let name: String
    /// Where the person lives, or where the evidence lies, as people say it.
    package let address: String
    package let evidence: Evidence
    package let clause: String
    package let at: Instant
  }

  /// How many wait in one community.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let people: Int
  }

  package struct Answer: Codable, Sendable {
    package let account: AccountID
    package let people: Int
    /// How many of them would be restricted if it were approved now.
    package let restricted: Int
    /// The edition that would decide; nil while none speaks of restrictions.
    package let edition: String?
    package let clauses: [HeldPreview.Count]
    /// Stands for all that the preview says; whoever approves names it.
    package let preview: String
    package let areas: [Part]
    package let sample: [Sample]
    /// When the first and the last of it were told; nil when nothing waits.
    package let first: Instant?
    package let last: Instant?
    /// From when it may be approved: ten minutes of the policy after the last of it was added. It may
    /// be declined at any time.
    package let approvableFrom: Instant?
    /// The organisations of whoever caused it; none of them decides.
    package let organisations: [String]
  }

  package static let name = "restrictions.held"
  package static let duty: Duty = ApproveRestriction.duty
  package static let purposes: [Purpose] = [.containment]
  private static let sampled = 10
  package let account: AccountID

  package init(account: AccountID) { self.account = account }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let limits = RestrictionLimitsStore(reading.transaction)
    let batch = try limits.undecided(by: account)
    for path in batch?.paths ?? [] where !reading.authority.may(Self.duty, at: path) {
      throw Refusal.outsideArea(Self.duty)
    }
    let policy = try? reading.policy(RestrictionsPolicy.self)
    let preview = try HeldPreview(
      of: account, last: batch?.last, in: reading.transaction, now: reading.now,
      rules: reading.rules, suite: reading.vault.suite)
    let people = preview.people
    // Spread over the whole list, so that nobody chooses whom the second person looks at.
    let step = max(1, people / Self.sampled)
    let sample = try stride(from: 0, to: people, by: step).prefix(Self.sampled).compactMap {
      try limits.held(by: account, at: $0)
    }
    return Answer(
      account: account, people: people, restricted: preview.restricted, edition: preview.edition,
      clauses: preview.clauses, preview: preview.digest,
      areas: try areas(limits, reading), sample: try sample.map { try shown($0, reading) },
      first: batch?.first, last: batch?.last,
      approvableFrom: batch.flatMap { batch in
        policy.map { batch.last + .minutes($0.alone.coolingMinutes) }
      }, organisations: batch?.organisations.sorted() ?? [])
  }

  /// By community: few enough to read, and near enough to see whether it is one estate.
  private func areas(_ limits: RestrictionLimitsStore, _ reading: Reading) throws -> [Part] {
    var counts: [PlacePath: Int] = [:]
    for part in try limits.places(by: account) {
      counts[part.path.prefix(PlaceLevel.community.depth + 1), default: 0] += part.people
    }
    return try counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.compactMap {
      path, people in
      guard let place = try PlacesStore(reading.transaction).line(to: path).last else { return nil }
      return Part(place: place.id, name: place.name, people: people)
    }
  }

  private func shown(_ held: HeldEvidence, _ reading: Reading) throws -> Sample {
    let resident = try ResidentsStore(reading.transaction).current(held.person)
    let person = resident?.id ?? held.person
    reading.disclose(person)
    return Sample(
      person: person, name: resident?.name.map { Mask.name($0.revealed) } ?? "",
      address: try reading.address(of: resident?.path ?? held.path), evidence: held.evidence,
      clause: held.clause,
      at: held.at)
  }
}

/// The accounts of which something waits for a second person, in an area.
package struct ListHeldRestrictions: Query {
  /// What waits of one account.
  package struct Entry: Codable, Sendable {
    package let account: AccountID
    package let people: Int
    package let first: Instant
    package let last: Instant
  }

  package struct Answer: Codable, Sendable {
    package let held: [Entry]
  }

  package static let name = "restrictions.heldBy"
  package static let duty: Duty = ApproveRestriction.duty
  package static let purposes: [Purpose] = []
  /// A place; wherever the account that asks decides when there is none.
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let limits = RestrictionLimitsStore(reading.transaction)
    let held = try limits.accounts(in: path ?? .everywhere).filter { entry in
      if place != nil { return true }
      return try limits.undecided(by: entry.account)?.paths.allSatisfy {
        reading.authority.may(Self.duty, at: $0)
      } ?? false
    }
    return Answer(
      held: held.map {
        Entry(account: $0.account, people: $0.people, first: $0.first, last: $0.last)
      })
  }
}
