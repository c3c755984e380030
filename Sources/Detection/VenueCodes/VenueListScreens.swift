import Kernel
import Look
import Registry

/// The venues of an office, page by page, and each on a page of its own.
enum VenueListScreens {
  static let all: [Screen] = [list, one]

  private static let list = Screen(
    path: "/venues", title: Words("场所码", "Venue codes"), duty: MakeVenueCode.duty,
    purpose: .supervision, navigation: 92
  ) { request, reading in
    let look = Look(reading)
    let answer = try reading.ask(ListVenueCodes(after: request.query["after"]))
    let title = look("场所码", "Venue codes")
    return Page(
      title: title,
      body: HTML([
        look.title(title),
        look.paragraph(
          look(
            "一园一码、一店一码、一仓一码。屏幕上的码每分钟更换；印制的码谁都能翻拍，只作弱证据。",
            "One park, one shop, one warehouse, each its own code. On a screen it changes every minute; a printed one can be copied and is weak evidence."
          )),
        try form(request, reading, look), table(answer, look),
        look.pages(
          after: answer.after.map { Address("/venues", ["after": $0]).text },
          note: look("每页 \(ListVenueCodes.most) 个", "\(ListVenueCodes.most) a page")) ?? "",
      ]))
  }

  private static func form(
    _ request: ScreenRequest, _ reading: Reading, _ look: Look
  ) throws -> HTML {
    let policy = try reading.policy(VenueCodesPolicy.self)
    guard policy.inUse else {
      return look.notice(
        look("按现行政策已不使用场所码", "Under the policy in force venues have no codes"), tone: .information)
    }
    return look.disclosure(
      look("新增场所码", "A code for another venue"), id: "make",
      look.form(
        MakeVenueCode.name, for: request,
        fields: [
          Look.Field("title", look("门头名称", "What stands above the door"), .line, required: true),
          Look.Field(
            "kind", look("类型", "Kind"),
            .choices(policy.kinds.map { .init($0.code, look($0.words)) }), required: true),
          Look.Field("place", look("地点编号", "Place, by identifier or code"), .line, required: true),
        ], buttons: look.primaryButton(look("生成", "Make it"))))
  }

  private static func table(_ answer: ListVenueCodes.Answer, _ look: Look) -> HTML {
    let title = look("已有的场所", "Venues")
    guard !answer.venues.isEmpty else {
      return look.panel(
        title,
        look.empty(
          look("还没有场所码", "No venue has a code yet"),
          look("在上面新增一个。", "Make the first one above.")))
    }
    let rows = answer.venues.map { venue in
      Look.TableRow(
        venue.title, to: "/venues/\(venue.number)",
        cells: [
          .text("#\(venue.number)"), .text(look(venue.kind)), .text(venue.place),
          .markup(look.chip(state(venue, look))),
        ])
    }
    return look.panel(
      title,
      look.table(
        title,
        columns: [
          .init(look("名称", "Name")), .init(look("编号", "Number")), .init(look("类型", "Kind")),
          .init(look("地点", "Place")), .init(look("状态", "State")),
        ], rows: rows, id: "venues"))
  }

  private static func state(_ venue: VenueCodeLine, _ look: Look) -> Look.Label {
    venue.ended
      ? Look.Label(look("已停用", "not used"), .neutral)
      : Look.Label(look("使用中", "in use"), .done)
  }

  // MARK: One venue

  private static let one = Screen(
    path: "/venues/:number", title: Words("场所", "A venue"), duty: MakeVenueCode.duty,
    purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let written = request.parameter("number")
    guard let number = Int(written) else {
      throw Refusal.notFound(Words("场所码", "code of a venue"), written, field: "number")
    }
    let answer = try reading.ask(ShowVenueCode(number: number))
    let venue = answer.venue
    let facts = look.facts([
      (look("编号", "Number"), "#\(venue.number)"), (look("类型", "Kind"), "\(look(venue.kind))"),
      (look("地点", "Place"), "\(answer.address.suffix(4).joined(separator: " "))"),
    ])
    let isUsed = try reading.policy(VenueCodesPolicy.self).inUse
    return Page(
      title: venue.title,
      body: HTML([
        look.title(markup: "\(venue.title)", look.chip(state(venue, look))),
        look.card(nil, facts + ways(venue, isUsed: isUsed, request, look)),
        venue.ended || !isUsed ? HTML() : printed(venue, request, look),
        look.linkButton(look("全部场所码", "All venue codes"), to: "/venues"),
      ]))
  }

  /// What is done with a code: shown, made anew, taken away, or given back.
  private static func ways(
    _ venue: VenueCodeLine, isUsed: Bool, _ request: ScreenRequest, _ look: Look
  ) -> HTML {
    let number = [("number", String(venue.number))]
    func renewing(_ button: HTML) -> HTML {
      look.form(RenewVenueCode.name, for: request, hidden: number, fields: [], buttons: button)
    }
    if venue.ended {
      return !isUsed
        ? HTML()
        : look.paragraph(
          look(
            "停用的码和屏幕地址不再有效；重新启用得到新的码。",
            "Its codes and the address of its screen are worth nothing; used again it gets new ones."
          ))
          + renewing(look.primaryButton(look("重新启用", "Use it again")))
    }
    return look.row([
      look.linkButton(look("打开屏幕页", "Open the screen"), to: venue.screen),
      renewing(look.plainButton(look("更换", "Make anew"))),
      look.form(
        EndVenueCode.name, for: request, hidden: number, fields: [],
        buttons: look.plainButton(look("停用", "End"))),
    ])
  }

  private static func printed(
    _ venue: VenueCodeLine, _ request: ScreenRequest, _ look: Look
  ) -> HTML {
    let code = look.qrPicture(
      of: "\(request.origin)/v/\(venue.printed)",
      label: look("\(venue.title) 的印制码", "Printed code of \(venue.title)"))
    return look.card(
      look("印制的码（弱）", "Printed code (weak)"),
      "\(code)"
        + look.note(
          look("印制码：谁都能翻拍，不能单独证明到过", "Printed: anybody can copy it; no proof by itself")))
  }
}
