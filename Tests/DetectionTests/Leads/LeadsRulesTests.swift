import Kernel
import Testing

@testable import Detection

@Suite("Leads, by rule") struct LeadsRulesTests {
  private func split(_ leads: Int, _ open: [Int]) -> [String: Int] {
    let communities = open.enumerated().map { index, open in
      (place: PlaceID(trusted: "c\(index)"), path: PlacePath("1.\(index)"), open: open)
    }
    let ids = (0..<leads).map { LeadID(trusted: "l\($0)") }
    let plan = LeadsRules.split(ids, over: communities)
    #expect(plan.map(\.lead) == (communities.isEmpty ? [] : ids))
    return Dictionary(grouping: plan, by: \.place.text).mapValues(\.count)
  }

  @Test("no two communities get more than one lead more than the other, the least laden first")
  func even() {
    #expect(split(7, [0, 0, 0]) == ["c0": 3, "c1": 2, "c2": 2])
    #expect(split(2, [5, 1, 0]) == ["c2": 1, "c1": 1])
    #expect(split(3, [0]) == ["c0": 3])
    #expect(split(0, [0, 0]).isEmpty)
    #expect(split(3, []).isEmpty)
    for leads in 0..<40 {
      for communities in 1..<7 {
        let counts = split(leads, Array(repeating: 0, count: communities))
        #expect(counts.values.reduce(0, +) == leads)
        let all = (0..<communities).map { counts["c\($0)"] ?? 0 }
        #expect((all.max() ?? 0) - (all.min() ?? 0) <= 1)
      }
    }
  }

  @Test(
    "an address goes to the community of the longest name in it, or to none when two fit as well",
    arguments: [
      ("青岛市市北区河西社区12号", "a"), ("河西社区居委会", "a"), ("住海云小区3号楼", "b"),
      ("河西社区海云小区3号楼101", "b"), ("北山路", nil), ("北山社区与河西社区之间", nil), ("", nil),
      ("区", nil),
    ] as [(String, String?)])
  func addresses(address: String, community: String?) {
    let names = AddressNames([
      ("河西社区", PlaceID(trusted: "a")), ("北山社区", PlaceID(trusted: "c")),
      ("海云小区1期", PlaceID(trusted: "a")), ("海云小区", PlaceID(trusted: "b")),
    ])
    let expected =
      address == "河西社区海云小区3号楼101"
      // Both names have four characters and mean different communities.
      ? nil : community
    #expect(names.community(in: address)?.text == expected)
  }

  @Test("urgencies, measures and colours are read by code and by Chinese word")
  func words() throws {
    #expect(
      try ["加急", "紧急", "普通", "ordinary"].map(LeadsRules.urgency) == [
        .expedited, .urgent, .ordinary, .ordinary,
      ])
    for measure in LeadMeasure.allCases {
      #expect(try LeadsRules.measure(measure.words.chinese) == measure)
      #expect(try LeadsRules.measure(measure.rawValue) == measure)
    }
    #expect(
      try ["绿码", "绿", "黄色", "red"].map(LeadsRules.colour) == [
        .green, .green, .yellow, .red,
      ])
    for wrong in ["", "快", "asap"] {
      #expect(throws: Refusal.self) { try LeadsRules.urgency(wrong) }
    }
  }

  @Test("a result needs its measure, and a test lies not in the future")
  func results() throws {
    let today = Day(number: 19_325)
    #expect(try LeadsRules.result(LeadResultRow(), today: today) == nil)
    let missing = #expect(throws: Refusal.self) {
      try LeadsRules.result(LeadResultRow(foundAddress: "河西"), today: today)
    }
    #expect(missing?.field == "measure")
    let today1 = LeadResultRow(measure: "落地", lastTest: today)
    #expect(try LeadsRules.result(today1, today: today)?.lastTestOn == today)
    let future = #expect(throws: Refusal.self) {
      try LeadsRules.result(LeadResultRow(measure: "落地", lastTest: today + 1), today: today)
    }
    #expect(future?.code == "lead.testInFuture")
  }
}
