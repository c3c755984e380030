/// A database that keeps what it has acknowledged. SQLite and PostgreSQL conform.
package protocol Storage: Sendable {
  /// Runs one writing transaction; when this returns, the result is durable.
  func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result

  /// Runs statements that only read, on one unchanging view of the data.
  func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result

  /// Brings the schema up to date, each step once, in the order given.
  func migrate(_ migrations: [Migration]) async throws

  /// Whether this node, of all that share the data, is the one that does a work now. Who holds it
  /// keeps it until it ends or is cut off; for a moment two may believe it, so what is done must bear
  /// being done twice.
  func holds(_ work: String) async throws -> Bool

  /// Whether what is written now would be kept: a database that several nodes share may be without
  /// one that takes writing, or without the second one that has to confirm.
  ///
  /// - Throws: a ``StorageFailure``: `unavailable` when nothing takes writing, `unknown` when nothing
  ///   confirms it.
  func requireWriting() async throws

  /// Calls back whenever another node has changed something, until the task is cancelled.
  func listen(_ heard: @escaping @Sendable () -> Void) async throws

  /// Why it takes no commands at the moment; nil while all is well.
  var trouble: StorageFailure? { get }

  /// Looks whether its trouble has passed. Called again and again while it lasts.
  func recover() async
}

/// An engine on another machine says with each statement what troubles it.
extension Storage {
  /// It remembers none.
  package var trouble: StorageFailure? { nil }
  /// There is nothing to look at.
  package func recover() async {}
}

/// An engine whose data one process owns has nobody to agree with.
extension Storage {
  /// It does every work itself.
  package func holds(_ work: String) async throws -> Bool { true }
  /// Its own disk says so when it is written to.
  package func requireWriting() async throws {}
  /// Nobody else changes anything.
  package func listen(_ heard: @escaping @Sendable () -> Void) async throws {}
}

/// Statements of one transaction. Everything inside is synchronous.
package protocol Transaction: AnyObject {
  /// Runs a statement and says how many rows it changed.
  @discardableResult func execute(_ statement: SQL) throws -> Int
  /// Runs a statement of which nobody asks how many rows it changed. An engine may send it along with
  /// a later one; what is wrong with it then shows there, at the latest at the end of the savepoint.
  func put(_ statement: SQL) throws
  /// All rows that a statement brings.
  func rows(_ statement: SQL) throws -> [Row]
  /// The rows of each of several statements that only read. An engine on another machine is asked
  /// once for all of them.
  func rows(ofEach statements: [SQL]) throws -> [[Row]]
  /// The rows of a statement that commands ask again and again of a table that seldom changes, such as
  /// the places. They may be given again without asking, as long as nothing in this transaction has
  /// changed the table.
  ///
  /// - Parameter table: the only table that the statement reads.
  func remembered(_ statement: SQL, of table: String) throws -> [Row]
  /// Hands the rows one by one, for answers too long to hold.
  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws
  /// How many bytes the data takes, roughly: from how large a store on something is worth keeping.
  func storedBytes() throws -> Int
  /// Runs statements that are undone together when the body throws.
  func savepoint<Result>(_ body: () throws -> Result) throws -> Result
}

extension Transaction {
  /// An engine in the same process has nobody to wait for.
  package func put(_ statement: SQL) throws { try execute(statement) }

  /// An engine in the same process is asked one after another.
  package func rows(ofEach statements: [SQL]) throws -> [[Row]] { try statements.map(rows) }

  /// Who remembers nothing asks.
  package func remembered(_ statement: SQL, of table: String) throws -> [Row] {
    try rows(statement)
  }

  /// The first row that a statement brings.
  package func row(_ statement: SQL) throws -> Row? { try rows(statement).first }
}

/// One step of a slice's schema. Never edited after it was released.
///
/// Written in the portable types `TEXT`, `BIGINT`, `DOUBLE PRECISION` and `BYTEA`; the SQLite driver
/// maps them and makes every table STRICT.
package struct Migration: Sendable {
  /// Unique over the product: `slice-0001`.
  package let name: String
  package let statements: [String]

  package init(_ name: String, _ statements: String...) {
    self.name = name
    self.statements = statements
  }
}

/// The world let the storage down, or a constraint of the schema was broken.
package struct StorageFailure: Error, Sendable, CustomStringConvertible {
  /// What went wrong, as far as the caller has to tell it apart.
  package enum Kind: Sendable {
    /// A rule of the schema was broken, or the statement is wrong: a defect in a command, which
    /// alone is undone.
    case constraint
    /// No room is left.
    case full
    /// Anything else: the disk, the connection. Nothing was done.
    case unavailable
    /// The engine did not say whether the transaction is durable; what it left behind tells.
    case unknown
    /// The disk failed while it was written to, or what stands on it is damaged. What the system
    /// believes to be written is no longer sure, so nothing more is written before a new start.
    case broken
  }

  package let kind: Kind
  /// The engine's words, without any value.
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
