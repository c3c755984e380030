import Gazette
import Kernel
import Look
import Registry

/// The cases behind a number.
struct LineListPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  init(request: ScreenRequest, reading: Reading) {
    self.request = request
    self.reading = reading
    look = Look(reading)
  }

  func body() throws -> HTML {
    let (from, to) = (try instant("from"), try instant("to"))
    let asked = request.query["place"]
    let isWhole = asked == nil && reading.authority.may(ListBulletinRows.duty, at: .everywhere)
    let place = isWhole ? nil : try reading.placeInSight(asked, for: ListBulletinRows.duty)
    let answer = try reading.ask(
      ListBulletinRows(
        from: from, to: to, place: place?.id,
        kind: request.query["kind"].flatMap(InfectionKind.init),
        source: request.query["source"], district: request.query["district"],
        after: request.query["after"].map { CaseID(trusted: $0) }, limit: 100))
    let sources = try reading.policy(CasePolicy.self).sources
    let rows = try answer.rows.map { row in
      Look.TableRow(
        row.infection.text, to: "/cases/\(Address.escaped(row.infection.text))",
        cells: [
          .text(look((row.isConverted ? InfectionKind.converted : row.kind).words)),
          .text(
            row.source.map { code in
              sources.first { $0.code == code }.map { look($0.words) } ?? code
            }
              ?? look("待查", "not yet known")),
          .text(try reading.name(of: row.district)), .text(look.moment(row.reportedAt)),
        ])
    }
    let window = "\(look.moment(from)) – \(look.end(to))"
    let table = look.table(
      look("逐例清单", "Line list"),
      columns: [
        .init(look("病例", "Case")), .init(look("类型", "Kind")), .init(look("途径", "Found by")),
        .init(look("区县", "District")), .init(look("报告", "Reported")),
      ], rows: rows)
    let next = answer.after.map {
      Address("/bulletin/rows", request.query).with(["after": $0]).text
    }
    return HTML([
      look.title(look("逐例清单", "Line list"), look.note(window)),
      look.panel(
        look.count(rows.count, "例", "case", "cases"),
        rows.isEmpty ? look.empty(look("没有这样的病例", "No such case")) : table),
      look.pages(after: next, note: look("每页 100 例", "100 a page")) ?? "",
    ])
  }

  private func instant(_ field: String) throws(Refusal) -> Instant {
    guard let text = request.query[field] else { throw .missing(field) }
    guard let instant = Instant(text, in: reading.zone) else {
      throw .malformed(
        field, text, expected: Words("时间，如 2022-11-29T08:30", "a time such as 2022-11-29T08:30"))
    }
    return instant
  }
}
