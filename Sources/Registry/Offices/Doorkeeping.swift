import Kernel
import Synchronization

extension Doorkeeper {
  /// The doorkeeper of a district.
  ///
  /// - Parameter slip: finds the resident to whom a slip's fingerprint belongs, nil when there is
  ///   no such slip or its time is over.
  package static func registry(
    _ desk: Desk,
    slip: @escaping @Sendable (String, any Transaction, Instant) throws -> PersonID? = {
      fingerprint, transaction, moment in
      try SlipsStore(transaction).holder(ofFingerprint: fingerprint, at: moment)
    }
  ) -> Doorkeeper {
    let door = Doorkeeping(desk: desk)
    return Doorkeeper(
      forSession: { try await door.sender(.session, $0) },
      forToken: { try await door.sender(.token, $0) },
      forSlip: { try await door.sender(forSlip: $0, slip) },
      signIn: { try await door.signIn($0, $1, on: $2) },
      redeem: { try await door.redeem($0, on: $1) },
      signOut: { try await door.signOut($0) },
      setPassword: { try await door.setPassword(session: $0, $1) },
      issueLink: { try await door.issueLink(for: $0, by: $1) },
      issueToken: { try await door.issueToken(for: $0, days: $1, by: $2) },
      standing: { try await door.standing($0, holding: $1) },
      takeOver: { try await door.takeOver(from: $0, $1) },
      caption: { try Doorkeeping.caption(in: $0) }, factor: door.factorDoor,
      invitation: door.invitationDoor)
  }
}

extension Desk {
  /// Makes the first account of a fresh district, without a password.
  package func foundDistrict(account: String, title: String) async throws {
    try await submit(
      FoundDistrict(account: AccountID(account, field: "account"), title: title),
      id: newCommandID(), as: .clock)
  }
}

/// What happens at the door. Slow digests run here, outside any transaction and one at a time.
struct Doorkeeping: Sendable {
  let desk: Desk
  let bench: PasswordBench
  let register: SharedReading

  init(desk: Desk) {
    self.desk = desk
    bench = PasswordBench(suite: desk.vault.suite)
    register = SharedReading(desk.storage)
  }

  func sender(_ kind: Credential.Kind, _ secret: Redacted<String>) async throws -> Sender {
    let fingerprint = desk.vault.fingerprint(of: secret.revealed)
    let now = desk.clock.now()
    let rule = try FactorDuty(desk.rules.policies, at: now)
    let (found, isOwed) = try await register.ask { transaction -> (Credential?, Bool) in
      let store = CredentialsStore(transaction)
      guard kind == .session else {
        return (try store.find(kind, fingerprint: fingerprint), false)
      }
      let found = try store.session(fingerprint: fingerprint, at: now, rule)
      return (found?.session, found?.isOwed ?? false)
    }
    guard let found, found.isOpen(at: now) else {
      throw kind == .token
        ? Refusal(
          .unknownSender, "token.ended",
          Words("令牌无效或已过期，请重新签发", "The token is not valid or has expired; have a new one made"))
        : Refusal(
          .unknownSender, "session.ended",
          Words("登录已结束，请重新登录", "Your sign-in has ended; sign in again"))
    }
    if isOwed { throw Refusal.factorOwed }
    return .account(found.account)
  }

  func sender(
    forSlip secret: Redacted<String>,
    _ find: @escaping @Sendable (String, any Transaction, Instant) throws -> PersonID?
  ) async throws -> Sender {
    let fingerprint = desk.vault.fingerprint(of: secret.revealed)
    let now = desk.clock.now()
    guard let person = try await register.ask({ try find(fingerprint, $0, now) }) else {
      throw Refusal(
        .unknownSender, "slip.ended",
        Words("纸条无效或已过期，请向网格员要一张新的", "This slip is not valid or has expired; ask your grid worker"))
    }
    return .resident(person)
  }

  func signIn(
    _ name: String, _ password: Redacted<String>, on device: Device?
  ) async throws -> Doorkeeper.Entry {
    let account = try AccountID(name, field: "account")
    let who = desk.vault.index(account.text, kind: "sign-in")
    try await desk.submit(NoteSignInAttempt(who: who), id: desk.newCommandID(), as: .nobody)
    let kept = try await desk.storage.read { try CredentialsStore($0).password(of: account) }
    // An account that is not there costs the same time, so that nobody learns which exist.
    let salt = kept.flatMap { Hex.bytes($0.salt) } ?? [UInt8](repeating: 0, count: 16)
    let digest = try await bench.stretch(password, salt: salt)
    let expected = kept.flatMap { Hex.bytes($0.digest) } ?? []
    guard OfficesRules.isEqual(digest, expected) else {
      throw Refusal(
        .unknownSender, "signIn.wrong",
        Words(
          "账号或口令不对，请核对后重试；忘记口令请向管理员要一次性登录链接",
          "Account or password is wrong; check both, or ask an administrator for a one-time link"))
    }
    let secret = desk.vault.newSecret()
    let receipt = try await desk.submit(
      OpenSession(
        fingerprint: desk.vault.fingerprint(of: secret), who: who, device: mark(device)),
      id: desk.newCommandID(), as: .account(account))
    return try entry(secret, receipt)
  }

