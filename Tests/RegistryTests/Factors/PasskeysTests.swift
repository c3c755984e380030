import Kernel
import Testing
import Town

@testable import Registry

/// An account whose second factor is a passkey, as its holder has it.
struct Keyed {
  let town: Town
  let door: Doorkeeper
  let account: AccountID
  /// The session in which it was set up, under its newest secret.
  private(set) var session: Redacted<String>
  let key: SoftwarePasskey
  let codes: [Redacted<String>]
  let site: PasskeyDoor.Site

  /// A town in which an account has a password and a passkey.
  ///
  /// - Parameter counter: what the authenticator counts when it makes the passkey.
  init(_ name: String = "worker", in town: Town? = nil, counter: UInt32 = 0) async throws {
    let town = if let town { town } else { try await Town() }
    self.town = town
    door = Doorkeeper.registry(town.desk)
    account = AccountID(trusted: name)
    site = try Self.site("https://denghuo.example")
    key = SoftwarePasskey()
    let entry = try await door.redeem(
      door.issueLink(account, .account(AccountID(trusted: "admin"))))
    let offer = try await door.factor.passkeys.begin(entry.secret, nil, site)
    var saying = SoftwarePasskey.Saying()
    saying.counter = counter
    let enrolment = try await door.factor.passkeys.enrol(
      entry.secret, key.registration(offer, saying))
    codes = enrolment.codes
    session = enrolment.entry.secret
    try await door.setPassword(session, Enrolled.password)
  }

  static func site(_ origin: String) throws -> PasskeyDoor.Site {
    try #require(PasskeyDoor.Site(origin: origin))
  }

  func signIn() async throws -> Redacted<String> {
    try await door.signIn(account.text, Enrolled.password).secret
  }

  /// What the passkey answers in a session, right unless it is told otherwise.
  func shown(
    in session: Redacted<String>, by key: SoftwarePasskey? = nil,
    _ change: (inout SoftwarePasskey.Saying) -> Void = { _ in }
  ) async throws -> FactorDoor.Proof {
    let offer = try await door.factor.passkeys.ask(session, site)
    var saying = SoftwarePasskey.Saying()
    change(&saying)
    return .passkey((key ?? self.key).assertion(offer, saying))
  }

  /// Adds another passkey in the session of enrolment.
  mutating func add(_ more: SoftwarePasskey, name: String = "Security key") async throws {
    // Later than the one before, so that they are listed in this order.
    town.stall(.seconds(1))
    let offer = try await door.factor.passkeys.begin(session, shown(in: session), site)
    let enrolment = try await door.factor.passkeys.enrol(
      session, more.registration(offer, name: name))
    #expect(enrolment.codes.isEmpty)
    session = enrolment.entry.secret
  }

  func passkeys() async throws -> [PasskeyDoor.Key] {
    try await door.factor.standing(session).passkeys
  }

  func facts(_ name: String) async throws -> Int {
    try await town.rows("SELECT sequence FROM journal WHERE name = \(name)").count
  }
}

@Suite("Passkeys") struct PasskeysTests {
  private func code(_ body: () async throws -> Void) async -> String? {
    await Enrolled.refusal(body)
  }

