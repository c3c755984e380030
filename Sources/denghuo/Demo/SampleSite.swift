import Containment
import Kernel
import Registry
import Simulator

/// A hotel that was made an isolation site: rooms on three floors, a dozen guests with what they eat, the
/// people who work there, and a few bags of waste.
struct SampleSite {
  let script: Script
  /// Where the hotel stands; those who live there are left to its grid workers.
  let community: Place

  private static let name = "海滨酒店"
  private static let leader = "site"
  private static let mostGuests = 12
  private static let mostLooked: Int64 = 200
  private static let floors = 2...4
  private static let roomsPerFloor = 6
  private static let steps = ["emptied", "cleaned", "zoned", "handed_over"]
  private static let diets = ["regular", "halal", "regular", "diabetic", "regular", "vegetarian"]
  /// Who works there: account, title, post, and whether by night.
  private static let staff: [(account: String, title: String, post: String, isNight: Bool)] = [
    (leader, "隔离点负责人", "site_leader", false), ("site-night", "夜班点长", "site_leader", true),
    ("site-doctor", "驻点医生", "medical", false), ("site-nurse", "夜班护士", "medical", true),
    ("site-guard", "内场安保", "security", false), ("site-cleaner", "保洁员", "cleaning", false),
    ("site-meals", "配餐员", "catering", false),
  ]

  func make() async throws {
    guard let site = try await hotel() else { return }
    try await ready(site)
    try await guests(site)
    try await workers(site)
    try await waste(site)
    try await script.pump.turn()
  }

  private func hotel() async throws -> PlaceID? {
    let path = community.path
    let grid = try await script.desk.storage.read { transaction in
      try PlacesStore(transaction).inside(path, level: .grid).last
    }
    guard let grid else { return nil }
    return try await script.perform(
      MakePlace(parent: grid.id, level: .building, title: Self.name), as: "duty"
    ).place
  }

  private func ready(_ site: PlaceID) async throws {
    try await script.perform(SetUpSite(site: site), as: "street")
    for floor in Self.floors {
      try await script.perform(
        AddRooms(
          site: site, floor: floor, first: floor * 100 + 1,
          last: floor * 100 + Self.roomsPerFloor, beds: 2), as: "street")
    }
    for step in Self.steps {
      try await script.perform(GiveSiteStep(site: site, step: step), as: "community")
      try await script.perform(ConfirmSiteStep(site: site, step: step), as: "street")
    }
  }

  /// Some of those who are in central isolation and live anywhere else in the district.
  private func guests(_ site: PlaceID) async throws {
    let line = community.path
    let district = try await script.desk.storage.read { transaction in
      try PlacesStore(transaction).line(to: line).first { $0.level == .district }?.id
    }
    guard let district else { return }
    let held = try await script.ask(
      "restrictions.list",
      [
        "place": .text(district.text), "clause": .text("close"), "latest": .flag(true),
        "limit": .integer(Self.mostLooked),
      ], for: .containment, as: "duty")
    let people = held["restrictions"].items.filter {
      $0["kind"].string == RestrictionKind.centralIsolation.rawValue
    }.map { PersonID(trusted: $0["person"].string) }
    let coming = try await script.desk.storage.read { transaction in
      try people.filter { person in
        try ResidentsStore(transaction).current(person).map { !line.holds($0.path) } ?? false
      }
    }
    let rooms = try await script.ask(
      ShowSite(site: site), for: .containment, as: "duty"
    ).rooms.map(\.room)
    for (place, person) in coming.prefix(Self.mostGuests).enumerated() {
      do {
        try await bring(
          person, to: site, rooms[place % rooms.count],
          diet: Self.diets[place % Self.diets.count],
          medicine: place == 0 ? "氨氯地平 5 mg，每日早晨一次" : nil)
      } catch let refusal as Refusal where refusal.kind == .conflict {
        // A measure that ended in the meantime brings nobody anywhere.
      }
    }
  }

  private func bring(
    _ person: PersonID, to site: PlaceID, _ room: SiteRoomID, diet: String, medicine: String?
  ) async throws {
    let stay = try await script.perform(AskTransfer(person: person, site: site), as: "duty").stay
    try await script.perform(
      AnswerTransfer(stay: stay, accepted: true, room: room), as: "street")
    try await script.perform(DepartTransfer(stay: stay), as: "duty")
    try await script.perform(ArriveTransfer(stay: stay), as: "street")
    try await script.perform(
      SetDiet(stay: stay, diet: diet, medicine: medicine), as: "street")
  }

  /// Day and night are covered where it matters most; elsewhere a gap is left, and is owed.
  private func workers(_ site: PlaceID) async throws {
    let now = await script.desk.clock.now()
    for member in Self.staff {
      try await script.send(
        "accounts.open", ["account": .text(member.account), "title": .text(member.title)],
        as: "admin")
      let account = AccountID(trusted: member.account)
      try await script.perform(
        EnterLoop(site: site, account: account, testedAt: now - .hours(10)), as: "street")
      for turn in Self.turns(after: now) where turn.isNight == member.isNight {
        try await script.perform(
          AssignTurn(
            site: site, post: member.post, account: account, from: turn.from, until: turn.until),
          as: "street")
      }
    }
    try await script.send(
      "offices.grant",
      [
        "account": .text(Self.leader), "role": .text("site_leader"), "place": .text(site.text),
      ], as: "admin")
  }

  /// Turns by day and by night, at eight and at twenty; the first is what is left of the present one.
  private static func turns(
    after now: Instant
  ) -> [(from: Instant, until: Instant, isNight: Bool)] {
    let midnight = Day(of: now, in: .china).start(in: .china)
    let changes = (0...4).map { midnight + .hours(8 + 12 * $0) }.filter { $0 > now }
    let isNightFirst = changes.first == midnight + .hours(8) || changes.count < 4
    return zip([now] + changes, changes).prefix(4).enumerated().map { place, turn in
      (turn.0, turn.1, (place % 2 == 0) == isNightFirst)
    }
  }

  private func waste(_ site: PlaceID) async throws {
    for (kind, kilograms) in [("infectious", 4.2), ("infectious", 3.6), ("sharp", 0.8)] {
      let bag = try await script.perform(
        WeighBag(site: site, kind: kind, kilograms: kilograms), as: "street")
      if kind == "infectious" {
        try await script.perform(LabelBags(site: site, label: bag.label), as: "street")
      }
    }
  }
}
