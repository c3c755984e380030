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
  /// The district's own clause beside the eighth edition, as data: its sealed zones count ten days without
  /// a new infection and not fourteen, so that the fences of a case that left on the 19th come down once
  /// fourteen days have passed for the last contact. Every other word is the shipped edition's.
  private static func ownClause() throws -> String {
    let shipped = String(
      decoding: try SharedData.repositoryFile("Policies/cn-8.yaml"), as: UTF8.self)
    let from = try #require(shipped.range(of: "\n  zones:\n"))
    var zones = String(shipped[from.upperBound...])
    let days = try #require(zones.range(of: "kind: days_without_new_case, days: 14"))
    zones.replaceSubrange(days, with: "kind: days_without_new_case, days: 10")
    return """
      id: xiaodian
      version: 1
      title: {zh: 小店区划区办法, en: Zones of Xiaodian}
      source: ["the 8th edition with the district's own days, after the report of its fences"]
      effective_from: 2022-02-01
      effective_to: 2022-03-31
      sections:
        zones:
      \(zones)
      """
  }

  @Test("four zones at once, 16 moved, 35 sealed in place, staffed day and night, over by 6 March")
  func fences() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "xiaodian-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.ownClause().write(
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
    try await story.decideContacts()

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
    #expect(history.map(\.edition).allSatisfy { $0 == "xiaodian@1" })
    #expect(try await town.violations() == [:])
  }

  @Test("by the shipped eighth edition alone they stand until the fourteenth day is over")
  func eighthAlone() async throws {
    let town = try await Town(on: "2022-02-23")
    var story = try await Played(town)
    try await story.tell()
    let zones = try await story.openFour()
    #expect(try await story.restricted("zone_home") == 91)
    try await story.decideContacts()
    for time in ["2022-03-06T00:01+08:00", "2022-03-09T20:00+08:00"] {
      try await story.turn(to: time)
      try await story.swabEverybody()
      let early = await #expect(throws: Refusal.self) {
        try await town.submit(ReleaseZone(zone: zones[0]), as: "street")
      }
      #expect(early?.code == "zone.clauseUnmet")
    }
    try await story.turn(to: "2022-03-10T00:01+08:00")
    try await town.submit(ReleaseZone(zone: zones[0]), as: "street")
    let history = try await town.ask(ShowZone(zone: zones[0])).history
    #expect(history.first?.edition == "cn-8@1" && history.last?.kind == .released)
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

  /// The investigators say that every contact was decided on.
  func decideContacts() async throws {
    let owed = try await town.rows(
      "SELECT id FROM obligation WHERE kind = 'tracing.contacts' AND closed_at IS NULL")
    for row in owed {
      try await town.submit(
        FinishObligation(obligation: row.id(0), proof: nil), as: "investigator")
    }
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

  /// As many as the shipped edition asks at each zone: a leader of the street, one of the community, three
  /// members, in two shifts.
  func staff(_ zones: [ZoneID]) async throws {
    let posts = ["point_leader", "group_leader"] + Array(repeating: "member", count: 3)
    for (index, zone) in zones.enumerated() {
      for (post, role) in posts.enumerated() {
        for half in 0..<2 {
          let account = AccountID(trusted: "post-\(index)-\(post)-\(half)")
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
