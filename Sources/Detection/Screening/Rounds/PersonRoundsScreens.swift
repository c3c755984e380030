import Gazette
import Kernel
import Look
import Registry

/// A person's rounds, reached from their file: why they are on each list, and how they stand.
enum PersonRoundsScreens {
  static let person = Screen(
    path: "/screening/of/:person", title: Words("核酸检测", "Tests"), duty: ShowPersonRounds.duty,
    purpose: .fieldwork
  ) { request, reading in
    let look = Look(reading)
    let id = try PersonID(request.parameter("person"), field: "person")
    let lines = try reading.ask(ShowPersonRounds(person: id))
    let resident = try ResidentsStore(reading.transaction).survivor(of: id)
    let title = look("检测轮次", "Rounds of testing")
    let header = look.title(
      markup: look.masked(resident.name.map { Mask.name($0.revealed) } ?? resident.id.text),
      look.note(try reading.shortAddress(of: resident.path)))
    let isStranger = try StrangersStore(reading.transaction).isStranger(resident.id)
    let stranger =
      isStranger
      ? look.notice(
        look("没有住址：不列入任何范围的应检名单", "No home: on the list of no area"),
        look(
          "此人只在采样时登记过。请在档案中登记住址，以后的轮次才会列入并按门牌找到。",
          "This person is known from a swab only. Write down in the file where they live: then later rounds list and find them."
        ), tone: .soon) : ""
    let list =
      lines.isEmpty
      ? look.empty(look("不在任何一轮的名单上", "On the list of no round"))
      : look.table(
        title,
        columns: [
          .init(look("轮次", "Round")), .init(look("为何在名单上", "Why on the list")),
          .init(look("状态", "State")), .init(look("试管", "Tubes")),
          .init(look("开始", "Opened")),
        ], rows: lines.map { row($0, look) }, id: "person-rounds")
    return Page(
      title: look("核酸检测", "Tests"),
      body: HTML([
        header, stranger, look.panel(title, list),
        look.linkButton(
          look("看档案", "The file"), to: "/residents/\(Address.escaped(resident.id.text))"),
      ]), isLive: true)
  }

  private static func row(_ line: ShowPersonRounds.Line, _ look: Look) -> Look.TableRow {
    let state =
      line.reason == .none
      ? look(line.standing.words)
      : look(
        "\(look(line.standing.words))（\(look(line.reason.words))）",
        "\(look(line.standing.words)) (\(look(line.reason.words)))")
    return Look.TableRow(
      line.name, to: "/screening/\(Address.escaped(line.round.text))",
      cells: [
        .text(
          line.listing.map { look($0.words) }
            ?? look("不在名单上，已采样", "on no list, swabbed all the same")), .text(state),
        .text(line.tubes.map(\.text).joined(separator: look("、", ", "))),
        .text(look.moment(line.openedAt)),
      ])
  }
}
