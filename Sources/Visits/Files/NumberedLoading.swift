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

extension VisitTable {
  /// Puts all visits whose times are seconds written as numbers into the rows of their days.
  ///
  /// - Returns: `nil` when the file turned out not to be plain.
  package func load(
    into rows: DayRows, persons: Names, venues: Names, progress: (Int) -> Void = { _ in }
  ) -> LoadingReport? {
    var report = LoadingReport()
    let isWhole = forEachRow(progress: progress, short: { report.reject($0) }) { row in
      guard let from = row.from.number, let to = row.to.number, to <= UInt64(UInt32.max),
        from <= to, row.person.count > 0, row.venue.count > 0
      else { return report.reject(row.number) }
      rows.add(
        Visit(
          person: persons.id(for: row.person), venue: venues.id(for: row.venue),
          from: UInt32(truncatingIfNeeded: from), to: UInt32(truncatingIfNeeded: to)))
      report.accepted &+= 1
    }
    return isWhole ? report : nil
  }
}
