import Cryptography
import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Revoked passes") struct PassRevocationTests {
  @Test(
    "who fetched a green code between the end of one measure and the clock’s turn, and is restricted then"
  )
  func betweenEndAndTick() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let end = try #require(try await town.own().first?.end)
    town.stall(end - town.now + .seconds(20))
    let green = try await town.code()
    #expect(try await town.check(green).colour == .green)
    town.stall(.seconds(10))
    try await town.confirm("contact-2", exposedAt: town.now)
    #expect(try await town.check(green).verdict == .revoked)
    #expect(try await town.passes().passes.first?.colour == .red)
    let since = try await town.rows("SELECT since_at FROM pass_standing").map { $0.instant(0) }
    #expect(since == [town.now])
    #expect(try await town.violations() == [:])
  }

  @Test("an objection that is rejected between its time limit and the clock’s turn")
  func betweenSuspensionAndTick() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    let objection = try await town.submit(
      RaiseObjection(restriction: view.restriction, ground: "不在场"), from: .resident(Town.zhao)
    ).objection
    town.stall(.hours(24) + .seconds(20))
    let green = try await town.code()
    #expect(try await town.check(green).colour == .green)
    town.stall(.seconds(10))
    try await town.submit(
      DecideObjection(objection: objection, upheld: false, reason: "属实"), as: "reviewer")
    #expect(try await town.check(green).verdict == .revoked)
    #expect(try await town.passes().passes.first?.colour == .red)
    // What became late meanwhile is told of with the clock's next turn.
    try await town.pass(.minutes(1))
    #expect(try await town.violations() == [:])
  }

  @Test(
    "a lost phone: what it shows is revoked, the next code begins right after and is taken at once")
  func lost() async throws {
    let town = try await Town.withZhao()
    let code = try await town.code()
    await #expect(throws: Refusal.self) {
      try await town.submit(RevokePasses(person: Town.zhao, reason: "changed"), as: "worker")
    }
    try await town.submit(RevokePasses(person: Town.zhao, reason: "lost"), as: "worker")
    #expect(try await town.check(code).verdict == .revoked)
    let next = try await town.passes().passes.first
    #expect(next?.from == town.now + .seconds(121))
    #expect(try await town.check(try #require(next?.code)).verdict == .valid)
    let shown = try #require(next?.code)
    town.stall(.seconds(5))
    try await town.submit(RevokeShownPass(code: shown, reason: "mistaken"), as: "leader")
    #expect(try await town.check(shown).verdict == .revoked)
    await #expect(throws: Refusal.self) {
      try await town.submit(RevokeShownPass(code: "DH1XYZ", reason: "lost"), as: "leader")
    }
    #expect(try await town.violations() == [:])
  }

  @Test(
    "what is issued while a revocation is being saved is revoked with the rest",
    arguments: [Duration.hours(2), .hours(16) - .seconds(90)])
  func lateReader(after span: Duration) async throws {
    let town = try await Town.withZhao()
    town.stall(span)
    var codes: [String] = [try await town.code()]
    // Readers who see what was before, on their own clocks, up to the margin; also past midnight.
    for late in [1, 60, 119, 120] {
      codes.append(try #require(try await town.code(lateBy: .seconds(late))))
    }
    try await town.submit(RevokePasses(person: Town.zhao, reason: "lost"), as: "worker")
    for code in codes { #expect(try await town.check(code).verdict == .revoked) }
    // The next ones are taken at once, however often it happens in one second.
    var next = try await town.code()
    for _ in 1...3 {
      #expect(try await town.check(next).verdict == .valid)
      try await town.submit(RevokePasses(person: Town.zhao, reason: "lost"), as: "worker")
      #expect(try await town.check(next).verdict == .revoked)
      next = try await town.code()
    }
    #expect(try await town.check(next).verdict == .valid)
    town.stall(.minutes(4))
    #expect(try await town.check(next).verdict == .valid)
    #expect(try await town.violations() == [:])
  }

  @Test("two entries of one person have no moment in common by which they could be put together")
  func unjoined() async throws {
    let town = try await Town.withZhao()
    try await town.settleChild(bornYearsAgo: 8)
    for person in [Town.zhao, Town.child] {
      try await town.submit(RevokePasses(person: person, reason: "lost"), as: "worker")
      town.stall(.seconds(7))
    }
    let rows = try await town.rows(
      "SELECT person, before_at FROM pass_revocation ORDER BY person, before_at")
    let moments = Dictionary(grouping: rows) { $0.text(0) }.mapValues { $0.map { $0.instant(1) } }
    let start = Day(of: town.now, in: .china).start(in: .china)
    #expect(moments.count == 2)
    #expect(moments.values.allSatisfy { $0.count == 2 && $0.first == start + .seconds(120) })
    #expect(Set(moments.values.compactMap(\.last)).count == 2)
  }

  @Test("revocations go when the last code that they are about has ended")
  func forgetting() async throws {
    let town = try await Town.withZhao()
    try await town.submit(RevokePasses(person: Town.zhao, reason: "lost"), as: "worker")
    try await town.pass(.hours(24))
    #expect(try await town.rows("SELECT bearer FROM pass_revocation").count == 2)
    try await town.pass(.minutes(11))
    #expect(try await town.rows("SELECT bearer FROM pass_revocation").isEmpty)
  }

  @Test("the list is made once in ten seconds, and what is checked here does not wait for it")
  func keptList() async throws {
    let town = try await Town.withZhao()
    func list() async throws -> RevokedPasses.Answer {
      try await town.ask(RevokedPasses(), for: .supervision, from: .nobody)
    }
    let empty = try await list()
    let code = try await town.code()
    try await town.submit(RevokePasses(person: Town.zhao, reason: "lost"), as: "worker")
    #expect(try await town.check(code).verdict == .revoked)
    town.stall(.seconds(9))
    #expect(try await list().list == empty.list)
    town.stall(.seconds(1))
    let next = try await list()
    #expect(next.entries == 2 && next.made == town.now && next.leftOut == nil)
    // A clock that was set back has no list of the future.
    town.stall(.seconds(-5))
    #expect(try await list().made == town.now)
  }

  @Test("a list that is too long leaves out the oldest and says how many")
  func longList() async throws {
    let town = try await Town.withZhao()
    let now = town.now
    try await town.desk.storage.write { transaction in
      for number in 1...5 {
        // In the order of their age the bearers are the other way round.
        try PassesStore(transaction).revoke(
          "00000000000\(9 - number)", of: nil, before: now, until: now + .minutes(number),
          because: "lost")
      }
    }
    for (most, left) in [(3, 2), (5, 0), (6, 0)] {
      let (bearers, leftOut) = try await town.read { reading in
        let (list, _, leftOut) = try reading.passes.list(most: most)
        return (list.entries.map { Hex.text($0.bearer) }, leftOut)
      }
      #expect(leftOut == left && bearers == (4..<(4 + min(most, 5))).map { "00000000000\($0)" })
    }
    let code = try await town.code()
    let bearer = try PassCode.read(code, with: OpenSSLSuite()).code.bearer
    try await town.desk.storage.write { transaction in
      try PassesStore(transaction).revoke(
        Hex.text(bearer), of: nil, before: now, until: now + .seconds(1), because: "lost")
    }
    let isListed = try await town.read { try $0.passes.list(most: 5).list.entries.count == 5 }
    #expect(isListed)
    #expect(try await town.check(code).verdict == .revoked, "though it is the oldest")
  }
}
