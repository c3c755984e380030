import Kernel
import Testing
import Town

@testable import Registry

@Suite("Needs that follow from the age") struct NeedsByAgeTests {
  /// The town's day is 29 November 2022.
  @Test(
    "an infant is one until the third birthday, a centenarian from the hundredth",
    arguments: [
      ("2019-11-29", []), ("2019-11-30", ["infant"]), ("2022-11-29", ["infant"]),
      ("1922-11-29", ["centenarian"]), ("1922-11-30", []), ("1990-01-01", []),
    ])
  func ages(_ born: String, _ needs: [String]) async throws {
    let town = try await Town()
    _ = try await town.take([
      RowFixture(
        "P1", ["birth_date": born, "identity_kind": "none", "identity_number": "", "tags": "alone"])
    ])
    #expect(try await town.card("P1").card.tags.map(\.code) == (needs + ["alone"]).sorted())
    for code in ["infant", "centenarian"] {
      let counted = try await town.ask(CountResidents(place: Town.Spot.district.id)).needs
      #expect(counted.contains { $0.tag.code == code } == needs.contains(code))
      let listed = try await town.ask(
        ListResidents(place: Town.Spot.district.id, tag: code), for: .registry)
      #expect(listed.residents.map(\.person.text) == (needs.contains(code) ? ["P1"] : []))
    }
  }

  @Test("what was noted stands only while the day of birth is not known")
  func noted() async throws {
    let town = try await Town()
    _ = try await town.take([
      RowFixture(
        "grown",
        ["identity_kind": "none", "identity_number": "", "tags": "infant|alone"]),
      RowFixture(
        "unknown",
        [
          "birth_date": "", "identity_kind": "none", "identity_number": "", "tags": "infant",
          "name": "李小宝",
        ]),
    ])
    #expect(try await town.card("grown").card.tags.map(\.code) == ["alone"])
    #expect(try await town.card("unknown").card.tags.map(\.code) == ["infant"])
    let counted = try await town.ask(CountResidents(place: Town.Spot.district.id)).needs
    #expect(counted.map { "\($0.tag.code) \($0.people)" } == ["alone 1", "infant 1"])
    let listed = try await town.ask(
      ListResidents(place: Town.Spot.district.id, tag: "infant"), for: .registry)
    #expect(listed.residents.map(\.person.text) == ["unknown"])
  }
}
