import Kernel
import Testing
import Town

@testable import Registry

/// An account with a second factor, as its holder has it: the secret on the telephone and the paper.
struct Enrolled {
  let town: Town
  let door: Doorkeeper
  let account: AccountID
  /// The session in which it was set up.
  let session: Redacted<String>
  let secret: [UInt8]
  let codes: [Redacted<String>]

  static let password = Redacted("七里香 correct horse")

  /// A town in which an account has a password and a second factor.
  init(_ name: String = "worker", in town: Town? = nil) async throws {
    let town = if let town { town } else { try await Town() }
    self.town = town
    door = Doorkeeper.registry(town.desk)
    account = AccountID(trusted: name)
    let entry = try await door.redeem(
      door.issueLink(account, .account(AccountID(trusted: "admin"))))
    try await door.factor.begin(entry.secret, nil)
    let candidate = try #require(try await door.factor.candidate(entry.secret))
    secret = try #require(Base32.bytes(candidate.secret.revealed.replacing(" ", with: "")))
    let code = Self.code(secret, at: town.now, town)
    let enrolment = try await door.factor.enrol(entry.secret, Redacted(code))
    codes = enrolment.codes
    session = enrolment.entry.secret
    try await door.setPassword(session, Self.password)
  }

  /// What the telephone shows some steps from now.
  func code(_ steps: Int64 = 0) -> Redacted<String> {
    Redacted(Self.code(secret, at: town.now + .seconds(30 * steps), town))
  }

  private static func code(_ secret: [UInt8], at moment: Instant, _ town: Town) -> String {
    FactorsRules.code(
      secret, step: FactorsRules.step(at: moment, seconds: 30), suite: town.desk.vault.suite)
  }

  func signIn() async throws -> Redacted<String> {
    try await door.signIn(account.text, Self.password).secret
  }

  /// The code of a refusal; nil when there was none.
  static func refusal(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch { return (error as? Refusal)?.code ?? "\(error)" }
  }
}

@Suite("The second factor") struct FactorsTests {
  private func code(_ body: () async throws -> Void) async -> String? {
    await Enrolled.refusal(body)
  }

