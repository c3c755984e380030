import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: what is shown of people") struct ScreeningShownTests {
  private let round = RoundID(trusted: "r1")

  @Test("whoever is shown on a round's wall sees in their own file that somebody looked")
  func wall() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    try await town.swab("p1", "T1", device: "d1")
    try await town.swab("p1", "T2", device: "d2")
    #expect(try await town.conflicts() == ["second_tube p1"])
    let path = "/screening/:round"
    let screen = try #require(town.desk.assembly.screens.first { $0.path == path })
    let look = Desk.Look(
      sender: .account(AccountID(trusted: "duty")), purpose: screen.purpose, language: .english,
      question: path)
    let text = try await town.desk.read(look) { reading in
      try screen.render(
        ScreenRequest(
          parameters: ["round": "r1"], query: [:], address: "/screening/r1",
          newCommandID: { "one" }), reading
      ).body.text
    }
    #expect(text.contains(">p1<"))
    let shown = try await town.rows(
      "SELECT DISTINCT person FROM disclosure WHERE question = \(path)")
    #expect(shown.map { $0.text(0) } == ["p1"])
  }

  @Test("the wall says how long the middle tube and the slowest tenth took")
  func turnaround() async throws {
    let town = try await Town()
    try await town.enrol(10)
    try await town.open(pool: 1)
    for person in 1...10 { try await town.swab("p\(person)", "T\(person)") }
    #expect(try await town.ask(WatchRound(round: round)).turnaroundMedian == nil)
    for person in 1...10 {
      try await town.pass(.hours(1))
      try await town.results([("T\(person)", "negative")], from: person)
    }
    let watch = try await town.ask(WatchRound(round: round))
    #expect(watch.turnaroundMedian == 360 && watch.turnaroundSlow == 600)
  }
}
