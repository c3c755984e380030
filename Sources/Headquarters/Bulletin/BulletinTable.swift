import Kernel

/// The district figures of another publication, to hold against a bulletin's own.
package struct BulletinTable: Sendable {
  private let days: [Day: [String: [Int]]]

  /// Reads `date,district,confirmed,asymptomatic`. Rows that stand twice count once; of rows that
  /// contradict each other the last is taken.
  ///
  /// - Throws: a refusal that names the row and the column.
  package init(_ table: PlainTable) throws(Refusal) {
    let date = try table.column("date")
    let district = try table.column("district")
    let columns = [try table.column("confirmed"), try table.column("asymptomatic")]
    var days: [Day: [String: [Int]]] = [:]
    for row in table.rows.indices {
      guard let day = Day(table.cell(row, date)) else {
        throw Self.malformed(
          table.number(of: row), "date", Words("日期，如 2022-04-20", "a day such as 2022-04-20"))
      }
      var counts: [Int] = []
      for column in columns {
        guard let count = Int(table.cell(row, column)), count >= 0 else {
          throw Self.malformed(
            table.number(of: row), table.header[column], Words("人数", "a number of people"))
        }
        counts.append(count)
      }
      days[day, default: [:]][table.cell(row, district)] = counts
    }
    self.days = days
  }

  /// The districts whose numbers differ on a bulletin's day, by name; nil when the table or the
  /// bulletin has no such day. A district that only one of the two names counts as 0 in the other.
  func differences(from bulletin: BulletinText) -> [BulletinTableDifference]? {
    guard let date = bulletin.headline.date, let table = days[date] else { return nil }
    let confirmed = bulletin.breakdown.byDistrict(.confirmed)
    let asymptomatic = bulletin.breakdown.byDistrict(.asymptomatic)
    let names = Set(table.keys).union(confirmed.keys).union(asymptomatic.keys)
    return names.sorted().compactMap { name in
      let mine = [confirmed[name] ?? 0, asymptomatic[name] ?? 0]
      let theirs = table[name] ?? [0, 0]
      return mine == theirs
        ? nil : BulletinTableDifference(district: name, bulletin: mine, table: theirs)
    }
  }

  private static func malformed(_ row: Int, _ field: String, _ expected: Words) -> Refusal {
    Refusal(
      .invalid, "bulletin.table.malformed",
      Words(
        "对照表第 \(row) 行的“\(field)”应为\(expected.chinese)，请更正",
        "Row \(row) of the table: “\(field)” should be \(expected.english); correct it"),
      field: field)
  }
}

/// A district in which a bulletin and a table differ, each as confirmed and asymptomatic.
package struct BulletinTableDifference: Hashable, Encodable, Sendable {
  package let district: String
  package let bulletin: [Int]
  package let table: [Int]

  package init(district: String, bulletin: [Int], table: [Int]) {
    self.district = district
    self.bulletin = bulletin
    self.table = table
  }
}
