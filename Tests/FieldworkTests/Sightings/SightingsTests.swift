import Registry
import Testing
import Town

@testable import Fieldwork
@testable import Kernel

@Suite("What was noticed in the field") struct SightingsTests {
  private func report(_ kind: Sighting.Kind, _ words: String = "老人发烧，子女不在家") -> ReportSighting {
    ReportSighting(place: Town.Spot.door101.id, kind: kind, words: words)
  }

  @Test(
    "the community owes somebody a look at it, sooner when somebody is ill",
    arguments: [(Sighting.Kind.ill, 60), (.needsHelp, 60), (.movedIn, 240), (.other, 240)])
  func owed(kind: Sighting.Kind, minutes: Int) async throws {
    let town = try await Town()
    let id = try await town.submit(report(kind), as: "worker")
    let owed = try await town.read(as: "leader") { reading in
      try ObligationStore(reading.transaction).owed(Sightings.look.name, about: id.text)
    }
    #expect(owed.map(\.deadline) == [town.now + .minutes(minutes)])
    #expect(owed.map(\.seat.description) == ["community_leader@370203030001"])
    let answer = try await town.ask(ShowSighting(sighting: id), as: "leader")
    #expect(answer.words == "老人发烧，子女不在家" && answer.sighting.kind == kind)
    try await town.submit(
      FinishObligation(obligation: owed[0].id, proof: ["result": "handled"]), as: "leader")
    #expect(try await town.violations().isEmpty)
  }

  @Test("nothing that was written stands in the journal, and it is deleted when its time is over")
  func privacy() async throws {
    let town = try await Town()
    let id = try await town.submit(report(.ill), as: "worker")
    let journal = try await town.rows("SELECT payload FROM journal")
    #expect(!journal.contains { $0.optionalText(0)?.contains("发烧") == true })
    try await town.pass(.days(61))
    #expect(try await town.ask(ShowSighting(sighting: id), as: "leader").words == nil)
  }

  @Test("empty words, words without end and another's grid are refused")
  func refused() async throws {
    let town = try await Town()
    for (command, account) in [
      (report(.ill, "  "), "worker"),
      (report(.ill, String(repeating: "长", count: 1_001)), "worker"),
      (report(.ill), "otherWorker"),
    ] {
      await #expect(throws: Refusal.self) { try await town.submit(command, as: account) }
    }
  }
}
