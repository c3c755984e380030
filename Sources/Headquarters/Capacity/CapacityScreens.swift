import Kernel
import Look
import Registry

/// What the sites have, and reporting it.
enum CapacityScreens {
  static let list = Screen(
    path: "/capacity", title: Words("资源", "Capacity"), duty: ListCapacity.duty,
    purpose: .supervision, navigation: 48
  ) { request, reading in
    let page = try CapacityPage(request: request, reading: reading)
    return Page(title: Look(reading)("资源", "Capacity"), body: try page.body(), isLive: true)
  }
}

private struct CapacityPage {
  /// How many sites stand on one page.
  private static let shown = 100

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
    let answer = try reading.ask(
      ListCapacity(place: place?.id, after: request.query["after"], limit: Self.shown))
    return HTML([
      look.title(look("资源", "Capacity"), look.note(place?.name ?? look("全部", "everywhere"))),
      look.columns(
        [look.panel(look("各处上报", "What the sites report"), try table(answer)), reporting()], .wide),
    ])
  }

  private func table(_ answer: ListCapacity.Answer) throws -> HTML {
    if answer.reports.isEmpty {
      return look.empty(
        look("还没有上报", "Nothing was reported yet"),
        look("在右侧填报，或导入表格（capacity）。", "Report it here, or import a table (capacity)."))
    }
    let store = CapacityStore(reading.transaction)
    var names = RepeatedNames(reading)
    let parts = try CapacityOf.allCases.compactMap { kind -> HTML? in
      let own = answer.reports.filter { $0.kind == kind }
      // The total is that of the area and not of the page, and the same as the wall's.
      guard !own.isEmpty,
        let sum = try store.sum(
          of: kind, in: place?.path ?? .everywhere, at: reading.now)
      else {
        return nil
      }
      return look.table(
        look(kind.words),
        columns: [
          .init(look(kind.words)), .init(look("辖区", "Area")), .init(look("何时", "Reported")),
          .number(look("总数", "In all")), .number(look("已用", "Taken")),
          .number(look("空", "Free")),
        ],
        rows: try own.map { report in
          Look.TableRow(
            report.site,
            cells: [
              .text(try names.name(of: report.place)),
              .text(
                report.isCounted
                  ? look("自动统计", "counted by itself") : look.nearMoment(report.at)),
              .number(report.total), .number(report.used), .sum(report.free),
            ])
        },
        total: Look.TableRow(
          look("合计 \(look.number(sum.sites)) 处", "Total of \(look.number(sum.sites))"),
          cells: [
            .text(""), .text(""), .number(sum.total), .number(sum.used), .sum(sum.free),
          ]), id: kind.rawValue)
    }
    let own = Address("/capacity", ["place": place?.id.text])
    let pages = look.pages(
      before: request.query["after"] == nil ? nil : own.text,
      after: answer.after.map { own.with(["after": $0]).text },
      note: look("每页 \(Self.shown) 处", "\(Self.shown) a page"))
    return HTML(parts) + (pages ?? "") + look.takeAway("capacity", ["place": place?.id.text])
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
