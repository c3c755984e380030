import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("What a resident asks for") struct ResidentRequestsTests {
  @Test("anybody with a slip asks, sees who has it and until when, and reads the answer")
  func asked() async throws {
    let town = try await Town.withZhao()
    let asked = try await town.submit(
      AskForHelp(kind: "medicine", text: " 降压药吃完了 "), from: .resident(Town.zhao))
    #expect(asked.due == town.now + .minutes(240))
    let owed = try #require(try await town.owed("home.request").first)
    #expect(owed.deadline == asked.due && owed.place == Town.Spot.door201.id)
    let mine = try #require(try await town.ownHome().requests.first)
    #expect(mine.text == "降压药吃完了" && mine.seat == "grid_worker@town-grid")
    #expect(mine.outcome == nil)
    // What was written stands nowhere in the clear, nor in the journal.
    #expect(
      try await town.rows("SELECT payload FROM journal WHERE payload LIKE '%降压药%'").isEmpty)
    let sealed = try await town.rows("SELECT sealed_text FROM home_request").first?.bytes(0)
    #expect(sealed.map { !String(decoding: $0, as: UTF8.self).contains("降压药") } == true)
    let shown = try await town.ask(
      ShowResidentRequest(request: asked.request), for: .fieldwork, as: "worker")
    #expect(shown.request.text == "降压药吃完了" && shown.name == "赵＊＊")
    try await town.submit(
      FinishObligation(
        obligation: owed.id, proof: ["outcome": "done", "answer": "下午送到门口"]), as: "worker")
    let answered = try #require(try await town.ownHome().requests.first)
    #expect(answered.outcome == "done" && answered.answer == "下午送到门口")
    #expect(try await town.violations() == [:])
    // The words go sixty days after the answer; that something was asked stays.
    try await town.isolateAtHome()
    try await town.pass(.days(61))
    try await town.confirm("home-2", .secondary, exposedAt: town.now)
    try await town.pass(.minutes(1))
    #expect(try await town.ownHome().requests.first?.text == "")
  }

  @Test("a doctor is the community's at once and is never refused; others have a limit")
  func limits() async throws {
    let town = try await Town.withZhao()
    for _ in 1...5 {
      try await town.submit(AskForHelp(kind: "supplies"), from: .resident(Town.zhao))
    }
    #expect(
      await town.refused(AskForHelp(kind: "other", text: "x"), from: Town.zhao)
        == "home.manyRequests")
    try await town.submit(AskForHelp(kind: "doctor"), from: .resident(Town.zhao))
    let doctor = try #require(try await town.owed("home.doctor").first)
    #expect(doctor.deadline == town.now + .minutes(30))
    #expect(
      try await town.rows("SELECT seat FROM obligation WHERE kind = 'home.doctor'").map {
        $0.text(0)
      } == ["community_leader@370203030001"])
    for owed in try await town.owed("home.request") {
      try await town.submit(
        FinishObligation(obligation: owed.id, proof: ["outcome": "not"]), as: "worker")
    }
    for _ in 1...4 {
      try await town.submit(AskForHelp(kind: "other"), from: .resident(Town.zhao))
    }
    #expect(
      await town.refused(AskForHelp(kind: "other"), from: Town.zhao) == "home.manyRequests")
    #expect(await town.refused(AskForHelp(kind: "gold"), from: Town.zhao) == "field.malformed")
    let long = String(repeating: "长", count: 501)
    #expect(
      await town.refused(AskForHelp(kind: "other", text: long), from: Town.zhao)
        == "home.textTooLong")
    #expect(await town.refused(AskForHelp(kind: "other"), as: "worker") == "duty.notHeld")
  }

  @Test("what a supervisor strikes off is answered, and what nobody has is seen")
  func waived() async throws {
    let town = try await Town.withZhao()
    let asked = try await town.submit(AskForHelp(kind: "other"), from: .resident(Town.zhao))
    let owed = try #require(try await town.owed("home.request").first)
    try await town.submit(WaiveObligation(obligation: owed.id, reason: "电话办妥"), as: "leader")
    #expect(try await town.violations() == [:])
    #expect(try await town.ownHome().requests.first?.answer == "电话办妥")
    try await town.change("UPDATE home_request SET answered_at = NULL")
    #expect(try await town.violations()["I-43"] == [asked.request.text])
  }
}
