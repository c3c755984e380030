/// The store of one machine as an engine among others.
extension VisitKeeper: VisitEngine {
  /// The companions of many people at once.
  package func companions(
    of people: [String], by rule: MeetingRule, in window: SecondSpan
  ) throws -> [CompanionLine] {
    let known = Set(people).compactMap { store.persons.known($0) }
    var lines: [CompanionLine] = []
    try store.inquiry().companions(of: known, by: rule.joined, in: window) { index, table in
      lines += self.lines(of: store.persons[index], table)
    }
    return CompanionLine.sorted(lines)
  }

  /// Contacts of carriers in the right order of time.
  package func onward(from carriers: [NamedCarrier], never: [String]) throws -> [NamedOnward] {
    let inquiry = try store.inquiry()
    let known = carriers.compactMap { carrier in
      store.persons.known(carrier.person).map {
        Carrier(person: $0, since: carrier.since, until: carrier.until)
      }
    }
    let found = Spread(inquiry).onward(
      from: known, never: never.compactMap { store.persons.known($0) })
    return found.map { NamedOnward(person: store.persons[$0.person], first: $0.first) }
      .sorted { $0.person.utf8.lexicographicallyPrecedes($1.person.utf8) }
  }

  /// For how many seconds it is known where people were.
  package func located(_ people: [String], in window: SecondSpan) throws -> [String: UInt32] {
    let inquiry = try store.inquiry()
    var seconds: [String: UInt32] = [:]
    for person in people {
      guard let id = store.persons.known(person) else { continue }
      let known = inquiry.located(id, in: window)
      if known > 0 { seconds[person] = known }
    }
    return seconds
  }

  /// Writes entries down; when it returns they are on the disk.
  package func keep(_ entries: [VisitEntry]) async throws { _ = try await record(entries) }
}

extension MeetingRule {
  /// The same rule with spans that touch joined, as all engines of the seam count meetings.
  package var joined: MeetingRule {
    var rule = self
    rule.joinsTouching = true
    return rule
  }
}
