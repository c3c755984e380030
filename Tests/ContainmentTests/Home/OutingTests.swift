import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("A way out for care") struct OutingTests {
  private func isolated() async throws -> Town {
    let town = try await Town.withNeighbours()
    try await town.isolateAtHome()
    return town
  }

  private func own(_ town: Town, emergency: Bool = false) -> AskOwnOuting {
    AskOwnOuting(
      destination: "市立医院透析室", reason: "每周三次透析",
      leaveAt: emergency ? nil : town.now + .hours(2), emergency: emergency)
  }

  @Test("asked, approved, there, back and home: each leg by its own side, and the measure holds")
  func loop() async throws {
    let town = try await isolated()
    let asked = try await town.submit(own(town), from: .resident(Town.zhao))
    let outing = asked.outing
    #expect(!asked.approved)
    #expect(try await town.owed("home.outing").first?.deadline == town.now + .hours(1))
    #expect(await town.refused(MoveOuting(outing: outing, to: .out)) == "home.outingState")
    #expect(
      await town.refused(AnswerOuting(outing: outing, approved: true), as: "worker")
        == "duty.notHeld")
    try await town.submit(AnswerOuting(outing: outing, approved: true), as: "street")
    #expect(try await town.owed("home.outing").isEmpty)
    #expect(try await town.owed("home.trip").first?.deadline == town.now + .hours(2) + .minutes(30))
    #expect(await town.refused(MoveOuting(outing: outing, to: .out)) == "field.missing")
    #expect(
      await town.refused(MoveOuting(outing: outing, to: .there, driver: "张师傅", vehicle: "鲁B1"))
        == "home.outingState")
    try await town.submit(
      MoveOuting(outing: outing, to: .out, driver: "张 师傅", vehicle: "鲁B12345"), as: "leader")
    #expect(try await town.owed("home.trip").first?.deadline == town.now + .minutes(120))
    #expect(
      await town.refused(MoveOuting(outing: outing, to: .there), as: "leader")
        == "isolation.sameSide")
    #expect(try await town.own().first?.state == .effective)
    #expect(try await town.violations() == [:])
    try await town.submit(MoveOuting(outing: outing, to: .there), as: "street")
    try await town.submit(
      MoveOuting(outing: outing, to: .back, driver: "李师傅", vehicle: "鲁B2"), as: "street")
    #expect(
      await town.refused(ConfirmOwnReturn(outing: outing), from: Town.neighbour) == "notFound")
    try await town.submit(ConfirmOwnReturn(outing: outing), from: .resident(Town.zhao))
    #expect(try await town.owed("home.trip").isEmpty)
    let shown = try await town.ask(ShowOuting(outing: outing), for: .containment)
    #expect(shown.view.legs.map(\.state) == [.out, .there, .back, .home])
    #expect(shown.destination == "市立医院透析室" && shown.driver == "李师傅")
    #expect(shown.driverThere == "张 师傅" && shown.view.vehicleThere == "鲁B12345")
    let clear = try await town.rows("SELECT payload FROM journal WHERE payload LIKE '%透析%'")
    #expect(clear.isEmpty)
    #expect(try await town.violations() == [:])
    // The way is over: another one may be asked for.
    try await town.submit(own(town), from: .resident(Town.zhao))
  }

  @Test("a driver is on one way at a time, however the name is written")
  func driver() async throws {
    let town = try await isolated()
    try await town.isolateAtHome(Town.neighbour, contact: "home-2")
    var outings: [OutingID] = []
    for person in [Town.zhao, Town.neighbour] {
      let outing = try await town.submit(own(town), from: .resident(person)).outing
      try await town.submit(AnswerOuting(outing: outing, approved: true), as: "street")
      outings.append(outing)
    }
    try await town.submit(
      MoveOuting(outing: outings[0], to: .out, driver: "张师傅 A", vehicle: "鲁B1"), as: "leader")
    let second = MoveOuting(outing: outings[1], to: .out, driver: "张 师傅a", vehicle: "鲁B2")
    #expect(await town.refused(second, as: "leader") == "home.driverBusy")
    try await town.submit(MoveOuting(outing: outings[0], to: .there), as: "street")
    try await town.submit(second, as: "leader")
    #expect(try await town.violations() == [:])
  }

  @Test("in an emergency nobody is waited for, and an ambulance needs no name")
  func emergency() async throws {
    let town = try await isolated()
    try await town.isolateAtHome(Town.neighbour, contact: "home-2")
    for person in [Town.zhao, Town.neighbour] {
      let asked = try await town.submit(own(town, emergency: true), from: .resident(person))
      #expect(asked.approved)
      try await town.submit(MoveOuting(outing: asked.outing, to: .out), as: "leader")
    }
    #expect(try await town.owed("home.outing").isEmpty)
    #expect(try await town.owed("home.trip").count == 2)
    #expect(try await town.violations() == [:])
  }

  @Test("a refusal has a reason that the person reads, and whoever asked does not decide")
  func declined() async throws {
    let town = try await isolated()
    let ask = AskOuting(
      person: Town.zhao, destination: "医院", reason: "配药", leaveAt: town.now + .hours(1))
    let outing = try await town.submit(ask, as: "street").outing
    #expect(
      await town.refused(AnswerOuting(outing: outing, approved: true)) == "home.ownOuting")
    #expect(
      await town.refused(AnswerOuting(outing: outing, approved: false), as: "duty")
        == "home.noReason")
    try await town.submit(
      AnswerOuting(outing: outing, approved: false, reason: "药品可送上门"), as: "duty")
    let mine = try #require(try await town.ownHome().outing)
    #expect(mine.view.state == .declined && mine.refusal == "药品可送上门")
    #expect(try await town.violations() == [:])
  }

  @Test("nobody asks who may go out, nobody asks twice, and nobody asks for yesterday")
  func refused() async throws {
    let town = try await isolated()
    #expect(await town.refused(own(town), from: Town.neighbour) == "home.freeToGo")
    let past = AskOwnOuting(
      destination: "医院", reason: "复诊", leaveAt: town.now - .hours(1))
    #expect(await town.refused(past, from: Town.zhao) == "home.leaveTime")
    let far = AskOwnOuting(destination: "医院", reason: "复诊", leaveAt: town.now + .days(8))
    #expect(await town.refused(far, from: Town.zhao) == "home.leaveTime")
    let outing = try await town.submit(own(town), from: .resident(Town.zhao)).outing
    #expect(await town.refused(own(town), from: Town.zhao) == "home.outingOpen")
    #expect(
      await town.refused(CancelOwnOuting(outing: outing), from: Town.neighbour) == "notFound")
    try await town.submit(CancelOwnOuting(outing: outing), from: .resident(Town.zhao))
    #expect(try await town.owed("home.outing").isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("the invariant sees a way that nobody expects")
  func invariant() async throws {
    let town = try await isolated()
    let outing = try await town.submit(own(town), from: .resident(Town.zhao)).outing
    try await town.change("UPDATE obligation SET subject = 'x' WHERE kind = 'home.outing'")
    #expect(try await town.violations()["I-42"] == [outing.text])
  }
}
