import Kernel
import Look

/// The waste of a site: bags weighed and labelled, what was given and taken.
struct SiteWastePart {
  let request: ScreenRequest
  let reading: Reading
  let shown: ShowSite.Answer
  let mayWeigh: Bool
  let mayTake: Bool

  private var look: Look { Look(reading) }
  private var own: (String, String) { ("site", shown.site.site.text) }

  func body() throws -> HTML {
    let kinds = try reading.policy(IsolationPolicy.self).waste.kinds
    return look.panel(
      look("医疗废物", "Medical waste"), id: "waste",
      note: look("出入须相等", "out = in"),
      HTML([bags(kinds), labelling, handovers, weighing(kinds), giving]))
  }

  private func bags(_ kinds: [IsolationPolicy.Waste.Kind]) -> HTML {
    if shown.bags.isEmpty {
      return look.empty(look("没有待交接的袋", "No bag stands here"), isGood: true)
    }
    let words = Dictionary(kinds.map { ($0.code, $0.words) }) { first, _ in first }
    let rows = shown.bags.map { bag in
      Look.TableRow(
        bag.label, to: labels(bag.label),
        cells: [
          .text(
            look.dotted([
              words[bag.kind].map { look($0) } ?? bag.kind, SiteWords.kilograms(bag.grams),
              look.nearMoment(bag.weighedAt),
            ])),
          .text(bag.labelMade.map { look($0.words) } ?? look("未贴", "none on it")),
        ])
    }
    let sum = Look.TableRow(
      look("合计 \(shown.bags.count) 袋", "\(shown.bags.count) bags"),
      cells: [.text(SiteWords.kilograms(shown.site.wasteGrams)), .text("")])
    return look.table(
      look("待交接的袋", "Bags that stand here"),
      columns: [
        .init(look("编号，点开打印", "Number; open to print")),
        .init(look("种类、重量、称重", "Kind, weight, weighed")), .init(look("标签", "Label")),
      ], rows: rows, total: sum, id: "bags")
  }

  /// The address of the labels of all bags that stand, or of one.
  private func labels(_ bag: String? = nil) -> String {
    Address(
      IsolationScreens.address(shown.site.site) + "/labels", bag.map { ["bag": $0] } ?? [:]
    ).text
  }

  /// Print, stick, and say that they are on.
  private var labelling: HTML {
    let bare = shown.bags.filter { $0.labelledAt == nil }.count
    if shown.bags.isEmpty { return "" }
    let print = look.linkButton(
      look("打印全部标签（PDF）", "Print all labels (PDF)"), to: labels())
    guard mayWeigh, bare > 0 else { return print }
    return look.row([
      print,
      look.form(
        LabelBags.name, for: request, hidden: [own],
        buttons: look.primaryButton(look("\(bare) 袋已贴好", "Labels are on (\(bare))")),
        isInline: true, anchor: "waste"),
      look.form(
        LabelBags.name, for: request, hidden: [own, ("written", "true")],
        buttons: look.plainButton(look("已手写贴上", "Written by hand")), isInline: true,
        anchor: "waste"),
    ])
  }

  private var handovers: HTML {
    if shown.handovers.isEmpty { return "" }
    let rows = shown.handovers.map { handover in
      let differs = handover.takenGrams.map { $0 - handover.grams }
      return Look.ObligationRow(
        label: handover.takenAt.map { Look.Label(look.nearMoment($0), .done) }
          ?? Look.Label(look("待收运方确认", "to be confirmed"), .soon),
        title: look.dotted([
          look("\(handover.bags) 袋", "\(handover.bags) bags"),
          SiteWords.kilograms(handover.grams),
        ]), address: nil,
        trail: [
          look(
            "\(look.nearMoment(handover.givenAt)) 交出",
            "given \(look.nearMoment(handover.givenAt))"),
          handover.takenGrams.map {
            look(
              "复称 \(SiteWords.kilograms($0))，差 \(differs ?? 0) 克",
              "weighed again \(SiteWords.kilograms($0)), \(differs ?? 0) g apart")
          },
        ].compactMap { $0 }, holder: "", buttons: taking(handover))
    }
    return look.obligations(rows, id: "handovers", topics: "isolation")
  }

  private func taking(_ handover: WasteHandover) -> HTML? {
    guard mayTake, handover.takenAt == nil else { return nil }
    return look.form(
      TakeWaste.name, for: request, hidden: [("handover", handover.handover.text)],
      fields: [
        .init("bags", look("清点袋数", "Bags counted"), .number, required: true),
        .init("kilograms", look("复称（千克）", "Weighed again (kg)"), .number, required: true),
      ],
      buttons: HTML([
        look.primaryButton(look("收下", "Take")),
        look.valueButton(look("不符，退回", "Differs, send back"), name: "returned", value: "true"),
      ]))
  }

  private func weighing(_ kinds: [IsolationPolicy.Waste.Kind]) -> HTML {
    guard mayWeigh, shown.site.state != .closed else { return "" }
    return look.disclosure(
      look("称重贴标", "Weigh and label"), id: "weigh",
      look.form(
        WeighBag.name, for: request, hidden: [own],
        fields: [
          .init(
            "kind", look("种类", "Kind"), .choices(kinds.map { .init($0.code, look($0.words)) }),
            required: true),
          .init("kilograms", look("重量（千克）", "Weight (kg)"), .number, required: true),
        ], buttons: look.primaryButton(look("登记一袋", "Enter the bag"))))
  }

  private var giving: HTML {
    let areLabelled = shown.bags.allSatisfy { $0.labelledAt != nil }
    guard mayWeigh, !shown.bags.isEmpty, areLabelled else { return "" }
    return look.form(
      GiveWaste.name, for: request, hidden: [own],
      buttons: look.plainButton(
        look(
          "全部交给收运车（\(shown.bags.count) 袋）", "Give all to the car (\(shown.bags.count) bags)")),
      isInline: true)
  }
}
