/// A transaction that undoes its facts with its rows: when a savepoint is undone, the chain stands
/// again where it stood before. Where changes are kept elsewhere, it writes them down as well.
final class JournaledTransaction: Transaction {
  private let transaction: any Transaction
  let journal: JournalWriter
  private var recorder = ChangeRecorder()
  /// Whether changes are kept elsewhere; asked when the first is made.
  private lazy var isRecording = Result { try KeepingStore(transaction: transaction).keeping() }
    .map { $0?.key != nil }
  /// The mark of the youngest checkpoint, for receipts; nil before the first.
  private lazy var lastCheckpoint = Result {
    try CheckpointStore(transaction: transaction).last()?.mark
  }

  init(_ transaction: any Transaction, vault: Vault) throws {
    self.transaction = transaction
    journal = try JournalWriter(transaction, vault: vault)
  }

  func execute(_ statement: SQL) throws -> Int {
    let isRecording = try self.isRecording.get()
    let changed = try transaction.execute(statement)
    if isRecording { recorder.note(statement, changed: changed) }
    return changed
  }

  func put(_ statement: SQL) throws {
    let isRecording = try self.isRecording.get()
    try transaction.put(statement)
    if isRecording { recorder.note(statement, changed: nil) }
  }

  func rows(_ statement: SQL) throws -> [Row] { try transaction.rows(statement) }

  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    try transaction.eachRow(statement, body)
  }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    let mark = journal.mark
    let recorded = recorder.mark
    do {
      return try transaction.savepoint(body)
    } catch {
      journal.mark = mark
      recorder.back(to: recorded)
      throw error
    }
  }

  /// The mark of a checkpoint that was there when this transaction began.
  func checkpoint() throws -> String? { try lastCheckpoint.get() }

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
