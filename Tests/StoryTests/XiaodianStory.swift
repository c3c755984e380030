import Containment
import Foundation
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Xiaodian, 23 February 2022: four sealed zones fenced at once around where a case of another city
/// had been, 16 close contacts moved, 35 hotel guests sealed where they were; at each zone a point
/// leader, a group leader and members day and night; the fences gone by 6 March.
@Suite("Xiaodian, 23 February to 6 March 2022") struct XiaodianStory {
  /// The district's own edition beside the eighth: fourteen days count from the last exposure, so
  /// that the fences of a case that left on the 19th come down on the 6th.
  private static let edition = """
    id: xiaodian
    version: 1
    title: {zh: 小店区划区办法, en: Zones of Xiaodian}
    source: ["8th edition; the district's own choice of days"]
    effective_from: 2022-02-01
    effective_to: 2022-03-31
    sections:
      zones:
        decide_minutes: 30
        release_minutes: 120
        review_minutes: 120
        staff_minutes: 60
        gate_minutes: 120
        alone: {people: 10, hours: 24, widest: building, cooling_minutes: 10}
        exempt_below_years: 3
        shift_hours_most: 12
        roster_hours: 24
        checkpoint_people: 1
        levels:
          - level: sealed
            words: {zh: 封控区, en: Sealed zone}
            asks: {zh: 足不出户、服务上门, en: Nobody leaves home}
            source: the district
            may_leave_home: false
            on_positive: true
            evidence_within: street
            widest: estate
            residents_clause: zone_home
            test_days: [1, 4, 7, 10]
            staffing:
              - {role: point_leader, words: {zh: 点长, en: Point leader}, people: 1}
              - {role: group_leader, words: {zh: 组长, en: Group leader}, people: 1}
              - {role: member, words: {zh: 组员, en: Member}, people: 1}
            services:
              - {kind: supply, by: ["11:00"]}
            release:
              - {kind: days_without_new_case, days: 10, words: {zh: 十天无新增, en: Ten days}, source: own}
              - {kind: last_contact_found, days: 14, within_days: 2, words: {zh: 末次暴露满14天, en: Fourteen days}, source: "8"}
              - {kind: full_negative_round, within_days: 2, words: {zh: 两天内全员阴性, en: A round}, source: "8"}

    """

  @Test("four zones at once, 16 moved, 35 sealed in place, staffed day and night, over by 6 March")
  func fences() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "xiaodian-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.edition.write(
      to: folder.appending(path: "xiaodian.yaml"), atomically: true, encoding: .utf8)
    let town = try await Town(on: "2022-02-23", policyFolder: folder.path)
    var story = try await Played(town)

    // The case lives elsewhere and was in the hotel until the 19th; the positive came on the 23rd.
    try await story.tell()
    let zones = try await story.openFour()
    #expect(zones.count == 4)
    let standing = try await town.ask(ListZones()).zones
    #expect(standing.map(\.people).sorted() == [16, 20, 20, 35])
    #expect(try await story.restricted("zone_home") == 91)
    #expect(try await story.moved() == 16)

    // A roster without a gap for each zone, turn after turn.
    try await story.staff(zones)
    for zone in zones { #expect(try await town.ask(ShowZone(zone: zone)).gaps == []) }

    // On the evening of the 5th everybody is swabbed; before midnight no button helps.
    try await story.turn(to: "2022-03-05T20:00+08:00")
    try await story.swabEverybody()
    for zone in zones {
      let early = await #expect(throws: Refusal.self) {
        try await town.submit(ReleaseZone(zone: zone), as: "street")
      }
      #expect(early?.code == "zone.clauseUnmet")
    }
    try await story.turn(to: "2022-03-06T00:01+08:00")
    for zone in zones { try await town.submit(ReleaseZone(zone: zone), as: "street") }
    for _ in 0..<4 { try await town.pass(.seconds(30)) }
    #expect(try await town.ask(ListZones()).zones.isEmpty)
    #expect(try await story.restricted("zone_home") == 0)
    let gates = try await town.rows(
      "SELECT id FROM obligation WHERE kind = 'zones.gate' AND closed_at IS NULL")
    #expect(gates.count == 4)
    let history = try await town.ask(ShowZone(zone: zones[0])).history
    #expect(history.map(\.kind).filter { $0 != .asked } == [.proposed, .opened, .released])
    #expect(try await town.violations() == [:])
  }
}

