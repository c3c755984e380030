import Kernel
import Testing
import Town

@testable import Registry

@Suite("Adding and removing passkeys") struct PasskeyChangesTests {
  private func code(_ body: () async throws -> Void) async -> String? {
    await Enrolled.refusal(body)
  }

  @Test("beside codes by time it takes a code once more, and the recovery codes stay")
  func beside() async throws {
    let one = try await Enrolled()
    let site = try Keyed.site("https://denghuo.example")
    let passkeys = one.door.factor.passkeys
    #expect(await code { _ = try await passkeys.begin(one.session, nil, site) } == "field.missing")
    #expect(
      await code { _ = try await passkeys.begin(one.session, .code(Redacted("000000")), site) }
        == "factor.wrong")
    try await one.town.pass(.minutes(1))
    let offer = try await passkeys.begin(one.session, .code(one.code()), site)
    let key = SoftwarePasskey()
    let enrolment = try await passkeys.enrol(one.session, key.registration(offer))
    #expect(enrolment.codes.isEmpty)
    #expect(await code { _ = try await one.door.forSession(one.session) } == "session.ended")
    let session = try await one.signIn()
    let asked = try await passkeys.ask(session, site)
    let entry = try await one.door.factor.prove(session, .passkey(key.assertion(asked)))
    #expect(try await one.door.factor.standing(entry.secret).codesLeft == 10)
    let other = try await one.signIn()
    try await one.town.pass(.minutes(1))
    _ = try await one.door.factor.prove(other, .code(one.code()))
    let shown = try await one.town.ask(ShowFactor(account: nil), as: "worker")
    #expect(shown.passkeys == 1 && shown.enrolledAt != nil && shown.codesLeft == 10)
  }

  @Test("with a passkey codes by time are set up and recovery codes are printed anew")
  func codesByPasskey() async throws {
    let one = try await Keyed()
    #expect(
      await code { try await one.door.factor.begin(one.session, nil) } == "field.missing")
    let fresh = try await one.door.factor.renewCodes(one.session, one.shown(in: one.session))
    #expect(fresh.count == 10)
    try await one.door.factor.begin(one.session, one.shown(in: one.session))
    let candidate = try #require(try await one.door.factor.candidate(one.session))
    let session = try await one.signIn()
    // A session that has not shown the passkey neither sees nor makes a secret.
    #expect(try await one.door.factor.candidate(session) == nil)
    #expect(
      await code { try await one.door.factor.begin(session, one.shown(in: session)) }
        == "factor.owed")
    let secret = try #require(Base32.bytes(candidate.secret.revealed.replacing(" ", with: "")))
    let enrolment = try await one.door.factor.enrol(
      one.session,
      Redacted(
        FactorsRules.code(
          secret, step: FactorsRules.step(at: one.town.now, seconds: 30),
          suite: one.town.desk.vault.suite)))
    let standing = try await one.door.factor.standing(enrolment.entry.secret)
    #expect(standing.enrolledAt == one.town.now && standing.passkeys.count == 1)
  }

  @Test("the first one ends the sessions that never showed a factor")
  func otherSessions() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let worker = AccountID(trusted: "worker")
    let old = try await door.redeem(door.issueLink(worker, .account(AccountID(trusted: "admin"))))
    _ = try await Keyed(in: town)
    #expect(await code { _ = try await door.forSession(old.secret) } == "session.ended")
  }

  @Test(
    "what was asked for in one session is not made in another, nor late, nor without having begun")
  func begun() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (worker, admin) = (
      AccountID(trusted: "worker"), Sender.account(AccountID(trusted: "admin"))
    )
    let one = try await door.redeem(door.issueLink(worker, admin))
    let two = try await door.redeem(door.issueLink(worker, admin))
    let passkeys = door.factor.passkeys
    let offer = try await passkeys.begin(
      one.secret, nil, try Keyed.site("https://denghuo.example"))
    let key = SoftwarePasskey()
    #expect(
      await code { _ = try await passkeys.enrol(two.secret, key.registration(offer)) }
        == "passkey.late")
    town.stall(.minutes(5))
    #expect(
      await code { _ = try await passkeys.enrol(one.secret, key.registration(offer)) }
        == "passkey.late")
    #expect(try await town.rows("SELECT fingerprint FROM passkey_challenge").count == 1)
    try await town.pass(.hours(1))
    #expect(try await town.rows("SELECT fingerprint FROM passkey_challenge").isEmpty)
  }

  @Test("a registration at another address, for another host, or untouched is refused")
  func wrongRegistrations() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let entry = try await door.redeem(
      door.issueLink(AccountID(trusted: "worker"), .account(AccountID(trusted: "admin"))))
    let passkeys = door.factor.passkeys
    let site = try Keyed.site("https://denghuo.example")
    let cases: [(String, (inout SoftwarePasskey.Saying) -> Void)] = [
      ("passkey.elsewhere", { $0.origin = "https://evil.example" }),
      ("passkey.elsewhere", { $0.relyingParty = "evil.example" }),
      ("passkey.elsewhere", { $0.isInForeignPage = true }),
      ("passkey.wrong", { $0.type = "webauthn.get" }), ("passkey.wrong", { $0.flags = 4 }),
      ("passkey.unreadable", { $0.flags = 1 | 128 }),
    ]
    for (expected, change) in cases {
      var saying = SoftwarePasskey.Saying()
      change(&saying)
      let offer = try await passkeys.begin(entry.secret, nil, site)
      let answer = SoftwarePasskey().registration(offer, saying)
      #expect(await code { _ = try await passkeys.enrol(entry.secret, answer) } == expected)
      try await town.pass(.hours(1))
    }
    #expect(try await town.rows("SELECT id FROM passkey").isEmpty)
  }

  @Test("an account has ten at most, no two alike in the district, and each has a name")
  func several() async throws {
    var one = try await Keyed()
    for number in 2...10 { try await one.add(SoftwarePasskey(), name: "Key \(number)") }
    #expect(try await one.passkeys().map(\.name) == ["Phone"] + (2...10).map { "Key \($0)" })
    #expect(
      await code { try await one.add(SoftwarePasskey()) } == "passkey.most")
    let town = one.town
    let entry = try await one.door.redeem(
      one.door.issueLink(AccountID(trusted: "leader"), .account(AccountID(trusted: "admin"))))
    let passkeys = one.door.factor.passkeys
    for (key, name, expected) in [
      (one.key, "Stolen", "passkey.known"), (SoftwarePasskey(), " ", "field.missing"),
      (SoftwarePasskey(), String(repeating: "长", count: 41), "passkey.nameLong"),
      (SoftwarePasskey(), "13800000117", "text.personalNumber"),
    ] {
      let offer = try await passkeys.begin(entry.secret, nil, one.site)
      #expect(
        await code {
          _ = try await passkeys.enrol(entry.secret, key.registration(offer, name: name))
        } == expected)
      try await town.pass(.hours(1))
    }
  }

  @Test("the last one goes where no office asks for a factor, and the paper with it")
  func last() async throws {
    let one = try await Keyed()
    let id = try #require(try await one.passkeys().first?.id)
    #expect(
      await code {
        try await one.door.factor.passkeys.remove(one.session, "none", one.shown(in: one.session))
      } == "notFound")
    try await one.door.factor.passkeys.remove(one.session, id, one.shown(in: one.session))
    let session = try await one.signIn()
    #expect(try await one.door.forSession(session) == .account(one.account))
    #expect(try await one.town.rows("SELECT fingerprint FROM recovery_code").isEmpty)
    var admin = try await Keyed("admin", in: one.town)
    let only = try #require(try await admin.passkeys().first?.id)
    #expect(
      await code {
        try await admin.door.factor.passkeys.remove(
          admin.session, only, admin.shown(in: admin.session))
      } == "passkey.last")
    try await admin.add(SoftwarePasskey())
    try await admin.door.factor.passkeys.remove(
      admin.session, only, admin.shown(in: admin.session))
    #expect(try await admin.passkeys().count == 1)
    #expect(try await one.town.violations().isEmpty)
  }

  @Test("nobody takes another account's passkey away, or one's own without showing a factor")
  func foreign() async throws {
    let one = try await Keyed()
    let other = try await Keyed("leader", in: one.town)
    let id = try #require(try await other.passkeys().first?.id)
    let passkeys = one.door.factor.passkeys
    #expect(
      await code { try await passkeys.remove(one.session, id, one.shown(in: one.session)) }
        == "notFound")
    let own = try #require(try await one.passkeys().first?.id)
    #expect(
      await code { try await passkeys.remove(one.session, own, .code(Redacted(""))) }
        == "field.missing")
    let session = try await one.signIn()
    #expect(
      await code { try await passkeys.remove(session, own, .code(one.codes[0])) }
        == "factor.owed")
    #expect(try await other.passkeys().count == 1)
  }

  @Test("two people take lost passkeys away like a lost authenticator")
  func reset() async throws {
    let one = try await Keyed()
    let reset = try await one.town.submit(
      AskFactorReset(account: one.account, reason: "手机掉进海里，当面核对"), as: "admin")
    try await one.town.submit(DecideFactorReset(reset: reset, approved: true), as: "street")
    #expect(await code { _ = try await one.door.forSession(one.session) } == "session.ended")
    let session = try await one.signIn()
    #expect(try await one.door.forSession(session) == .account(one.account))
    #expect(try await one.town.rows("SELECT id FROM passkey").isEmpty)
    #expect(try await one.town.violations().isEmpty)
  }
}
