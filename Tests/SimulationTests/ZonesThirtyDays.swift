import Containment
import Gazette
import Kernel
import Registry
import Simulator
import Testing
import Town

/// Thirty days in which infections, swabs and buttons come as they like; a model that knows nothing
/// of the product's own rules says of each zone when it may end, and when it has to.
@Suite("Nobody is released early and nobody is held late") struct ZonesThirtyDays {
  @Test("over thirty days of four towns, whatever happens")
  func thirtyDays() async throws {
    var released = 0
    var stepped = 0
    for seed in UInt64(1)...4 {
      var play = try await ZonePlay(seed: seed)
      let faults = try await play.days(30)
      #expect(faults == [], "seed \(seed)")
      released += play.released
      stepped += play.stepped
    }
    // Months in which no zone was ever released would prove nothing.
    #expect(released >= 4 && stepped >= 4)
  }
}

/// Says what Detection would.
private struct TellZones: Command {
  static let name = "test.tellZones"
  static let duty: Duty = .clockOnly
  var residents: [PersonID: PlaceID] = [:]
  var reported: [CaseReported] = []
  var withdrawn: [CaseWithdrawn] = []
  var tested: [PeopleTested] = []

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    for (person, home) in residents.sorted(by: { $0.key < $1.key }) {
      _ = try work.person(person, name: "赵某", at: PlacesStore(work.transaction).get(home))
    }
    for fact in reported { try work.record(fact) }
    for fact in withdrawn { try work.record(fact) }
    for fact in tested { try work.record(fact) }
    return Done()
  }
}

/// A month of one town.
private struct ZonePlay {
  /// An infection as the model remembers it.
  private struct Known {
    let id: CaseID
    let person: PersonID
    let at: Instant
    let isIsolated: Bool
    var isWithdrawn = false
  }

  /// A zone as the model saw it last.
  private struct Seen {
    var level: ZoneLevel
    var since: Instant
    let opened: Instant
    let people: [PersonID]
    var readySince: Instant?
  }

  let town: Town
  private(set) var released = 0
  private(set) var stepped = 0
  private var chance: Chance
  private var homes: [PersonID: PlaceID] = [:]
  private var cases: [Known] = []
  private var tests: [(person: PersonID, at: Instant, negative: Bool)] = []
  private var zones: [ZoneID: Seen] = [:]
  private var faults: [String] = []
  /// A release is owed for two hours and then happens by itself, at the next turn of the clock.
  private static let latest = Duration.minutes(120)
  private static let stride = 1...180

  init(seed: UInt64) async throws {
    chance = Chance(seed: seed)
    town = try await Town(on: "2022-07-04")
    let doors: [Town.Spot] = [.door101, .door102, .door201, .otherDoor]
    for number in 0..<10 {
      homes[PersonID(trusted: "p\(number)")] = doors[number % doors.count].id
    }
    try await tell(TellZones(residents: homes))
    try await infect(isolated: false)
    try await decide()
  }

  mutating func days(_ count: Int) async throws -> [String] {
    let end = town.now + .days(count)
    while town.now < end && faults.isEmpty {
      try await event()
      try await look(after: nil)
      let minutes = chance.number(Self.stride)
      let before = town.now
      try await town.pass(.minutes(minutes))
      try await look(after: before)
    }
    let violated = try await town.violations()
    return faults + violated.map { "\($0.key): \($0.value)" }
  }

  private func tell(_ command: TellZones) async throws {
    try await town.submit(command, from: .clock)
  }

  private mutating func event() async throws {
    switch chance.number(1...100) {
    case 1...2: try await infect()
    case 3: try await withdraw()
    case 4...25: try await swab()
    case 26...45: try await decide()
    case 46...65: try await press()
    default: break
    }
  }

  private mutating func infect(isolated: Bool? = nil) async throws {
    let person = chance.pick(homes.keys.sorted())
    if cases.contains(where: { $0.person == person && !$0.isWithdrawn }) { return }
    let known = Known(
      id: CaseID(trusted: "c\(cases.count)"), person: person, at: town.now,
      isIsolated: isolated ?? chance.happens(0.3))
    cases.append(known)
    try await tell(
      TellZones(reported: [
        CaseReported(
          infection: known.id, person: person, kind: .confirmed,
          source: known.isIsolated ? "isolation" : "community_screening",
          district: Town.Spot.district.id, reportedAt: known.at)
      ]))
  }

  private mutating func withdraw() async throws {
    guard let index = cases.indices.last(where: { !cases[$0].isWithdrawn }) else { return }
    cases[index].isWithdrawn = true
    try await tell(
      TellZones(withdrawn: [
        CaseWithdrawn(infection: cases[index].id, person: cases[index].person)
      ]))
  }

