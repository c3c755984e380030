/// A request of a hotline or a desk as `request,opened_at,closed_at,category,target_at` brings it.
package struct DeadlineRequest: Sendable {
  package let request: String
  package let opened: Instant
  package let closed: Instant?
  package let target: Instant?
  /// The two instants as they were written; the report repeats them unchanged.
  package let openedText: String
  package let closedText: String

  /// Reads one row.
  ///
  /// - Parameter row: the row's number as a spreadsheet shows it, for the message.
  /// - Throws: a refusal that names the row, the column and the form expected.
  package init(
    row: Int, request: String, openedAt: String, closedAt: String, targetAt: String, zone: Zone
  ) throws(Refusal) {
    self.request = request
    openedText = openedAt
    closedText = closedAt
    guard let opened = try Self.instant(openedAt, "opened_at", row, zone) else {
      throw Refusal(
        .invalid, "deadlines.malformed",
        Words("第 \(row) 行缺少“opened_at”，请填写", "Row \(row): “opened_at” is missing; fill it in"),
        field: "opened_at")
    }
    self.opened = opened
    closed = try Self.instant(closedAt, "closed_at", row, zone)
    target = try Self.instant(targetAt, "target_at", row, zone)
  }

  private static func instant(
    _ written: String, _ field: String, _ row: Int, _ zone: Zone
  ) throws(Refusal) -> Instant? {
    if written.trimmingWhitespace().isEmpty { return nil }
    guard let instant = Instant(written, in: zone) else {
      throw Refusal(
        .invalid, "deadlines.malformed",
        Words(
          "第 \(row) 行的“\(field)”应为时间，如 2022-11-29T08:30+08:00，请更正",
          "Row \(row): “\(field)” should be a time such as 2022-11-29T08:30+08:00; correct it"),
        field: field)
    }
    return instant
  }
}

/// The due time and the verdict of each request under each rule.
package struct DeadlineReport: Sendable {
  /// One request under one rule.
  package struct Line: Encodable, Sendable {
    package let request: String
    package let openedAt: String
    package let closedAt: String?
    package let rule: String
    package let dueAt: String?
    package let verdict: DeadlineVerdict

    private enum CodingKeys: String, CodingKey {
      case request, rule, verdict
      case openedAt = "opened_at"
      case closedAt = "closed_at"
      case dueAt = "due_at"
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(request, forKey: .request)
      try container.encode(openedAt, forKey: .openedAt)
      try container.encode(closedAt, forKey: .closedAt)
      try container.encode(rule, forKey: .rule)
      try container.encode(dueAt, forKey: .dueAt)
      try container.encode(verdict, forKey: .verdict)
    }
  }

  package static let header = ["request", "opened_at", "closed_at", "rule", "due_at", "verdict"]

  /// In the order of the requests, and for each in the order of the rules.
  package let lines: [Line]

  /// Judges every request by every rule as of a moment.
  package init(
    _ requests: [DeadlineRequest], rules: [DeadlineRule], asOf: Instant,
    calendar: WorkingCalendar, zone: Zone
  ) {
    lines = requests.flatMap { request in
      rules.map { rule in
        let due = rule.due(
          opened: request.opened, target: request.target, calendar: calendar, zone: zone)
        return Line(
          request: request.request, openedAt: request.openedText,
          closedAt: request.closed == nil ? nil : request.closedText, rule: rule.text,
          dueAt: due.instant?.text(in: zone),
          verdict: DeadlineVerdict(
            opened: request.opened, closed: request.closed, due: due, asOf: asOf))
      }
    }
  }

  /// How many requests got each verdict, by rule.
  package var counts: [String: [DeadlineVerdict: Int]] {
    var counts: [String: [DeadlineVerdict: Int]] = [:]
    for line in lines { counts[line.rule, default: [:]][line.verdict, default: 0] += 1 }
    return counts
  }

  /// The report as a table with ``header``.
  package var table: PlainTable {
    PlainTable(
      header: Self.header,
      rows: lines.map { line in
        [
          line.request, line.openedAt, line.closedAt ?? "", line.rule, line.dueAt ?? "",
          line.verdict.rawValue,
        ]
      })
  }
}

extension DeadlineReport {
  /// Reads a table `request,opened_at,closed_at,category,target_at` (only the first three columns
  /// are needed, and the last for the rule `target`).
  ///
  /// - Throws: the first hundred faulty rows as one refusal: an answer for some rows only would be
  ///   taken for the whole.
  package static func requests(
    of table: PlainTable, rules: [DeadlineRule], zone: Zone
  ) throws(Refusal) -> [DeadlineRequest] {
    let request = try table.column("request")
    let opened = try table.column("opened_at")
    let closed = try table.column("closed_at")
    let isTargetNeeded = rules.contains(.target) || table.header.contains("target_at")
    let target = isTargetNeeded ? try table.column("target_at") : nil
    var requests: [DeadlineRequest] = []
    var faults: [Refusal] = []
    for row in table.rows.indices {
      do {
        requests.append(
          try DeadlineRequest(
            row: table.number(of: row), request: table.cell(row, request),
            openedAt: table.cell(row, opened),
            closedAt: table.cell(row, closed), targetAt: target.map { table.cell(row, $0) } ?? "",
            zone: zone))
      } catch {
        faults.append(error)
      }
    }
    guard let first = faults.first else { return requests }
    let shown = faults.prefix(100)
    throw Refusal(
      .invalid, "deadlines.malformed",
      Words(
        shown.map(\.words.chinese).joined(separator: "\n"),
        shown.map(\.words.english).joined(separator: "\n")),
      field: first.field)
  }
}
