/// Some of the visits of a file with the identifiers that they use.
package struct VisitList: Sendable {
  package var persons: [String] = []
  package var venues: [String] = []
  /// The numbers are places in the lists; times are seconds since 1970-01-01T00:00Z.
  package var visits: [Visit] = []
}

extension VisitTable {
  /// Takes a file apart into lists of at most so many visits.
  ///
  /// - Parameters:
  ///   - sources: what each text of the column `source` means; an empty cell means the first.
  /// - Returns: whether every row was plain and right; if not, a slower reader explains it.
  package func lists(
    of size: Int, sources: [(text: String, number: UInt8)], longest: UInt32,
    clock: inout ClockText, progress: (Int) -> Void = { _ in },
    _ take: (VisitList) -> Void
  ) -> Bool {
    var persons = Names()
    var venues = Names()
    var visits: [Visit] = []
    visits.reserveCapacity(size)
    func flush() {
      guard !visits.isEmpty else { return }
      take(
        VisitList(
          persons: (0..<UInt32(persons.count)).map { persons[$0] },
          venues: (0..<UInt32(venues.count)).map { venues[$0] }, visits: visits))
      (persons, venues) = (Names(), Names())
      visits.removeAll(keepingCapacity: true)
    }
    let known = sources.map { (Array($0.text.utf8), $0.number) }
    var clockText = clock
    let body = { (row: RawRow) -> Bool in
      guard Self.isPlain(row.person), Self.isPlain(row.venue),
        let (from, to) = Self.span(row, &clockText), to - from <= longest,
        let source = Self.source(row.source, among: known)
      else { return false }
      visits.append(
        Visit(
          person: persons.id(for: row.person), venue: venues.id(for: row.venue), from: from,
          to: to, source: source))
      if visits.count == size { flush() }
      return true
    }
    let isWhole = forEachRow(progress: progress, short: { _ in false }, row: body)
    clock = clockText
    if isWhole { flush() }
    return isWhole
  }

  private static func source(
    _ field: FieldText?, among known: [(text: [UInt8], number: UInt8)]
  ) -> UInt8? {
    guard let field, field.count > 0 else { return known.first?.number }
    return known.first { $0.text.elementsEqual(field.bytes) }?.number
  }
}
