/// What one transaction changed, so that it can be done once more elsewhere: its statements in their
/// order, with their arguments.
///
/// The dialect has no functions of an engine, and time, chance and identifiers come as arguments; so
/// the same statements on the same rows leave the same rows, on either engine. How many rows each
/// changed is kept along and compared.
package struct TailRecord: Sendable {
  /// From 1, without a gap, under one run of keeping.
  package let number: Int
  package let at: Instant
  /// How many entries the journal had afterwards, and its head.
  package let entries: Int
  package let head: String
  package let changes: [UInt8]

  package init(number: Int, at: Instant, entries: Int, head: String, changes: [UInt8]) {
    self.number = number
    self.at = at
    self.entries = entries
    self.head = head
    self.changes = changes
  }

  package var encoded: [UInt8] {
    Int64(number).bigEndianBytes + at.milliseconds.bigEndianBytes + Int64(entries).bigEndianBytes
      + head.encoded + changes
  }

  package init(encoded bytes: ArraySlice<UInt8>) throws(EncodedValues.Damaged) {
    var values = EncodedValues(bytes)
    number = Int(truncatingIfNeeded: try values.number(8))
    at = Instant(milliseconds: Int64(bitPattern: try values.number(8)))
    entries = Int(truncatingIfNeeded: try values.number(8))
    head = try values.text()
    changes = Array(values.rest)
  }

  /// Does once more what was done.
  ///
  /// - Throws: a ``Defect`` when a statement changes other rows than it did, or the journal does not
  ///   end where it did.
  package func perform(in transaction: any Transaction) throws {
    var values = EncodedValues(changes[...])
    var statements: [[String]] = []
    while !values.rest.isEmpty {
      let kind = try values.take(1).first
      if kind == ChangeRecorder.newStatement {
        let count = Int(try values.number(4))
        statements.append(try (0..<count).map { _ in try values.text() })
        continue
      }
      let index = Int(try values.number(4))
      guard statements.indices.contains(index) else { throw EncodedValues.Damaged() }
      let pieces = statements[index]
      let expected = Int64(bitPattern: try values.number(8))
      let arguments = try pieces.dropFirst().map { _ in try values.value() }
      let changed = try transaction.execute(SQL(pieces: pieces, arguments: arguments))
      guard expected < 0 || expected == Int64(changed) else {
        throw Defect("a change of record \(number) met other rows than when it was made")
      }
    }
    let last = try JournalStore(transaction: transaction).last()
    guard last?.sequence ?? 0 == entries, last?.head ?? JournalChain.origin == head else {
      throw Defect("the journal does not end as it did after record \(number)")
    }
  }
}

/// Writes down the statements of a transaction as they are run.
struct ChangeRecorder {
  static let newStatement = UInt8(ascii: "S")
  private static let run = UInt8(ascii: "X")

  private(set) var bytes: [UInt8] = []
  private var known: [String: Int] = [:]

  /// Where it stands, to come back to when a command is undone.
  var mark: (bytes: Int, statements: Int) { (bytes.count, known.count) }

  mutating func back(to mark: (bytes: Int, statements: Int)) {
    bytes.removeLast(bytes.count - mark.bytes)
    if known.count > mark.statements { known = known.filter { $0.value < mark.statements } }
  }

  /// - Parameter changed: how many rows it changed; nil when nobody asked.
  mutating func note(_ statement: SQL, changed: Int?) {
    let text = statement.text { "\u{1F}\($0)" }
    let index: Int
    if let place = known[text] {
      index = place
    } else {
      index = known.count
      known[text] = index
      bytes.append(Self.newStatement)
      bytes += UInt32(statement.pieces.count).bigEndianBytes
      for piece in statement.pieces { bytes += piece.encoded }
    }
    bytes.append(Self.run)
    bytes += UInt32(index).bigEndianBytes
    bytes += Int64(changed ?? -1).bigEndianBytes
    for argument in statement.arguments { bytes += argument.encoded }
  }
}
