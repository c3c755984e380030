import Testing

@testable import Visits

@Suite("Positions: cells, time-space companions and ways that were too fast") struct PlacesTests {
  private static let metresPerDegree = 111_194.93

  @Test("a cell is 800 m on each side at every latitude", arguments: [0.0, 23.1, 36.1, 45.8, 69.5])
  func cells(latitude: Double) throws {
    let grid = CellGrid(side: 800)
    let metre = 1 / Self.metresPerDegree
    let across = metre / Double(cosine(latitude))
    // Walking 8 km north and east one meets ten cells and the one where the walk began or ended.
    let north = Set(
      (0..<8_000).compactMap {
        grid.cell(latitude: latitude + Double($0) * metre, longitude: 120.4)
      })
    let east = Set(
      (0..<8_000).compactMap {
        grid.cell(latitude: latitude, longitude: 120.4 + Double($0) * across)
      })
    #expect((10...11).contains(north.count) && (10...11).contains(east.count))
    #expect(grid.cell(latitude: 91, longitude: 0) == nil)
    #expect(grid.cell(latitude: 0, longitude: .nan) == nil)
  }

  private func cosine(_ degrees: Double) -> Double {
    // By its series, apart from the code under test.
    let angle = degrees * 3.141_592_653_589_793 / 180
    var term = 1.0
    var sum = 1.0
    for step in 1..<12 {
      term *= -angle * angle / Double((2 * step - 1) * 2 * step)
      sum += term
    }
    return sum
  }

  @Test("ten minutes in one cell, and one of the two located for thirty hours")
  func timeSpace() throws {
    let begin: UInt32 = 19_000 * 86_400
    let hours: UInt32 = 3_600
    let rows = DayRows()
    rows.add(Visit(person: 0, venue: 1, from: begin, to: begin + 29 * hours))
    rows.add(Visit(person: 1, venue: 1, from: begin, to: begin + 600))
    rows.add(Visit(person: 1, venue: 2, from: begin + 600, to: begin + 30 * hours))
    rows.add(Visit(person: 2, venue: 1, from: begin, to: begin + 600))
    rows.add(Visit(person: 2, venue: 2, from: begin + 600, to: begin + 30 * hours - 1))
    rows.add(Visit(person: 3, venue: 1, from: begin, to: begin + 599))
    let inquiry = Inquiry(try rows.segments())
    let rule = MeetingRule(minimumTotal: 0, minimumMeeting: 600)
    let all = inquiry.timeSpaceCompanions(of: 0, by: rule)
    #expect(all.map(\.person) == [1, 2])
    let settled = inquiry.timeSpaceCompanions(of: 0, by: rule, leastStay: 30 * hours)
    #expect(settled.map(\.person) == [1])
    let resident = inquiry.timeSpaceCompanions(of: 0, by: rule, leastStay: 29 * hours)
    #expect(resident.map(\.person) == [1, 2])
  }

  @Test("two places at once and ways too fast are found, near places are not")
  func travel() {
    let at = { (venue: UInt32, from: UInt32, to: UInt32, latitude: Double) in
      LocatedVisit(
        visit: Visit(person: 1, venue: venue, from: from, to: to), latitude: latitude,
        longitude: 120)
    }
    let home = at(1, 0, 1_000, 36)
    // 0.1 degrees are 11,119 m; at 10 m/s that takes 1,112 s, less the reach.
    let far = { (from: UInt32) in at(2, from, from + 100, 36.1) }
    let doubts = { Travel.doubts($0, fastest: 10, reach: 0) }
    #expect(doubts([home, far(999)]).map(\.kind) == [.twoPlacesAtOnce])
    #expect(doubts([far(1_000), home]).map(\.kind) == [.tooFast])
    #expect(doubts([home, far(2_111)]).map(\.kind) == [.tooFast])
    #expect(doubts([home, far(2_112)]) == [])
    #expect(Travel.doubts([home, far(999)], fastest: 10, reach: 12_000) == [])
    #expect(doubts([home, at(3, 500, 700, 36.1), far(800)]).map(\.kind).count == 2)
    let distance = Travel.metres(home, far(0))
    #expect((11_119...11_120).contains(distance))
  }

  @Test("an encounter counts like common time at a place of its own")
  func encounters() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let store = try VisitStore(path: folder.path)
    _ = try store.record(VisitEntry.encounter("B", "A", end: 5_000, seconds: 900))
    _ = try store.record(VisitEntry.encounter("A", "B", end: 5_000, seconds: 900))
    _ = try store.record(VisitEntry.encounter("A", "C", end: 5_000, seconds: 900))
    let person = try #require(store.persons.known("A"))
    let met = try store.inquiry().companions(of: person, by: MeetingRule(minimumTotal: 1)).sorted
    #expect(met.map(\.overlap) == [900, 900] && met.map(\.meetings) == [1, 1])
    let other = try #require(store.persons.known("C"))
    let near = try store.inquiry().companions(of: other, by: MeetingRule(minimumTotal: 1)).sorted
    #expect(near.map(\.person) == [person])
  }
}