  @Test("a right password alone opens nothing; with the code of the moment it opens the account")
  func twoSteps() async throws {
    let one = try await Enrolled()
    try await one.town.pass(.minutes(2))
    let session = try await one.signIn()
    #expect(await code { _ = try await one.door.forSession(session) } == "factor.owed")
    #expect(
      await code { try await one.door.setPassword(session, Enrolled.password) } == "factor.owed")
    #expect(
      await code { try await one.door.factor.begin(session, .code(one.code())) } == "factor.owed")
    #expect(try await one.door.factor.candidate(session) == nil)
    #expect(
      await code { _ = try await one.door.factor.renewCodes(session, .code(one.code())) }
        == "factor.owed")
    let entry = try await one.door.factor.prove(session, .code(one.code()))
    #expect(entry.until == one.town.now + .hours(12))
    #expect(try await one.door.forSession(entry.secret) == .account(one.account))
    // Whoever learnt the secret from before the step has learnt nothing.
    #expect(await code { _ = try await one.door.forSession(session) } == "session.ended")
    #expect(try await one.town.violations().isEmpty)
  }

  @Test("a code is taken once, and neither an older nor the same one afterwards")
  func replay() async throws {
    let one = try await Enrolled()
    // The code of enrolment is used up with it.
    let first = try await one.signIn()
    #expect(
      await code { _ = try await one.door.factor.prove(first, .code(one.code())) } == "factor.used")
    try await one.town.pass(.seconds(60))
    let shown = one.code()
    _ = try await one.door.factor.prove(first, .code(shown))
    let second = try await one.signIn()
    #expect(
      await code { _ = try await one.door.factor.prove(second, .code(shown)) } == "factor.used")
    #expect(
      await code { _ = try await one.door.factor.prove(second, .code(one.code(-1))) }
        == "factor.used")
    _ = try await one.door.factor.prove(second, .code(one.code(1)))
  }

  @Test("a telephone's clock may be one step early or late, not two", arguments: [-2, -1, 1, 2])
  func skew(steps: Int) async throws {
    let one = try await Enrolled()
    try await one.town.pass(.minutes(5))
    let session = try await one.signIn()
    let found = await code {
      _ = try await one.door.factor.prove(session, .code(one.code(Int64(steps))))
    }
    #expect(found == (abs(steps) == 1 ? nil : "factor.wrong"))
  }

  @Test("after five wrong codes even the right one waits until the window has passed")
  func heldBack() async throws {
    let one = try await Enrolled()
    try await one.town.pass(.minutes(2))
    let session = try await one.signIn()
    for _ in 1...5 {
      #expect(
        await code { _ = try await one.door.factor.prove(session, .code(Redacted("000000"))) }
          == "factor.wrong")
    }
    #expect(
      await code { _ = try await one.door.factor.prove(session, .code(one.code())) }
        == "factor.heldBack")
    // A recovery code cannot be guessed and does not wait; it lets in, and the session is another.
    let other = try await one.signIn()
    _ = try await one.door.factor.prove(other, .code(one.codes[0]))
    try await one.town.pass(.minutes(15))
    #expect(
      await code { _ = try await one.door.factor.prove(session, .code(one.code())) }
        == "session.ended")
    let next = try await one.signIn()
    _ = try await one.door.factor.prove(next, .code(one.code()))
  }

  @Test("each of ten recovery codes works once, typed as people type; new ones void the old")
  func recovery() async throws {
    let one = try await Enrolled()
    #expect(one.codes.count == 10)
    #expect(Set(one.codes.map(\.revealed)).count == 10)
    #expect(one.codes.allSatisfy { $0.revealed.filter(\.isLetter).count >= 8 })
    let session = try await one.signIn()
    let typed = Redacted(one.codes[3].revealed.lowercased().replacing("-", with: " "))
    let entry = try await one.door.factor.prove(session, .code(typed))
    #expect(try await one.door.factor.standing(entry.secret).codesLeft == 9)
    let other = try await one.signIn()
    #expect(
      await code { _ = try await one.door.factor.prove(other, .code(one.codes[3])) }
        == "factor.wrong")
    let fresh = try await one.door.factor.renewCodes(entry.secret, .code(one.codes[5]))
    #expect(
      await code { _ = try await one.door.factor.prove(other, .code(one.codes[4])) }
        == "factor.wrong")
    _ = try await one.door.factor.prove(other, .code(fresh[4]))
  }

  @Test("a role that the policy names must have one: nothing is open before it is set up")
  func required() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let admin = AccountID(trusted: "admin")
    let entry = try await door.redeem(door.issueLink(admin, .account(admin)))
    #expect(entry.until == town.now + .minutes(10))
    #expect(await code { _ = try await door.forSession(entry.secret) } == "factor.owed")
    let standing = try await door.factor.standing(entry.secret)
    #expect(standing.isRequired && standing.enrolledAt == nil && !standing.isProven)
    _ = try await Enrolled("admin", in: town)
    // An office that asks for one closes the sessions of its new holder, too.
    let worker = try await door.redeem(
      door.issueLink(AccountID(trusted: "worker"), .account(admin)))
    _ = try await door.forSession(worker.secret)
    try await town.submit(
      GrantOffice(
        account: AccountID(trusted: "worker"), role: "auditor", place: Town.Spot.district.id),
      as: "admin")
    #expect(await code { _ = try await door.forSession(worker.secret) } == "factor.owed")
  }

  @Test(
    "setting one up ends the sessions that never showed it, and the key of a device is not given")
  func otherSessions() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let admin = AccountID(trusted: "admin")
    let worker = AccountID(trusted: "worker")
    let old = try await door.redeem(door.issueLink(worker, .account(admin)))
    let one = try await Enrolled("worker", in: town)
    #expect(await code { _ = try await door.forSession(old.secret) } == "session.ended")
    _ = try await door.forSession(one.session)
    let device = Device(secret: Redacted("browser"), name: "Android")
    let entry = try await door.signIn("worker", Enrolled.password, on: device)
    #expect(try await door.standing(entry.secret, device.secret).current == nil)
    try await town.pass(.minutes(1))
    let proven = try await door.factor.prove(entry.secret, .code(one.code()))
    #expect(try await door.standing(proven.secret, device.secret).current != nil)
  }

  @Test("a new telephone takes the place of the old one with its first code, not before")
  func replaced() async throws {
    let one = try await Enrolled()
    try await one.door.factor.begin(one.session, .code(one.code(1)))
    try await one.town.pass(.minutes(1))
    let other = try await one.signIn()
    _ = try await one.door.factor.prove(other, .code(one.code()))
    #expect(
      await code { _ = try await one.door.factor.enrol(one.session, one.code()) }
        == "factor.wrong")
    let candidate = try #require(try await one.door.factor.candidate(one.session))
    let secret = try #require(
      Base32.bytes(candidate.secret.revealed.replacing(" ", with: "")))
    let suite = one.town.desk.vault.suite
    let step = FactorsRules.step(at: one.town.now, seconds: 30)
    _ = try await one.door.factor.enrol(
      one.session, Redacted(FactorsRules.code(secret, step: step, suite: suite)))
    try await one.town.pass(.minutes(1))
    let next = try await one.signIn()
    #expect(
      await code { _ = try await one.door.factor.prove(next, .code(one.code())) } == "factor.wrong")
  }

  @Test("it takes two people of two organisations to take a lost one away")
  func reset() async throws {
    let one = try await Enrolled()
    #expect(
      await code {
        try await one.town.submit(
          AskFactorReset(account: one.account, reason: "lost"), as: "leader")
      } == "duty.notHeld")
    #expect(
      await code {
        try await one.town.submit(AskFactorReset(account: one.account, reason: " "), as: "admin")
      } == "field.missing")
    let reset = try await one.town.submit(
      AskFactorReset(account: one.account, reason: "手机掉进海里，当面核对"), as: "admin")
    let decide = DecideFactorReset(reset: reset, approved: true)
    #expect(await code { try await one.town.submit(decide, as: "admin") } == "duty.notHeld")
    try await one.town.submit(
      GrantOffice(
        account: AccountID(trusted: "admin"), role: "auditor", place: Town.Spot.district.id),
      as: "admin")
    #expect(await code { try await one.town.submit(decide, as: "admin") } == "factor.samePerson")
    #expect(try await one.town.ask(ListFactorResets(), as: "auditor").map(\.reset) == [reset])
    try await one.town.submit(decide, as: "street")
    #expect(await code { try await one.town.submit(decide, as: "street") } == "notFound")
    #expect(await code { _ = try await one.door.forSession(one.session) } == "session.ended")
    let session = try await one.signIn()
    #expect(try await one.door.forSession(session) == .account(one.account))
    #expect(try await one.town.violations().isEmpty)
  }

  @Test("whoever founded a district alone and lost the telephone is let in by a second account")
  func founder() async throws {
    let town = try await Town()
    try await town.desk.storage.write { transaction in
      try transaction.execute("DELETE FROM office")
      try transaction.execute("DELETE FROM account")
    }
    try await town.desk.foundDistrict(account: "admin", title: "admin")
    let one = try await Enrolled("admin", in: town)
    let second = AccountID(trusted: "second")
    try await town.submit(OpenAccount(account: second, title: "second"), as: "admin")
    try await town.submit(
      GrantOffice(account: second, role: "command_duty", place: Offices.everywhere), as: "admin")
    let reset = try await town.submit(
      AskFactorReset(account: one.account, reason: "lost"), as: "admin")
    try await town.submit(DecideFactorReset(reset: reset, approved: true), as: "second")
    let session = try await one.signIn()
    #expect(try await one.door.factor.standing(session).enrolledAt == nil)
    #expect(try await town.violations().isEmpty)
  }

  @Test("whoever answers for one place of an account does not decide on all of it")
  func area() async throws {
    let one = try await Enrolled()
    try await one.town.submit(
      GrantOffice(
        account: one.account, role: "investigator", place: Town.Spot.otherDistrict.id),
      as: "admin")
    let reset = try await one.town.submit(
      AskFactorReset(account: one.account, reason: "lost"), as: "admin")
    for approved in [true, false] {
      let decide = DecideFactorReset(reset: reset, approved: approved)
      #expect(
        await code { try await one.town.submit(decide, as: "street") } == "duty.outsideArea")
    }
    try await one.town.submit(DecideFactorReset(reset: reset, approved: true), as: "duty")
  }

  @Test("whoever supervises one place of an account reads how it stands, and nobody else does")
  func supervised() async throws {
    let one = try await Enrolled()
    try await one.town.submit(
      GrantOffice(
        account: one.account, role: "investigator", place: Town.Spot.otherDistrict.id),
      as: "admin")
    let show = ShowFactor(account: one.account)
    #expect(try await one.town.ask(show, as: "leader").codesLeft == 10)
    _ = try await one.town.ask(ListDelegations(account: one.account), as: "leader")
    #expect(
      await code { _ = try await one.town.ask(show, as: "otherLeader") } == "duty.outsideArea")
  }

  @Test("a reset that nobody decides on ends by itself, and one that is declined changes nothing")
  func resetEnds() async throws {
    let one = try await Enrolled()
    let ask = AskFactorReset(account: one.account, reason: "lost")
    let first = try await one.town.submit(ask, as: "admin")
    #expect(try await one.town.submit(ask, as: "admin") == first)
    try await one.town.pass(.hours(24))
    #expect(
      await code {
        try await one.town.submit(DecideFactorReset(reset: first, approved: true), as: "street")
      } == "notFound")
    let second = try await one.town.submit(ask, as: "admin")
    try await one.town.submit(DecideFactorReset(reset: second, approved: false), as: "street")
    let session = try await one.signIn()
    #expect(await code { _ = try await one.door.forSession(session) } == "factor.owed")
  }

  @Test("no secret, code or reason is in the journal, the receipts or in clear in the tables")
  func secrets() async throws {
    let one = try await Enrolled()
    let session = try await one.signIn()
    _ = try await one.door.factor.prove(session, .code(one.codes[0]))
    try await one.town.submit(
      AskFactorReset(account: one.account, reason: "掉进海里"), as: "admin")
    let kept =
      try await one.town.rows("SELECT name, payload, subject FROM journal")
      + one.town.rows("SELECT name, answer, fingerprint FROM receipt")
      + one.town.rows("SELECT fingerprint, account FROM recovery_code")
    let text = kept.flatMap(\.values).map { "\($0)" }.joined(separator: "\n")
    for code in one.codes { #expect(!text.contains(code.revealed)) }
    #expect(!text.contains("掉进海里") && !text.contains(Base32.text(one.secret)))
    let sealed = try await one.town.rows("SELECT secret FROM factor")
    let bytes = try #require(sealed.first?.bytes(0))
    #expect(!String(decoding: bytes, as: UTF8.self).contains(Base32.text(one.secret)))
    #expect(sealed.count == 1)
  }

  @Test("attempts are forgotten by the clock when their window is over")
  func forgotten() async throws {
    let one = try await Enrolled()
    let session = try await one.signIn()
    _ = await code { _ = try await one.door.factor.prove(session, .code(Redacted("000000"))) }
    #expect(try await one.town.rows("SELECT id FROM factor_attempt").count == 1)
    try await one.town.pass(.hours(2))
    #expect(try await one.town.rows("SELECT id FROM factor_attempt").isEmpty)
  }
}
