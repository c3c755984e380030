import Kernel
import Testing
import Town

@testable import Registry

@Suite("Offices") struct OfficesTests {
  private func account(_ name: String) -> AccountID { AccountID(trusted: name) }

  private func open(_ name: String, in town: Town) async throws {
    try await town.submit(OpenAccount(account: account(name), title: "新人"), as: "admin")
  }

  private func refusal(_ body: () async throws -> Void) async -> Refusal? {
    do {
      try await body()
      return nil
    } catch { return error as? Refusal }
  }

  @Test("a new account may do nothing until it holds an office, and nothing after it ends")
  func grantAndEnd() async throws {
    let town = try await Town()
    try await open("new", in: town)
    let list = ListObligations(place: Town.Spot.grid.id)
    #expect(await refusal { _ = try await town.ask(list, as: "new") }?.code == "duty.notHeld")
    try await town.submit(
      GrantOffice(account: account("new"), role: "grid_worker", place: Town.Spot.grid.id),
      as: "admin")
    _ = try await town.ask(list, as: "new")
    try await town.pass(.hours(1))
    try await town.submit(
      EndOffice(account: account("new"), role: "grid_worker", place: Town.Spot.grid.id),
      as: "admin")
    #expect(await refusal { _ = try await town.ask(list, as: "new") }?.code == "duty.notHeld")
    let facts = try await town.rows(
      "SELECT name FROM journal WHERE subject = 'new' ORDER BY sequence")
    #expect(facts.map { $0.text(0) } == ["accounts.opened", "offices.granted", "offices.ended"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("an office begins and ends on the minute")
  func period() async throws {
    let town = try await Town()
    try await open("new", in: town)
    try await town.submit(
      GrantOffice(
        account: account("new"), role: "grid_worker", place: Town.Spot.grid.id,
        from: town.now + .hours(1), until: town.now + .hours(2)), as: "admin")
    let list = ListObligations(place: Town.Spot.grid.id)
    let steps: [(Duration, Bool)] = [
      (.zero, false), (.minutes(60) - .milliseconds(1), false), (.milliseconds(1), true),
      (.minutes(60) - .milliseconds(1), true), (.milliseconds(1), false),
    ]
    for (step, allowed) in steps {
      try await town.pass(step)
      let found = await refusal { _ = try await town.ask(list, as: "new") }
      #expect((found == nil) == allowed)
    }
  }

  @Test(
    "a grant that makes no sense is refused by name",
    arguments: [
      ("king", "town-grid", "office.unknownRole"),
      ("street_leader", "town-building", "office.level"),
      ("grid_worker", "nowhere", "notFound"),
    ])
  func refusedGrant(role: String, place: String, code: String) async throws {
    let town = try await Town()
    try await open("new", in: town)
    let found = await refusal {
      try await town.submit(
        GrantOffice(account: account("new"), role: role, place: PlaceID(trusted: place)),
        as: "admin")
    }
    #expect(found?.code == code)
  }

  @Test("an office held already, a span that ends first and one in the past are refused")
  func refusedSpan() async throws {
    let town = try await Town()
    let grant = { (from: Duration?, until: Duration?) in
      await refusal {
        try await town.submit(
          GrantOffice(
            account: account("worker"), role: "grid_worker", place: Town.Spot.grid.id,
            from: from.map { town.now + $0 }, until: until.map { town.now + $0 }), as: "admin")
      }?.code
    }
    #expect(await grant(nil, nil) == "office.held")
    #expect(await grant(.hours(2), .hours(1)) == "office.span")
    #expect(await grant(.hours(-1), nil) == "office.past")
  }

  @Test("only who manages offices may open accounts and grant")
  func duty() async throws {
    let town = try await Town()
    for sender in ["duty", "leader", "auditor"] {
      let found = await refusal {
        try await town.submit(OpenAccount(account: account("x1"), title: "x"), as: sender)
      }
      #expect(found?.code == "duty.notHeld")
    }
  }

  @Test("the last administrator can neither be closed nor lose the office")
  func lastManager() async throws {
    let town = try await Town()
    let close = await refusal {
      try await town.submit(CloseAccount(account: account("admin")), as: "admin")
    }
    let end = await refusal {
      try await town.submit(
        EndOffice(account: account("admin"), role: "administrator", place: Offices.everywhere),
        as: "admin")
    }
    #expect(close?.code == "office.lastManager" && end?.code == "office.lastManager")
    try await open("second", in: town)
    try await town.submit(
      GrantOffice(
        account: account("second"), role: "administrator", place: Offices.everywhere),
      as: "admin")
    try await town.submit(CloseAccount(account: account("admin")), as: "second")
    #expect(try await town.violations().isEmpty)
  }

  @Test("an account name is taken once, and names that mean the product are not given")
  func names() async throws {
    let town = try await Town()
    for (name, code) in [
      ("worker", "account.taken"), ("clock", "account.reserved"), ("a:b", "account.reserved"),
    ] {
      let found = await refusal {
        try await town.submit(OpenAccount(account: account(name), title: "x"), as: "admin")
      }
      #expect(found?.code == code)
    }
  }

  @Test("a grid's team shows eight posts and which are vacant")
  func team() async throws {
    let town = try await Town()
    let team = try await town.ask(GridTeam(place: Town.Spot.grid.id))
    #expect(team.posts.count == 8 && team.vacant == 7)
    #expect(team.posts.filter { !$0.isVacant }.map(\.role) == ["grid_worker"])
    #expect(team.posts.flatMap(\.holders).map(\.account.text) == ["worker"])
    let found = await refusal {
      _ = try await town.ask(GridTeam(place: Town.Spot.building.id))
    }
    #expect(found?.code == "team.notGrid")
  }

  @Test("vacancies are counted for each child of a place")
  func vacancies() async throws {
    let town = try await Town()
    let street = try await town.ask(Vacancies(place: Town.Spot.street.id))
    #expect(street.map(\.place.id) == [Town.Spot.community.id])
    #expect(street.first?.posts == 16 && street.first?.vacant == 14)
    #expect(street.first?.byRole["grid_worker"] == nil)
    #expect(street.first?.byRole["volunteer"] == 2)
    let root = try await town.ask(Vacancies(place: nil))
    #expect(root.map(\.grids) == [2])
  }

  @Test("accounts are listed with their offices, by area too")
  func list() async throws {
    let town = try await Town()
    let all = try await town.ask(ListAccounts(place: nil))
    #expect(all.accounts.count == Town.accounts.count)
    let inGrid = try await town.ask(ListAccounts(place: Town.Spot.grid.id))
    #expect(inGrid.accounts.map(\.account.account.text) == ["worker"])
    let own = try await town.ask(OwnAccount(), as: "worker")
    #expect(own.offices.map(\.role) == ["grid_worker"] && own.duties.contains("obligations.work"))
  }
}
