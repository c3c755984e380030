import District
import Foundation
import Kernel
import Registry
import Simulator

// day-benchmark DIR PEOPLE HELD     what a new day costs, one JSON line a step
//
// DIR is a new folder: a district with PEOPLE residents is made in it, of whom HELD live in one estate that
// becomes a zone. Then midnight comes, and everything that is owed to or by them on the next day is opened:
// health checks, samples, what is brought to the doors. The goal is a minute for 50,000 of a million.

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(2)
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 3, let people = Int(words[1]), let held = Int(words[2]), held > 0,
  people >= held
else { fail("day-benchmark DIR PEOPLE HELD") }
let goal = 60.0
let folder = DataFolder(words[0])
try folder.make()
// The ninth edition's autumn.
guard let day = Day("2022-10-10") else { exit(2) }
let time = ScriptedTime(day.start(in: .china) + .hours(8))
let (district, lock) = try await folder.open(clock: Clock { time.now })
try await district.desk.foundDistrict(account: "admin", title: "admin")
let script = Script(desk: district.desk, pump: district.pump, name: "day")

/// Seconds of a processor that this program has used.
func processor() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

func measured(_ step: String, goal: Double? = nil, _ body: () async throws -> Int) async throws {
  let (began, used) = (ContinuousClock.now, processor())
  let count = try await body()
  let seconds = (ContinuousClock.now - began) / .seconds(1)
  let met = goal.map { ", \"goal_seconds\": \($0), \"met\": \(seconds <= $0)" } ?? ""
  let shown = [seconds, processor() - used].map { ($0 * 100).rounded() / 100 }
  print(
    "{\"step\": \"\(step)\", \"count\": \(count), \"seconds\": \(shown[0]), \"processor\": \(shown[1])\(met)}"
  )
}

func count(_ statement: SQL) async throws -> Int {
  try await district.desk.storage.read { try $0.row(statement)?.integer(0) ?? 0 }
}

func send(_ name: String, _ rows: [Fields]) async throws {
  try await script.send(rows: rows, to: name, as: "admin")
}

// MARK: The district

for file in ["districts", "streets", "communities"] {
  let table = try PlainTable(csv: Assets.bytes("Reference/divisions/\(file).csv") ?? [])
  let rows = table.rows.filter { $0.first?.hasPrefix("370203") ?? false }.map { cells in
    Fields.object(Dictionary(zip(table.header, cells.map { Fields.text($0) })) { one, _ in one })
  }
  try await send("places.import", rows)
}
let communities = try await district.desk.storage.read { transaction in
  try transaction.rows(
    """
    SELECT code FROM place
    WHERE level = \(PlaceLevel.community.rawValue) AND code IS NOT NULL
    ORDER BY path LIMIT 500
    """
  ).map { $0.text(0) }
}
guard let first = communities.first, communities.count > 1 else { fail("there is no community") }
let peopleOfADoor = 3
let doorsOfAnEntrance = 33
let entrancesOfABuilding = 4

func resident(_ number: Int) -> Fields {
  let isHeld = number < held
  let door = number / peopleOfADoor
  let entrance = door / doorsOfAnEntrance
  let community = isHeld ? first : communities[1 + entrance % (communities.count - 1)]
  return .object([
    "person": .text("p-\(number)"), "name": .text("居民\(number % 977)"), "sex": .text("female"),
    "birth_date": .text("1985-03-0\(1 + number % 9)"), "community_code": .text(community),
    "estate": .text(isHeld ? "海云小区" : "第\(entrance / 400)小区"),
    "building": .text("\(1 + entrance / entrancesOfABuilding)号楼"),
    "entrance": .text("\(1 + entrance % entrancesOfABuilding)单元"),
    "room": .text("\(101 + door % doorsOfAnEntrance)"),
  ])
}

try await measured("residents enrolled") {
  let part = 10_000
  for start in stride(from: 0, to: people, by: part) {
    try await send("residents.import", (start..<min(start + part, people)).map(resident))
  }
  return people
}

// MARK: The zone

for (account, role) in [("second", "investigator")] {
  try await script.send(
    "accounts.open", ["account": .text(account), "title": .text(account)], as: "admin")
  try await script.send(
    "offices.grant",
    ["account": .text(account), "role": .text(role), "place": .text("everywhere")], as: "admin")
}
try await script.send(
  "cases.report",
  [
    "case": .text("case-1"), "person": .text("p-0"), "kind": .text("confirmed"),
    "source": .text("clinic"),
    "district": .text("370203"), "reported_at": .text(time.now.text(in: .china)),
  ], as: "admin")
let estate = try await district.desk.storage.read { transaction in
  try transaction.row("SELECT id FROM place WHERE name = '海云小区' LIMIT 1")?.text(0) ?? ""
}
let proposed = try await script.send(
  "zones.propose",
  [
    "places": .list([.text(estate)]), "level": .text("high"), "infection": .text("case-1"),
  ], as: "second")
time.move(to: time.now + .minutes(11))
let isRunning: SQL = """
  SELECT COUNT(*) FROM restriction WHERE ended_at IS NULL AND evidence_kind = 'zone_residence'
  """
try await measured("restricted") {
  try await script.send("zones.open", ["zone": proposed["zone"]], as: "admin")
  while try await count(isRunning) < held - 1 {
    guard try await district.pump.turn() > 0 else { break }
  }
  return try await count(isRunning)
}

// MARK: The day

/// Turns the clock's work until nothing is left to do at this moment.
func settle() async throws {
  repeat { time.move(to: time.now + .seconds(61)) } while try await district.pump.turn() > 200
}

try await settle()
let opened = try await count("SELECT COUNT(*) FROM obligation")
time.move(to: (day + 1).start(in: .china) + .seconds(1))
try await measured("obligations of a day opened", goal: goal) {
  try await settle()
  return try await count("SELECT COUNT(*) FROM obligation") - opened
}
withExtendedLifetime(lock) {}
