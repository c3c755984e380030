/// One command being performed: everything it may touch, inside one transaction.
package final class Work {
  package let command: CommandID
  package let now: Instant
  package let authority: Authority
  package let transaction: any Transaction
  package let vault: Vault
  package let assembly: Assembly
  package let jurisdiction: Jurisdiction
  private let policies: PolicyReader
  private let journal: JournalWriter
  private var mint: Mint
  private var depth = 0
  private var seats: [String: Seat] = [:]
  private var recalled: [String: any Sendable] = [:]
  private(set) var errands = 0
  /// Those of them that wait for no moment.
  private(set) var errandsAtOnce = 0

  /// How many facts may follow from one another: reactions are shallow.
  private static let deepest = 4

  init(
    command: CommandID, now: Instant, authority: Authority, transaction: any Transaction,
    vault: Vault, assembly: Assembly, jurisdiction: Jurisdiction, rules: Rulebook,
    journal: JournalWriter
  ) {
    self.command = command
    self.now = now
    self.authority = authority
    self.transaction = transaction
    self.vault = vault
    self.assembly = assembly
    self.jurisdiction = jurisdiction
    self.journal = journal
    policies = PolicyReader(rules, today: Day(of: now, in: rules.zone))
    mint = Mint(command: command, now: now, suite: vault.suite)
  }

  package var rules: Rulebook { policies.rules }
  package var zone: Zone { policies.rules.zone }
  package var calendar: WorkingCalendar { policies.rules.calendar }
  package var today: Day { policies.today }
  /// The policy versions asked so far.
  package var policyText: String { policies.text }

  /// The policy section in force today, or on another day; the version is noted as having decided.
  package func policy<Section: PolicySection>(
    _ type: Section.Type = Section.self, on day: Day? = nil
  ) throws(Refusal) -> Section { try policies.section(type, on: day).section }

  /// The section and the edition it stands in.
  package func edition<Section: PolicySection>(
    _ type: Section.Type = Section.self, on day: Day? = nil
  ) throws(Refusal) -> (section: Section, edition: PolicyEdition) {
    try policies.section(type, on: day)
  }

  /// A new identifier that follows from the command.
  package func newID<Tag>() -> ID<Tag> { ID(trusted: mint.next()) }

  /// Writes a fact into the journal and lets other slices react to it in the same transaction.
  package func record<F: Fact>(_ fact: F) throws {
    try journal.append(
      fact, command: command, sender: authority.sender, policy: policies.text, at: now,
      in: transaction)
    guard let reactions = assembly.reactions[F.name] else { return }
    guard depth < Self.deepest else { throw Defect("reactions to \(F.name) go too deep") }
    depth += 1
    defer { depth -= 1 }
    for reaction in reactions { try reaction.react(fact, self) }
  }

  /// Asks for a command to be performed after this transaction, by the clock.
  package func send(_ command: some Command, at due: Instant? = nil) throws {
    let errand = Errand(
      command: newID(), name: type(of: command).name,
      body: String(decoding: try Fields.jsonBytes(command), as: UTF8.self), dueAt: due ?? now,
      attempts: 0)
    try put(errand)
  }

  private func put(_ errand: Errand) throws {
    try OutboxStore(transaction: transaction).put(errand)
    errands += 1
    if errand.dueAt <= now { errandsAtOnce += 1 }
  }

  /// Asks for a command to be performed after this transaction, once however often it is asked for
  /// here.
  package func sendOnce(_ command: some Command) throws {
    let name = type(of: command).name
    let errand = Errand(
      command: CommandID(trusted: "\(self.command.text)/\(name)"), name: name,
      body: String(decoding: try Fields.jsonBytes(command), as: UTF8.self), dueAt: now,
      attempts: 0)
    try put(errand)
  }

  /// What was found once in this command and cannot change while it is performed: a command that
  /// does the same for thousands asks once.
  package func recall<Value: Sendable>(
    _ key: String, _ find: () throws -> Value
  ) rethrows -> Value {
    // Unwrapped first: nothing at all would be taken for a value of an optional type.
    if let known = recalled[key], let value = known as? Value { return value }
    let found = try find()
    recalled[key] = found
    return found
  }

  /// Checks that the sender holds a duty at a place, for commands that touch several.
  package func require(_ duty: Duty, at path: PlacePath) throws(Refusal) {
    guard authority.may(duty, at: path) else { throw authority.refusal(duty, at: path) }
  }

  /// The seat of a rule at the nearest place of its level at or above a place.
  package func seat(_ rule: ObligationPolicy.SeatRule, at place: PlaceID) throws -> Seat {
    let key = "\(rule.role)@\(rule.level)/\(place.text)"
    if let known = seats[key] { return known }
    let found = try jurisdiction.seat(rule, place, transaction)
    seats[key] = found
    return found
  }
}
