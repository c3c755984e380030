import Gazette
import Kernel
import Registry

/// Computes the clauses of release of a zone, or of a part of it, from the rows.
package struct ZoneAssessment {
  let transaction: any Transaction
  let now: Instant
  let zone: Zone
  let policy: ZonesPolicy
  /// The clause by which close contacts are restricted; nil when contacts are not determined.
  let contactClause: String?
  /// How many rows an answer carries; its total counts all.
  private static let mostRows = 200

  /// The clauses that a zone has to meet next.
  package static func clauses(
    of held: HeldZone, under policy: ZonesPolicy
  ) -> [ZonesPolicy.Clause] {
    guard let level = policy.level(held.level) else { return [] }
    return held.isSteppedDown ? level.releaseAfterStepDown ?? level.release : level.release
  }

  /// Whether every clause is met now; what is quick to compute is computed first.
  package func isReady(_ held: HeldZone) throws -> Bool {
    let clauses = Self.clauses(of: held, under: policy)
    guard let days = clauses.first(where: { $0.kind == .daysWithoutNewCase }) else {
      return try !clauses.isEmpty && findings(of: held).allSatisfy(\.isMet)
    }
    // The day of the zone's count never lies before what this clause counts from.
    let from = held.countedFrom ?? held.proposedAt
    let done = ZonesRules.complete(days.days ?? 0, after: from, zone: zone)
    return try done <= now && findings(of: held).allSatisfy(\.isMet)
  }

  /// What each clause says of a zone now.
  ///
  /// - Parameter part: the places that are to be released; nil for the whole zone.
  package func findings(of held: HeldZone, part: [ZonePlace]? = nil) throws -> [ClauseFinding] {
    let store = ZonesStore(transaction)
    let places = try part ?? store.places(of: held.id).filter { $0.until == nil }
    let infections = try store.infections(of: held.id).filter { infection in
      part == nil || infection.isInside(places.map(\.path))
    }
    let opened = held.openedAt ?? held.proposedAt
    let counted = infections.filter(\.counts)
    let from = max(opened, counted.map(\.at).max() ?? opened)
    return try Self.clauses(of: held, under: policy).map { clause in
      switch clause.kind {
      case .daysWithoutNewCase:
        daysWithoutNewCase(
          clause, counted: counted,
          from: clause.sinceStepDown == true ? max(held.levelSince ?? from, from) : from)
      case .lastContactFound:
        try lastContactFound(clause, of: infections, within: part == nil ? nil : places)
      case .fullNegativeRound:
        try fullNegativeRound(clause, in: places, countedFrom: from)
      case .higherZonesOver:
        try higherZonesOver(clause, than: held)
      }
    }
  }

  private func daysWithoutNewCase(
    _ clause: ZonesPolicy.Clause, counted: [ZoneInfection], from: Instant
  ) -> ClauseFinding {
    let done = ZonesRules.complete(clause.days ?? 0, after: from, zone: zone)
    return finding(
      clause, isMet: done <= now, earliest: done,
      counted.map { .init(kind: .infection, id: $0.infection.text, at: $0.at) })
  }

  private func lastContactFound(
    _ clause: ZonesPolicy.Clause, of infections: [ZoneInfection], within places: [ZonePlace]?
  ) throws -> ClauseFinding {
    guard let contactClause else { return finding(clause, isMet: true, earliest: nil, []) }
    let tests = ZoneTestsStore(transaction)
    let contacts = try infections.flatMap {
      try tests.contacts(of: $0.infection, under: contactClause)
    }.filter { contact in places?.contains { $0.path.holds(contact.path) } ?? true }
    let negatives = try lastNegatives(of: Set(contacts.map(\.person)))
    var rows = try undecided(infections)
    var met: [ClauseFinding.Row] = []
    var earliest: Instant?
    for contact in contacts {
      let done = ZonesRules.complete(clause.days ?? 0, after: contact.exposedAt, zone: zone)
      earliest = max(earliest ?? done, done)
      if let missing = ZonesRules.missing(
        of: contact.exposedAt, lastNegative: negatives[contact.person], clause, now: now,
        zone: zone)
      {
        rows.append(
          .init(kind: .contact, id: contact.contact.text, at: contact.exposedAt, detail: missing))
      } else {
        met.append(
          .init(
            kind: .contact, id: contact.contact.text, at: contact.exposedAt,
            detail: ClauseFinding.met))
      }
    }
    return finding(
      clause, isMet: rows.isEmpty, earliest: earliest, total: rows.count, rows + met)
  }

  /// The infections whose contacts nobody has decided on yet: the last of them is not known.
  private func undecided(_ infections: [ZoneInfection]) throws -> [ClauseFinding.Row] {
    let obligations = ObligationStore(transaction)
    return try infections.filter {
      try !obligations.owed(InvestigationObligations.contacts, about: $0.infection.text).isEmpty
    }.map {
      .init(
        kind: .infection, id: $0.infection.text, at: $0.at, detail: ClauseFinding.undecided)
    }
  }

  /// The last sample of each person, under whichever of their identifiers, if it was negative.
  private func lastNegatives(of people: Set<PersonID>) throws -> [PersonID: Instant] {
    let residents = ResidentsStore(transaction)
    let live = try residents.current(people).mapValues(\.id)
    let identifiers = try residents.identifiers(of: Set(people.map { live[$0] ?? $0 }))
    let samples = try ZoneTestsStore(transaction).lastSamples(of: identifiers.values.flatMap { $0 })
    return people.reduce(into: [:]) { negatives, person in
      let last = (identifiers[live[person] ?? person] ?? []).compactMap { samples[$0] }
        // Of two at one moment the one that was not negative counts.
        .max { ($0.at, $1.isNegative ? 1 : 0) < ($1.at, $0.isNegative ? 1 : 0) }
      negatives[person] = last.flatMap { $0.isNegative ? $0.at : nil }
    }
  }

  private func fullNegativeRound(
    _ clause: ZonesPolicy.Clause, in places: [ZonePlace], countedFrom: Instant
  ) throws -> ClauseFinding {
    let since = ZonesRules.roundFrom(clause, countedFrom: countedFrom, now: now, zone: zone)
    let youngest = ZonesRules.birthday(
      years: policy.exemptBelowYears, before: Day(of: now, in: zone))
    var rows: [ClauseFinding.Row] = []
    var people = 0
    for place in places {
      let doors = try ZoneTestsStore(transaction).untested(
        in: place.path, since: since, bornUntil: youngest, at: now)
      rows += doors.map { .init(kind: .door, id: $0.door.text, people: $0.people) }
      people += doors.map(\.people).reduce(0, +)
    }
    // Nobody has to be tested before the day has come, whether or not anybody lives there.
    let isMet = people == 0 && since <= now
    if isMet {
      for place in places {
        rows += try ZoneTestsStore(transaction).tested(in: place.path, since: since).map {
          .init(kind: .door, id: $0.door.text, people: $0.people, detail: ClauseFinding.met)
        }
      }
    }
    return finding(clause, isMet: isMet, earliest: since, total: people, rows)
  }

  private func higherZonesOver(
    _ clause: ZonesPolicy.Clause, than held: HeldZone
  ) throws -> ClauseFinding {
    let line = try PlacesStore(transaction).line(to: held.path)
    let depth = (clause.within ?? .district).depth
    let area = line.last { $0.level.depth <= depth }?.path ?? .everywhere
    let higher = try ZonesStore(transaction).list(.standing, in: area, limit: 5_000).filter {
      $0.level.rank > held.level.rank
    }
    return finding(
      clause, isMet: higher.isEmpty, earliest: nil,
      higher.map { .init(kind: .zone, id: $0.id.text, detail: $0.level.rawValue) })
  }

  private func finding(
    _ clause: ZonesPolicy.Clause, isMet: Bool, earliest: Instant?, total: Int? = nil,
    _ rows: [ClauseFinding.Row]
  ) -> ClauseFinding {
    ClauseFinding(
      kind: clause.kind.rawValue, words: clause.words, source: clause.source, isMet: isMet,
      earliest: earliest, total: total ?? rows.count, rows: Array(rows.prefix(Self.mostRows)))
  }
}
