import Kernel
import Look
import Registry

/// One box for whatever stands on paper: a name or its initials, the last four of a telephone or of an
/// identity number, a door, a case, a letter, an obligation. All slices look; each shows what the
/// reader may see, people with stars, and whoever is shown sees that they were.
package enum Search {
  package static let slice = Slice(name: "search", screens: [FindScreens.find])
}

/// The page behind the box in the header.
enum FindScreens {
  static let find = Screen(
    path: "/find", title: Words("查找", "Find"), duty: ListPlaces.duty, purpose: .registry,
    unseen: ["words"]
  ) { request, reading in
    let page = FindPage(request: request, reading: reading)
    return Page(title: Look(reading)("查找", "Find"), body: try page.body())
  }
}

/// What was found, by kind.
private struct FindPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  private let typed: String

  /// How many of a kind are shown; whoever wants more says more.
  private static let shown = 20

  init(request: ScreenRequest, reading: Reading) {
    self.request = request
    self.reading = reading
    look = Look(reading)
    typed = (request.query["words"] ?? "").trimmingWhitespace()
  }

  func body() throws -> HTML {
    HTML([
      look.title(look("查找", "Find")), form,
      typed.isEmpty ? examples : try results(),
    ])
  }

  private var purposes: [Purpose] {
    [.registry, .investigation, .containment, .fieldwork, .supervision, .objection]
  }

  private var form: HTML {
    look.filters(
      to: Address("/find"), for: request,
      fields: [
        .init("words", look("找什么", "What"), .line),
        .init(
          "purpose", look("为了什么（本人能看到）", "What for (the person sees it)"),
          .list(purposes.map { .init($0.rawValue, look($0.words)) }), start: "registry"),
      ], button: look("查找", "Find"), isUnseen: true)
  }

  private var examples: HTML {
    look.card(
      look("可以找什么", "What can be found"),
      look.facts([
        (
          look("姓名", "Name"),
          "\(look("张伟民，或首字母 zwm", "in full, or the initials of its reading: zwm"))"
        ),
        (
          look("电话、证件", "Telephone, document"),
          "\(look("全号，或后四位 8812", "the whole number, or its last four: 8812"))"
        ),
        (look("几个词一起", "Several words"), "\(look("zwm 8812，王 2单元", "zwm 8812 narrows it down"))"),
        (look("地点", "Place"), "\(look("延安路，或区划代码", "its name, or its code"))"),
        (
          look("编号", "Numbers"),
          "\(look("病例、线索、协查函、管控、事项", "of a case, lead, letter, restriction, obligation"))"
        ),
        (
          look("标签上的编码", "On a label"),
          "\(look("试管、样本箱、医疗废物袋、场所", "of a tube, a box, a bag of medical waste, a venue"))"
        ),
      ]))
  }

  private func results() throws -> HTML {
    let wanted = Finder.Wanted(typed)
    var panels: [HTML] = []
    for finder in reading.assembly.finders where reading.authority.holds(finder.duty) {
      let found = try finder.find(wanted, Self.shown, reading)
      if !found.isEmpty { panels.append(panel(finder, found)) }
    }
    if panels.isEmpty {
      return look.panel(
        look("没有找到", "Nothing was found"),
        look.empty(
          look("您的范围内没有", "Nothing in your area"),
          look(
            "请核对，或换一种写法：全名、首字母、后四位、编号。查管控须选管控、上门或督办用途。",
            "Check it, or say it otherwise: the full name, initials, the last four, a number. A restriction is found for restriction, visits at the door, or supervision."
          )))
    }
    return HTML(panels)
  }

  private func panel(_ finder: Finder, _ found: [Finder.Found]) -> HTML {
    let rows = found.map { one in
      // Whoever opens a person's page from here has said what for.
      let purpose = one.person == nil ? nil : request.query["purpose"]
      return Look.TableRow(
        one.title, to: Address(one.address, ["purpose": purpose]).text, cells: [.text(one.about)])
    }
    let isCut = found.count == Self.shown
    return look.panel(
      look(finder.words), id: "found-\(finder.name)",
      note: isCut
        ? look("只列前 \(Self.shown) 个，请再加一个词", "the first \(Self.shown); add a word")
        : look.count(found.count, "个", "found", "found"),
      look.table(
        look(finder.words),
        columns: [.init(look("名称", "Name")), .init(look("说明", "About"))], rows: rows))
  }
}
