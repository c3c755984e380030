import Kernel
import Testing
import Town

@testable import Registry

@Suite("A new secret that waits for its first code") struct NewSecretTests {
  private let worker = AccountID(trusted: "worker")

  private func code(_ body: () async throws -> Void) async -> String? {
    await Enrolled.refusal(body)
  }

  /// What an authenticator shows now that was told the secret that waits in a session.
  private func shown(
    in session: Redacted<String>, _ door: Doorkeeper, _ town: Town
  ) async throws -> Redacted<String> {
    let candidate = try #require(try await door.factor.candidate(session))
    let secret = try #require(
      Base32.bytes(candidate.secret.revealed.replacing(" ", with: "")))
    return Redacted(
      FactorsRules.code(
        secret, step: FactorsRules.step(at: town.now, seconds: 30), suite: town.desk.vault.suite))
  }

  /// Two sessions of an account without a factor.
  private func sessions(
    _ town: Town, _ door: Doorkeeper
  ) async throws -> (Redacted<String>, Redacted<String>) {
    let admin = Sender.account(AccountID(trusted: "admin"))
    let first = try await door.redeem(door.issueLink(worker, admin))
    let second = try await door.redeem(door.issueLink(worker, admin))
    return (first.secret, second.secret)
  }

  @Test("it is seen and comes into force in the session that made it and in no other")
  func planted() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (planter, owner) = try await sessions(town, door)
    try await door.factor.begin(planter, nil)
    let planted = try await shown(in: planter, door, town)
    #expect(try await door.factor.candidate(owner) == nil)
    #expect(await code { _ = try await door.factor.enrol(owner, planted) } == "factor.notBegun")
    try await door.factor.begin(owner, nil)
    #expect(try await door.factor.candidate(planter) == nil)
    #expect(await code { _ = try await door.factor.enrol(planter, planted) } == "factor.notBegun")
    _ = try await door.factor.enrol(owner, shown(in: owner, door, town))
    #expect(await code { _ = try await door.forSession(planter) } == "session.ended")
  }

  @Test("a code that was checked of one secret does not bring another into force")
  func exchanged() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (session, _) = try await sessions(town, door)
    let fingerprint = town.desk.vault.fingerprint(of: session.revealed)
    let waiting = {
      Hex.text(try #require(try await town.rows("SELECT candidate FROM factor")[0].bytes(0)))
    }
    try await door.factor.begin(session, nil)
    let checked = try await waiting()
    try await door.factor.begin(session, nil)
    let enrol = { (sealed: String) in
      try await town.submit(
        EnrolFactor(session: fingerprint, sealed: sealed, step: 1, codes: [], renewed: "x"),
        as: "worker")
    }
    #expect(await code { _ = try await enrol(checked) } == "factor.notBegun")
    let other = try await waiting()
    _ = try await enrol(other)
    #expect(
      try await town.rows("SELECT account FROM factor WHERE enrolled_at IS NOT NULL").count == 1)
  }

  @Test("it waits ten minutes, however long the session lasts")
  func expired() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (session, _) = try await sessions(town, door)
    try await door.factor.begin(session, nil)
    try await town.pass(.minutes(10) - .milliseconds(1))
    let code = try await shown(in: session, door, town)
    try await town.pass(.milliseconds(1))
    _ = try await door.forSession(session)
    #expect(try await door.factor.candidate(session) == nil)
    #expect(
      await self.code { _ = try await door.factor.enrol(session, code) } == "factor.notBegun")
  }

  @Test("whoever thinks better of another telephone keeps the one in use")
  func cancelled() async throws {
    let one = try await Enrolled()
    try await one.door.factor.begin(one.session, .code(one.code(1)))
    #expect(try await one.door.factor.candidate(one.session) != nil)
    try await one.door.factor.cancel(one.session)
    #expect(try await one.door.factor.candidate(one.session) == nil)
    _ = try await one.door.factor.renewCodes(one.session, .code(one.codes[0]))
    try await one.town.pass(.minutes(1))
    let session = try await one.signIn()
    _ = try await one.door.factor.prove(session, .code(one.code()))
  }

  @Test("a session left open is not enough for another telephone or new recovery codes")
  func fresh() async throws {
    let one = try await Enrolled()
    let factor = one.door.factor
    let wrong = Redacted("000000")
    #expect(await code { try await factor.begin(one.session, nil) } == "field.missing")
    #expect(await code { try await factor.begin(one.session, .code(wrong)) } == "factor.wrong")
    #expect(await code { try await factor.begin(one.session, .code(one.code())) } == "factor.used")
    #expect(try await factor.candidate(one.session) == nil)
    #expect(
      await code { _ = try await factor.renewCodes(one.session, .code(Redacted(" "))) }
        == "field.missing")
    #expect(
      await code { _ = try await factor.renewCodes(one.session, .code(wrong)) } == "factor.wrong")
    #expect(try await factor.standing(one.session).codesLeft == 10)
    try await factor.begin(one.session, .code(one.codes[1]))
    #expect(try await factor.standing(one.session).codesLeft == 9)
    // The command itself asks, too, whatever the edge did.
    let mark = one.town.desk.vault.fingerprint(of: one.session.revealed)
    #expect(
      await code {
        try await one.town.submit(
          BeginFactor(session: mark, sealed: "00", shown: nil), as: "worker")
      } == "field.missing")
    #expect(
      await code {
        try await one.town.submit(
          RenewRecoveryCodes(session: mark, codes: [], shown: FactorShown()), as: "worker")
      } == "field.missing")
  }

  @Test("digits as a Chinese keyboard types them are digits")
  func wide() async throws {
    let one = try await Enrolled()
    try await one.town.pass(.minutes(1))
    let session = try await one.signIn()
    let typed = String(
      String.UnicodeScalarView(
        one.code().revealed.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
    #expect(typed.unicodeScalars.allSatisfy { (0xFF10...0xFF19).contains($0.value) })
    _ = try await one.door.factor.prove(session, .code(Redacted(typed)))
  }
}
