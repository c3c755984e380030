import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: what is shown of people") struct ScreeningShownTests {
  private let round = RoundID(trusted: "r1")

  /// Where the page before ended is found again, whatever the codes of tubes look like.
  @Test("the list of those who are held goes on behind a tube whose code has a stroke in it")
  func pages() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open()
    try await town.swab("p1", "A/1")
    let round = round
    let now = town.now
    try await town.desk.storage.write { transaction in
      for number in 0..<1_001 {
        let recall = Recall(
          tube: TubeCode(trusted: "A/1"), person: PersonID(trusted: "x \(number + 1_000)"),
          round: round, result: .positive, heldSince: now, state: .held, single: nil,
          decidedAt: nil)
        _ = try RecallsStore(transaction).insert(recall)
      }
    }
    let first = try await town.ask(ListRecalls(round: round), for: .containment)
    let second = try await town.ask(
      ListRecalls(round: round, after: first.after), for: .containment)
    #expect(first.lines.count == 1_000)
    #expect(second.lines.map(\.person.text) == ["x 2000"] && second.after == nil)
    let wrong = ListRecalls(round: round, after: "A/1/x")
    #expect(
      await refused { _ = try await town.ask(wrong, for: .containment) } == "field.malformed")
  }

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
