/// One entry of the journal, as it is chained.
package struct JournalEntry: Sendable {
  package let sequence: Int
  package let at: Instant
  package let name: String
  package let command: String
  package let sender: String
  package let policy: String
  package let subject: String
  /// The fact as JSON; nil after its time of keeping has ended.
  package let payload: String?
  package let salt: String?
  package let leaf: String
  package fileprivate(set) var head: String
}

/// How entries are bound to each other.
///
/// leaf = H(salt ‖ fact); head = H(previous head ‖ everything else the entry says ‖ leaf). Deleting
/// salt and payload leaves the leaf, so that the chain still verifies, and who did what under which
/// policy stays bound when the fact itself is forgotten.
package enum JournalChain {
  /// The head before the first entry.
  package static let origin = String(repeating: "0", count: 64)

  /// The leaf of a fact.
  package static func leaf(salt: String, payload: String, suite: any CryptoSuite) -> String {
    Hex.text(suite.digest(Array("\(salt)\u{1F}\(payload)".utf8)))
  }

  /// The head after an entry.
  package static func head(
    after previous: String, _ entry: JournalEntry, suite: any CryptoSuite
  ) -> String {
    let said = [
      previous, String(entry.sequence), String(entry.at.milliseconds), entry.name, entry.command,
      entry.sender, entry.policy, entry.subject, entry.leaf,
    ]
    // Each part with its length, so that no two entries say the same.
    var bytes: [UInt8] = []
    for part in said {
      bytes.append(contentsOf: String(part.utf8.count).utf8)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(contentsOf: part.utf8)
    }
    return Hex.text(suite.digest(bytes))
  }
}

/// Appends to the journal inside one storage transaction, holding the head between commands.
final class JournalWriter {
  private let vault: Vault
  private(set) var sequence: Int
  private var head: String

  /// - Parameter last: where the chain ends; nil when nothing is in it.
  init(after last: (sequence: Int, head: String)?, vault: Vault) {
    self.vault = vault
    sequence = last?.sequence ?? 0
    head = last?.head ?? JournalChain.origin
  }

  /// Where the chain stands, to come back to when a command is undone.
  var mark: (sequence: Int, head: String) {
    get { (sequence, head) }
    set { (sequence, head) = newValue }
  }

  func append(
    _ fact: some Fact, command: CommandID, sender: Sender, policy: String, at: Instant,
    in transaction: any Transaction
  ) throws {
    let payload = String(decoding: try Fields.jsonBytes(fact), as: UTF8.self)
    let salt = Hex.text(vault.entropy.bytes(16))
    let leaf = JournalChain.leaf(salt: salt, payload: payload, suite: vault.suite)
    var entry = JournalEntry(
      sequence: sequence + 1, at: at, name: type(of: fact).name, command: command.text,
      sender: sender.text, policy: policy, subject: fact.subject, payload: payload, salt: salt,
      leaf: leaf, head: "")
    entry.head = JournalChain.head(after: head, entry, suite: vault.suite)
    try JournalStore(transaction: transaction).append(entry)
    sequence = entry.sequence
    head = entry.head
  }
}

/// Statements about the journal.
package struct JournalStore {
  package let transaction: any Transaction

  package init(transaction: any Transaction) { self.transaction = transaction }

  /// Asks for the youngest entry's place in the chain.
  static let last: SQL = "SELECT sequence, head FROM journal ORDER BY sequence DESC LIMIT 1"

  static func end(_ row: Row) -> (sequence: Int, head: String) { (row.integer(0), row.text(1)) }

  /// The youngest entry's place in the chain.
  package func last() throws -> (sequence: Int, head: String)? {
    try transaction.row(Self.last).map(Self.end)
  }

  /// When the youngest entry was made; nil while there is none.
  package func lastTime() throws -> Instant? {
    try transaction.row("SELECT at FROM journal ORDER BY sequence DESC LIMIT 1")
      .map { $0.instant(0) }
  }

  /// The head at an entry, nil when there is none.
  func head(at sequence: Int) throws -> String? {
    try transaction.row("SELECT head FROM journal WHERE sequence = \(sequence)")?.text(0)
  }

  /// The entries after a place, the oldest first.
  func after(_ sequence: Int, limit: Int) throws -> [JournalEntry] {
    try transaction.rows(
      """
      SELECT sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head
      FROM journal
      WHERE sequence > \(sequence)
      ORDER BY sequence
      LIMIT \(limit)
      """
    ).map(Self.entry)
  }

  func append(_ entry: JournalEntry) throws {
    try transaction.put(
      """
      INSERT INTO journal
        (sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head)
      VALUES (\(entry.sequence), \(entry.at), \(entry.name), \(entry.command), \(entry.sender),
        \(entry.policy), \(entry.subject), \(entry.payload), \(entry.salt), \(entry.leaf),
        \(entry.head))
      """)
  }

  /// Hands over all entries from the oldest.
  package func eachEntry(_ body: (JournalEntry) throws -> Void) throws {
    try transaction.eachRow(
      """
      SELECT sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head
      FROM journal
      ORDER BY sequence
      """
    ) { try body(Self.entry($0)) }
  }

  /// The youngest entries about a subject, the youngest first.
  package func about(_ subject: String, limit: Int) throws -> [JournalEntry] {
    try transaction.rows(
      """
      SELECT sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head
      FROM journal
      WHERE subject = \(subject)
      ORDER BY sequence DESC
      LIMIT \(limit)
      """
    ).map(Self.entry)
  }

  /// The youngest entries, the youngest first.
  package func youngest(limit: Int) throws -> [JournalEntry] {
    try transaction.rows(
      """
      SELECT sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head
      FROM journal
      ORDER BY sequence DESC
      LIMIT \(limit)
      """
    ).map(Self.entry)
  }

  /// The youngest entries with one of some names, among the last that were made at all.
  package func youngest(
    named names: [String], among last: Int, limit: Int
  ) throws -> [JournalEntry] {
    let end = try self.last()?.sequence ?? 0
    return try transaction.rows(
      """
      SELECT sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head
      FROM journal
      WHERE sequence > \(end - last) AND name IN (\(SQL.list(names)))
      ORDER BY sequence DESC
      LIMIT \(limit)
      """
    ).map(Self.entry)
  }

  private static func entry(_ row: Row) -> JournalEntry {
    JournalEntry(
      sequence: row.integer(0), at: row.instant(1), name: row.text(2), command: row.text(3),
      sender: row.text(4), policy: row.text(5), subject: row.text(6),
      payload: row.optionalText(7), salt: row.optionalText(8), leaf: row.text(9),
      head: row.text(10))
  }
}
