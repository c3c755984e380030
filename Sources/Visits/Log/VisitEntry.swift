/// What is written down: someone was somewhere, or that it was not so after all.
package struct VisitEntry: Hashable, Sendable {
  package var person: String
  package var venue: String
  package var from: UInt32
  package var to: UInt32
  package var source: UInt8
  /// Takes one equal visit back; a correction is this and the right visit in one call.
  package var isWithdrawal: Bool

  package init(
    person: String, venue: String, from: UInt32, to: UInt32, source: UInt8 = 0,
    isWithdrawal: Bool = false
  ) {
    self.person = person
    self.venue = venue
    self.from = from
    self.to = to
    self.source = source & 0x7F
    self.isWithdrawal = isWithdrawal
  }

  /// The rest of a visit that was cut at midnight.
  package var continues = false
}

/// Entries as bytes of a log.
enum EntryBytes {
  static func append(_ entry: VisitEntry, to bytes: inout [UInt8]) {
    bytes.append((entry.isWithdrawal ? 1 : 0) | (entry.continues ? 2 : 0))
    bytes.append(entry.source)
    append(entry.from, to: &bytes)
    append(entry.to, to: &bytes)
    for name in [entry.person, entry.venue] {
      append(UInt32(name.utf8.count), to: &bytes)
      bytes.append(contentsOf: name.utf8)
    }
  }

  static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Reads entries back; `nil` when the bytes are no entries.
  static func entries(_ bytes: UnsafeRawBufferPointer, count: Int) -> [VisitEntry]? {
    var entries: [VisitEntry] = []
    var at = 0
    func number() -> UInt32? {
      guard at + 4 <= bytes.count else { return nil }
      defer { at += 4 }
      return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }
    func name() -> String? {
      guard let length = number(), at + Int(length) <= bytes.count else { return nil }
      defer { at += Int(length) }
      return String(decoding: bytes[at..<at + Int(length)], as: UTF8.self)
    }
    for _ in 0..<count {
      guard at + 2 <= bytes.count else { return nil }
      let flags = bytes[at]
      let source = bytes[at + 1]
      at += 2
      guard let from = number(), let to = number(), let person = name(), let venue = name() else {
        return nil
      }
      var entry = VisitEntry(
        person: person, venue: venue, from: from, to: to, source: source,
        isWithdrawal: flags & 1 != 0)
      entry.continues = flags & 2 != 0
      entries.append(entry)
    }
    return at == bytes.count ? entries : nil
  }
}

extension VisitEntry {
  /// An encounter as two visits to a place of its own, which nobody else ever visits: then it counts
  /// like any other common time, and no second of it twice.
  ///
  /// - Parameter end: the second at which it ended.
  package static func encounter(
    _ one: String, _ other: String, end: UInt32, seconds: UInt32, source: UInt8 = 0
  ) -> [VisitEntry] {
    let begin = end > seconds ? end - seconds : 0
    let spot = "encounter/\(min(one, other))/\(max(one, other))/\(end)"
    return [one, other].map {
      VisitEntry(person: $0, venue: spot, from: begin, to: end, source: source)
    }
  }
}

extension VisitEntry {
  /// Marks in the source of a stay that it goes on where another ended.
  package static let continuation = UInt8(StayRow.continues)

  /// The stays as which it is kept: none passes midnight, so that a day is deleted with exactly its
  /// seconds.
  package func eachStay(_ take: (_ day: UInt32, _ span: SecondSpan, _ source: UInt8) -> Void) {
    let visit = Visit(person: 0, venue: 0, from: from, to: to, source: source)
    StayRow.pieces(of: visit) { day, row in
      let begin = day * Stay.day
      let mark = continues ? Self.continuation : 0
      take(
        day, SecondSpan(begin + Stay.enter(row.stay), begin + Stay.leave(row.stay)),
        UInt8(truncatingIfNeeded: row.source) | mark)
    }
  }
}
