import Containment
import Gazette
import Headquarters
import Registry
import Testing
import Town

@testable import Kernel

/// What the street reports of 2022 say of isolation sites: a hotel emptied and readied in about two
/// hours, and sixty kilograms of medical waste a day of which every bag is weighed and labelled.
@Suite("Isolation sites, 2022") struct IsolationStory {
  private static let hotel = Town.Spot.otherBuilding.id

  /// The hotel emptied, cleaned and handed over: the community and the hotel say, the street confirms.
  private func ready(_ town: Town) async throws {
    try await town.submit(SetUpSite(site: Self.hotel), as: "street")
    try await town.submit(
      AddRooms(site: Self.hotel, floor: 3, first: 301, last: 318, beds: 1), as: "street")
    for (step, minutes) in [("emptied", 45), ("cleaned", 48), ("zoned", 15), ("handed_over", 10)] {
      try await town.pass(.minutes(minutes - 5))
      try await town.submit(GiveSiteStep(site: Self.hotel, step: step), as: "leader")
      try await town.pass(.minutes(5))
      try await town.submit(ConfirmSiteStep(site: Self.hotel, step: step), as: "street")
    }
  }

  @Test("a hotel is ready in two hours, step by step on a timeline, and its rooms are counted once")
  func hotelInTwoHours() async throws {
    let town = try await Town(on: "2022-03-10")
    try await ready(town)
    let timeline = try await town.ask(TimelineOf(subject: Self.hotel.text), as: "street")
    #expect(timeline.span == Words("1小时58分钟", "1 h 58 min"))
    let steps = timeline.steps.filter { $0.fact != "isolation.roomsCounted" }
    #expect(steps.first?.fact == "isolation.siteChanged" && steps.last?.fact == "obligations.done")
    #expect(steps.last?.title == Words("隔离点清空、清洁、移交", "Empty, clean and hand over the site"))
    #expect(steps.last?.after.english == "1 h 58 min")
    // In time, so nobody above was told.
    #expect(!timeline.steps.contains { $0.fact == "obligations.escalated" })

    let capacity = try await town.ask(ListCapacity(place: nil)).reports
    let board = try await town.ask(ListSites())
    #expect(capacity.map(\.site) == ["海云小区 2号楼"] && capacity.first?.free == 18)
    #expect(board.sites.first?.counts.free == capacity.first?.free)
    let byHand = await #expect(throws: Refusal.self) {
      try await town.submit(
        ReportCapacity(
          site: "海云小区 2号楼", kind: .rooms, place: Town.Spot.community.id, total: 18, used: 0))
    }
    #expect(byHand?.code == "capacity.counted")
    #expect(try await town.violations() == [:])
  }

  @Test("Wendeng: sixty kilograms a day in fifteen bags, weighed, labelled, given and taken")
  func sixtyKilograms() async throws {
    let town = try await Town(on: "2022-03-10")
    try await ready(town)
    for day in 1...3 {
      var labels: Set<String> = []
      for _ in 1...15 {
        labels.insert(
          try await town.submit(
            WeighBag(site: Self.hotel, kind: "infectious", kilograms: 4), as: "street"
          ).label)
      }
      #expect(labels.count == 15)
      #expect(try await town.submit(LabelBags(site: Self.hotel), as: "street").bags == 15)
      let given = try await town.submit(GiveWaste(site: Self.hotel), as: "street")
      #expect(given.grams == 60_000 && given.bags == 15)
      try await town.submit(
        TakeWaste(handover: given.handover, bags: 15, kilograms: 60.4), as: "duty")
      let today = try await town.ask(ListWasteOfSite(site: Self.hotel))
      #expect(today.grams == 60_000 && today.bags == 15 && today.handovers.count == day)
      try await town.pass(.days(1))
    }
    let all = try await town.ask(ListWasteOfSite(site: Self.hotel))
    #expect(all.grams == 0 && all.handovers.allSatisfy { $0.takenGrams == 60_400 })
    #expect(try await town.violations() == [:])
  }
}
