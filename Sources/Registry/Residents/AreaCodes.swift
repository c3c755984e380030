import Kernel

/// One entry of the table of area codes: a code under one name, from one year to another.
package struct AreaRecord: Hashable, Sendable {
  /// Six digits of GB/T 2260.
  package let code: String
  package let province: String
  package let prefecture: String
  package let name: String
  package let isCounty: Bool
  /// The first year in whose list the code stands.
  package let since: Int
  /// The year in which it was renamed or abolished, nil while it is in use.
  package let until: Int?
  package let successors: [AreaSuccessor]
}

/// A code that took over an area or a part of it.
package struct AreaSuccessor: Hashable, Sendable {
  package let code: String
  /// The year of the transfer where it differs from the end of the record.
  package let year: Int?
}

/// The codes of provinces, prefectures and counties since 1981, abolished ones included: people
/// keep the code of the county where they were first registered for life.
///
/// Source: yescallop/areacodes (CC0 1.0), from the yearly lists of the Ministry of Civil Affairs.
package struct AreaCodes: Sendable {
  /// What is known of a county code for somebody born in a year.
  package enum CountyStanding: Hashable, Sendable {
    case known
    /// There never was such a county.
    case unknown
    /// Every record of the code ended in or before the year of birth.
    case abolishedBeforeBirth
  }

  private let records: [String: [AreaRecord]]

  /// Reads `代码,一级行政区,二级行政区,名称,级别,状态,启用时间,变更/弃用时间,新代码`.
  ///
  /// - Throws: a refusal that names the row when the table is not of that form.
  package init(csv bytes: [UInt8]) throws(Refusal) {
    let table = try PlainTable(csv: bytes)
    let code = try table.column("代码")
    let province = try table.column("一级行政区")
    let prefecture = try table.column("二级行政区")
    let name = try table.column("名称")
    let level = try table.column("级别")
    let since = try table.column("启用时间")
    let until = try table.column("变更/弃用时间")
    let successors = try table.column("新代码")
    var records: [String: [AreaRecord]] = [:]
    for row in table.rows.indices {
      let written = table.cell(row, until)
      let end = Int(written)
      guard let start = Int(table.cell(row, since)), written.isEmpty || end != nil,
        table.cell(row, code).utf8.count == 6
      else {
        throw Refusal(
          .invalid, "areacodes.malformed",
          Words(
            "区划代码表第 \(row + 1) 行的代码或年份无法识别，请更正",
            "Row \(row + 1) of the area codes: the code or a year cannot be read; correct it"))
      }
      let record = AreaRecord(
        code: table.cell(row, code), province: table.cell(row, province),
        prefecture: table.cell(row, prefecture), name: table.cell(row, name),
        isCounty: table.cell(row, level) == "县级", since: start, until: end,
        successors: Self.successors(table.cell(row, successors)))
      records[record.code, default: []].append(record)
    }
    self.records = records
  }

  /// Every record of a code, in the table's order.
  package func records(of code: String) -> [AreaRecord] { records[code] ?? [] }

  /// Whether a county code can be that of somebody born in a year. The first year of the table
  /// says nothing about the time before it, so only the end of a code is looked at.
  package func standing(of county: String, bornIn year: Int) -> CountyStanding {
    let counties = records(of: county).filter(\.isCounty)
    if counties.isEmpty { return .unknown }
    let isGone = counties.allSatisfy { record in record.until.map { $0 <= year } ?? false }
    return isGone ? .abolishedBeforeBirth : .known
  }

  /// `370203[1994];370205`: codes parted by semicolons, with a year in brackets where it differs.
  private static func successors(_ written: String) -> [AreaSuccessor] {
    written.split(separator: ";").map { part in
      let pieces = part.split(separator: "[")
      let year = pieces.count > 1 ? Int(pieces[1].prefix { $0 != "]" }) : nil
      return AreaSuccessor(code: String(pieces.first ?? ""), year: year)
    }
  }
}
