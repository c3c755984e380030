import District
import Foundation
import Headquarters
import Kernel
import Registry
import Simulator
import Storage

/// Makes the sample district: real divisions of 市北区 in Qingdao, made-up people, two weeks of
/// made-up visits, and an outbreak whose last days are played through the public commands.
struct SampleMaker {
  let folder: DataFolder
  let voice: Voice
  let population: Int
  /// The boundaries of districts, as features of GeoJSON; the product brings none.
  var boundaries: [Fields] = []

  private static let districtCode = "370203"
  private static let daysOfVisits = 14
  /// How many days before now the play begins; earlier cases are taken in as a file would be.
  private static let daysPlayed = 2
  private static let seed: UInt64 = 20_221_129

  func make() async throws {
    let now = Clock.machine.now()
    try folder.make()
    try writePolicy(Day(of: now, in: .china) - 60)
    let time = ScriptedTime(now - .days(Self.daysPlayed))
    let (district, lock) = try await folder.open(clock: Clock { time.now })
    try await district.desk.foundDistrict(account: "admin", title: "admin")
    let script = Script(desk: district.desk, pump: district.pump, name: "demo")
    let divisions = try PlainTable(csv: Assets.bytes("Reference/divisions/communities.csv") ?? [])
    try await places(script)
    let sample = try await people(script, divisions, today: Day(of: now, in: .china))
    let (workers, community) = try await offices(script)
    let days = try await visits(script, sample, before: time.now, until: now)
    say(Words("演练最近两天", "playing the last two days"))
    let play = SamplePlay(
      script: script, time: time, district: sample, days: days, workers: workers,
      shown: ["worker"])
    let progress = ProgressLine(voice, Words("已演练小时", "hours played:"))
    let start = time.now
    let round = community.map { place in
      SampleRound(script: script, community: place.id.text, name: place.spoken, end: now)
    }
    let zone = try await self.zone(script, time, workers: workers)
    try await play.play(until: now, seed: Self.seed, beside: round, and: zone) { hour in
      progress.show(Int((hour - start).inSeconds / 3_600), share: nil)
    }
    progress.finish()
    try await capacity(script)
    if let community {
      try await SampleSite(script: script, community: community).make()
    }
    try await SampleHome(script: script, place: PlaceID(trusted: Self.districtCode)).make()
    try await SamplePasses(script: script, residents: sample.residents).make()
    withExtendedLifetime(lock) {}
  }

  /// A zone over most of the reader's own grid, around the first who lives there.
  private func zone(
    _ script: Script, _ time: ScriptedTime, workers: [String: String]
  ) async throws -> SampleZone? {
    guard let grid = workers.first(where: { $0.value == "worker" })?.key else { return nil }
    return try await script.desk.storage.read { transaction in
      let places = PlacesStore(transaction)
      let path = try places.get(PlaceID(trusted: grid)).path
      let buildings = try places.inside(path, level: .building, limit: SampleZone.buildings)
      guard let first = buildings.first,
        let door = try places.inside(first.path, level: .household, limit: 1).first,
        let person = try ResidentsStore(transaction).members(of: door.id).first
      else { return nil }
      return SampleZone(
        script: script, time: time, person: person.id.text, places: buildings.map(\.id.text),
        district: Self.districtCode)
    }
  }

  /// What made-up sites report, so that the wall has something to say of rooms and beds.
  private func capacity(_ script: Script) async throws {
    let sites: [(String, CapacityOf, Int, Int)] = [
      ("海滨隔离点", .rooms, 260, 212), ("山景隔离点", .rooms, 140, 100), ("第三医院", .beds, 120, 71),
      ("区检测点", .laboratory, 6_000, 4_180), ("转运车队", .vehicles, 12, 9),
    ]
    let rows = sites.map { site, kind, total, used in
      Fields.object([
        "site": .text(site), "kind": .text(kind.rawValue),
        "place_code": .text(Self.districtCode), "total": .integer(Int64(total)),
        "used": .integer(Int64(used)),
      ])
    }
    try await script.send(rows: rows, to: ImportCapacity.name, as: "admin")
  }

  private func say(_ words: Words) { voice.note(words) }

  /// Today no edition restricts anybody any more, so the sample is a drill under the ninth edition.
  private func writePolicy(_ first: Day) throws {
    let text = String(decoding: Assets.bytes("Policies/cn-9.yaml") ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("id: ") { return "id: drill" }
      if line.hasPrefix("title: ") {
        return "title: {zh: 演练（按第九版）, en: Drill under the 9th edition}"
      }
      if line.hasPrefix("effective_from: ") { return "effective_from: \(first.text)" }
      return String(line)
    }
    .filter { !$0.hasPrefix("effective_to: ") }
    // What the drill's edition says nothing of is as the oldest rules have it, not as abolished.
    let codes = ["passes", "venue_codes"].flatMap { Self.section($0, of: "Policies/base.yaml") }
    try Data((lines + codes).joined(separator: "\n").utf8).write(
      to: URL(filePath: "\(folder.policies)/drill.yaml"))
    try Data(Self.signIns(from: first).utf8).write(
      to: URL(filePath: "\(folder.policies)/drill-sign-in.yaml"))
  }