/// Says what other families would have said.
private struct Tell: Command {
  static let name = "test.tellXiaodian"
  static let duty: Duty = .clockOnly
  let homes: [PlaceID: Int]
  let contacts: [PersonID: PlaceID]
  let hotel: PlaceID
  let reportedAt: Instant
  let tested: [PersonID]

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    for (home, people) in homes.sorted(by: { $0.key < $1.key }) {
      let place = try PlacesStore(work.transaction).get(home)
      for number in 0..<people {
        _ = try work.person(PersonID(trusted: "\(home.text)-\(number)"), name: "周某", at: place)
      }
    }
    if !tested.isEmpty {
      try work.record(
        PeopleTested(tube: "evening", people: tested, sampledAt: work.now, isNegative: true))
      return Done()
    }
    if contacts.isEmpty { return Done() }
    let district = Town.Spot.district.id
    let away = try PlacesStore(work.transaction).get(Town.Spot.otherDoor.id)
    _ = try work.person(PersonID(trusted: "traveller"), name: "吴某", at: away)
    try work.record(
      CaseReported(
        infection: CaseID(trusted: "case-1"), person: PersonID(trusted: "traveller"),
        kind: .confirmed, source: "isolation", district: district, foundIn: hotel,
        reportedAt: reportedAt))
    for (index, contact) in contacts.sorted(by: { $0.key < $1.key }).enumerated() {
      try work.record(
        ContactConfirmed(
          contact: ContactID(trusted: "contact-\(index)"), person: contact.key,
          infection: CaseID(trusted: "case-1"), kind: .close, home: contact.value,
          lastExposureAt: reportedAt - .days(4)))
    }
    return Done()
  }
}

/// The eleven days, step by step.
private struct Played {
  let town: Town
  private var homes: [PlaceID: Int] = [:]
  private var sites: [PlaceID] = []
  private var contacts: [PersonID: PlaceID] = [:]

  init(_ town: Town) async throws {
    self.town = town
    let size = [("酒店", 35), ("A座", 20), ("B座", 20), ("C座", 16)]
    for (name, people) in size {
      let building = try await town.submit(
        MakePlace(parent: Town.Spot.grid.id, level: .building, title: name), as: "street"
      ).place
      let door = try await town.submit(
        MakePlace(parent: building, level: .household, title: "1"), as: "street"
      ).place
      sites.append(building)
      homes[door] = people
      if people == 16 {
        for number in 0..<16 { contacts[PersonID(trusted: "\(door.text)-\(number)")] = door }
      }
    }
  }

  mutating func tell() async throws {
    try await town.submit(
      Tell(homes: homes, contacts: [:], hotel: sites[0], reportedAt: town.now, tested: []),
      from: .clock)
    try await town.submit(
      Tell(homes: [:], contacts: contacts, hotel: sites[0], reportedAt: town.now, tested: []),
      from: .clock)
  }

  /// The community asks for four at once; the street approves after the pause.
  func openFour() async throws -> [ZoneID] {
    var zones: [ZoneID] = []
    for site in sites {
      zones.append(
        try await town.submit(
          ProposeZone(places: [site], level: .sealed, infection: CaseID(trusted: "case-1")),
          as: "leader"
        ).zone)
    }
    try await town.pass(.minutes(10))
    for zone in zones { try await town.submit(OpenZone(zone: zone), as: "street") }
    for _ in 0..<6 { try await town.pass(.seconds(30)) }
    return zones
  }

  func restricted(_ clause: String) async throws -> Int {
    try await town.rows(
      """
      SELECT COUNT(*) FROM restriction
      WHERE clause = \(clause) AND ended_at IS NULL AND end_at > \(town.now)
      """
    ).first?.integer(0) ?? 0
  }

  /// The close contacts are taken to the site; how many arrived.
  func moved() async throws -> Int {
    let owed = try await town.rows(
      """
      SELECT id FROM obligation
      WHERE kind = 'restrictions.transfer' AND closed_at IS NULL
      ORDER BY id
      """)
    for row in owed {
      try await town.submit(FinishObligation(obligation: row.id(0), proof: nil), as: "worker")
    }
    return owed.count
  }

  func staff(_ zones: [ZoneID]) async throws {
    for (index, zone) in zones.enumerated() {
      for role in ["point_leader", "group_leader", "member"] {
        for half in 0..<2 {
          let account = AccountID(trusted: "post-\(index)-\(role)-\(half)")
          try await town.submit(OpenAccount(account: account, title: "值守"), as: "admin")
          let from = town.now + .hours(12 * half)
          try await town.submit(
            AssignZoneShift(
              zone: zone, role: role, account: account, from: from, until: from + .hours(12),
              days: 14), as: "street")
        }
      }
    }
  }

  func turn(to time: String) async throws {
    guard let moment = Instant(time, in: .china) else { return }
    while town.now < moment { try await town.pass(min(.hours(6), moment - town.now)) }
  }

  func swabEverybody() async throws {
    let people = homes.flatMap { home, count in
      (0..<count).map { PersonID(trusted: "\(home.text)-\($0)") }
    }
    try await town.submit(
      Tell(homes: [:], contacts: [:], hotel: sites[0], reportedAt: town.now, tested: people),
      from: .clock)
  }
}
