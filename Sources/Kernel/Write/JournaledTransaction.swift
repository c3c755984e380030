/// A transaction that undoes its facts with its rows: when a savepoint is undone, the chain stands
/// again where it stood before. Where changes are kept elsewhere, it writes them down as well.
///
/// Many commands share one. What each of them would ask is asked once: where the journal ends, and the
/// receipts of all of them, together at the beginning; what seldom changes, when the first asks for it.
final class JournaledTransaction: Transaction {
  private let transaction: any Transaction
  let journal: JournalWriter
  private var recorder = ChangeRecorder()
  private var memory = RowMemory()
  /// Whether changes are kept elsewhere.
  private let isRecording: Bool
  /// The mark of the youngest checkpoint when this transaction began, for receipts; nil before the
  /// first.
  let checkpoint: String?
  /// The receipts of the commands to come, as they were at the beginning; each is taken once, since
  /// the command that takes it leaves another.
  private var receipts: [CommandID: ReceiptStore.Kept?] = [:]

  /// - Parameter commands: those that will be done in this transaction, as far as they are known.
  init(_ transaction: any Transaction, vault: Vault, commands: [CommandID] = []) throws {
    self.transaction = transaction
    let answers = try transaction.rows(
      ofEach: [JournalStore.last, KeepingStore.keeping, CheckpointStore.last]
        + commands.map(ReceiptStore.kept))
    journal = JournalWriter(after: answers[0].first.map(JournalStore.end), vault: vault)
    isRecording = answers[1].first.map(KeepingStore.keeping)?.key != nil
    checkpoint = answers[2].first.map(CheckpointStore.checkpoint)?.mark
    for (command, rows) in zip(commands, answers[3...]) {
      receipts[command] = .some(rows.first.map { ReceiptStore.kept($0, of: command) })
    }
  }

  /// What is kept of a command that was done before.
  func receipt(of command: CommandID) throws -> ReceiptStore.Kept? {
    if let known = receipts.removeValue(forKey: command) { return known }
    return try transaction.row(ReceiptStore.kept(command)).map {
      ReceiptStore.kept($0, of: command)
    }
  }

  func execute(_ statement: SQL) throws -> Int {
    memory.forget(changedBy: statement)
    let changed = try transaction.execute(statement)
    if isRecording { recorder.note(statement, changed: changed) }
    return changed
  }

  func put(_ statement: SQL) throws {
    memory.forget(changedBy: statement)
    try transaction.put(statement)
    if isRecording { recorder.note(statement, changed: nil) }
  }

  func rows(_ statement: SQL) throws -> [Row] { try transaction.rows(statement) }

  func rows(ofEach statements: [SQL]) throws -> [[Row]] {
    try transaction.rows(ofEach: statements)
  }

  func remembered(_ statement: SQL, of table: String) throws -> [Row] {
    if let known = memory.rows(statement, of: table) { return known }
    let rows = try transaction.rows(statement)
    memory.keep(rows, of: statement, from: table)
    return rows
  }

  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    try transaction.eachRow(statement, body)
  }

  func storedBytes() throws -> Int { try transaction.storedBytes() }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    let mark = journal.mark
    let recorded = recorder.mark
    do {
      return try transaction.savepoint(body)
    } catch {
      journal.mark = mark
      recorder.back(to: recorded)
      // What was asked meanwhile may have been of rows that are gone again.
      memory = RowMemory()
      throw error
    }
  }

  /// Leaves what was changed for whoever takes it elsewhere.
  func keepChanges(at now: Instant) throws {
    guard !recorder.bytes.isEmpty else { return }
    let store = KeepingStore(transaction: transaction)
    let (entries, head) = journal.mark
    try store.append(
      TailRecord(
        number: store.lastNumber() + 1, at: now, entries: entries, head: head,
        changes: recorder.bytes))
  }
}
