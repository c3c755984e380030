import Gazette
import Kernel
import Look
import Registry

/// A round's sampling points, a form for one more, and the round's end.
struct PointsPanel {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let round: ScreeningRound

  private static let mostPoints = 500
  private static let mostPlaces = 200

  func html() throws -> HTML {
    let points = try ScreeningRoundStore(reading.transaction).points(
      in: round.path, limit: Self.mostPoints)
    let title = look("采样点", "Sampling points")
    let list =
      points.isEmpty
      ? look.empty(look("还没有采样点，可以逐户采样", "No point yet; one can sample from door to door"))
      : look.table(
        title,
        columns: [
          .init(look("采样点", "Point")), .init(look("地点", "Place")),
          .init(look("方式", "Kind")), .init(look("时间", "Hours")),
          .number(look("采样员", "Samplers")),
        ], rows: try points.map(row), id: "points")
    return look.panel(
      title, id: "sampling-points", chip: .init(look.number(points.count), .neutral),
      list + (try form()))
  }

  private func row(_ point: SamplingPoint) throws -> Look.TableRow {
    let hours = [point.opens, point.closes].compactMap(\.self).joined(separator: "–")
    let address = Address(
      "/sampling/\(Address.escaped(round.id.text))", ["point": point.id.text])
    let mayOpen = reading.authority.holds(RegisterSwab.duty)
    return Look.TableRow(
      point.name, to: mayOpen ? address.text : nil,
      cells: [
        .text(try reading.shortAddress(of: point.path)), .text(look(point.kind.words)),
        .text(hours.isEmpty ? "—" : hours), .number(point.samplers),
      ])
  }

  private func form() throws -> HTML {
    guard round.closedAt == nil, reading.authority.may(SetPoint.duty, at: round.path) else {
      return ""
    }
    let store = PlacesStore(reading.transaction)
    let area = try store.get(round.area)
    let inside = try store.children(of: area.id, limit: Self.mostPlaces)
    let places = try ([area] + inside).map {
      Look.Field.Choice($0.id.text, try reading.shortAddress(of: $0.path))
    }
    let fields: [Look.Field] = [
      .init(
        "point", look("编号", "Number"),
        hint: look("字母和数字，再用同一编号即更正", "letters and digits; the same again puts it right"),
        required: true),
      .init("name", look("名称", "Name"), required: true),
      .init("place", look("地点", "Place"), .list(places), required: true),
      .init(
        "kind", look("方式", "Kind"),
        .choices(SamplingPoint.Kind.allCases.map { .init($0.rawValue, look($0.words)) }),
        required: true, start: SamplingPoint.Kind.fixed.rawValue),
      .init("opens", look("几点开", "Opens"), .time),
      .init("closes", look("几点关", "Closes"), .time),
      .init("samplers", look("采样员", "Samplers"), .number, start: "1"),
    ]
    return look.disclosure(
      look("设采样点", "Set up a point"), id: "set-point",
      look.form(
        SetPoint.name, for: request, fields: fields,
        buttons: look.primaryButton(look("设点", "Set it up"))))
      + look.disclosure(
        look("结束本轮", "End this round"), id: "close-round",
        look.paragraph(
          look(
            "结束后不再登记；离线设备已采的仍会进来，追阳照常。",
            "Nobody is registered any more; what devices did before still comes in, and recalls go on."
          ))
          + look.form(
            CloseRound.name, for: request, hidden: [("round", round.id.text)],
            buttons: look.dangerButton(look("结束本轮", "End it"))))
  }
}
