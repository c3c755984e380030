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
  let points: [SamplingPoint]
  /// Swabs of the last hour at each point.
  private let lastHour: [PointID: Int]
  private let sizing: ScreeningPolicy.Sizing

  init(request: ScreenRequest, reading: Reading, look: Look, round: ScreeningRound) throws {
    self.request = request
    self.reading = reading
    self.look = look
    self.round = round
    points = try ScreeningRoundStore(reading.transaction).points(
      in: round.path, limit: Self.mostPoints)
    lastHour = try SwabsStore(reading.transaction).pace(
      ofPointsIn: round.id, since: TubesRules.quarter(of: reading.now) - 4)
    sizing = try reading.policy(ScreeningPolicy.self).sizing
  }

  func html() throws -> HTML {
    let title = look("采样点", "Sampling points")
    var names = RepeatedNames(reading)
    let list =
      points.isEmpty
      ? look.empty(
        look("还没有采样点", "No point yet"),
        look("在下面设一个，或逐户采样。", "Set one up below, or sample from door to door."))
      : look.table(
        title,
        columns: [
          .init(look("采样点", "Point")), .init(look("现在", "Now")), .init(look("时间", "Hours")),
          .number(look("近一小时", "Last hour")), .number(look("每小时能采", "An hour at most")),
          .init(look("地点", "Place")), .init(look("方式", "Kind")),
          .number(look("采样员", "Samplers")), .init(look("时段", "Slots")),
        ], rows: try points.enumerated().map { try row($0, $1, &names) }, id: "points")
    return look.panel(
      title, id: "sampling-points", chip: .init(look.number(points.count), .neutral),
      map + list + (try form()))
  }

  /// Where the points lie, numbered as in the list; only those whose place on the earth is known.
  private var map: HTML {
    let marks = points.enumerated().compactMap { place, point -> Look.MapPoint? in
      guard let latitude = point.latitude, let longitude = point.longitude else { return nil }
      return Look.MapPoint(
        point.name, number: place + 1, latitude: latitude, longitude: longitude,
        tone: state(point).tone, address: address(of: point))
    }
    return look.map(of: marks, label: look("采样点位置", "Where the points are"), id: "point-map")
  }

  private func address(of point: SamplingPoint) -> String? {
    guard reading.authority.holds(RegisterSwab.duty) else { return nil }
    return Address(
      "/sampling/\(Address.escaped(round.id.text))", ["point": point.id.text]
    ).text
  }

  /// Whether a point is open, and whether more come than its samplers get through.
  private func state(_ point: SamplingPoint) -> Look.Label {
    switch point.hours(at: look.time(look.now)) {
    case .opens(let time): return .init(look("\(time) 开", "opens \(time)"), .neutral)
    case .closed: return .init(look("已关", "closed"), .neutral)
    case .open: break
    }
    let load = (lastHour[point.id] ?? 0) * 100 / max(1, point.samplers * sizing.swabsPerHour)
    if load >= 100 { return .init(look("排队", "queue"), .late) }
    if load >= sizing.busyPercent { return .init(look("忙", "busy"), .soon) }
    return .init(look("开放", "open"), .done)
  }

  private func row(
    _ place: Int, _ point: SamplingPoint, _ names: inout RepeatedNames
  ) throws -> Look.TableRow {
    let hours = [point.opens, point.closes].compactMap(\.self).joined(separator: "–")
    let slots = Address(
      "/screening/\(Address.escaped(round.id.text))/slots",
      ["place": point.place.text, "point": point.id.text, "samplers": String(point.samplers)])
    return Look.TableRow(
      "\(place + 1) \(point.name)", to: address(of: point),
      cells: [
        .markup(look.chip(state(point))), .text(hours.isEmpty ? "—" : hours),
        .number(lastHour[point.id] ?? 0), .number(point.samplers * sizing.swabsPerHour),
        .text(try names.shortAddress(of: point.path)), .text(look(point.kind.words)),
        .number(point.samplers), .linked(look("哪栋楼何时来", "who comes when"), to: slots.text),
      ])
  }

  private func form() throws -> HTML {
    guard round.closedAt == nil, reading.authority.may(SetPoint.duty, at: round.path) else {
      return ""
    }
    let store = PlacesStore(reading.transaction)
    let area = try store.get(round.area)
    let inside = try store.children(of: area.id, limit: Self.mostPlaces)
    // Samplers answer for a street: a point that stands in a whole district only is nobody's.
    let isWide = area.level.depth < PlaceLevel.street.depth && !inside.isEmpty
    let all = try reading.choices(of: area, and: inside)
    let places = isWide ? Array(all.dropFirst()) : all
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
      .init(
        "latitude", look("纬度", "Latitude"),
        hint: look("如 36.0903；填了就上地图", "such as 36.0903; with both it stands on the map")),
      .init("longitude", look("经度", "Longitude"), hint: look("如 120.3712", "such as 120.3712")),
    ]
    return look.disclosure(
      look("设采样点", "Set up a point"), id: "set-point", isOpen: points.isEmpty,
      look.form(
        SetPoint.name, for: request, fields: fields,
        buttons: look.primaryButton(look("设点", "Set it up"))))
      + (try ending())
  }

  /// The round's end: first who was missed, with the way to them, then the word that it ends.
  private func ending() throws -> HTML {
    let counts = try RosterStore(reading.transaction).counts(of: round.id, in: round.path)
    let left = counts.unanswered
    let list = Address("/untested", ["of": "\(round.id.text)/\(round.area.text)"]).text
    let missed =
      left == 0
      ? look.notice(
        look("名单上每人都已采样或有原因", "Everybody on the list has a swab or a reason"), tone: .done)
      : look.notice(
        look(
          "\(look.number(left)) 人既没采样也没登记原因",
          "\(look.count(left, "人", "person has", "people have")) neither a swab nor a reason"),
        look("结束后不再有人去找他们。", "Nobody looks for them any more when it ends."), tone: .late,
        extra: look.link(look("看这些人", "See who"), to: list))
    let waiting =
      counts.sampled == 0
      ? "" as HTML
      : look.paragraph(
        look(
          "另有 \(look.number(counts.sampled)) 人已采样、等结果；结果照常进来。",
          "\(look.number(counts.sampled)) more are swabbed and wait for a result; it still comes in."
        ))
    let confirm: [Look.Field] =
      left == 0
      ? []
      : [
        .init(
          "confirmed", look("确认", "Confirm"),
          .several([
            .init(
              "true",
              look(
                "知道还有 \(look.number(left)) 人没有着落，仍要结束",
                "I know that \(look.number(left)) are left; end it all the same"))
          ]))
      ]
    return look.disclosure(
      look("结束本轮", "End this round"), id: "close-round",
      HTML([
        missed, waiting,
        look.paragraph(
          look(
            "结束后不再登记；离线设备已采的仍会进来，追阳照常。",
            "Nobody is registered any more; what devices did before still comes in, and recalls go on."
          )),
        look.form(
          CloseRound.name, for: request, hidden: [("round", round.id.text)], fields: confirm,
          buttons: look.dangerButton(look("结束本轮", "End it"))),
      ]))
  }
}

extension Reading {
  /// A place and those right inside it, each by two names at most, as a form offers them. The names of
  /// what lies inside follow from that of the place: nothing is asked for each.
  func choices(of place: Place, and inside: [Place]) throws -> [Look.Field.Choice] {
    let own = Look.Field.Choice(place.id.text, try shortAddress(of: place.path))
    return try [own]
      + inside.map { child in
        // A grid's own name stands in no address of what lies in it.
        let name =
          place.level == .grid
          ? try shortAddress(of: child.path) : "\(place.name) \(child.name)"
        return Look.Field.Choice(child.id.text, name)
      }
  }
}
