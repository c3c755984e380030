/// What became of the rows of a file.
package struct LoadingReport: Sendable {
  package var accepted = 0
  /// The numbers of rows that could not be taken, the first hundred of them.
  package var rejected: [Int] = []
  package var rejectedCount = 0

  mutating func reject(_ row: Int) {
    rejectedCount += 1
    if rejected.count < 100 { rejected.append(row) }
  }
}

/// The visits of a file in the rows of their days, with the identifiers that they use.
package struct LoadedVisits {
  package let rows: DayRows
  package let persons: Names
  package let venues: Names
  package let report: LoadingReport

  /// Reads a plain file whose times are seconds written as numbers; `nil` when it is not plain.
  ///
  /// Identifiers that are small numbers stand for themselves; when another one comes the file is
  /// read again and all get numbers.
  package init?(plainFile path: String) throws(VisitFault) {
    guard let file = try PlainFile(path: path), let table = VisitTable(file) else { return nil }
    for isPlain in [true, false] {
      let rows = DayRows()
      let persons = Names(plain: isPlain)
      let venues = Names(plain: isPlain)
      let report = table.load(into: rows, persons: persons, venues: venues)
      if persons.wasNotPlain || venues.wasNotPlain { continue }
      guard let report else { return nil }
      (self.rows, self.persons, self.venues, self.report) = (rows, persons, venues, report)
      return
    }
    return nil
  }
}

extension VisitTable {
  /// Puts all visits whose times are seconds written as numbers into the rows of their days.
  ///
  /// - Returns: `nil` when the file turned out not to be plain.
  package func load(
    into rows: DayRows, persons: Names, venues: Names, progress: (Int) -> Void = { _ in }
  ) -> LoadingReport? {
    var report = LoadingReport()
    let isWhole = forEachRow(
      progress: progress,
      short: { number in
        report.reject(number)
        return true
      },
      row: { row in
        guard let from = row.from.number, let to = row.to.number, to <= UInt64(UInt32.max),
          from <= to, row.person.count > 0, row.venue.count > 0
        else {
          report.reject(row.number)
          return true
        }
        rows.add(
          Visit(
            person: persons.id(for: row.person), venue: venues.id(for: row.venue),
            from: UInt32(truncatingIfNeeded: from), to: UInt32(truncatingIfNeeded: to)))
        report.accepted &+= 1
        return !(persons.wasNotPlain || venues.wasNotPlain)
      })
    return isWhole ? report : nil
  }
}
