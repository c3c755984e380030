import Containment
import Cryptography
import District
import Foundation
import Kernel
import Registry

// pass-benchmark DIR PEOPLE SECONDS CLIENTS     codes issued and checked a second, one JSON line a step
//
// DIR is a new folder: a district with PEOPLE residents is made in it. Issuing is what a telephone asks for:
// the district's own question, with its rights, its reading of restrictions and revocations, and its
// signature, for another resident each time. The goal is 2,000 a second (promise P2).

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(2)
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 4, let people = Int(words[1]), let seconds = Double(words[2]),
  let clients = Int(words[3]), people > 0, clients > 0
else { fail("pass-benchmark DIR PEOPLE SECONDS CLIENTS") }

let folder = DataFolder(words[0])
try folder.make()
// Codes are abolished today: the benchmark stands in the ninth edition's autumn.
let start = Day(number: 19_300).start(in: .china) + .hours(8)
let began = ContinuousClock.now
let clock = Clock { start + .milliseconds((ContinuousClock.now - began).inMilliseconds) }
let (district, lock) = try await folder.open(clock: clock)
let desk = district.desk
try await desk.foundDistrict(account: "admin", title: "admin")
let admin = Sender.account(AccountID(trusted: "admin"))

func say(_ step: String, _ count: Int, _ taken: Double, _ goal: Int?) {
  let rate = Int(Double(count) / taken)
  let met = goal.map { ", \"goal\": \($0), \"met\": \(rate >= $0)" } ?? ""
  print(
    "{\"step\": \"\(step)\", \"count\": \(count), \"seconds\": \((taken * 1_000).rounded() / 1_000), "
      + "\"per_second\": \(rate)\(met)}")
}

func measured(_ body: () async throws -> Int) async rethrows -> (count: Int, seconds: Double) {
  let start = ContinuousClock.now
  let count = try await body()
  return (count, Double((ContinuousClock.now - start).inMilliseconds) / 1_000)
}

// MARK: The district

func send(_ name: String, _ rows: [Fields]) async throws {
  for from in stride(from: 0, to: rows.count, by: 500) {
    let body = Fields.object(["rows": .list(Array(rows[from..<min(from + 500, rows.count)]))])
    _ = try await desk.submit(
      Envelope(id: desk.newCommandID(), name: name, body: body, sender: admin))
  }
}

for file in ["districts", "streets", "communities"] {
  let table = try PlainTable(csv: Assets.bytes("Reference/divisions/\(file).csv") ?? [])
  let rows = table.rows.filter { $0.first?.hasPrefix("370203") ?? false }.map { cells in
    Fields.object(Dictionary(zip(table.header, cells.map { Fields.text($0) })) { one, _ in one })
  }
  try await send("places.import", rows)
}
let community = try await desk.storage.read { transaction in
  try transaction.row(
    "SELECT code FROM place WHERE level = \(PlaceLevel.community.rawValue) ORDER BY path LIMIT 1")?
    .text(0)
}
guard let community else { fail("there is no community") }
let made = try await measured {
  let rows = (0..<people).map { number in
    Fields.object([
      "person": .text("p-\(number)"), "name": .text("居民\(number % 977)"), "sex": .text("female"),
      "birth_date": .text("1985-03-0\(1 + number % 9)"), "community_code": .text(community),
      "estate": .text("海云小区"), "building": .text("\(1 + number / 400)号楼"),
      "entrance": .text("\(1 + number / 100 % 4)单元"), "room": .text("\(101 + number / 3 % 33)"),
    ])
  }
  try await send("residents.import", rows)
  return people
}
say("residents enrolled", made.count, made.seconds, nil)

// MARK: Measuring

/// Issues codes until the time is over, each for another resident.
@Sendable func issue(_ client: Int) async throws -> [String] {
  let end = ContinuousClock.now + .seconds(seconds)
  var codes: [String] = []
  var next = client
  while ContinuousClock.now < end {
    let person = PersonID(trusted: "p-\(next % people)")
    next += clients
    let look = Desk.Look(
      sender: .resident(person), purpose: .ownFile, language: .chinese, question: OwnPasses.name)
    let answer = try await desk.read(look) { try $0.ask(OwnPasses()) }
    guard let code = answer.passes.first?.code else { fail("no code was issued") }
    codes.append(code)
  }
  return codes
}

_ = try await issue(0).count
var codes: [String] = []
let issued = try await measured {
  codes = try await withThrowingTaskGroup(of: [String].self) { group in
    for client in 0..<clients { group.addTask { try await issue(client) } }
    var all: [String] = []
    for try await some in group { all += some }
    return all
  }
  return codes.count
}
say("codes issued", issued.count, issued.seconds, 2_000)

let suite = OpenSSLSuite()
let look = Desk.Look(
  sender: .nobody, purpose: .supervision, language: .chinese, question: PassKeys.name)
let known = try await desk.read(look) { try $0.ask(PassKeys()) }
let keys = known.keys.map {
  PassKey(publicKey: Hex.bytes($0.key) ?? [], from: $0.from, until: $0.until, with: suite)
}
let verifier = PassVerifier(
  keys: keys, list: nil, skewMinutes: known.skewMinutes, listMinutes: known.listMinutes,
  listOldestMinutes: known.listOldestMinutes, suite: suite)
let now = clock.now()
let checked = await measured {
  for code in codes.prefix(20_000) where verifier.check(code, at: now).verdict != .valid {
    fail("a code that was issued is not valid")
  }
  return min(codes.count, 20_000)
}
say("codes checked", checked.count, checked.seconds, nil)
withExtendedLifetime(lock) {}
