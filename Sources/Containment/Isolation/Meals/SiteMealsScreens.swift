import Kernel
import Look

/// Today's meals on a site's page: what is due, what was brought, and a form for the next one.
struct SiteMealsPart {
  let request: ScreenRequest
  let reading: Reading
  let shown: ShowSite.Answer
  let mayServe: Bool

  private var look: Look { Look(reading) }
  private var site: String { shown.site.site.text }

  func body() throws -> HTML {
    if shown.meals.isEmpty, shown.site.counts.present == 0 { return "" }
    let policy = try reading.policy(IsolationPolicy.self).meals
    let kitchen = try reading.ask(KitchenList(site: shown.site.site))
    // What is late, and what comes next: nobody presses the supper away in the morning. The doors that
    // got none are named of the first of them.
    let next = shown.meals.first {
      $0.servedAt == nil && $0.deadline >= reading.now && $0.day == reading.today
    }
    let offered = shown.meals.filter { meal in
      meal.servedAt == nil && (meal.deadline < reading.now || meal.isSame(as: next))
    }
    let rows = shown.meals.map { meal in
      let isOffered = mayServe && offered.contains { $0.isSame(as: meal) }
      return row(
        meal, policy, kitchen,
        buttons: isOffered
          ? form(meal, policy, kitchen, isFirst: meal.isSame(as: offered.first)) : nil)
    }
    let diets = kitchen.total.map { portions in
      "\(policy.words(of: portions.diet, look)) \(portions.people)"
    }
    let list: HTML =
      rows.isEmpty
      ? look.empty(look("还没有餐次", "No meal is owed yet"))
      : look.obligations(rows, id: "meals-today", topics: "isolation")
    return look.panel(
      look("餐食", "Meals"), id: "meals",
      note: look.dotted([look("应供 \(kitchen.people) 份", "portions: \(kitchen.people)")] + diets),
      HTML([
        list,
        look.linkButton(
          look("配餐单", "Kitchen list"), to: IsolationScreens.kitchen(shown.site.site)),
      ]))
  }

  private func row(
    _ meal: SiteMeal, _ policy: IsolationPolicy.Meals, _ kitchen: KitchenList.Answer,
    buttons: HTML?
  ) -> Look.ObligationRow {
    let name = policy.meal(meal.meal).map { look($0.words) } ?? meal.meal
    let title =
      meal.day == reading.today ? name : "\(look.nearDay(meal.day)) \(name)"
    let label =
      meal.servedAt.map {
        Look.Label(look("\(look.time($0)) 送达", "served \(look.time($0))"), .done)
      }
      ?? look.deadline(meal.deadline)
    let served = meal.portions.map { portions in
      look("送 \(portions) 份，应供 \(meal.people ?? 0)", "\(portions) for \(meal.people ?? 0)")
    }
    let missed =
      meal.doors.isEmpty
      ? nil
      : look.dotted([
        look(
          "未送达 \(meal.doors.joined(separator: "、"))",
          "not served \(meal.doors.joined(separator: ", "))"),
        policy.reasons.first { $0.code == meal.reason }.map { look($0.words) },
      ])
    let trail = [
      look("限 \(look.time(meal.deadline))", "by \(look.time(meal.deadline))"), served, missed,
    ].compactMap { $0 }
    return Look.ObligationRow(
      label: label, title: title, address: nil, trail: trail, holder: "",
      buttons: buttons)
  }

  private func form(
    _ meal: SiteMeal, _ policy: IsolationPolicy.Meals, _ kitchen: KitchenList.Answer, isFirst: Bool
  ) -> HTML {
    let hidden = [("meal", meal.meal), ("day", meal.day.text), ("site", site)]
    let all = look.form(
      ServeMeal.name, for: request, hidden: hidden + [("portions", String(kitchen.people))],
      buttons: look.primaryButton(
        look("全部送到（\(kitchen.people) 份）", "All served (\(kitchen.people))")),
      isInline: true, anchor: "meals")
    guard isFirst else { return all }
    let reasons =
      [Look.Field.Choice("", look("都送到了", "all were served"))]
      + policy.reasons.map { Look.Field.Choice($0.code, look($0.words)) }
    let some = look.form(
      ServeMeal.name, for: request, hidden: hidden,
      fields: [
        .init(
          "portions", look("送了几份", "Portions brought"), .number, required: true,
          start: String(kitchen.people)),
        .init(
          "doors", look("没送到的房间", "Doors that got none"),
          hint: look("房号，用空格隔开", "room numbers, parted by spaces")),
        .init("reason", look("原因", "Why"), .list(reasons)),
      ], buttons: look.primaryButton(look("登记", "Enter")), anchor: "meals")
    return all
      + look.disclosure(
        look("有没送到的", "Some got none"), id: "meal-\(meal.day.text)-\(meal.meal)", some)
  }
}

