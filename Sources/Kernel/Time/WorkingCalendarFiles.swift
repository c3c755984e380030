extension WorkingCalendar {
  /// The built-in calendar from `date,name,kind,announced_for_year` (Reference/holidays.csv, from
  /// the yearly notices of the State Council): kind `off` or `makeup_workday`.
  ///
  /// Whole years are covered, from the first to the last for which a notice is there: New Year's
  /// make-up days lie in the year before the one they are announced for, and do not cover it.
  package init(holidays table: PlainTable) throws(Refusal) {
    let date = try table.column("date")
    let kind = try table.column("kind")
    let year = try table.column("announced_for_year")
    var days: [Day: Bool] = [:]
    var years: Set<Int> = []
    for row in table.rows.indices {
      let worked: Bool
      switch table.cell(row, kind) {
      case "off": worked = false
      case "makeup_workday": worked = true
      default:
        throw .unreadable(
          table.number(of: row), "kind", Words("off 或 makeup_workday", "off or makeup_workday"))
      }
      guard let announced = Int(table.cell(row, year)) else {
        throw .unreadable(
          table.number(of: row), "announced_for_year", Words("年份，如 2022", "a year such as 2022"))
      }
      try Self.note(worked, of: table.cell(row, date), table.number(of: row), in: &days)
      years.insert(announced)
    }
    guard let first = years.min(), let last = years.max(),
      let from = Day(year: first, month: 1, day: 1), let to = Day(year: last, month: 12, day: 31)
    else { throw .emptyCalendar }
    self.init(covered: from...to, exceptions: days)
  }

  /// A calendar that a person brings: `date,is_workday,…` with one row a day, `1` or `0`
  /// (`true`, `false`, `是`, `否`). Days it does not name are not covered.
  package init(days table: PlainTable) throws(Refusal) {
    let date = try table.column("date")
    let isWorkday = try table.column("is_workday")
    var days: [Day: Bool] = [:]
    for row in table.rows.indices {
      let worked: Bool
      switch table.cell(row, isWorkday).lowercased() {
      case "1", "true", "是": worked = true
      case "0", "false", "否": worked = false
      default: throw .unreadable(table.number(of: row), "is_workday", Words("1 或 0", "1 or 0"))
      }
      try Self.note(worked, of: table.cell(row, date), table.number(of: row), in: &days)
    }
    guard let calendar = WorkingCalendar(days: days) else { throw .emptyCalendar }
    self = calendar
  }

  private static func note(
    _ worked: Bool, of written: String, _ row: Int, in days: inout [Day: Bool]
  ) throws(Refusal) {
    guard let day = Day(written) else {
      throw .unreadable(row, "date", Words("日期，如 2022-11-29", "a day such as 2022-11-29"))
    }
    guard days[day] ?? worked == worked else {
      throw Refusal(
        .invalid, "calendar.contradiction",
        Words(
          "日历第 \(row) 行：\(day.text) 既是工作日又是休息日，请只留一种",
          "Row \(row) of the calendar: \(day.text) is both worked and off; keep one of the two"),
        field: "date")
    }
    days[day] = worked
  }
}

extension Refusal {
  fileprivate static var emptyCalendar: Refusal {
    Refusal(
      .invalid, "calendar.empty",
      Words("日历里没有任何一天，请换一份文件", "The calendar names no day; bring another file"))
  }

  fileprivate static func unreadable(_ row: Int, _ field: String, _ expected: Words) -> Refusal {
    Refusal(
      .invalid, "calendar.malformed",
      Words(
        "日历第 \(row) 行的“\(field)”应为\(expected.chinese)，请更正",
        "Row \(row) of the calendar: “\(field)” should be \(expected.english); correct it"),
      field: field)
  }
}
