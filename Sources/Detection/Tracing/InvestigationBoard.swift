import Gazette
import Kernel
import Registry

/// The investigations of an area that are not concluded, by what is due next: how many contacts are to
/// be decided, not found, not told, not moved.
package struct InvestigationBoard: Query {
  /// One investigation.
  package struct Line: Codable, Sendable {
    package let infection: CaseID
    package let person: PersonID
    /// Masked; nil when the registry knows no name.
    package let name: String?
    package let place: PlaceID
    package let reportedAt: Instant
    /// The step that is due next, and when; nil when nothing is owed.
    package let next: String?
    package let nextDue: Instant?
    /// When the whole has to be done.
    package let dueAt: Instant?
    package let proposed: Int
    package let counts: ReferralCounts
  }

  package struct Answer: Codable, Sendable {
    package let lines: [Line]
    /// How many are open; more than there are lines when some were left out.
    package let open: Int
    package let late: Int
    package let proposed: Int
    package let total: ReferralCounts
  }

  package static let name = "tracing.board"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  private static let most = 50
  private static let looked = 1_000

  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let open = try InvestigationStore(reading.transaction)
      .inside(path ?? .everywhere, after: nil, limit: Self.looked)
      .filter { $0.concludedAt == nil }
    // What a file told of long ago asks nothing of anybody, unless contacts are to be decided.
    let owed = try open.map { one in
      (one, try ObligationStore(reading.transaction).about(one.infection.text).filter(\.isOwed))
    }.filter { one, owed in
      try !owed.isEmpty
        || ContactsStore(reading.transaction).countProposed(of: one.infection) > 0
    }
    let sorted = owed.sorted { left, right in
      let (one, other) = (Self.due(left.1), Self.due(right.1))
      return (one ?? left.0.reportedAt + .days(3_650), left.0.infection)
        < (other ?? right.0.reportedAt + .days(3_650), right.0.infection)
    }
    let lines = try sorted.prefix(Self.most).map { try line($0.0, $0.1, in: reading) }
    return Answer(
      lines: lines, open: owed.count,
      late: owed.count { Self.due($0.1).map { $0 < reading.now } ?? false },
      proposed: lines.reduce(0) { $0 + $1.proposed },
      total: lines.map(\.counts).reduce(ReferralCounts(), +))
  }

  private static func due(_ owed: [Obligation]) -> Instant? { owed.map(\.deadline).min() }

  private func line(
    _ one: Investigation, _ owed: [Obligation], in reading: Reading
  ) throws -> Line {
    let file = try ResidentsStore(reading.transaction).current(one.person)
    let person = file?.id ?? one.person
    reading.disclose(person)
    let referrals = try ReferralsStore(reading.transaction).ofCase(one.infection)
    let next = owed.min { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
    return Line(
      infection: one.infection, person: person, name: file?.name.map { Mask.name($0.revealed) },
      place: one.place, reportedAt: one.reportedAt, next: next?.kind, nextDue: next?.deadline,
      dueAt: owed.first { $0.kind == Cases.investigate.name }?.deadline,
      proposed: try ContactsStore(reading.transaction).countProposed(of: one.infection),
      counts: ReferralCounts(of: referrals, at: reading.now))
  }
}
