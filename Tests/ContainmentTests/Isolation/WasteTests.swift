import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Medical waste of a site") struct WasteTests {
  @Test("a bag has a weight and a label; what is taken is what was given")
  func outIsIn() async throws {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    let hotel = Town.hotel
    func weigh(_ kilograms: Double, _ kind: String = "infectious") -> WeighBag {
      WeighBag(site: hotel, kind: kind, kilograms: kilograms)
    }
    #expect(await town.refused(weigh(0)) == "isolation.weight")
    #expect(await town.refused(weigh(25.001)) == "isolation.weight")
    #expect(await town.refused(weigh(1, "rubbish")) == "field.malformed")
    #expect(await town.refused(GiveWaste(site: hotel)) == "isolation.noWaste")
    #expect(try await town.submit(weigh(25), as: "street").label == "20220704-001")
    #expect(try await town.submit(weigh(5, "sharp"), as: "street").label == "20220704-002")
    #expect(try await town.owed("isolation.waste").first?.deadline == town.now + .hours(48))
    #expect(await town.refused(CloseSite(site: hotel)) == "isolation.wasteLeft")
    #expect(await town.refused(GiveWaste(site: hotel)) == "isolation.unlabelled")
    try await town.submit(LabelBags(site: hotel, label: "20220704-001"), as: "street")
    #expect(await town.refused(GiveWaste(site: hotel)) == "isolation.unlabelled")
    #expect(try await town.submit(LabelBags(site: hotel), as: "street").bags == 1)
    let given = try await town.submit(GiveWaste(site: hotel), as: "street")
    #expect(given.bags == 2 && given.grams == 30_000)
    func take(_ bags: Int, _ kilograms: Double, returned: Bool? = nil) -> TakeWaste {
      TakeWaste(
        handover: given.handover, bags: bags, kilograms: kilograms, returned: returned)
    }
    #expect(await town.refused(take(1, 30), as: "duty") == "isolation.bagsDiffer")
    #expect(await town.refused(take(2, 30.7), as: "duty") == "isolation.weightDiffers")
    #expect(await town.refused(take(2, 30), as: "street") == "duty.notHeld")
    // Until the other side has confirmed it, somebody owes it.
    #expect(try await town.owed("isolation.waste").count == 1)
    try await town.submit(take(2, 30.6), as: "duty")
    #expect(await town.refused(take(2, 30), as: "duty") == "isolation.wasteTaken")
    #expect(try await town.owed("isolation.waste").isEmpty)
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE isolation_handover SET grams = grams + 1")
    #expect(try await town.violations()["I-44"] == [given.handover.text])
  }

  @Test("what does not agree goes back, and what stands too long is told to the street")
  func late() async throws {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    try await town.submit(
      WeighBag(site: Town.hotel, kind: "infectious", kilograms: 4), as: "street")
    let given = try await town.submit(
      GiveWaste(site: Town.hotel, written: true), as: "street")
    try await town.submit(
      TakeWaste(handover: given.handover, bags: 2, kilograms: 1, returned: true), as: "duty")
    #expect(try await town.hotelNow().bags.map(\.label) == ["20220704-001"])
    try await town.pass(.hours(48) + .minutes(1))
    let told = try await town.rows(
      """
      SELECT escalation.seat FROM escalation
      JOIN obligation ON obligation.id = escalation.obligation
      WHERE obligation.kind = 'isolation.waste' ORDER BY escalation.rung
      """)
    #expect(told.map { $0.text(0) } == ["street_leader@\(Town.Spot.street.rawValue)"])
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }
  @Test("a label names site, kind, weight, day and number; what left without one is seen")
  func labels() async throws {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    for kilograms in [4.2, 0.8] {
      try await town.submit(
        WeighBag(site: Town.hotel, kind: "sharp", kilograms: kilograms), as: "street")
    }
    let all = try await town.ask(WasteLabels(site: Town.hotel))
    #expect(all.labels.map(\.label) == ["20220704-001", "20220704-002"])
    #expect(all.labels[0].kind.english == "Sharp" && all.labels[0].grams == 4_200)
    #expect(all.labels[0].day == Day("2022-07-04") && all.name == "海云小区 2号楼")
    let one = try await town.ask(WasteLabels(site: Town.hotel, label: "20220704-002"))
    #expect(one.labels.map(\.grams) == [800])
    let sheet = String(decoding: WasteLabelSheet.pdf(of: all), as: UTF8.self)
    #expect(sheet.contains("(20220704-001) Tj") && sheet.contains("(20220704-002) Tj"))
    #expect(
      WasteLabelSheet.code(of: "20220704-002", at: Town.hotel) == "town-building-2/20220704-002")
    #expect(
      await town.refused(LabelBags(site: Town.hotel, label: "20220704-009")) == "notFound")
    // Hand-written labels are said to be so, and what was printed stays printed.
    try await town.submit(LabelBags(site: Town.hotel, label: "20220704-001"), as: "street")
    try await town.submit(GiveWaste(site: Town.hotel, written: true), as: "street")
    let made = try await town.rows("SELECT label_made FROM isolation_bag ORDER BY label")
    #expect(made.map { $0.text(0) } == ["printed", "written"])
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE isolation_bag SET labelled_at = NULL WHERE grams = 800")
    #expect(try await town.violations()["I-44"] == ["20220704-002"])
  }

  @Test(
    "a bag is found by the number on its label, or by the code on it, where the site may be read",
    arguments: [
      ("20220704-002", "duty", 1), ("town-building-2/20220704-002", "duty", 1),
      ("town-building-1/20220704-002", "duty", 0), ("20220704-003", "duty", 0), ("002", "duty", 0),
      ("20220704-002", "otherLeader", 0), ("20220704-002", "leader", 1),
    ] as [(String, String, Int)])
  func found(text: String, account: String, count: Int) async throws {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    for kilograms in [4.2, 0.8] {
      try await town.submit(
        WeighBag(site: Town.hotel, kind: "sharp", kilograms: kilograms), as: "street")
    }
    let found = try await town.read(as: account) {
      try WasteFinder.finder.find(Finder.Wanted(text), 20, $0)
    }
    #expect(found.count == count)
    if let bag = found.first {
      #expect(bag.title == "20220704-002" && bag.address == "/isolation/\(Town.hotel.text)")
      #expect(bag.person == nil && bag.about.hasSuffix("海云小区 2号楼"))
    }
  }
}
