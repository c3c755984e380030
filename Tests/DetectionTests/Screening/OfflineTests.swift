import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

/// How large a trial is: small with every run of the tests, large when the environment says so.
enum TrialSize {
  static func of(_ name: String, usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
  }
}

/// What devices do away from the network, made from a seed.
struct DeviceWork: Sendable {
  let envelopes: [Envelope]

  /// - Parameters:
  ///   - people: so many live in the area, `p1`, `p2`, …; some that come are strangers.
  init(devices: Int, operations: Int, people: Int, from start: Instant, seed: UInt64) {
    var chance = TrialChance(seed)
    var made: [Envelope] = []
    for device in 0..<devices {
      var tube = 0
      var inTube = 0
      for operation in 0..<operations {
        // Clocks of devices differ, and two things may be done in one second.
        let at = start + .seconds(operation * 12 / 10 + chance.below(40))
        // Few tubes are shared by two devices, and few people go to two points.
        let own = "D\(device)-\(tube)"
        let code = chance.below(40) == 0 ? "D\(chance.below(devices))-\(tube)" : own
        var body: [String: Fields] = [
          "round": .text(chance.below(60) == 0 ? "r2" : "r1"), "tube": .text(code),
          "device": .text("d\(device)"),
        ]
        var name = RegisterSwab.name
        switch chance.below(30) {
        case 0:
          name = SealTube.name
          body["at"] = .text(at.text(in: .china))
          tube += 1
          inTube = 0
        case 1 where operation % 3 == 0:
          name = VoidTube.name
          body["at"] = .text(at.text(in: .china))
          body["reason"] = .text(chance.below(2) == 0 ? "leaking" : "unreadable")
          tube += 1
          inTube = 0
        case 2:
          name = NoteStanding.name
          body = [
            "round": .text("r1"), "person": .text("p\(chance.below(people) + 1)"),
            "standing": .text(chance.below(2) == 0 ? "refused" : "away"),
            "reason": .text("no_answer"), "at": .text(at.text(in: .china)),
          ]
        default:
          let person = chance.below(people + people / 20) + 1
          body["person"] = .text("p\(person)")
          body["sampled_at"] = .text(at.text(in: .china))
          inTube += 1
          // Some devices forget to change the tube in time.
          if inTube >= 10, chance.below(20) != 0 {
            tube += 1
            inTube = 0
          }
        }
        made.append(
          Envelope(
            id: CommandID(trusted: "d\(device)-\(operation)"), name: name, body: .object(body),
            sender: .account(AccountID(trusted: "duty"))))
      }
    }
    envelopes = made
  }

  /// The same work as it arrives: in parts of any order, three in ten sent twice, some uploads cut off
  /// and sent again whole.
  func arriving(seed: UInt64) -> [[Envelope]] {
    var chance = TrialChance(seed)
    let all = envelopes + envelopes.filter { _ in chance.below(10) < 3 }
    var rest = chance.shuffled(all)[...]
    var uploads: [[Envelope]] = []
    while !rest.isEmpty {
      let part = Array(rest.prefix(1 + chance.below(120)))
      rest = rest.dropFirst(part.count)
      if chance.below(20) == 0 { uploads.append(Array(part.prefix(part.count / 2))) }
      uploads.append(part)
    }
    return uploads
  }
}

/// Chance that follows from a seed (SplitMix64).
struct TrialChance {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }

  mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
    var values = values
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, below(last + 1))
    }
    return values
  }
}

@Suite("Screening: offline", .serialized) struct ScreeningOfflineTests {
  /// Everything that what devices did decides, as lines.
  private func state(_ town: Town) async throws -> [String] {
    func lines(_ name: String, _ statement: SQL) async throws -> [String] {
      try await town.rows(statement).map { "\(name) \($0.values)" }
    }
    var found = try await lines(
      "swab",
      """
      SELECT tube, person, round, cell_path, cell_number, listed_as, point, sampled_at, claim,
        device, is_recheck, withdrawn_at
      FROM swab ORDER BY tube, person
      """)
    found += try await lines(
      "tube",
      """
      SELECT code, round, point, capacity, is_single, opened_at, opened_claim, sealed_at, voided_at,
        void_reason
      FROM tube ORDER BY code
      """)
    found += try await lines(
      "cell",
      """
      SELECT round, path, number, exempt, away, refused, reswab, sampled, tested, members
      FROM roster_cell ORDER BY round, path, number
      """)
    found += try await lines(
      "conflict", "SELECT kind, round, about FROM swab_conflict ORDER BY kind, round, about")
    found += try await lines(
      "note",
      "SELECT round, person, at, claim, standing FROM roster_note ORDER BY round, person, at, claim"
    )
    found += try await lines(
      "pace",
      """
      SELECT round, quarter, point, swabs FROM swab_pace WHERE swabs <> 0
      ORDER BY round, quarter, point
      """)
    found += try await town.rows(
      """
      SELECT person FROM obligation WHERE kind = 'screening.reswab' AND closed_at IS NULL
      GROUP BY person ORDER BY person
      """
    ).map { "owed \($0.text(0))" }
    return found
  }

  private func town(people: Int) async throws -> Town {
    let town = try await Town()
    try await town.enrol(people / 2)
    try await town.enrol(
      (people / 2 + 1...people).map { ListedPerson(id: "p\($0)", home: .otherDoor) })
    // Strangers have a file somewhere, so that no order decides when it is opened.
    try await town.enrol(
      (people + 1...people + people / 20 + 1).map {
        ListedPerson(id: "p\($0)", home: .otherDistrict)
      })
    try await town.open("r1", over: .street)
    try await town.open("r2", over: .street, pool: 5)
    for _ in 0..<100 {
      try await town.pass(.seconds(1))
      let isLeft = try await town.rows(
        "SELECT id FROM screening_round WHERE frozen_at IS NULL LIMIT 1")
      if isLeft.isEmpty { break }
    }
    return town
  }

  @Test("in any order, doubled or cut, what devices did ends in the same state")
  func anyOrder() async throws {
    let devices = TrialSize.of("DENGHUO_DEVICES", usual: 8)
    let operations = TrialSize.of("DENGHUO_OPERATIONS", usual: 100)
    let people = max(40, devices * operations * 2 / 3)
    let reference = try await town(people: people)
    let work = DeviceWork(
      devices: devices, operations: operations, people: people, from: reference.now,
      seed: UInt64(TrialSize.of("DENGHUO_SEED", usual: 7)))
    reference.stall(.hours(12))
    let inOrder = work.envelopes
    for part in inOrder.chunks(of: 200) {
      for outcome in try await reference.desk.submit(all: Array(part)) { _ = try outcome.get() }
    }
    let expected = try await state(reference)
    #expect(expected.contains { $0.hasPrefix("conflict") })
    #expect(expected.contains { $0.hasPrefix("owed") })
    #expect(try await reference.violations().isEmpty)
    for order in 1...TrialSize.of("DENGHUO_ORDERS", usual: 2) {
      let shuffled = try await town(people: people)
      shuffled.stall(.hours(12))
      for upload in work.arriving(seed: UInt64(order)) {
        for outcome in try await shuffled.desk.submit(all: upload) { _ = try outcome.get() }
      }
      let found = try await state(shuffled)
      let differing = zip(expected, found).first { $0 != $1 }
      #expect(
        expected.count == found.count && differing == nil,
        "\(expected.count) and \(found.count) lines, \(String(describing: differing))")
      #expect(try await shuffled.violations().isEmpty)
    }
  }
}
