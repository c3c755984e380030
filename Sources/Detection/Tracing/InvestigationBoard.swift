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
    /// Of all that are open.
    package let proposed: Int
    package let total: ReferralCounts
  }

  package static let name = "tracing.board"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  private static let most = 50

  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let area = path ?? .everywhere
    let store = InvestigationStore(reading.transaction)
    let page = try store.open(in: area, limit: Self.most)
    let figures = Figures(
      owed: try ObligationStore(reading.transaction).owed(
        aboutAny: page.map(\.infection.text)),
      proposed: try store.proposed(in: area),
      counts: try ReferralsStore(reading.transaction).countsByCase(
        openIn: area, at: reading.now))
    let all = try store.countOpen(in: area, at: reading.now)
    return Answer(
      lines: try page.map { try line($0, figures, in: reading) }, open: all.open, late: all.late,
      proposed: figures.proposed.values.reduce(0, +),
      total: figures.counts.values.reduce(ReferralCounts(), +))
  }

  /// What is known of all open ones at once.
  private struct Figures {
    /// Of those that are shown only.
    let owed: [String: [Obligation]]
    let proposed: [CaseID: Int]
    let counts: [CaseID: ReferralCounts]
  }

  private func line(
    _ one: Investigation, _ figures: Figures, in reading: Reading
  ) throws -> Line {
    let file = try ResidentsStore(reading.transaction).current(one.person)
    let person = file?.id ?? one.person
    reading.disclose(person)
    let owed = figures.owed[one.infection.text] ?? []
    return Line(
      infection: one.infection, person: person, name: file?.name.map { Mask.name($0.revealed) },
      place: one.place, reportedAt: one.reportedAt, next: owed.first?.kind,
      nextDue: owed.first?.deadline,
      dueAt: owed.first { $0.kind == Cases.investigate.name }?.deadline,
      proposed: figures.proposed[one.infection] ?? 0,
      counts: figures.counts[one.infection] ?? ReferralCounts())
  }
}
