import Gazette
import Kernel
import Look
import Registry

/// Who came from an area of risk, and the form by which one more is noted.
enum EntriesScreens {
  static let list = Screen(
    path: "/entries", title: Words("风险地区来返人员", "From areas of risk"), duty: ListEntries.duty,
    purpose: .containment
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("风险地区来返人员", "From areas of risk"),
      body: try EntriesPage(request: request, reading: reading).body())
  }
}

private struct EntriesPage {
  private let request: ScreenRequest
  private let reading: Reading
  private let look: Look
  private let place: Place?
  private let own: Address

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListEntries.duty)
    own = Address("/entries", ["place": request.query["place"]])
  }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("风险地区来返人员", "From areas of risk"),
        look.note(place?.spoken ?? look("全部", "everywhere"))),
      look.paragraph(
        look(
          "在此人的“管控”页登记。按现行政策需要管控的，从离开之日起算，自动开始；登记有误请撤销，据此的管控随即结束。",
          "Enter one on the person’s page of restrictions. Where the policy in force asks for it, days count from the day of leaving and begin by themselves; a wrong record is withdrawn, and what rests on it ends at once."
        )),
      try list(),
    ])
  }

  private func list() throws -> HTML {
    let answer = try reading.ask(
      ListEntries(place: place?.id, after: request.query["after"], limit: 50))
    let sources = try reading.policy(EntriesPolicy.self)
    let areas = try reading.rules.reference(AreaCodes.self)
    let rows = answer.entries.map { entry in
      Look.TableRow(
        entry.name.isEmpty ? look("姓名未知", "name unknown") : entry.name,
        to: "/restrictions/of/\(Address.escaped(entry.person.text))",
        cells: [
          .text(areas.records(of: entry.areaCode).last?.name ?? entry.areaCode),
          .text(look(entry.level.words)), .text(look.day(entry.leftOn)),
          .text(look.day(entry.arrivedOn)),
          .text(sources.source(entry.source).map { look($0.words) } ?? entry.source),
          .text(
            entry.isWithdrawn ? look("已撤销", "withdrawn") : look.nearMoment(entry.notedAt)),
        ])
    }
    let table = look.table(
      look("来返登记", "Records"),
      columns: [
        .init(look("人", "Person")), .init(look("来自", "From")), .init(look("风险", "Risk")),
        .init(look("离开", "Left")), .init(look("抵达", "Arrived")), .init(look("谁说的", "Says who")),
        .init(look("登记", "Noted")),
      ], rows: rows, id: "entries")
    let next = answer.after.map {
      look.linkButton(look("下一页", "Next page"), to: own.with(["after": $0]).text)
    }
    return look.panel(
      look("名单", "List"),
      (rows.isEmpty
        ? look.empty(look("没有来返登记", "Nobody has been entered"), isGood: true) : table)
        + (next ?? ""))
  }
}

/// The forms about one person's entries, on the person's page of restrictions.
struct EntryForms {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let resident: Resident

  func html() throws -> HTML {
    guard reading.authority.may(NoteEntry.duty, at: resident.path),
      let policy = try? reading.policy(EntriesPolicy.self)
    else { return "" }
    let people = try ResidentsStore(reading.transaction).identifiers(of: resident.id)
    let known = try EntriesStore(reading.transaction).standing(of: people)
    return HTML(try known.map { try record($0, policy) } + [noting(policy)])
  }

  private func record(_ record: EntryRecord, _ policy: EntriesPolicy) throws -> HTML {
    let areas = try reading.rules.reference(AreaCodes.self)
    let name = areas.records(of: record.area).last?.name ?? record.area
    return look.card(
      look("风险地区来返登记", "Came from an area of risk"),
      look.facts([
        (look("来自", "From"), "\(look.dotted([name, look(record.level.words)]))"),
        (look("离开", "Left"), "\(look.day(record.leftOn))"),
        (look("抵达", "Arrived"), "\(look.day(record.arrivedOn))"),
        (
          look("谁说的", "Says who"),
          "\(policy.source(record.source).map { look($0.words) } ?? record.source)"
        ),
        (look("编号", "Number"), "\(record.id.text)"),
      ])
        + look.form(
          WithdrawEntry.name, for: request, hidden: [("entry", record.id.text)],
          buttons: look.dangerButton(look("登记有误，撤销", "It is wrong: withdraw it")), isInline: true))
  }

  private func noting(_ policy: EntriesPolicy) -> HTML {
    look.disclosure(
      look("登记从风险地区来返", "Enter that they came from an area of risk"), id: "entry",
      look.form(
        NoteEntry.name, for: request, hidden: [("person", resident.id.text)],
        fields: [
          .init(
            "areaCode", look("来源地代码", "Code of the area"),
            hint: look("6 位区划代码，如 130102", "6 digits, such as 130102"), required: true),
          .init(
            "level", look("风险等级", "Risk"),
            .choices(EntryLevel.allCases.map { .init($0.rawValue, look($0.words)) }),
            required: true),
          .init("leftOn", look("离开日期", "Left on"), .day, required: true),
          .init("arrivedOn", look("抵达日期", "Arrived on"), .day, required: true),
          .init(
            "source", look("谁说的", "Says who"),
            .list(policy.sources.map { .init($0.code, look($0.words)) }), required: true),
        ], buttons: look.primaryButton(look("登记", "Enter"))))
  }
}
