import Kernel

/// How far an investigation has come, against its clocks.
package struct InvestigationOfCase: Query {
  /// One step and its clock.
  package struct Step: Codable, Sendable {
    package let kind: String
    package let obligation: ObligationID
    package let deadline: Instant
    package let state: Obligation.State
    package let closedAt: Instant?
    package let isLate: Bool
  }

  package struct Answer: Codable, Sendable {
    package let infection: CaseID
    package let person: PersonID
    package let place: PlaceID
    package let reportedAt: Instant
    package let onsetOn: Day?
    package let sampledAt: Instant?
    package let isolatedAt: Instant?
    package let window: TimeSpan
    package let computedAt: Instant?
    package let concludedAt: Instant?
    package let withdrawnAt: Instant?
    package let steps: [Step]
    /// Contacts of each state.
    package let contacts: [String: Int]
    /// Confirmed ones that ask for a new decision.
    package let toReview: Int
  }

  package static let name = "tracing.investigation"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  package let infection: CaseID

  package init(infection: CaseID) { self.infection = infection }

  package func area(in reading: Reading) throws -> Area {
    .path(try InvestigationStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try InvestigationStore(reading.transaction).get(infection)
    let person = try reading.liveFile(of: found.person)
    reading.disclose(person)
    let counts = try ContactsStore(reading.transaction).counts(of: infection)
    let kinds = (TracingObligations.steps + [Cases.transfer, Cases.investigate]).map(\.name)
    let steps = try ObligationStore(reading.transaction).about(infection.text)
      .filter { kinds.contains($0.kind) }
      .map { step in
        Step(
          kind: step.kind, obligation: step.id, deadline: step.deadline, state: step.state,
          closedAt: step.closedAt, isLate: step.isLate(at: reading.now))
      }
    return Answer(
      infection: infection, person: person, place: found.place,
      reportedAt: found.reportedAt, onsetOn: found.onsetOn, sampledAt: found.sampledAt,
      isolatedAt: found.isolatedAt, window: found.window, computedAt: found.computedAt,
      concludedAt: found.concludedAt, withdrawnAt: found.withdrawnAt, steps: steps,
      contacts: Dictionary(uniqueKeysWithValues: counts.map { ($0.state.rawValue, $0.count) }),
      toReview: counts.reduce(0) { $0 + $1.review })
  }
}

/// The investigations of an area.
package struct ListInvestigations: Query {
  /// One investigation of the area.
  package struct Line: Codable, Sendable {
    package let infection: CaseID
    package let person: PersonID
    package let place: PlaceID
    package let reportedAt: Instant
    package let computedAt: Instant?
    package let concludedAt: Instant?
    /// When the whole has to be done, nil when it is.
    package let dueAt: Instant?
    package let proposed: Int
  }

  package struct Answer: Codable, Sendable {
    package let lines: [Line]
    package let after: String?
  }

  package static let name = "tracing.investigations"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  package let place: PlaceID
  package let after: String?

  package init(place: PlaceID, after: String? = nil) {
    self.place = place
    self.after = after
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    guard let path = try reading.jurisdiction.path(place, reading.transaction) else {
      throw Refusal.notFound(Words("地点", "place"), place.text, field: "place")
    }
    let limit = 100
    let page = try InvestigationStore(reading.transaction).inside(
      path, after: PathCursor(after).map { ($0.path, $0.id) }, limit: limit)
    let lines = try page.map { one in
      let person = try reading.liveFile(of: one.person)
      reading.disclose(person)
      let due = try ObligationStore(reading.transaction).owed(
        Cases.investigate.name, about: one.infection.text)
      return Line(
        infection: one.infection, person: person, place: one.place,
        reportedAt: one.reportedAt, computedAt: one.computedAt, concludedAt: one.concludedAt,
        dueAt: due.first?.deadline,
        proposed: try ContactsStore(reading.transaction).countProposed(of: one.infection))
    }
    return Answer(
      lines: lines,
      after: page.count == limit
        ? page.last.map { PathCursor(path: $0.path, id: $0.infection.text).text } : nil)
  }
}