  @Test("a right password alone opens nothing; with the passkey it opens the account")
  func signIn() async throws {
    let one = try await Keyed()
    #expect(Set(one.codes.map(\.revealed)).count == 10)
    let made = try #require(try await one.passkeys().first)
    #expect(made.name == "Phone" && made.madeAt == one.town.now && made.lastUsedAt == nil)
    #expect(made.relyingParty == "denghuo.example")
    try await one.town.pass(.minutes(2))
    let session = try await one.signIn()
    #expect(await code { _ = try await one.door.forSession(session) } == "factor.owed")
    #expect(
      await code { _ = try await one.door.factor.passkeys.begin(session, nil, one.site) }
        == "factor.owed")
    let entry = try await one.door.factor.prove(session, one.shown(in: session))
    #expect(entry.until == one.town.now + .hours(12))
    #expect(try await one.door.forSession(entry.secret) == .account(one.account))
    #expect(await code { _ = try await one.door.forSession(session) } == "session.ended")
    #expect(try await one.passkeys().first?.lastUsedAt == one.town.now)
    #expect(try await one.facts("factors.passkeyEnrolled") == 1)
    #expect(try await one.facts("factors.proven") == 1)
    #expect(try await one.town.violations().isEmpty)
  }

  @Test("what the browser is asked for names the district's host, the account's keys and no person")
  func offered() async throws {
    let one = try await Keyed()
    let offer = try await one.door.factor.passkeys.ask(one.session, one.site)
    #expect(offer.challenge.count == 32 && offer.milliseconds == 300_000)
    #expect(offer.credentials.map(\.id) == [one.key.credential])
    #expect(offer.credentials.map(\.transports) == [["internal"]])
    #expect(!String(decoding: offer.user, as: UTF8.self).contains("worker"))
    #expect((16...64).contains(offer.user.count))
    let next = try await one.door.factor.passkeys.ask(one.session, one.site)
    #expect(next.challenge != offer.challenge && next.user == offer.user)
    let elsewhere = try Keyed.site("https://other.example")
    #expect(
      await code { _ = try await one.door.factor.passkeys.ask(one.session, elsewhere) }
        == "passkey.none")
  }

  @Test("an answer is taken once, in the session and within the minutes for which it was asked")
  func replay() async throws {
    let one = try await Keyed()
    let session = try await one.signIn()
    let shown = try await one.shown(in: session)
    let other = try await one.signIn()
    #expect(await code { _ = try await one.door.factor.prove(other, shown) } == "passkey.late")
    let entry = try await one.door.factor.prove(session, shown)
    #expect(
      await code { _ = try await one.door.factor.prove(entry.secret, shown) } == "passkey.late")
    let late = try await one.shown(in: other)
    try await one.town.pass(.minutes(5))
    #expect(await code { _ = try await one.door.factor.prove(other, late) } == "passkey.late")
    // What was right forgets the wrong attempts before.
    _ = try await one.door.factor.prove(one.signIn(), .code(one.codes[0]))
    // A second request takes the place of the first, and a wrong answer uses its own up.
    let first = try await one.shown(in: other)
    let wrong = try await one.shown(in: other) { $0.flags = 0 }
    #expect(await code { _ = try await one.door.factor.prove(other, first) } == "passkey.late")
    #expect(await code { _ = try await one.door.factor.prove(other, wrong) } == "passkey.wrong")
    #expect(await code { _ = try await one.door.factor.prove(other, wrong) } == "passkey.late")
    _ = try await one.door.factor.prove(other, one.shown(in: other))
  }

  @Test("a challenge for a new passkey shows none, and one for showing makes none")
  func exchanged() async throws {
    let one = try await Keyed()
    let making = try await one.door.factor.passkeys.begin(
      one.session, one.shown(in: one.session), one.site)
    let showing = try await one.door.factor.passkeys.ask(one.session, one.site)
    #expect(
      await code {
        _ = try await one.door.factor.renewCodes(
          one.session, .passkey(one.key.assertion(making)))
      } == "passkey.late")
    #expect(
      await code {
        _ = try await one.door.factor.passkeys.enrol(
          one.session, SoftwarePasskey().registration(showing))
      } == "passkey.late")
    #expect(
      await code {
        _ = try await one.door.factor.passkeys.enrol(
          one.session,
          SoftwarePasskey().registration(
            making, self.saying { $0.type = "webauthn.get" }))
      } == "passkey.wrong")
  }

  private func saying(
    _ change: (inout SoftwarePasskey.Saying) -> Void
  ) -> SoftwarePasskey.Saying {
    var saying = SoftwarePasskey.Saying()
    change(&saying)
    return saying
  }

  @Test("answers of another address, host, ceremony, person or page, or of nobody, are refused")
  func wrongAnswers() async throws {
    let one = try await Keyed()
    let cases: [(String, (inout SoftwarePasskey.Saying) -> Void)] = [
      ("passkey.elsewhere", { $0.origin = "https://denghuo.example.evil" }),
      ("passkey.elsewhere", { $0.origin = "http://denghuo.example" }),
      ("passkey.elsewhere", { $0.origin = "https://denghuo.example:8443" }),
      ("passkey.elsewhere", { $0.relyingParty = "evil.example" }),
      ("passkey.elsewhere", { $0.isInForeignPage = true }),
      ("passkey.wrong", { $0.type = "webauthn.create" }), ("passkey.wrong", { $0.flags = 4 }),
      ("passkey.wrong", { $0.flags = 1 | 64 }), ("passkey.wrong", { $0.flags = 1 | 128 }),
      ("passkey.unknown", { $0.user = [1, 2, 3] }),
      ("passkey.late", { $0.challenge = [UInt8](repeating: 0, count: 32) }),
      ("passkey.late", { $0.challenge = [1] }),
    ]
    for (expected, change) in cases {
      let session = try await one.signIn()
      let shown = try await one.shown(in: session, change)
      #expect(await code { _ = try await one.door.factor.prove(session, shown) } == expected)
      #expect(await code { _ = try await one.door.forSession(session) } == "factor.owed")
      // Attempts are counted; a recovery code that is right forgets them.
      try await one.town.pass(.hours(1))
    }
    // An authenticator without a handle of the user, and one that did not ask who it was, are let in.
    let session = try await one.signIn()
    _ = try await one.door.factor.prove(
      session,
      one.shown(in: session) {
        $0.user = []
        $0.flags = 1
      })
  }

  @Test("a wrong signature, another account's passkey and one that was removed are refused")
  func wrongKeys() async throws {
    var one = try await Keyed()
    let other = try await Keyed("leader", in: one.town)
    let session = try await one.signIn()
    let forged = SoftwarePasskey()
    guard case .passkey(let answer) = try await one.shown(in: session, by: forged) else { return }
    let claimed = PasskeyDoor.Assertion(
      credential: one.key.credential, client: answer.client, authenticator: answer.authenticator,
      signature: answer.signature, user: answer.user, site: answer.site)
    #expect(
      await code { _ = try await one.door.factor.prove(session, .passkey(claimed)) }
        == "passkey.wrong")
    let foreign = try await one.shown(in: session, by: other.key)
    #expect(
      await code { _ = try await one.door.factor.prove(session, foreign) } == "passkey.unknown")
    let unknown = try await one.shown(in: session, by: forged)
    #expect(
      await code { _ = try await one.door.factor.prove(session, unknown) } == "passkey.unknown")
    let second = SoftwarePasskey()
    try await one.add(second)
    let first = try #require(try await one.passkeys().first)
    try await one.door.factor.passkeys.remove(
      one.session, first.id, one.shown(in: one.session, by: second))
    #expect(try await one.facts("factors.passkeyRemoved") == 1)
    // Whoever has lost a key may have lost a session with it.
    #expect(await code { _ = try await one.shown(in: session) } == "session.ended")
    let next = try await one.signIn()
    let removed = try await one.shown(in: next)
    #expect(await code { _ = try await one.door.factor.prove(next, removed) } == "passkey.unknown")
    _ = try await one.door.factor.prove(next, one.shown(in: next, by: second))
    #expect(try await one.town.violations().isEmpty)
  }

  @Test(
    "a counter that shrinks or stands still puts the passkey out of use, and the journal says so")
  func copied() async throws {
    let one = try await Keyed(counter: 4)
    let first = try await one.signIn()
    _ = try await one.door.factor.prove(first, one.shown(in: first) { $0.counter = 6 })
    let second = try await one.signIn()
    let clone = try await one.shown(in: second) { $0.counter = 6 }
    #expect(await code { _ = try await one.door.factor.prove(second, clone) } == "passkey.copied")
    #expect(await code { _ = try await one.door.forSession(second) } == "factor.owed")
    let said = try await one.town.rows(
      "SELECT payload, subject FROM journal WHERE name = 'factors.passkeySuspected'")
    #expect(said.count == 1 && said.first?.text(1) == "worker")
    #expect(said.first?.text(0).contains("\"sent\":6") == true)
    #expect(try await one.passkeys().first?.suspectedAt == one.town.now)
    // Which of the two is the real one nobody knows: neither is asked for any more.
    #expect(await code { _ = try await one.shown(in: second) { $0.counter = 9 } } == "passkey.none")
    let entry = try await one.door.factor.prove(second, .code(one.codes[0]))
    let id = try #require(try await one.passkeys().first?.id)
    try await one.door.factor.passkeys.remove(entry.secret, id, .code(one.codes[1]))
  }

  @Test("a passkey out of use is refused although it was asked for before, and noted once")
  func copiedWhileAsked() async throws {
    let one = try await Keyed(counter: 4)
    let (first, second) = (try await one.signIn(), try await one.signIn())
    let good = try await one.shown(in: second) { $0.counter = 9 }
    let clone = try await one.shown(in: first) { $0.counter = 1 }
    #expect(await code { _ = try await one.door.factor.prove(first, clone) } == "passkey.copied")
    #expect(await code { _ = try await one.door.factor.prove(second, good) } == "passkey.copied")
    #expect(try await one.facts("factors.passkeySuspected") == 1)
  }

  @Test("passkeys that several devices share count nothing, and zero follows zero")
  func synced() async throws {
    let one = try await Keyed()
    for _ in 1...3 {
      let session = try await one.signIn()
      _ = try await one.door.factor.prove(session, one.shown(in: session))
    }
    #expect(try await one.facts("factors.passkeySuspected") == 0)
  }

  @Test("after five wrong answers even the right one waits until the window has passed")
  func heldBack() async throws {
    let one = try await Keyed()
    let session = try await one.signIn()
    for _ in 1...5 {
      let wrong = try await one.shown(in: session) { $0.flags = 0 }
      #expect(await code { _ = try await one.door.factor.prove(session, wrong) } == "passkey.wrong")
    }
    let right = try await one.shown(in: session)
    #expect(await code { _ = try await one.door.factor.prove(session, right) } == "factor.heldBack")
    #expect(try await one.facts("factors.heldBack") == 1)
    let other = try await one.signIn()
    _ = try await one.door.factor.prove(other, .code(one.codes[0]))
  }
}
