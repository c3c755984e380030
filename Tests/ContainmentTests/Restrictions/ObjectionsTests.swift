import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Objections") struct ObjectionsTests {
  private func objected() async throws -> (Town, RestrictionView, RaiseObjection.Answer) {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    let answer = try await town.submit(
      RaiseObjection(restriction: view.restriction, ground: "我当天不在场"),
      from: .resident(Town.zhao))
    return (town, view, answer)
  }

  @Test("nobody decides for a day: the restriction is lifted, though no job has run")
  func overdue() async throws {
    let (town, view, answer) = try await objected()
    #expect(answer.due == town.now + .hours(24))
    town.stall(.hours(24) - .milliseconds(1))
    #expect(try await town.own().first?.state == .effective)
    town.stall(.milliseconds(1))
    let lifted = try #require(try await town.own().first)
    #expect(lifted.state == .suspended && lifted.objection?.state == .lapsed)
    #expect(try await town.colour() == .green)
    for (state, count) in [(RestrictionState.effective, 0), (.suspended, 1), (.ended, 0)] {
      let list = try await town.ask(
        ListRestrictions(place: nil, state: state), for: .containment)
      #expect(list.restrictions.count == count)
    }
    try await town.catchUp()
    #expect(try await town.violations() == [:])
    // It is late and somebody else was told.
    let told = try await town.rows(
      "SELECT escalated_to FROM obligation WHERE kind = 'objections.decide'")
    #expect(told.map { $0.text(0) } == ["command_duty@370203"])
    try await town.submit(
      DecideObjection(objection: answer.objection, upheld: false, reason: "在场记录属实"),
      as: "reviewer")
    #expect(try await town.own().first?.state == .effective)
    #expect(try await town.colour() == .red)
    #expect(view.objection == nil)
  }

  @Test("an objection that is upheld ends the restriction")
  func upheld() async throws {
    let (town, view, answer) = try await objected()
    let shown = try await town.ask(
      ShowObjection(objection: answer.objection), for: .objection, as: "reviewer")
    #expect(shown.ground == "我当天不在场" && shown.restriction.restriction == view.restriction)
    try await town.submit(
      DecideObjection(objection: answer.objection, upheld: true, reason: "证据不足"),
      as: "reviewer")
    let over = try #require(try await town.own().first)
    #expect(over.endReason == .objectionUpheld && over.objection?.state == .upheld)
    #expect(try await town.owed(about: view.restriction).isEmpty)
    #expect(try await town.violations() == [:])
    let facts = try await town.rows("SELECT payload FROM journal WHERE payload LIKE '%不在场%'")
    #expect(facts.isEmpty)
  }

  @Test(
    "what is said while one waits is added with its time, and nothing of it is dropped in silence")
  func added() async throws {
    let (town, view, answer) = try await objected()
    func ground() async throws -> String {
      try await town.ask(
        ShowObjection(objection: answer.objection), for: .objection, as: "reviewer"
      ).ground
    }
    func take(_ ground: String) -> TakeObjection {
      TakeObjection(restriction: view.restriction, ground: ground)
    }
    town.stall(.hours(1))
    let own = RaiseObjection(restriction: view.restriction, ground: "我有车票\n号码 17")
    #expect(try await town.submit(own, from: .resident(Town.zhao)).objection == answer.objection)
    try await town.submit(take("电话：车票已寄出"), as: "worker")
    // Pressed twice it is said once; nothing said adds nothing.
    try await town.submit(take("电话：车票已寄出"), as: "worker")
    try await town.submit(take(" "), as: "worker")
    #expect(
      try await ground()
        == "我当天不在场\n[2022-07-04 09:00] 我有车票\n号码 17\n[2022-07-04 09:00] 电话：车票已寄出")
    let told = try await town.rows(
      "SELECT payload FROM journal WHERE name = 'objections.added'")
    #expect(told.count == 2 && !told.contains { $0.text(0).contains("车票") })
    // What is too long is refused, and says so.
    let long = String(repeating: "话", count: 2_001)
    #expect(await town.refused(take(long), as: "worker") == "objection.long")
    for number in 0..<9 {
      try await town.submit(take("\(number)" + String(repeating: "话", count: 1_999)), as: "worker")
    }
    let full = "9" + String(repeating: "话", count: 1_999)
    #expect(await town.refused(take(full), as: "worker") == "objection.long")
    let decide = DecideObjection(objection: answer.objection, upheld: false, reason: long)
    #expect(await town.refused(decide, as: "reviewer") == "objection.long")
  }

  @Test("one tap more sets no other clock, and nobody objects for somebody else's page")
  func repeated() async throws {
    let (town, view, answer) = try await objected()
    try await town.pass(.hours(1))
    let again = try await town.submit(
      TakeObjection(restriction: view.restriction, ground: "电话再次提出"), as: "worker")
    #expect(again.objection == answer.objection && again.due == answer.due)
    let other = await #expect(throws: Refusal.self) {
      try await town.submit(
        RaiseObjection(restriction: view.restriction, ground: "x"),
        from: .resident(PersonID(trusted: "qian")))
    }
    #expect(other?.kind == .notFound)
  }

  @Test("the organisation that decided the restriction does not decide the objection")
  func sameUnit() async throws {
    let town = try await Town.withZhao()
    try await town.settleZones(.building)
    let asked = try await town.submit(
      IssueRestriction(
        person: Town.zhao, clause: "zone_high",
        evidence: Evidence(kind: .zoneResidence, reference: Town.Spot.building.rawValue)),
      as: "duty")
    try await town.submit(
      ApproveRestriction(request: asked.restriction, approved: true), as: "street")
    let answer = try await town.submit(
      TakeObjection(restriction: asked.restriction, ground: "已离开该区"), as: "worker")
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(
        DecideObjection(objection: answer.objection, upheld: false, reason: "x"), as: "duty")
    }
    #expect(refusal?.code == "objection.sameUnit")
    let own = await #expect(throws: Refusal.self) {
      try await town.submit(
        DecideObjection(objection: answer.objection, upheld: true, reason: "x"), as: "worker")
    }
    #expect(own != nil)
    try await town.submit(
      DecideObjection(objection: answer.objection, upheld: false, reason: "x"), as: "reviewer")
    try await town.change("UPDATE objection SET decided_by = 'duty'")
    #expect(try await town.violations()["I-18"] == [answer.objection.text])
  }
}
