import Gazette
import Kernel
import Registry

/// A zone as lists show it.
package struct ZoneView: Codable, Sendable {
  package let zone: ZoneID
  package let level: ZoneLevel
  /// What the edition calls the level, and what it asks.
  package let words: Words
  package let asks: Words
  package let edition: String
  package let state: ZoneState
  package let place: PlaceID
  /// The zone's places as people call them, the first three.
  package let name: String
  package let places: Int
  package let people: Int
  package let infection: CaseID
  package let proposedBy: String
  package let proposedAt: Instant
  package let openedBy: String?
  package let openedAt: Instant?
  /// Which day of the count it is; day 0 is that of the opening or of the last infection.
  package let day: Int?
  /// The earliest moment at which every clause can be met when nothing happens.
  package let earliest: Instant?
  package let endedAt: Instant?
  package let end: ZoneEnd?
  package let clauses: [ClauseFinding]
}

/// The zones of an area with their clocks and what is not met yet.
package struct ListZones: Query {
  package struct Answer: Codable, Sendable {
    package let zones: [ZoneView]
  }

  package static let name = "zones.list"
  package static let duty: Duty = "zones.read"
  package static let purposes: [Purpose] = []
  /// A place; everywhere when there is none.
  package let place: PlaceID?
  /// Those that stand, when no state is named.
  package let state: ZoneState?

  package init(place: PlaceID? = nil, state: ZoneState? = nil) {
    self.place = place
    self.state = state
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try ZonesStore(reading.transaction).list(
      state ?? .standing, in: path ?? .everywhere, limit: 500)
    return Answer(zones: try found.map { try reading.view(of: $0) })
  }
}

/// A zone whole: places, clauses with their rows, infections, plan, roster with its gaps, gates,
/// and everything that ever happened to it.
package struct ShowZone: Query {
  /// A place that belongs, or belonged, to it.
  package struct PlaceView: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let people: Int
    package let from: Instant
    package let until: Instant?
  }

  /// An infection in it.
  package struct InfectionView: Codable, Sendable {
    package let infection: CaseID
    package let at: Instant
    package let counts: Bool
  }

  /// A turn of the coming hours.
  package struct ShiftView: Codable, Sendable {
    package let shift: String
    package let role: String
    package let checkpoint: String?
    package let account: AccountID
    package let title: String
    package let from: Instant
    package let until: Instant
  }

  /// A gate.
  package struct GateView: Codable, Sendable {
    package let checkpoint: String
    package let place: PlaceID
    package let name: String
  }

  /// Something that happened to it.
  package struct EventView: Codable, Sendable {
    package let kind: ZoneEvent.Kind
    package let at: Instant
    package let by: String
    package let edition: String
    package let level: ZoneLevel
    package let about: String
  }

  package struct Answer: Codable, Sendable {
    package let zone: ZoneView
    package let plan: String?
    package let places: [PlaceView]
    package let infections: [InfectionView]
    package let roster: [ShiftView]
    package let gaps: [RosterGap]
    package let gates: [GateView]
    package let history: [EventView]
  }

  package static let name = "zones.show"
  package static let duty: Duty = ListZones.duty
  package static let purposes: [Purpose] = []
  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in reading: Reading) throws -> Area {
    .path(try ZonesStore(reading.transaction).get(zone).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = ZonesStore(reading.transaction)
    let held = try store.get(zone)
    let staff = ZoneStaffStore(reading.transaction)
    let (shifts, gaps) = try roster(of: held, in: reading)
    return Answer(
      zone: try reading.view(of: held), plan: held.plan,
      places: try store.places(of: zone).map { place in
        PlaceView(
          place: place.place, name: try reading.address(of: place.path),
          people: try ResidentsStore(reading.transaction).count(in: place.path),
          from: place.from, until: place.until)
      },
      infections: try store.infections(of: zone).map {
        InfectionView(infection: $0.infection, at: $0.at, counts: $0.counts)
      }, roster: shifts, gaps: gaps,
      gates: try staff.checkpoints(of: zone).map {
        GateView(checkpoint: $0.id, place: $0.place, name: $0.name)
      },
      history: try store.events(of: zone).map {
        EventView(
          kind: $0.kind, at: $0.at, by: $0.by, edition: $0.edition, level: $0.level,
          about: $0.about)
      })
  }

  private func roster(
    of held: HeldZone, in reading: Reading
  ) throws -> (shifts: [ShiftView], gaps: [RosterGap]) {
    guard held.state == .standing, let policy = reading.rules.zones(of: held),
      let level = policy.level(held.level)
    else { return ([], []) }
    let until = reading.now + .hours(policy.rosterHours)
    let shifts = try ZoneStaffStore(reading.transaction).shifts(
      of: zone, from: reading.now, until: until
    ).map { shift in
      ShiftView(
        shift: shift.id, role: shift.role, checkpoint: shift.checkpoint, account: shift.account,
        title: try reading.title(of: shift.account), from: shift.from, until: shift.until)
    }
    let gaps = try ZoneRoster(transaction: reading.transaction, policy: policy).gaps(
      of: zone, level, from: reading.now, until: until)
    return (shifts, gaps)
  }
}