extension SiteMeal {
  func isSame(as other: SiteMeal?) -> Bool {
    other.map { $0.day == day && $0.meal == meal } ?? false
  }
}

extension IsolationPolicy.Meals {
  /// A diet as people call it.
  func words(of diet: String?, _ look: Look) -> String {
    self.diet(diet).map { look($0.words) } ?? diet ?? ""
  }
}

/// What the kitchen cooks, to be printed and hung up: by floor and diet, then door by door. It names
/// nobody.
struct KitchenPage {
  let reading: Reading
  let look: Look
  private let site: PlaceID
  private let list: KitchenList.Answer
  private let policy: IsolationPolicy.Meals

  init(request: ScreenRequest, reading: Reading) throws {
    self.reading = reading
    look = Look(reading)
    site = try PlaceID(request.parameter("site"), field: "site")
    list = try reading.ask(KitchenList(site: site))
    policy = try reading.policy(IsolationPolicy.self).meals
  }

  var body: HTML {
    HTML([
      look.title(
        look("\(list.name) 配餐单", "\(list.name): kitchen list"),
        look.note(
          look.dotted([
            look(
              "\(look.nearMoment(list.at)) 的在住人员", "who is there \(look.nearMoment(list.at))"),
            list.uncooked == 0
              ? nil : look("另有 \(list.uncooked) 人不供餐", "\(list.uncooked) more get none"),
          ]))),
      list.people == 0
        ? look.empty(look("没有人需要供餐", "Nobody is owed a meal"))
        : look.columns([
          look.stack([floors, hours]), look.panel(look("按房间", "Door by door"), doors),
        ]),
      look.linkButton(look("房态", "Rooms"), to: IsolationScreens.address(site)),
    ])
  }

  private var diets: [String] { list.total.map(\.diet) }

  private var columns: [Look.Column] {
    diets.map { Look.Column.number(policy.words(of: $0, look)) } + [.number(look("合计", "All"))]
  }

  private func cells(_ portions: [KitchenList.Portions]) -> [Look.Cell] {
    diets.map { diet in
      Look.Cell.number(portions.first { $0.diet == diet }?.people ?? 0)
    } + [.sum(portions.reduce(0) { $0 + $1.people })]
  }

  private var floors: HTML {
    look.panel(
      look("按楼层和饮食", "By floor and diet"),
      look.table(
        look("按楼层和饮食", "By floor and diet"),
        columns: [Look.Column(look("楼层", "Floor"))] + columns,
        rows: list.floors.map { floor in
          Look.TableRow(
            look("\(floor.floor) 层", "floor \(floor.floor)"), cells: cells(floor.portions))
        }, total: Look.TableRow(look("合计", "All"), cells: cells(list.total)), id: "floors"))
  }

  private var hours: HTML {
    let rows = list.meals.map { meal in
      Look.TableRow(
        "\(look.nearDay(meal.day)) \(policy.meal(meal.meal).map { look($0.words) } ?? meal.meal)",
        cells: [
          .text(look.time(meal.deadline)),
          .text(
            meal.servedAt.map { look("\(look.time($0)) 送达", "served \(look.time($0))") }
              ?? look("待送", "to come")),
        ])
    }
    return look.panel(
      look("餐次", "Hours"),
      rows.isEmpty
        ? look.empty(look("还没有餐次", "No meal is owed yet"))
        : look.table(
          look("餐次", "Hours"),
          columns: [
            .init(look("餐次", "Meal")), .init(look("限时", "By")), .init(look("状态", "State")),
          ], rows: rows, id: "meal-hours"))
  }

  private var doors: HTML {
    look.table(
      look("按房间", "Door by door"),
      columns: [
        .init(look("房间", "Room")), .init(look("饮食", "Diet")), .number(look("份数", "Portions")),
      ],
      rows: list.doors.map { door in
        Look.TableRow(
          door.number,
          cells: [
            .text(
              door.portions.map { portions in
                portions.people == 1
                  ? policy.words(of: portions.diet, look)
                  : "\(policy.words(of: portions.diet, look)) × \(portions.people)"
              }.joined(separator: look("、", ", "))),
            .number(door.portions.reduce(0) { $0 + $1.people }),
          ])
      }, id: "doors")
  }
}
