import Kernel

/// The answer of `bulletin check` for one file, as JSON and for people.
package struct BulletinTextCheck: Encodable, Sendable {
  package let bulletin: BulletinText
  /// The districts that differ from the table, nil when there was no table to hold against or it
  /// has no such day. They change neither ``BulletinText/reconciles`` nor the exit code.
  package let tableDifferences: [BulletinTableDifference]?
  private let isCompared: Bool

  /// A bulletin, held against a table when there is one.
  package init(_ bulletin: BulletinText, against table: BulletinTable? = nil) {
    self.bulletin = bulletin
    isCompared = table != nil
    tableDifferences = table?.differences(from: bulletin)
  }

  package var reconciles: Bool { bulletin.reconciles }

  private enum CodingKeys: String, CodingKey {
    case file, date, confirmed, asymptomatic, converted, reconciles, differences
    case bySource = "by_source"
    case byDistrict = "by_district"
    case tableDifferences = "table_differences"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bulletin.file, forKey: .file)
    try container.encode(bulletin.headline.date, forKey: .date)
    try container.encode(bulletin.headline.count[.confirmed], forKey: .confirmed)
    try container.encode(bulletin.headline.count[.asymptomatic], forKey: .asymptomatic)
    try container.encode(bulletin.headline.converted, forKey: .converted)
    try container.encode(
      byKind { kind in
        let sums = bulletin.breakdown.bySource(kind).map { ($0.key.rawValue, $0.value) }
        return Dictionary(uniqueKeysWithValues: sums)
      }, forKey: .bySource)
    try container.encode(byKind(bulletin.breakdown.byDistrict), forKey: .byDistrict)
    try container.encode(reconciles, forKey: .reconciles)
    try container.encode(bulletin.differences, forKey: .differences)
    if isCompared { try container.encode(tableDifferences ?? [], forKey: .tableDifferences) }
  }

  private func byKind(
    _ sums: (PublishedKind) -> [String: Int]
  ) -> [String: [String: Int]] {
    Dictionary(uniqueKeysWithValues: PublishedKind.allCases.map { ($0.rawValue, sums($0)) })
  }

  /// The check as lines for people: one for the file, one for each thing that differs.
  package func text(_ language: Language) -> String {
    let headline = bulletin.headline
    let date = headline.date?.text ?? "?"
    let confirmed = headline.count[.confirmed].map(String.init) ?? "?"
    let asymptomatic = headline.count[.asymptomatic].map(String.init) ?? "?"
    let state = reconciles ? Words("相符", "reconciles") : Words("不符", "does not reconcile")
    let first = Words(
      "\(bulletin.file) \(date)：确诊 \(confirmed)（含转归 \(headline.converted)），"
        + "无症状 \(asymptomatic)，\(state.chinese)",
      "\(bulletin.file) \(date): \(confirmed) confirmed (\(headline.converted) converted), "
        + "\(asymptomatic) asymptomatic, \(state.english)")
    var lines = [first(language)]
    lines += bulletin.differences.map { "  " + $0.words(language) }
    if isCompared, tableDifferences == nil {
      lines.append("  " + Words("对照表没有这一天", "The table does not have this day")(language))
    }
    for difference in tableDifferences ?? [] {
      let (mine, theirs) = (difference.bulletin, difference.table)
      let words = Words(
        "\(difference.district)：通报 \(mine[0])+\(mine[1])，对照表 \(theirs[0])+\(theirs[1])",
        "\(difference.district): \(mine[0])+\(mine[1]) in the bulletin, "
          + "\(theirs[0])+\(theirs[1]) in the table")
      lines.append("  " + words(language))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension [BulletinTextCheck] {
  /// All checks as a JSON array, in the order of the files.
  package func json() throws -> [UInt8] { try Fields.jsonBytes(self) }
}
