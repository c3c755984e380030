import Kernel
import Testing
import Town

@testable import Registry

@Suite("At the door") struct DoorkeepingTests {
  private let password = Redacted("七里香 correct horse")

  private func account(_ name: String) -> AccountID { AccountID(trusted: name) }
  private var admin: Sender { .account(account("admin")) }

  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch { return (error as? Refusal)?.code ?? "\(error)" }
  }

  /// A town, its doorkeeper, and a worker who has set a password.
  private func settled() async throws -> (Town, Doorkeeper) {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let entry = try await door.redeem(door.issueLink(account("worker"), admin))
    try await door.setPassword(entry.secret, password)
    return (town, door)
  }

  @Test("a link works once and not after its time")
  func link() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let link = try await door.issueLink(account("worker"), admin)
    let entry = try await door.redeem(link)
    #expect(entry.account.text == "worker")
    #expect(try await door.forSession(entry.secret) == .account(account("worker")))
    #expect(await code { _ = try await door.redeem(link) } == "link.spent")
    let late = try await door.issueLink(account("worker"), admin)
    try await town.pass(.hours(24))
    #expect(await code { _ = try await door.redeem(late) } == "link.spent")
  }

  @Test("a password signs in, a wrong one and an unknown account are told the same")
  func signIn() async throws {
    let (_, door) = try await settled()
    let entry = try await door.signIn("worker", password)
    #expect(try await door.forSession(entry.secret) == .account(account("worker")))
    #expect(await code { _ = try await door.signIn("worker", Redacted("x")) } == "signIn.wrong")
    #expect(await code { _ = try await door.signIn("nobody-here", password) } == "signIn.wrong")
    #expect(await code { _ = try await door.signIn("leader", Redacted("")) } == "signIn.wrong")
  }

  @Test("after five wrong attempts even the right password waits until the window has passed")
  func throttled() async throws {
    let (town, door) = try await settled()
    for _ in 1...5 {
      #expect(await code { _ = try await door.signIn("worker", Redacted("x")) } == "signIn.wrong")
    }
    #expect(await code { _ = try await door.signIn("worker", password) } == "signIn.heldBack")
    try await town.pass(.minutes(15))
    _ = try await door.signIn("worker", password)
    let facts = try await town.rows(
      "SELECT payload FROM journal WHERE name = 'accounts.signInHeldBack'")
    #expect(facts.count == 1)
    #expect(facts.allSatisfy { !$0.text(0).contains("worker") })
  }

  @Test("a session ends with the shift, with signing out, and when credentials are revoked")
  func sessionEnds() async throws {
    let (town, door) = try await settled()
    let first = try await door.signIn("worker", password)
    try await door.signOut(first.secret)
    #expect(await code { _ = try await door.forSession(first.secret) } == "session.ended")
    let second = try await door.signIn("worker", password)
    try await town.submit(RevokeCredentials(account: account("worker")), as: "admin")
    #expect(await code { _ = try await door.forSession(second.secret) } == "session.ended")
    let third = try await door.signIn("worker", password)
    try await town.pass(.hours(12) - .milliseconds(1))
    _ = try await door.forSession(third.secret)
    try await town.pass(.milliseconds(1))
    #expect(await code { _ = try await door.forSession(third.secret) } == "session.ended")
  }

  @Test("a new password ends the other sessions and keeps the one that set it")
  func newPassword() async throws {
    let (_, door) = try await settled()
    let old = try await door.signIn("worker", password)
    let mine = try await door.signIn("worker", password)
    try await door.setPassword(mine.secret, Redacted("another long sentence"))
    #expect(await code { _ = try await door.forSession(old.secret) } == "session.ended")
    _ = try await door.forSession(mine.secret)
    #expect(await code { _ = try await door.signIn("worker", password) } == "signIn.wrong")
  }

  @Test(
    "a password that would soon be guessed is refused",
    arguments: [
      ("short 1", "password.short"), ("123456789", "password.short"),
      ("my-password-2022", "password.common"), ("worker lives here", "password.common"),
      ("aaaaaaaabb", "password.monotone"), ("qwertyuiop22", "password.common"),
      (String(repeating: "ab cd ef ", count: 40), "password.long"),
    ])
  func weak(text: String, expected: String) async throws {
    let (_, door) = try await settled()
    let entry = try await door.signIn("worker", password)
    #expect(await code { try await door.setPassword(entry.secret, Redacted(text)) } == expected)
  }

  @Test("a token lasts its days, no longer than the policy allows, and ends when revoked")
  func token() async throws {
    let (town, door) = try await settled()
    let token = try await door.issueToken(account("worker"), 2, admin)
    #expect(try await door.forToken(token) == .account(account("worker")))
    #expect(await code { _ = try await door.forSession(token) } == "session.ended")
    for days in [0, 367] {
      #expect(
        await code { _ = try await door.issueToken(account("worker"), days, admin) }
          == "token.days")
    }
    let credentials = try await town.ask(ListCredentials(account: nil), as: "worker")
    let issued = try #require(credentials.first { $0.kind == .token })
    try await town.submit(RevokeCredential(credential: issued.id), as: "worker")
    #expect(await code { _ = try await door.forToken(token) } == "token.ended")
    let other = try await door.issueToken(account("worker"), 2, admin)
    try await town.pass(.days(2))
    #expect(await code { _ = try await door.forToken(other) } == "token.ended")
  }

  @Test("nobody but who manages the account's offices makes links, tokens or revokes them")
  func foreign() async throws {
    let (town, door) = try await settled()
    for sender in ["leader", "duty", "worker"] {
      let by = Sender.account(account(sender))
      #expect(await code { _ = try await door.issueLink(account("admin"), by) } == "duty.notHeld")
      #expect(
        await code { _ = try await door.issueToken(account("admin"), 1, by) } == "duty.notHeld")
    }
    let credentials = try await town.ask(ListCredentials(account: nil), as: "worker")
    let one = try #require(credentials.first)
    #expect(
      await code { try await town.submit(RevokeCredential(credential: one.id), as: "leader") }
        == "duty.outsideArea")
  }

  @Test("a closed account is out at once")
  func closed() async throws {
    let (town, door) = try await settled()
    let entry = try await door.signIn("worker", password)
    try await town.submit(CloseAccount(account: account("worker")), as: "admin")
    #expect(await code { _ = try await door.forSession(entry.secret) } == "session.ended")
    #expect(await code { _ = try await door.signIn("worker", password) } == "signIn.wrong")
    #expect(try await town.violations().isEmpty)
  }

  @Test("no secret, password or typed name is in the journal, the receipts or the outbox")
  func secrets() async throws {
    let (town, door) = try await settled()
    let entry = try await door.signIn("worker", password)
    let token = try await door.issueToken(account("worker"), 2, admin)
    let link = try await door.issueLink(account("worker"), admin)
    _ = await code { _ = try await door.signIn("typed by mistake", password) }
    let kept =
      try await town.rows("SELECT name, payload, subject FROM journal")
      + town.rows("SELECT name, answer, fingerprint FROM receipt")
      + town.rows("SELECT id, fingerprint, kind FROM credential")
    let text = kept.flatMap(\.values).map { "\($0)" }.joined(separator: "\n")
    for secret in [entry.secret, token, link, password, Redacted("typed by mistake")] {
      #expect(!text.contains(secret.revealed))
    }
  }

  @Test("what ended long ago is forgotten by the clock")
  func forgotten() async throws {
    let (town, _) = try await settled()
    try await town.pass(.days(180))
    #expect(try await town.rows("SELECT id FROM credential").isEmpty == false)
    try await town.pass(.days(2))
    #expect(try await town.rows("SELECT id FROM credential").isEmpty)
  }

  @Test("a fresh district gets one account without a password, and only once")
  func founded() async throws {
    let town = try await Town()
    #expect(
      await code { try await town.desk.foundDistrict(account: "admin", title: "管理员") }
        == "accounts.founded")
  }

  @Test("a slip's resident comes from whoever keeps the slips")
  func slip() async throws {
    let town = try await Town()
    let person = PersonID(trusted: "p1")
    let expected = town.desk.vault.fingerprint(of: "good")
    let door = Doorkeeper.registry(town.desk) { fingerprint, _, _ in
      fingerprint == expected ? person : nil
    }
    #expect(try await door.forSlip(Redacted("good")) == .resident(person))
    #expect(await code { _ = try await door.forSlip(Redacted("bad")) } == "slip.ended")
  }

  @Test("a slip opens its resident's page until a new one is made or its days are over")
  func issuedSlip() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let person = PersonID(trusted: "p1")
    _ = try await town.submit(
      EnrolResident(
        person: person, home: Town.Spot.door101.id, form: PersonForm(name: "测试甲")), as: "leader")
    let issue = { (secret: String) in
      _ = try await town.submit(
        IssueSlip(person: person, fingerprint: town.desk.vault.fingerprint(of: secret)),
        as: "leader")
    }
    try await issue("first")
    #expect(try await door.forSlip(Redacted("first")) == .resident(person))
    try await town.pass(.minutes(1))
    try await issue("second")
    #expect(await code { _ = try await door.forSlip(Redacted("first")) } == "slip.ended")
    #expect(try await door.forSlip(Redacted("second")) == .resident(person))
    try await town.pass(.days(400))
    #expect(await code { _ = try await door.forSlip(Redacted("second")) } == "slip.ended")
  }
}