  func redeem(
    _ link: Redacted<String>, on device: Device?
  ) async throws -> Doorkeeper.Entry {
    let secret = desk.vault.newSecret()
    let command = RedeemLink(
      link: desk.vault.fingerprint(of: link.revealed),
      session: desk.vault.fingerprint(of: secret), device: mark(device))
    let receipt = try await desk.submit(command, id: desk.newCommandID(), as: .nobody)
    return try entry(secret, receipt)
  }

  /// Ends a session, also one that owes its second factor: somebody leaves a browser that others use.
  func signOut(_ secret: Redacted<String>) async throws {
    let session = try await session(secret)
    try await desk.submit(
      EndSession(fingerprint: desk.vault.fingerprint(of: secret.revealed)),
      id: desk.newCommandID(), as: .account(session.account))
  }

  func setPassword(session: Redacted<String>, _ password: Redacted<String>) async throws {
    let sender = try await sender(.session, session)
    guard case .account(let account) = sender else { return }
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    let policy = try desk.rules.policies.section(SignInPolicy.self, on: today).section
    try OfficesRules.check(
      password: password.revealed, of: account, minimum: policy.passwordMinimum)
    let salt = desk.vault.entropy.bytes(16)
    let digest = try await bench.stretch(password, salt: salt)
    try await desk.submit(
      KeepPassword(
        salt: Hex.text(salt), digest: Hex.text(digest),
        session: desk.vault.fingerprint(of: session.revealed)),
      id: desk.newCommandID(), as: sender)
  }

  func issueLink(for account: AccountID, by sender: Sender) async throws -> Redacted<String> {
    let secret = desk.vault.newSecret()
    try await desk.submit(
      IssueLink(account: account, fingerprint: desk.vault.fingerprint(of: secret)),
      id: desk.newCommandID(), as: sender)
    return Redacted(secret)
  }

  func issueToken(
    for account: AccountID, days: Int?, by sender: Sender
  ) async throws -> Redacted<String> {
    let secret = desk.vault.newSecret()
    try await desk.submit(
      IssueToken(
        account: account, fingerprint: desk.vault.fingerprint(of: secret), days: days),
      id: desk.newCommandID(), as: sender)
    return Redacted(secret)
  }

  static func caption(in reading: Reading) throws -> Doorkeeper.Caption? {
    guard case .account(let id) = reading.authority.sender else { return nil }
    let roles = try? reading.policy(OfficesPolicy.self).roles
    var held: [String] = []
    for office in reading.authority.offices where !held.contains(office.role) {
      held.append(office.role)
    }
    return Doorkeeper.Caption(
      name: try OfficesStore(reading.transaction).account(id)?.title ?? id.text,
      roles: held.map { roles?[$0]?.title ?? Words($0, $0) })
  }

  func entry(_ secret: String, _ receipt: Receipt) throws -> Doorkeeper.Entry {
    let answer = try receipt.decoded(SessionAnswer.self)
    return Doorkeeper.Entry(
      secret: Redacted(secret), account: answer.account, until: answer.until)
  }
}

/// Where passwords are stretched: one at a time, because each takes 16 MiB and tens of
/// milliseconds; a crowd is turned away instead of filling the memory.
actor PasswordBench {
  private static let mostWaiting = 32
  private let suite: any CryptoSuite
  private let waiting = Mutex(0)

  init(suite: any CryptoSuite) { self.suite = suite }

  nonisolated func stretch(_ password: Redacted<String>, salt: [UInt8]) async throws -> [UInt8] {
    let isFull = waiting.withLock { waiting in
      if waiting >= Self.mostWaiting { return true }
      waiting += 1
      return false
    }
    if isFull {
      throw Refusal(
        .overloaded, "signIn.crowded",
        Words("此刻登录的人太多，请稍后再试", "Too many people are signing in; try again in a moment"))
    }
    defer { waiting.withLock { $0 -= 1 } }
    return try await stretchAlone(password, salt: salt)
  }

  private func stretchAlone(_ password: Redacted<String>, salt: [UInt8]) throws -> [UInt8] {
    try suite.stretch(password: Array(password.revealed.utf8), salt: salt)
  }
}
