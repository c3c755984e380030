import Kernel
import Registry

/// Weighs a sealed bag and gives it its label: site, day and number.
package struct WeighBag: Command {
  package struct Answer: Codable, Sendable {
    package let label: String
    package let grams: Int
  }

  package static let name = "isolation.weighBag"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID
  package let kind: String
  package let kilograms: Double

  package init(site: PlaceID, kind: String, kilograms: Double) {
    self.site = site
    self.kind = kind
    self.kilograms = kilograms
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Answer {
    _ = try work.requireOpenSite(site)
    let policy = try work.policy(IsolationPolicy.self).waste
    let known = policy.kinds.map(\.code)
    guard known.contains(kind) else {
      let codes = known.joined(separator: " | ")
      throw Refusal.malformed("kind", kind, expected: Words(codes, codes))
    }
    let grams = try WasteRules.grams(kilograms, most: policy.heaviestBagGrams)
    let store = WasteStore(work.transaction)
    let number = try store.count(at: site, since: work.today.start(in: work.zone)) + 1
    let bag = WasteBag(
      label: WasteRules.label(work.today, number), kind: kind, grams: grams, weighedAt: work.now,
      labelledAt: nil, labelMade: nil)
    let isFirst = try store.oldestUntaken(at: site) == nil
    try store.insert(bag, at: site, by: work.authority.sender.text)
    try work.record(WasteMoved(site: site, what: "weighed", about: bag.label, grams: grams))
    if isFirst { try work.obligeWaste(of: site, since: work.now, policy) }
    return Answer(label: bag.label, grams: grams)
  }
}

/// Says that bags bear their labels (RULES 20: site, date, kind, weight): the printed ones, or ones
/// written by hand when no printer works.
package struct LabelBags: Command {
  package struct Answer: Codable, Sendable {
    /// How many got their label now.
    package let bags: Int
  }

  package static let name = "isolation.labelBags"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID
  /// One bag; every bag that stands without a label when nothing is said.
  package let label: String?
  /// Whether the labels were written by hand.
  package let written: Bool?

  package init(site: PlaceID, label: String? = nil, written: Bool? = nil) {
    self.site = site
    self.label = label
    self.written = written
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Answer {
    let standing = try WasteStore(work.transaction).waiting(at: work.sites.get(site).place)
    let meant = standing.filter { label == nil || $0.label == label }
    if let label, meant.isEmpty {
      throw Refusal.notFound(Words("待交接的袋", "bag that stands here"), label, field: "label")
    }
    let bare = meant.filter { $0.labelledAt == nil }
    try work.note(labels: bare, of: site, written == true ? .written : .printed)
    return Answer(bags: bare.count)
  }
}

/// Gives every bag that stands at a site to the car that takes them: the giving side's word. Each
/// bears its label (I-44).
package struct GiveWaste: Command {
  package struct Answer: Codable, Sendable {
    package let handover: WasteHandoverID
    package let bags: Int
    package let grams: Int
  }

  package static let name = "isolation.giveWaste"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID
  /// Says that bags of which no label was printed bear one written by hand.
  package let written: Bool?

  package init(site: PlaceID, written: Bool? = nil) {
    self.site = site
    self.written = written
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Answer {
    let store = WasteStore(work.transaction)
    let bags = try store.waiting(at: work.sites.get(site).place)
    guard !bags.isEmpty else {
      throw Refusal(
        .conflict, "isolation.noWaste",
        Words("没有待交接的医疗废物", "No bag stands here to be handed over"), field: "site")
    }
    let bare = bags.filter { $0.labelledAt == nil }
    guard bare.isEmpty || written == true else {
      throw Refusal(
        .conflict, "isolation.unlabelled",
        Words(
          "有 \(bare.count) 袋还没有贴标签（\(bare[0].label) 等）：请打印并贴上；没有打印机的，手写后注明手写",
          "\(bare.count) bags bear no label (\(bare[0].label) first): print and stick them, or write them by hand and say so"
        ), field: "written")
    }
    try work.note(labels: bare, of: site, .written)
    let handover = WasteHandover(
      handover: work.newID(), site: site, bags: bags.count,
      grams: bags.reduce(0) { $0 + $1.grams }, givenBy: work.authority.sender.text,
      givenAt: work.now, takenBy: nil, takenAt: nil, takenGrams: nil)
    try store.give(handover)
    try work.record(
      WasteMoved(
        site: site, what: "given", about: handover.handover.text, grams: handover.grams))
    return Answer(
      handover: handover.handover, bags: handover.bags, grams: handover.grams)
  }
}

/// Takes bags over: counted and weighed again. What differs is not taken; the bags stand at the
/// site again when the taker says so with `returned`.
package struct TakeWaste: Command {
  package static let name = "isolation.takeWaste"
  package static let duty: Duty = "isolation.collect"
  package let handover: WasteHandoverID
  package let bags: Int
  package let kilograms: Double
  package let returned: Bool?

  package init(
    handover: WasteHandoverID, bags: Int, kilograms: Double, returned: Bool? = nil
  ) {
    self.handover = handover
    self.bags = bags
    self.kilograms = kilograms
    self.returned = returned
  }

  package func area(in work: Work) throws -> Area {
    .place(try WasteStore(work.transaction).get(handover).site)
  }

  package func perform(in work: Work) throws -> Done {
    let store = WasteStore(work.transaction)
    let given = try store.get(handover)
    guard given.takenAt == nil else {
      throw Refusal(
        .conflict, "isolation.wasteTaken",
        Words("该交接单已确认", "This hand-over is confirmed already"), field: "handover")
    }
    let sender = work.authority.sender.text
    try IsolationRules.requireOther(sender, than: given.givenBy)
    if returned == true {
      try store.withdraw(handover)
      return try finish("returned", given, grams: given.grams, in: work)
    }
    guard bags == given.bags else {
      throw Refusal(
        .conflict, "isolation.bagsDiffer",
        Words(
          "交出 \(given.bags) 袋，清点 \(bags) 袋：请重新清点，不符则退回",
          "\(given.bags) bags were given and \(bags) counted: count again, or send them back"),
        field: "bags")
    }
    let policy = try work.policy(IsolationPolicy.self).waste
    let grams = try WasteRules.grams(kilograms, most: given.grams * 10)
    guard IsolationRules.agree(given.grams, grams, tolerancePercent: policy.tolerancePercent)
    else {
      throw Refusal(
        .conflict, "isolation.weightDiffers",
        Words(
          "交出与复称相差超过 \(policy.tolerancePercent)%：请复称，不符则退回",
          "The scales differ by more than \(policy.tolerancePercent) %: weigh again, or send them back"
        ), field: "kilograms")
    }
    try store.take(handover, bags: bags, grams: grams, by: sender, at: work.now)
    return try finish("taken", given, grams: grams, in: work)
  }

  private func finish(
    _ what: String, _ given: WasteHandover, grams: Int, in work: Work
  ) throws -> Done {
    try work.record(
      WasteMoved(site: given.site, what: what, about: given.handover.text, grams: grams))
    if what == "taken" {
      try work.discharge(
        IsolationDuties.waste, about: given.site.text,
        proof: ["handover": given.handover.text])
      if let oldest = try WasteStore(work.transaction).oldestUntaken(at: given.site) {
        try work.obligeWaste(
          of: given.site, since: oldest, work.policy(IsolationPolicy.self).waste)
      }
    }
    return Done()
  }
}

/// Judgement about waste.
enum WasteRules {
  /// A weight in whole grams.
  static func grams(_ kilograms: Double, most: Int) throws(Refusal) -> Int {
    let grams = (kilograms * 1_000).rounded()
    guard kilograms.isFinite, grams >= 1, grams <= Double(most) else {
      throw Refusal(
        .invalid, "isolation.weight",
        Words(
          "重量须在 0.001 至 \(Double(most) / 1_000) 千克之间，请复称",
          "A weight lies between 0.001 and \(Double(most) / 1_000) kg; weigh again"),
        field: "kilograms")
    }
    return Int(grams)
  }

  /// What stands on the label beside the site's name: `20221129-007`.
  static func label(_ day: Day, _ number: Int) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
    return day.text.replacing("-", with: "") + "-" + zeros + digits
  }
}

extension Work {
  /// Notes that bags bear their labels; nothing happens when there are none.
  func note(labels bags: [WasteBag], of site: PlaceID, _ made: WasteLabel) throws {
    if bags.isEmpty { return }
    let store = WasteStore(transaction)
    for bag in bags { try store.label(bag.label, at: site, made, at: now) }
    try record(
      WasteMoved(
        site: site, what: "labelled", about: String(bags.count),
        grams: bags.reduce(0) { $0 + $1.grams }))
  }

  /// From the oldest bag on the time runs within which waste may be stored.
  func obligeWaste(
    of site: PlaceID, since moment: Instant, _ policy: IsolationPolicy.Waste
  ) throws {
    try oblige(
      IsolationDuties.waste, about: site.text, at: site,
      by: moment + .hours(policy.storedHours))
  }
}
