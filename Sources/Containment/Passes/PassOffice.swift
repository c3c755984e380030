import Kernel
import Registry

/// Issues codes and says what they rest on. It writes nothing: what a code says follows from the
/// restrictions that hold, the day and the district's secret, so that issuing costs no row, goes on
/// while nothing can be saved, and is the same on every node.
struct PassOffice {
  let transaction: any Transaction
  let vault: Vault
  let rules: Rulebook
  let now: Instant

  /// An issued code with what was looked at for it.
  struct Issued: Sendable {
    let text: String
    let code: PassCode
    let standing: PassStanding
  }

  func policy() throws(Refusal) -> PassesPolicy {
    try rules.policies.section(PassesPolicy.self, on: Day(of: now, in: rules.zone)).section
  }

  // MARK: Keys

  /// The span of days of the key that signs on a day.
  private func span(of day: Day) throws(Refusal) -> (from: Day, until: Day) {
    let days = try rules.policies.section(PassesPolicy.self, on: day).section.keyDays
    let first = day.number - day.number % days
    return (Day(number: first), Day(number: first + days))
  }

  private func seed(_ span: (from: Day, until: Day)) -> [UInt8] {
    vault.key(for: "pass key \(span.from.text) \(span.until.text)")
  }

  private func key(_ span: (from: Day, until: Day)) throws -> PassKey {
    PassKey(
      publicKey: try vault.suite.publicKey(ofSigner: seed(span)),
      from: span.from.start(in: rules.zone), until: span.until.start(in: rules.zone),
      with: vault.suite)
  }

  /// The key that signs at a moment, and its seed.
  func signing(at moment: Instant) throws -> (key: PassKey, seed: [UInt8]) {
    let span = try span(of: Day(of: moment, in: rules.zone))
    return (try key(span), seed(span))
  }

  /// The keys by which everything is checked that may be shown now or before a verifier is online
  /// again: those of codes that have not ended, the present one and the next. An edition that changes
  /// for how many days a key signs begins another span in the middle of one, so each day is asked.
  func published() throws -> [PassKey] {
    let today = Day(of: now, in: rules.zone)
    let oldest = Day(of: now - .hours(try policy().longestHours), in: rules.zone)
    let last = try span(of: today).until
    var spans: [(from: Day, until: Day)] = []
    for number in oldest.number...max(oldest.number, last.number) {
      let span = try span(of: Day(number: number))
      if !spans.contains(where: { $0 == span }) { spans.append(span) }
    }
    return try spans.map(key)
  }

  // MARK: Codes

  /// What stands for a person on a day.
  func bearer(of person: PersonID, on day: Day) -> [UInt8] {
    let key = vault.key(for: "pass bearer")
    return Array(
      vault.suite.authenticate(Array("\(day.text)|\(person.text)".utf8), key: key).prefix(6))
  }

  /// The colour of a person, as the restrictions say that hold now.
  func standing(of person: PersonID) throws -> PassStanding { try course(of: person).standing }

  /// The colours of a person from now on, if nothing else happens.
  func course(of person: PersonID) throws -> (standing: PassStanding, course: PassCourse) {
    let held = try RestrictionsStore(transaction).effective(for: person, at: now)
    return PassesRules.course(of: held, at: now, colour: rules.colour)
  }

  /// A code for a resident; nil when less than a minute is left of what it would say.
  func issue(
    to resident: Resident, carriedByAnother: Bool, onPaper: Bool,
    _ signer: (PassKey, [UInt8])? = nil
  ) throws -> Issued? {
    let policy = try policy()
    let standing = try standing(of: resident.id)
    let hours = onPaper ? policy.paperHours : policy.validHours
    guard
      let (bearer, from, minutes) = try validity(of: resident.id, hours, standing.holdsUntil)
    else { return nil }
    let (key, seed) = try signer ?? signing(at: from)
    let code = PassCode(
      colour: standing.colour, isCarriedByAnother: carriedByAnother, isPaper: onPaper,
      key: key.identifier, bearer: bearer, from: from, minutes: minutes,
      documentTail: try resident.documentNumber(by: vault).flatMap(PassCode.tail(ofDocument:)),
      district: try district(of: resident))
    return Issued(
      text: try code.signed(by: seed, with: vault.suite), code: code, standing: standing)
  }

