import Kernel
import Testing
import Town

@testable import Detection

@Suite("Visits") struct VisitsTests {
  private func row(
    _ person: String, _ venue: String, _ from: String, _ to: String,
    _ more: [String: Fields] = [:]
  ) -> Fields {
    var fields: [String: Fields] = [
      "person": .text(person), "venue": .text(venue), "from": .text(from), "to": .text(to),
      "source": .text("interview"),
    ]
    fields.merge(more) { $1 }
    return .object(fields)
  }

  @Test("rows are accepted, known or refused by field, and all are counted")
  func importing() async throws {
    let town = try await Town()
    let rows = [
      row("p1", "永和超市", "2022-11-28T08:00", "2022-11-28T09:00"),
      row("p1", "永和超市", "2022-11-28T08:00+08:00", "1669597200"),
      row("p1", "永和超市", "2022-11-28T10:00", "2022-11-28T09:00"),
      row("p1", "永和超市", "2022-11-28T10:00", "2022-11-28T10:00"),
      row("p1", "永和超市", "2022-11-28T11:00", "2022-11-28T12:00", ["source": .text("rumour")]),
      row("p1", "永和超市", "2022-11-28T11:00", "2022-11-28T12:00", ["lat": .text("36.1")]),
      row(
        "p1", "永和超市", "2022-11-28T11:00", "2022-11-28T12:00",
        ["lat": .text("91"), "lon": .text("120")]),
    ]
    let answer = try await town.submit(ImportVisits(rows: rows, run: "1"))
    #expect(answer.accepted == 2)
    #expect(answer.outcomes.map(\.row) == [1, 2, 4, 5, 6])
    #expect(answer.outcomes.map(\.verdict.rawValue).sorted().last == "rejected")
    #expect(answer.outcomes[0].verdict == .duplicate)
    #expect(answer.outcomes.dropFirst().map(\.field) == ["to", "source", "lon", "lat"])
  }

  @Test("what was exported imports back as known")
  func exporting() async throws {
    let town = try await Town()
    try await town.visit("p1", Town.Spot.door101.rawValue, "28T08:00", "28T09:30")
    _ = try await town.submit(
      ImportVisits(
        rows: [
          row(
            "p2", "河西路", "2022-11-28T08:00", "2022-11-28T08:00",
            ["lat": .text("36.1"), "lon": .text("120.38")])
        ], run: nil))
    let page = try await town.ask(ExportVisits(after: nil), for: .exchange)
    #expect(page.rows.count == 2 && page.after == nil)
    let header = ["person", "venue", "from", "to", "source", "lat", "lon"]
    let rows = page.rows.map { cells in
      Fields.object(Dictionary(uniqueKeysWithValues: zip(header, cells.map { .text($0) })))
    }
    let answer = try await town.submit(ImportVisits(rows: rows, run: "back"))
    #expect(answer.accepted == 0)
    #expect(answer.outcomes.map(\.verdict) == [.duplicate, .duplicate])
  }

  @Test("an encounter has no direction, and nobody encounters themself")
  func encounters() async throws {
    let town = try await Town()
    func pair(_ one: String, _ other: String, _ seconds: Int) -> Fields {
      .object([
        "person_a": .text(one), "person_b": .text(other), "at": .text("2022-11-28T08:00"),
        "seconds": .integer(Int64(seconds)),
      ])
    }
    let answer = try await town.submit(
      ImportEncounters(
        rows: [pair("b", "a", 20), pair("a", "b", 20), pair("a", "a", 20), pair("a", "b", -1)],
        run: nil))
    #expect(answer.accepted == 1)
    #expect(answer.outcomes.map(\.code) == ["row.known", "encounter.self", "field.malformed"])
    let page = try await town.ask(ExportEncounters(after: nil), for: .exchange)
    #expect(page.rows == [["a", "b", "2022-11-28T08:00:00+08:00", "20"]])
  }

  @Test("a place's identifier and its code are one venue")
  func sameSpot() async throws {
    let town = try await Town()
    try await town.visit("p1", "370203030001", "28T08:00", "28T09:00")
    let spot = try await town.rows("SELECT spot, place FROM visit")
    #expect(spot.map { $0.text(0) } == ["370203030001"])
    #expect(spot.first?.optionalText(1) == "370203030001")
  }

  @Test("an office records visits of its own people and venues, not those of others")
  func duty() async throws {
    let town = try await Town()
    try await town.settle("mine", at: .door101)
    try await town.settle("theirs", at: .otherDoor)
    try await town.visit("mine", "永和超市", "28T08:00", "28T09:00", as: "worker")
    try await town.visit("theirs", Town.Spot.door101.rawValue, "28T08:00", "28T09:00", as: "worker")
    await #expect(throws: Refusal.self) {
      try await town.visit("theirs", "永和超市", "28T08:00", "28T09:00", as: "worker")
    }
  }

  @Test("a trajectory shows gaps, and two places at once")
  func trajectory() async throws {
    let town = try await Town()
    try await town.visit("p1", "家", "28T06:00", "28T08:00")
    try await town.visit("p1", "家", "28T06:30", "28T07:00", source: .location)
    try await town.visit("p1", "超市", "28T07:30", "28T08:30", source: .venueCode)
    try await town.visit("p1", "公司", "28T10:00", "28T11:00", source: .work)
    try await town.visit("p1", "医院", "28T14:00", "28T15:00")
    let line = try await town.ask(TrajectoryOfPerson(person: PersonID("p1")))
    #expect(line.stretches.map(\.venue.text) == ["家", "家", "超市", "公司", "医院"])
    #expect(line.stretches.map(\.conflict) == [true, false, true, false, false])
    #expect(line.conflicts == [TimeSpan(town.moment("28T07:30"), town.moment("28T08:00"))])
    #expect(line.gaps == [TimeSpan(town.moment("28T11:00"), town.moment("28T14:00"))])
  }
}