  private mutating func swab() async throws {
    let people = homes.keys.sorted().filter { _ in chance.happens(0.9) }
    let negative = !chance.happens(0.02)
    let some = negative ? people : Array(people.prefix(1))
    for person in some { tests.append((person, town.now, negative)) }
    try await tell(
      TellZones(tested: [
        PeopleTested(tube: "t", people: some, sampledAt: town.now, isNegative: negative)
      ]))
  }

  private mutating func decide() async throws {
    guard let zone = try await town.ask(ListZones(state: .proposed)).zones.first else { return }
    _ = try? await town.submit(OpenZone(zone: zone.zone), as: "street")
  }

  /// Somebody presses "release" whether or not it is time.
  private mutating func press() async throws {
    guard let zone = zones.keys.sorted().first else { return }
    if chance.happens(0.5) {
      _ = try? await town.submit(StepDownZone(zone: zone), as: "street")
    } else {
      _ = try? await town.submit(ReleaseZone(zone: zone), as: "street")
    }
  }

  /// Compares what the product did with what the model says of this moment.
  private mutating func look(after before: Instant?) async throws {
    let standing = try await town.ask(ListZones()).zones
    for zone in standing where zones[zone.zone] == nil {
      guard let opened = zone.openedAt else { continue }
      let inBuilding = zone.place == Town.Spot.otherBuilding.id
      let people = homes.filter { ($0.value == Town.Spot.otherDoor.id) == inBuilding }
      zones[zone.zone] = Seen(
        level: zone.level, since: opened, opened: opened, people: people.keys.sorted())
    }
    for (id, seen) in zones.sorted(by: { $0.key < $1.key }) {
      let now = standing.first { $0.zone == id }
      if let now, now.level == seen.level {
        try hold(id, seen, before)
      } else {
        try await changed(id, seen, to: now?.level)
      }
    }
  }

  private mutating func hold(_ id: ZoneID, _ seen: Seen, _ before: Instant?) throws {
    guard mayEnd(seen) else {
      zones[id]?.readySince = nil
      return
    }
    let since = seen.readySince ?? town.now
    zones[id]?.readySince = since
    // Noticed at one turn, owed from then on, and ended at the first turn after two hours.
    let slack = Duration.minutes(2 * Self.stride.upperBound)
    if town.now - since > Self.latest + slack {
      faults.append("\(id) is held since \(since.text(in: .china)) though every clause is met")
    }
  }

  private mutating func changed(_ id: ZoneID, _ seen: Seen, to level: ZoneLevel?) async throws {
    if let level {
      stepped += 1
      if !mayEnd(seen) { faults.append("\(id) stepped down early at \(town.now)") }
      zones[id] = Seen(
        level: level, since: town.now, opened: seen.opened, people: seen.people)
      return
    }
    zones[id] = nil
    let ended = try await town.ask(ListZones(state: .ended)).zones.first { $0.zone == id }
    switch ended?.end {
    case .released:
      released += 1
      if !mayEnd(seen) { faults.append("\(id) was released early at \(town.now)") }
    case .evidenceWithdrawn:
      let left = cases.contains {
        !$0.isWithdrawn && seen.people.contains($0.person) && $0.at >= seen.opened
      }
      if left { faults.append("\(id) ended though an infection was left") }
    case .raised:
      // A positive in a stepped-down zone: its places went to the higher one.
      if seen.level != .medium { faults.append("\(id) was taken into another for no reason") }
    default: faults.append("\(id) ended for no reason")
    }
  }

  /// What the ninth edition says, counted from the model's own lists.
  private func mayEnd(_ seen: Seen) -> Bool {
    let counted = cases.filter {
      !$0.isWithdrawn && !$0.isIsolated && seen.people.contains($0.person)
    }.map(\.at)
    let from = max(seen.opened, counted.max() ?? seen.opened)
    func midnight(_ days: Int, _ moment: Instant) -> Instant {
      (Day(of: moment, in: .china) + days).end(in: .china)
    }
    if seen.level == .medium { return town.now >= midnight(3, max(from, seen.since)) }
    guard town.now >= midnight(7, from) else { return false }
    let roundFrom = (Day(of: from, in: .china) + 7).start(in: .china)
    return seen.people.allSatisfy { person in
      let inHospital = cases.contains {
        $0.person == person && !$0.isWithdrawn && town.now < midnight(14, $0.at)
      }
      if inHospital { return true }
      let own = tests.filter { $0.person == person && $0.at >= roundFrom }
      return own.contains(where: \.negative) && own.allSatisfy(\.negative)
    }
  }
}
