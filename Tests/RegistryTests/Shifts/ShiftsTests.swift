import Kernel
import Testing
import Town

@testable import Registry

@Suite("Shifts that end access") struct ShiftsTests {
  private let worker = AccountID(trusted: "worker")
  private let list = ListObligations(place: Town.Spot.grid.id)

  private func refusal(_ body: () async throws -> Void) async -> Refusal? {
    do {
      try await body()
      return nil
    } catch { return error as? Refusal }
  }

  /// A shift of the worker that begins and ends some hours from now.
  private func plan(
    _ begins: Int, _ ends: Int, in town: Town, as account: String = "leader"
  ) async throws -> ShiftID {
    try await town.submit(
      PlanShift(
        account: worker, role: "grid_worker", place: Town.Spot.grid.id,
        begins: town.now + .hours(begins), ends: town.now + .hours(ends)), as: account)
  }

  @Test("an office by shifts is held from the shift's beginning to its end and half an hour more")
  func ends() async throws {
    let town = try await Town()
    _ = try await town.ask(list, as: "worker")
    _ = try await plan(1, 9, in: town)
    let steps: [(Duration, Bool)] = [
      (.zero, false), (.minutes(60) - .milliseconds(1), false), (.milliseconds(1), true),
      (.hours(8), true), (.minutes(30) - .milliseconds(1), true), (.milliseconds(1), false),
    ]
    for (step, allowed) in steps {
      try await town.pass(step)
      let found = await refusal { _ = try await town.ask(list, as: "worker") }
      #expect(found?.code == (allowed ? nil : "shift.ended"))
    }
    let said = await refusal { _ = try await town.ask(list, as: "worker") }
    // The sentence names the end and who can extend, the nearest first.
    #expect(said?.words.english.contains("2022-11-29 17:00") == true)
    #expect(said?.words.chinese.contains("leader") == true)
    #expect(said?.words.chinese.contains("worker") == false)
    // Somebody else's office is none of it.
    _ = try await town.ask(list, as: "leader")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a shift that was extended goes on, by whom it concerns least")
  func extended() async throws {
    let town = try await Town()
    let shift = try await plan(0, 8, in: town)
    try await town.pass(.hours(9))
    #expect(await refusal { _ = try await town.ask(list, as: "worker") }?.code == "shift.ended")
    let extend = ExtendShift(shift: shift, hours: 2)
    #expect(
      await refusal { try await town.submit(extend, as: "worker") }?.code == "duty.notHeld")
    #expect(
      await refusal { try await town.submit(extend, as: "otherLeader") }?.code
        == "duty.outsideArea")
    #expect(
      await refusal { try await town.submit(ExtendShift(shift: shift, hours: 5), as: "leader") }?
        .code == "shift.extension")
    #expect(try await town.submit(extend, as: "leader") == town.now + .hours(2))
    _ = try await town.ask(list, as: "worker")
    try await town.submit(EndShift(shift: shift), as: "leader")
    // Whoever must not go on is out at once, without the half hour for handing over.
    #expect(await refusal { _ = try await town.ask(list, as: "worker") }?.code == "shift.ended")
  }

  @Test("a shift that was ended takes offline what was done before its ending, and nothing after")
  func cutShort() async throws {
    let town = try await Town()
    let shift = try await plan(0, 8, in: town)
    try await town.pass(.hours(2))
    try await town.submit(EndShift(shift: shift), as: "leader")
    let ending = town.now
    try await town.pass(.minutes(10))
    #expect(await late(ending - .milliseconds(1), "cut-0001", in: town) == "notFound")
    #expect(await late(ending, "cut-0002", in: town) == "shift.ended")
    let said = await refusal { _ = try await town.ask(list, as: "worker") }
    #expect(said?.words.english.contains("hand over") == false)
    // It ended with the half hour still running: that is over as well.
    try await town.submit(EndShift(shift: shift), as: "leader")
    let next = try await plan(1, 2, in: town)
    try await town.pass(.hours(2) + .minutes(5))
    _ = try await town.ask(list, as: "worker")
    try await town.submit(EndShift(shift: next), as: "leader")
    #expect(await refusal { _ = try await town.ask(list, as: "worker") }?.code == "shift.ended")
  }

  @Test("a shift that was cancelled before it began gives nothing and is in nobody's way")
  func cancelled() async throws {
    let town = try await Town()
    let cancelled = try await plan(2, 4, in: town)
    try await town.submit(EndShift(shift: cancelled), as: "leader")
    _ = try await plan(1, 3, in: town)
    try await town.pass(.hours(2))
    _ = try await town.ask(list, as: "worker")
    #expect(try await town.violations().isEmpty)
    let other = try await plan(8, 10, in: town)
    try await town.submit(EndShift(shift: other), as: "leader")
    try await town.pass(.hours(8) + .minutes(1))
    #expect(await refusal { _ = try await town.ask(list, as: "worker") }?.code == "shift.ended")
    #expect(
      await refusal { try await town.submit(ExtendShift(shift: other, hours: 1), as: "leader") }?
        .code == "shift.over")
  }

  @Test("what is said to have been done before the shift began was not done in it")
  func before() async throws {
    let town = try await Town()
    let morning = town.now
    _ = try await plan(1, 3, in: town)
    _ = try await plan(4, 6, in: town)
    try await town.pass(.hours(7))
    #expect(await late(morning, "early-0001", in: town) == "shift.ended")
    // The shift before the last counts for what was done in it, and between both nothing was done.
    #expect(await late(morning + .hours(2), "early-0002", in: town) == "notFound")
    #expect(await late(morning + .minutes(220), "early-0003", in: town) == "shift.ended")
    #expect(await late(morning + .hours(5), "early-0004", in: town) == "notFound")
  }

  /// The code with which late work of the worker is refused that names something that is not there.
  private func late(_ done: Instant?, _ id: String, in town: Town) async -> String? {
    await refusal {
      _ = try await town.desk.submit(
        Envelope(
          id: CommandID(trusted: id), name: Probe.name, body: .object(Probe.body),
          sender: .account(worker), doneAt: done))
    }?.code
  }

  @Test("nobody extends or frees their own office")
  func own() async throws {
    let town = try await Town()
    let leader = AccountID(trusted: "leader")
    let shift = try await town.submit(
      PlanShift(
        account: leader, role: "community_leader", place: Town.Spot.community.id,
        begins: town.now, ends: town.now + .hours(8)), as: "street")
    #expect(
      await refusal { try await town.submit(ExtendShift(shift: shift, hours: 1), as: "leader") }?
        .code == "shift.own")
    let untie = UntieOffice(
      account: leader, role: "community_leader", place: Town.Spot.community.id)
    #expect(await refusal { try await town.submit(untie, as: "leader") }?.code == "shift.own")
    try await town.pass(.hours(20))
    try await town.submit(untie, as: "street")
    _ = try await town.ask(ListObligations(place: Town.Spot.community.id), as: "leader")
  }

  @Test("nobody plans their own next shift, whatever they may plan for others")
  func ownPlan() async throws {
    let town = try await Town()
    let plan = PlanShift(
      account: AccountID(trusted: "leader"), role: "community_leader",
      place: Town.Spot.community.id, begins: town.now, ends: town.now + .hours(8))
    #expect(await refusal { try await town.submit(plan, as: "leader") }?.code == "shift.own")
    try await town.submit(plan, as: "street")
  }

  @Test("a shift is extended while it runs or its work is still taken, up to the longest shift")
  func extensions() async throws {
    let town = try await Town()
    let coming = try await plan(30, 32, in: town)
    let shift = try await plan(0, 9, in: town)
    let extend = { (shift: ShiftID, hours: Int) in
      await refusal {
        try await town.submit(ExtendShift(shift: shift, hours: hours), as: "leader")
      }?
      .code
    }
    #expect(await extend(coming, 1) == "shift.over")
    #expect(await extend(shift, 4) == nil)
    #expect(await extend(shift, 4) == "shift.long")
    #expect(await extend(shift, 3) == nil)
    #expect(await extend(shift, 1) == "shift.long")
    let short = try await plan(16, 17, in: town)
    try await town.pass(.hours(29) - .milliseconds(1))
    #expect(await extend(short, 1) == nil)
    try await town.submit(EndShift(shift: short), as: "leader")
    try await town.pass(.hours(12))
    #expect(await extend(short, 1) == "shift.over")
    #expect(try await town.violations().isEmpty)
  }

  @Test("the last who manages offices by day and night is not bound to hours")
  func lastManager() async throws {
    let town = try await Town()
    let second = AccountID(trusted: "second")
    try await town.submit(OpenAccount(account: second, title: "second"), as: "admin")
    try await town.submit(
      GrantOffice(account: second, role: "administrator", place: Offices.everywhere), as: "admin")
    let tie = { (account: String) in
      await refusal {
        try await town.submit(
          PlanShift(
            account: AccountID(trusted: account), role: "administrator",
            place: Offices.everywhere, begins: town.now, ends: town.now + .hours(8)), as: "duty")
      }?.code
    }
    #expect(await tie("second") == nil)
    #expect(await tie("admin") == "office.lastManager")
    // Whoever is bound to hours does not count when the other goes, either.
    #expect(
      await refusal {
        try await town.submit(
          EndOffice(
            account: AccountID(trusted: "admin"), role: "administrator",
            place: Offices.everywhere), as: "admin")
      }?.code == "office.lastManager")
  }

  @Test("shifts that make no sense are refused by name")
  func refused() async throws {
    let town = try await Town()
    _ = try await plan(0, 8, in: town)
    for (begins, ends, code) in [
      (4, 12, "shift.overlaps"), (9, 9, "shift.span"), (9, 8, "shift.span"),
      (8, 25, "shift.long"), (-9, -1, "shift.past"),
    ] {
      #expect(await refusal { _ = try await plan(begins, ends, in: town) }?.code == code)
    }
    _ = try await plan(8, 16, in: town)
    #expect(
      await refusal {
        try await town.submit(
          PlanShift(
            account: worker, role: "grid_worker", place: Town.Spot.otherGrid.id,
            begins: town.now + .hours(20), ends: town.now + .hours(22)), as: "street")
      }?.code == "office.none")
    #expect(
      try await town.ask(ListShifts(place: Town.Spot.community.id), as: "leader").count == 2)
  }

  @Test("what was done without network in the shift is taken after it, for twelve hours")
  func lateWork() async throws {
    let town = try await Town()
    _ = try await plan(0, 8, in: town)
    let during = town.now + .hours(7)
    let submit = { (done: Instant?, id: String) in
      await refusal {
        _ = try await town.desk.submit(
          Envelope(
            id: CommandID(trusted: id), name: Probe.name, body: .object(Probe.body),
            sender: .account(worker), doneAt: done))
      }?.code
    }
    try await town.pass(.hours(9))
    // It is refused for what it says, no longer for the shift.
    #expect(await submit(nil, "late-0001") == "shift.ended")
    #expect(await submit(town.now - .minutes(1), "late-0002") == "shift.ended")
    #expect(await submit(during, "late-0003") == "notFound")
    try await town.pass(.hours(11) - .milliseconds(1))
    #expect(await submit(during, "late-0004") == "notFound")
    try await town.pass(.milliseconds(1))
    #expect(await submit(during, "late-0005") == "shift.ended")
  }

  @Test("late work that is taken stands in the journal as such")
  func lateFact() async throws {
    let town = try await Town()
    _ = try await plan(0, 8, in: town)
    let during = town.now + .hours(7)
    try await town.pass(.hours(9))
    let person = CommandID(trusted: "late-0001")
    _ = try await town.desk.submit(
      Envelope(
        id: person, name: EnrolResident.name,
        body: .object([
          "person": .text("p-late"), "home": .text(Town.Spot.door101.rawValue),
          "name": .text("测试甲"),
        ]), sender: .account(worker), doneAt: during))
    let facts = try await town.rows(
      "SELECT payload FROM journal WHERE name = 'work.takenAfterShift'")
    #expect(facts.count == 1 && facts[0].text(0).contains("residents.enrol"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("what the desk does is not taken late: only the work of the field is")
  func deskWork() async throws {
    let town = try await Town()
    _ = try await plan(0, 8, in: town)
    let during = town.now + .hours(7)
    try await town.pass(.hours(9))
    let found = await refusal {
      _ = try await town.desk.submit(
        Envelope(
          id: CommandID(trusted: "desk-0001"), name: "obligations.claim",
          body: .object(["obligation": .text("01none")]), sender: .account(worker),
          doneAt: during))
    }
    #expect(found?.code == "shift.ended")
  }

  @Test("work of one grid is taken after its shift while the same worker is on in another")
  func twoGrids() async throws {
    let town = try await Town()
    try await town.submit(
      GrantOffice(account: worker, role: "grid_worker", place: Town.Spot.otherGrid.id),
      as: "admin")
    _ = try await plan(0, 8, in: town)
    let during = town.now + .hours(7)
    try await town.pass(.hours(9))
    _ = try await town.ask(ListObligations(place: Town.Spot.otherGrid.id), as: "worker")
    let enrol = { (id: String, home: Town.Spot, done: Instant?) in
      await refusal {
        _ = try await town.desk.submit(
          Envelope(
            id: CommandID(trusted: id), name: EnrolResident.name,
            body: .object([
              "person": .text(id), "home": .text(home.rawValue), "name": .text("测试甲"),
            ]), sender: .account(worker), doneAt: done))
      }?.code
    }
    #expect(await enrol("grids-0001", .door101, nil) == "shift.ended")
    #expect(await enrol("grids-0002", .door101, town.now - .minutes(1)) == "shift.ended")
    #expect(await enrol("grids-0003", .door101, during) == nil)
    // Where the worker is on, nothing is late.
    #expect(await enrol("grids-0004", .otherDoor, during) == nil)
    let facts = try await town.rows(
      "SELECT command FROM journal WHERE name = 'work.takenAfterShift'")
    #expect(facts.map { $0.text(0) } == ["grids-0003"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("an office that ended takes nothing late: only a shift does")
  func dismissed() async throws {
    let town = try await Town()
    _ = try await plan(0, 8, in: town)
    try await town.pass(.hours(2))
    try await town.submit(
      EndOffice(account: worker, role: "grid_worker", place: Town.Spot.grid.id), as: "admin")
    let found = await refusal {
      _ = try await town.desk.submit(
        Envelope(
          id: CommandID(trusted: "late-0001"), name: Probe.name, body: .object(Probe.body),
          sender: .account(worker), doneAt: town.now - .hours(1)))
    }
    #expect(found?.code == "duty.notHeld")
  }

  /// A command of the field that names something that is not there.
  private enum Probe {
    static let name = "obligations.attempt"
    static let body: [String: Fields] = [
      "obligation": .text("01none"), "outcome": .text("nobodyHome"),
    ]
  }
}
