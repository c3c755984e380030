import Kernel
import Look
import Registry

/// What the sites have, and reporting it.
enum CapacityScreens {
  static let list = Screen(
    path: "/capacity", title: Words("资源", "Capacity"), duty: ListCapacity.duty,
    purpose: .supervision, navigation: 45
  ) { request, reading in
    let page = try CapacityPage(request: request, reading: reading)
    return Page(title: Look(reading)("资源", "Capacity"), body: try page.body(), isLive: true)
  }
}

private struct CapacityPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListCapacity.duty)
  }

  func body() throws -> HTML {
    let reports = try reading.ask(ListCapacity(place: place?.id)).reports
    return HTML([
      look.title(look("资源", "Capacity"), look.note(place?.name ?? look("全部", "everywhere"))),
      look.columns(
        [look.panel(look("各处上报", "What the sites report"), try table(reports)), reporting()], .wide),
    ])
  }

  private func table(_ reports: [CapacityReport]) throws -> HTML {
    if reports.isEmpty {
      return look.empty(
        look("还没有上报", "Nothing was reported yet"),
        look("在右侧填报，或导入表格（capacity）。", "Report it here, or import a table (capacity)."))
    }
    let parts = try CapacityOf.allCases.compactMap { kind -> HTML? in
      let own = reports.filter { $0.kind == kind }
      if own.isEmpty { return nil }
      func row(_ name: String, _ cells: [CapacityReport], _ rest: [Look.Cell]) -> Look.TableRow {
        Look.TableRow(
          name,
          cells: rest + [
            .number(cells.reduce(0) { $0 + $1.total }), .number(cells.reduce(0) { $0 + $1.used }),
            .sum(cells.reduce(0) { $0 + $1.free }),
          ])
      }
      return look.table(
        look(kind.words),
        columns: [
          .init(look(kind.words)), .init(look("辖区", "Area")), .init(look("何时", "Reported")),
          .number(look("总数", "In all")), .number(look("已用", "Taken")),
          .number(look("空", "Free")),
        ],
        rows: try own.map { report in
          row(
            report.site, [report],
            [
              .text(try reading.name(of: report.place)),
              .text(
                report.isCounted
                  ? look("自动统计", "counted by itself") : look.nearMoment(report.at)),
            ])
        }, total: row(look("合计", "Total"), own, [.text(""), .text("")]), id: kind.rawValue)
    }
    return HTML(parts) + look.takeAway("capacity", ["place": place?.id.text])
  }

  private func reporting() -> HTML {
    guard reading.authority.holds(ReportCapacity.duty), let place else { return "" }
    return look.card(
      look("上报", "Report"),
      look.form(
        ReportCapacity.name, for: request, hidden: [("place", place.id.text)],
        fields: [
          .init("site", look("哪一处", "Which site"), required: true),
          .init(
            "kind", look("种类", "What"),
            .list(CapacityOf.allCases.map { .init($0.rawValue, look($0.words)) }),
            required: true),
          .init("total", look("总数", "In all"), .number, required: true),
          .init("used", look("已用", "Taken"), .number, required: true),
        ], buttons: look.primaryButton(look("上报", "Report"))))
  }
}
