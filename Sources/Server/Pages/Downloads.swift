import Kernel

/// Lists to take away, as a spreadsheet opens them: what the slices export, with the filters of the
/// page from which it was asked. The person who takes one needs the duty of the export, and those on
/// it see that it was taken.
struct Downloads: Sendable {
  let hall: Hall

  /// Larger lists are taken at the command line, which writes them as they come.
  private static let mostRows = 100_000

  /// The way to a list (`/export/residents.csv`); nil when it is another address.
  func route(_ parts: [String]) -> Route? {
    guard parts.count == 2, parts[0] == "export", parts[1].hasSuffix(".csv"),
      let kind = hall.desk.assembly.exports[String(parts[1].dropLast(4))]
    else { return nil }
    return Route("/export/\(kind.kind)", .export, ["GET": { try await take(kind, $0) }])
  }

  private func take(_ kind: ExportKind, _ asked: Asked) async throws -> Reply {
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    if visitor.sender == .nobody {
      return .seeOther("/sign-in?next=\(PercentText.encode(asked.address))")
    }
    guard let query = hall.desk.assembly.queries[kind.query] else {
      throw TroubleError(Trouble.noSuchAddress)
    }
    let look = Desk.Look(
      sender: visitor.sender, purpose: Self.purpose(of: query), language: asked.language,
      question: kind.query)
    var pairs = (asked.query ?? []).filter { !$0.value.isEmpty && $0.name != "after" }
    var rows: [[String]] = []
    var after: String?
    repeat {
      pairs.removeAll { $0.name == "after" }
      if let after { pairs.append(FormPair(name: "after", value: after)) }
      let body = try Fields(form: pairs, shape: query.shapes().body)
      let isEmpty = pairs.isEmpty
      let bytes = try await hall.desk.ask(kind.query, isEmpty ? .object([:]) : body, look)
      let page = try Fields.json(bytes).decodedAnswer(ExportAnswer.self)
      rows += page.rows
      after = page.after
      guard rows.count <= Self.mostRows else { throw Self.tooMany }
    } while after != nil
    // Spreadsheets take a file without the mark for one in the machine's old encoding.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let day = Day(of: hall.desk.clock.now(), in: hall.desk.rules.zone).text
    return Reply(
      200, type: "text/csv; charset=utf-8",
      mark + PlainTable(header: kind.header, rows: rows).csv
    ).with("content-disposition", "attachment; filename=\"\(kind.kind)-\(day).csv\"")
  }

  private static func purpose(of query: QueryKind) -> Purpose {
    query.purposes.contains(.exchange) ? .exchange : query.purposes.first ?? .supervision
  }

  private static let tooMany = TroubleError(
    413, "export.large",
    Words(
      "名单超过 \(mostRows / 10_000) 万行，请缩小范围，或由管理员用命令行导出",
      "The list has more than \(mostRows) rows; choose a smaller area, or have it exported at the command line"
    ))
}
