import Kernel
import Look
import Registry

/// One thing that was noticed, for those who look into it.
enum SightingsScreens {
  static let sighting = Screen(
    path: "/sightings/:sighting", title: Words("现场发现", "Noticed in the field"),
    duty: ShowSighting.duty, purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let id = try SightingID(request.parameter("sighting"), field: "sighting")
    let answer = try reading.ask(ShowSighting(sighting: id))
    let title = look(answer.sighting.kind.words)
    let owed = try ObligationStore(reading.transaction).about(id.text)
    return Page(
      title: title,
      body: HTML([
        look.title(title, look.note(look.moment(answer.sighting.reportedAt))),
        look.card(
          nil,
          look.paragraph(
            answer.words ?? look("内容已按期删除", "What was written was deleted when its time was over"))
            + look.facts([
              (look("哪里", "Where"), "\(try reading.address(of: answer.sighting.path))"),
              (look("谁发现的", "Noticed by"), "\(try reading.title(of: answer.sighting.account))"),
            ])), HTML(owed.map { closing($0, look, request) }),
      ]))
  }

  private static func closing(
    _ obligation: Obligation, _ look: Look, _ request: ScreenRequest
  ) -> HTML {
    guard obligation.isOwed else {
      return look.row([
        look.chip(
          look.closed(
            obligation.closedAt ?? look.now, deadline: obligation.deadline,
            waived: obligation.state == .waived))
      ])
    }
    return look.card(
      look("核实", "Look into it"),
      look.row([look.chip(deadline: obligation.deadline)])
        + look.form(
          FinishObligation.name, for: request, hidden: [("obligation", obligation.id.text)],
          fields: ProofFields(look: look).fields(of: Sightings.look),
          buttons: look.primaryButton(look("已核实", "Looked into"))))
  }
}

/// What a worker enters on the spot: somebody who is not on the list, or something noticed.
enum NewScreens {
  static let new = Screen(
    path: "/round/new", title: Words("现场登记", "Enter on the spot"),
    duty: ReportSighting.duty, purpose: .fieldwork
  ) { request, reading in
    let page = try NewPage(request: request, reading: reading)
    return Page(title: page.title, body: page.body, frame: .field)
  }
}

private struct NewPage {
  let request: ScreenRequest
  let look: Look
  private let doors: [Look.Field.Choice]
  private let isCut: Bool
  private let mayEnrol: Bool

  /// More doors than a list on a phone can be looked through.
  private static let mostDoors = 1_500

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    look = Look(reading)
    mayEnrol = reading.authority.holds(EnrolResident.duty)
    let store = PlacesStore(reading.transaction)
    let asked = try request.query["place"].flatMap { $0.isEmpty ? nil : $0 }.map {
      try store.get(PlaceID($0, field: "place")).path
    }
    let areas = reading.authority.areas(for: ReportSighting.duty)
    if let asked, !reading.authority.may(ReportSighting.duty, at: asked) {
      throw Refusal.outsideArea(ReportSighting.duty)
    }
    var named: [PlacePath: String] = [:]
    var choices: [Look.Field.Choice] = []
    var isCut = false
    for path in asked.map({ [$0] }) ?? RoundToday.outermost(areas) {
      let doors = try store.inside(path, level: .household, limit: Self.mostDoors + 1)
      isCut = isCut || doors.count > Self.mostDoors
      for door in doors.prefix(Self.mostDoors) {
        guard let above = door.path.ancestors.first else { continue }
        let house = try named[above] ?? reading.shortAddress(of: above)
        named[above] = house
        choices.append(.init(door.id.text, "\(house) \(door.name)"))
      }
    }
    doors = [.init("", look("请选择", "Choose"))] + choices
    self.isCut = isCut
  }

  var title: String { look("现场登记", "Enter on the spot") }

  var body: HTML {
    let cut =
      isCut
      ? look.notice(
        look("门户太多，只列出一部分", "Too many doors; only some are listed"),
        look("请从一个网格的岗位登记。", "Enter it from the office of one grid."), tone: .soon) : ""
    return look.fieldPage(
      header: look.fieldHeader(title),
      HTML([
        cut, look.card(look("发现情况", "Something noticed"), noticed),
        mayEnrol
          ? look.card(look("名单上没有的人", "Somebody who is not on the list"), person) : "",
        look.linkButton(look("回到今天上门", "Back to the round"), to: "/round"),
      ]))
  }

  private var noticed: HTML {
    look.form(
      ReportSighting.name, for: request,
      fields: [
        .init("place", look("哪一户", "Which door"), .list(doors), required: true),
        .init(
          "kind", look("什么情况", "What"),
          .choices(Sighting.Kind.allCases.map { .init($0.rawValue, look($0.words)) }),
          required: true),
        .init("words", look("说明", "In words"), .long, required: true),
      ], buttons: look.primaryButton(look("报告", "Report")))
  }

  private var person: HTML {
    look.form(
      EnrolResident.name, for: request,
      fields: [
        .init("home", look("住在哪一户", "Which door"), .list(doors), required: true),
        .init("name", look("姓名", "Name"), required: true),
        .init(
          "sex", look("性别", "Sex"),
          .choices([.init("female", look("女", "female")), .init("male", look("男", "male"))])),
        .init("birth_date", look("出生日期", "Day of birth"), .day),
        .init("phone", look("电话", "Telephone"), .phone),
      ], buttons: look.primaryButton(look("登记", "Enter")))
  }
}
