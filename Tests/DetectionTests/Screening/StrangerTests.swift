import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: people without a home") struct ScreeningStrangerTests {
  @Test(
    "who was only swabbed somewhere is no resident of the next round, until somebody says where they live"
  )
  func nextRound() async throws {
    let town = try await Town()
    try await town.enrol(2)
    // A file without a door that somebody enrolled is a resident all the same.
    try await town.enrol([ListedPerson(id: "street", home: .community)])
    try await town.open(over: .community)
    try await town.swab("stranger", "T1")
    try await town.swab("guest", "T1")
    #expect(try await town.count().unlistedSwabbed == 2)
    try await town.pass(.hours(1))
    let next = try await town.open("r2", over: .community)
    #expect(next.listed == 3)
    var count = try await town.count("r2")
    #expect(count.listed == 3 && count.withoutHome == 2 && count.missing == 3)
    #expect(try await town.untested("r2") == ["p1 missing", "p2 missing", "street missing"])
    // Only the strangers of the area are counted, and nobody has to look for them.
    try await town.open("r3", over: .otherDistrict)
    #expect(try await town.count("r3").withoutHome == 0)
    try await town.submit(OweUntested(round: RoundID(trusted: "r2")))
    #expect(
      try await town.rows("SELECT place FROM roster_search WHERE round = 'r2'").count == 2)
    #expect(
      try await town.page("/screening/of/:person", person: "stranger").contains(
        "No home: on the list of no area"))
    #expect(
      try await !town.page("/screening/of/:person", person: "p1").contains("No home"))
    #expect(
      try await town.page("/screening/:round", ["round": "r2"]).contains("Where it stands"))
    // They come again: swabbed as unlisted, and on the list once they have a home.
    try await town.swab("stranger", "T2", round: "r2")
    try await town.submit(
      MoveResident(person: PersonID(trusted: "guest"), to: Town.Spot.door201.id))
    try await town.pass(.hours(1))
    try await town.open("r4", over: .community)
    count = try await town.count("r4")
    #expect(count.listed == 4 && count.withoutHome == 1)
    #expect(try await town.violations().isEmpty)
  }
}