  /// The bearer of a person's next code, from when it is valid, and for how many minutes. The bearer is
  /// that of the day on which it begins: today's may be revoked until after midnight.
  private func validity(
    of person: PersonID, _ hours: Int, _ holdsUntil: Instant?
  ) throws -> (bearer: [UInt8], from: Instant, minutes: Int)? {
    let today = Day(of: now, in: rules.zone)
    for day in [today, today + 1] {
      let bearer = bearer(of: person, on: day)
      let found = PassesRules.validity(
        issuedAt: max(now, day.start(in: rules.zone)), hours: hours, holdsUntil: holdsUntil,
        revoked: try PassesStore(transaction).revoked(Hex.text(bearer)))
      guard let found else { return nil }
      if Day(of: found.from, in: rules.zone) == day {
        return (bearer, found.from, found.minutes)
      }
    }
    return nil
  }

  private func district(of resident: Resident) throws -> Int? {
    try PlacesStore(transaction).line(to: resident.path)
      .last { $0.level == .district }?.code.flatMap { Int($0) }
  }

  /// The signed list of revoked codes, and how many of the oldest it leaves out.
  func list(
    most: Int = mostRevocations
  ) throws -> (list: RevocationList, bytes: [UInt8], leftOut: Int) {
    let (key, seed) = try signing(at: now)
    let store = PassesStore(transaction)
    let entries = try store.revocations(at: now, limit: most)
    let leftOut = entries.count < most ? 0 : max(0, try store.count(at: now) - entries.count)
    let list = RevocationList(
      key: key.identifier, madeAt: Instant(seconds: now.seconds),
      entries: entries.compactMap { entry in
        Hex.bytes(entry.bearer).map { .init(bearer: $0, before: entry.before) }
      })
    return (list, try list.signed(by: seed, with: vault.suite), leftOut)
  }

  /// Two megabytes: more than this at once is a city that changes colour. The oldest are left out, whose
  /// codes end first, and whoever carries the list is told.
  static let mostRevocations = 200_000

  /// What a text is worth, as any verifier finds it, by what is revoked at this very moment.
  func check(_ text: String) throws -> (verdict: PassVerdict, code: PassCode?) {
    let policy = try policy()
    let (key, _) = try signing(at: now)
    let bearer = (try? PassCode.read(text, with: vault.suite))?.code.bearer
    let before = try bearer.flatMap { try PassesStore(transaction).revoked(Hex.text($0)) }
    let entry = bearer.flatMap { bearer in before.map { (bearer, $0) } }
    let verifier = PassVerifier(
      keys: try published(),
      list: RevocationList(
        key: key.identifier, madeAt: Instant(seconds: now.seconds),
        entries: entry.map { [.init(bearer: $0.0, before: $0.1)] } ?? []),
      skewMinutes: policy.skewMinutes, listMinutes: policy.listMinutes,
      listOldestMinutes: policy.listOldestHours * 60, suite: vault.suite)
    return verifier.check(text, at: now)
  }
}

extension Rulebook {
  /// The colour that a restriction gives: what its clause says in the edition that decided it. One whose
  /// edition is gone still limits: it stays red until its end.
  func colour(of restriction: Restriction) -> CodeColour {
    clause(of: restriction)?.colour ?? .red
  }
}

extension Reading {
  var passes: PassOffice {
    PassOffice(transaction: transaction, vault: vault, rules: rules, now: now)
  }
}

extension Work {
  var passes: PassOffice {
    PassOffice(transaction: transaction, vault: vault, rules: rules, now: now)
  }
}