/// What a proposal would mean: how many people, whether one may decide, what stands against it.
package struct PreviewZone: Query {
  package struct Answer: Codable, Sendable {
    package let people: Int
    package let homes: Int
    /// Whether one account may open it alone now.
    package let isForOne: Bool
    package let alonePeople: Int
    package let asks: Words
    /// The clause by which those who live there will be restricted.
    package let clause: String?
  }

  package static let name = "zones.preview"
  package static let duty: Duty = ProposeZone.duty
  package static let purposes: [Purpose] = []
  package let places: [PlaceID]
  package let level: ZoneLevel

  package init(places: [PlaceID], level: ZoneLevel) {
    self.places = places
    self.level = level
  }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let policy = try reading.policy(ZonesPolicy.self)
    guard let level = policy.level(level) else {
      throw Refusal.malformed(
        "level", level.rawValue,
        expected: Words("现行政策的等级", "a level of the edition in force"))
    }
    let found = try places.map(PlacesStore(reading.transaction).get)
    for place in found where !reading.authority.may(Self.duty, at: place.path) {
      throw Refusal.outsideArea(Self.duty)
    }
    let residents = ResidentsStore(reading.transaction)
    let people = try found.map { try residents.count(in: $0.path) }.reduce(0, +)
    let homes = try found.map {
      try PlacesStore(reading.transaction).count(.household, inside: $0.path)
    }.reduce(0, +)
    let openedAlone = try ZonesStore(reading.transaction).openedAlone(
      by: reading.authority.sender.text, since: reading.now - .hours(policy.alone.hours))
    return Answer(
      people: people, homes: homes,
      isForOne: ZonesRules.isForOne(
        people: people, openedAlone: openedAlone, levels: found.map(\.level),
        isInfectionInside: true, alone: policy.alone),
      alonePeople: policy.alone.people, asks: level.asks, clause: level.residentsClause)
  }
}

/// How many zones stand, and how long they stood: figures for everybody to read.
package struct CountZones: Query {
  /// How many of one level stand.
  package struct Count: Codable, Sendable {
    package let level: ZoneLevel
    package let standing: Int
    package let people: Int
    package let openedToday: Int
  }

  package struct Answer: Codable, Sendable {
    package let levels: [Count]
    package let endedToday: Int
    /// How many were opened by two people, of all that stand.
    package let byTwo: Int
    /// The half of those that ended within 30 days stood no longer, in days.
    package let medianDays: Double?
  }

  package static let name = "zones.counts"
  package static let duty: Duty = ListZones.duty
  package static let purposes: [Purpose] = []
  private static let recentDays = 30
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let store = ZonesStore(reading.transaction)
    let standing = try store.list(.standing, in: path ?? .everywhere, limit: 5_000)
    let today = reading.today.start(in: reading.zone)
    let since = (reading.today - Self.recentDays).start(in: reading.zone)
    let ended = try store.list(.ended, in: path ?? .everywhere, limit: 5_000).filter {
      $0.endedAt.map { $0 >= since } ?? false
    }
    let counts = Dictionary(grouping: standing, by: \.level).map { level, zones in
      Count(
        level: level, standing: zones.count, people: zones.map(\.people).reduce(0, +),
        openedToday: zones.filter { $0.openedAt.map { $0 >= today } ?? false }.count)
    }
    return Answer(
      levels: counts.sorted { $0.level.rawValue < $1.level.rawValue },
      endedToday: ended.filter { $0.endedAt.map { $0 >= today } ?? false }.count,
      byTwo: standing.count(where: \.isByTwo), medianDays: median(ended))
  }

  private func median(_ zones: [HeldZone]) -> Double? {
    let lengths = zones.compactMap { zone -> Int64? in
      guard let opened = zone.openedAt, let ended = zone.endedAt else { return nil }
      return (ended - opened).inMilliseconds
    }.sorted()
    guard !lengths.isEmpty else { return nil }
    let days = Double(lengths[(lengths.count - 1) / 2]) / 86_400_000
    return (days * 10).rounded() / 10
  }
}

extension Reading {
  /// A zone as lists show it.
  func view(of held: HeldZone) throws -> ZoneView {
    let policy = rules.zones(of: held)
    let level = policy?.level(held.level)
    let places = try ZonesStore(transaction).places(of: held.id).filter {
      $0.until == nil || $0.until == held.endedAt
    }
    let names = try places.prefix(3).map { try address(of: $0.path) }
    let clauses = try findings(of: held)
    return ZoneView(
      zone: held.id, level: held.level,
      words: level?.words ?? Words(held.level.rawValue, held.level.rawValue),
      asks: level?.asks ?? Words("", ""), edition: held.edition, state: held.state,
      place: held.place,
      name: names.joined(separator: "、") + (places.count > 3 ? " …" : ""), places: places.count,
      people: held.people, infection: held.infection, proposedBy: held.proposedBy,
      proposedAt: held.proposedAt, openedBy: held.openedBy, openedAt: held.openedAt,
      day: held.endedAt == nil ? held.countedFrom.map { today - Day(of: $0, in: zone) } : nil,
      earliest: clauses.compactMap(\.earliest).max(), endedAt: held.endedAt, end: held.end,
      clauses: clauses)
  }

  /// What each clause says of a zone that stands, now.
  func findings(of held: HeldZone, part: [ZonePlace]? = nil) throws -> [ClauseFinding] {
    guard held.state == .standing, let policy = rules.zones(of: held) else { return [] }
    let restrictions = try? self.policy(RestrictionsPolicy.self)
    return try ZoneAssessment(
      transaction: transaction, now: now, zone: zone, policy: policy,
      contactClause: restrictions?.clause(for: .close)?.id
    ).findings(of: held, part: part)
  }
}