  /// Whoever tries the sample has no authenticator set up: of the roles only the auditor's, which none of
  /// the printed sign-ins has, asks for one.
  private static func signIns(from first: Day) -> String {
    """
    id: drill-sign-in
    version: 1
    title: {zh: 演练登录, en: Sign-ins of the drill}
    source: ["The sample district: no second factor for its printed sign-ins"]
    effective_from: \(first.text)
    sections:
      second_factor:
        roles: [auditor]
        step_seconds: 30
        window_steps: 1
        attempts: 5
        attempt_window_minutes: 15
        recovery_codes: 10
        confirm_minutes: 10
        reset_hours: 24
    """
  }

  /// The lines of one section of a policy that the product brings.
  private static func section(_ key: String, of file: String) -> [String] {
    let lines = String(decoding: Assets.bytes(file) ?? [], as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.firstIndex(of: "  \(key):") else { return [] }
    let rest = lines[(first + 1)...].prefix { $0.hasPrefix("   ") }
    return [lines[first]] + rest
  }

  private func places(_ script: Script) async throws {
    say(Words("导入青岛、威海、太原、哈尔滨的区划", "importing the divisions of four cities"))
    for file in ["districts", "streets", "communities"] {
      let table = try PlainTable(csv: Assets.bytes("Reference/divisions/\(file).csv") ?? [])
      let rows = table.rows.map { cells in
        Fields.object(
          Dictionary(zip(table.header, cells.map { Fields.text($0) })) { first, _ in first })
      }
      try await script.send(rows: rows, to: ImportPlaces.name, as: "admin")
    }
    if !boundaries.isEmpty {
      try await script.send(
        KeepBoundaries.name, ["features": .list(boundaries)], as: "admin")
    }
  }

  private func people(
    _ script: Script, _ divisions: PlainTable, today: Day
  ) async throws -> SampleDistrict {
    let code = try divisions.column("code")
    let name = try divisions.column("name")
    let communities = divisions.rows.indices.compactMap { row -> SampleCommunity? in
      let at = divisions.cell(row, code)
      guard at.hasPrefix(Self.districtCode) else { return nil }
      return SampleCommunity(code: at, name: divisions.cell(row, name))
    }
    let sample = SampleDistrict(
      communities: communities, county: Self.districtCode, atLeast: population, today: today,
      seed: Self.seed)
    let progress = ProgressLine(voice, Words("已登记居民", "residents enrolled:"))
    let total = sample.residents.count
    say(Words("登记 \(total) 名虚构居民", "enrolling \(total) made-up residents"))
    try await script.send(
      rows: sample.residents.map(\.fields), to: "residents.import", as: "admin"
    ) { done in progress.show(done, share: Double(done) / Double(total)) }
    progress.finish()
    return sample
  }

  /// Opens accounts and gives offices; answers the grids' workers by the grid's identifier, and the
  /// community in which the reader works.
  private func offices(
    _ script: Script
  ) async throws -> (workers: [String: String], community: Place?) {
    say(Words("任命各岗位", "filling the offices"))
    let grids = try await script.desk.storage.read { transaction in
      let store = PlacesStore(transaction)
      guard let district = try store.find(code: Self.districtCode) else { return [Place]() }
      return try store.inside(district.path, level: .grid)
    }
    let line = try await script.desk.storage.read { transaction in
      try PlacesStore(transaction).line(to: grids.first?.path ?? .everywhere)
    }
    guard let street = line.first(where: { $0.level == .street }),
      let community = line.first(where: { $0.level == .community })
    else { return ([:], nil) }
    let offices = SampleOffices(
      district: Self.districtCode, street: street.id.text, community: community.id.text,
      grids: grids.map { grid in
        let isInside = community.path.holds(grid.path)
        return (id: grid.id.text, community: isInside ? community.id.text : "")
      })
    var workers: [String: String] = [:]
    for holder in offices.holders {
      try await script.send(
        "accounts.open", ["account": .text(holder.account), "title": .text(holder.title)],
        as: "admin")
      try await script.send(
        "offices.grant",
        [
          "account": .text(holder.account), "role": .text(holder.role),
          "place": .text(holder.place),
        ], as: "admin")
      if holder.role == "grid_worker" { workers[holder.place] = holder.account }
    }
    return (workers, community)
  }

  private func visits(
    _ script: Script, _ sample: SampleDistrict, before start: Instant, until now: Instant
  ) async throws -> SampleDays {
    let today = Day(of: now, in: .china)
    let days = SampleDays(
      district: sample, code: Self.districtCode, first: today - Self.daysOfVisits,
      last: today, seeds: SampleDays.seeds(among: population),
      seed: Self.seed)
    let past = days.visits.filter { $0.to <= now }
    let progress = ProgressLine(voice, Words("已导入到访记录", "visits imported:"))
    let total = past.count
    say(Words("导入 \(total) 条到访记录", "importing \(total) visits"))
    try await script.send(
      rows: past.map { days.fields(of: $0, in: sample) }, to: "visits.import",
      as: "admin"
    ) { done in progress.show(done, share: Double(done) / Double(total)) }
    progress.finish()
    let early = days.infections.prefix { $0.reportedAt < start }
    say(Words("导入此前 \(early.count) 例", "importing \(early.count) earlier cases"))
    try await script.send(
      rows: early.enumerated().map { index, infection in
        days.fields(of: infection, number: index + 1, in: sample)
      }, to: "cases.import", as: "admin")
    try await script.pump.turn()
    return days
  }
}
