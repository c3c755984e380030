import Kernel
import Testing
import Town

@testable import Registry

@Suite("Places") struct PlacesTests {
  private func row(_ code: String, _ name: String) -> Fields {
    .object(["code": .text(code), "name": .text(name)])
  }

  @Test("an import makes what is new, and the same rows again are duplicates")
  func importTwice() async throws {
    let town = try await Town()
    let rows = [row("370203031", "延安路街道"), row("370203031001", "湖光社区")]
    let first = try await town.submit(ImportPlaces(rows: rows, run: "1"), as: "admin")
    #expect(first.accepted == 2 && first.outcomes.isEmpty)
    let second = try await town.submit(ImportPlaces(rows: rows, run: "2"), as: "admin")
    #expect(second.accepted == 0)
    #expect(second.outcomes.map(\.verdict) == [.duplicate, .duplicate])
  }

  @Test("a renamed street keeps its identifier and its history")
  func rename() async throws {
    let town = try await Town()
    try await town.pass(.hours(1))
    _ = try await town.submit(
      ImportPlaces(rows: [row("370203030", "水清沟新街道")], run: "1"), as: "admin")
    let place = try await town.ask(ListPlaces(place: Town.Spot.street.id)).place
    #expect(place?.name == "水清沟新街道")
    let names = try await town.rows(
      "SELECT name, until_at FROM place_name WHERE place = '370203030' ORDER BY from_at")
    #expect(names.map { $0.text(0) } == ["水清沟新街道"])
  }

  @Test("a re-coded street keeps its identifier")
  func recode() async throws {
    let town = try await Town()
    _ = try await town.submit(
      ImportPlaces(rows: [row("370203099", "水清沟街道")], run: "1"), as: "admin")
    let place = try await town.ask(ListPlaces(place: Town.Spot.street.id)).place
    #expect(place?.code == "370203099")
  }

  @Test("a row without its division above is refused by name, and the others are kept")
  func noParent() async throws {
    let town = try await Town()
    let rows = [row("999999001", "无名街道"), row("37020", "缺位"), row("370203032", "大港街道")]
    let answer = try await town.submit(ImportPlaces(rows: rows, run: "1"), as: "admin")
    #expect(answer.accepted == 1)
    #expect(answer.outcomes.map(\.code) == ["place.noParent", "field.malformed"])
    #expect(answer.outcomes.map(\.field) == ["code", "code"])
  }

  @Test("only an administrator may change the divisions")
  func duty() async throws {
    let town = try await Town()
    await #expect(throws: Refusal.self) {
      try await town.submit(ImportPlaces(rows: [], run: nil), as: "worker")
    }
  }

  @Test("the journal's chain and all invariants hold")
  func invariants() async throws {
    let town = try await Town()
    _ = try await town.submit(
      ImportPlaces(rows: [row("370203031", "延安路街道")], run: "1"), as: "admin")
    #expect(try await town.violations().isEmpty)
  }
}
