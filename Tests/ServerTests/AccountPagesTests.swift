import Kernel
import Registry
import Testing
import Town

@testable import Server

@Suite("Pages about accounts", .serialized) struct AccountPagesTests {
  @Test(
    "what stands in an address and cannot be read is said, not passed over",
    arguments: [
      ("leader", "/shifts?day=tomorrow", "day"), ("auditor", "/audit/readings?reason=x", "reason"),
      ("auditor", "/audit?after=x", "after"), ("auditor", "/audit?from=x", "from"),
    ])
  func malformed(account: String, address: String, field: String) async throws {
    try await TownServer.serve(isWhole: true) { here in
      let answer = await here.client.send(
        "GET", address, headers: try await here.browser(account))
      #expect(answer.status == 400 || answer.status == 422, "\(answer.status)")
      #expect(answer.body.contains(field))
      let path = String(address.prefix { $0 != "?" })
      let plain = await here.client.send("GET", path, headers: try await here.browser(account))
      #expect(plain.status == 200)
    }
  }

  @Test("a policy edition that is none is said on its page, and the page opens without one")
  func edition() async throws {
    try await TownServer.serve(isWhole: true) { here in
      let duty = try await here.browser("duty")
      let answer = await here.client.send("GET", "/editions?to=cn-99", headers: duty)
      #expect(answer.status == 404 && answer.body.contains("cn-99"))
      #expect(await here.client.send("GET", "/editions", headers: duty).status == 200)
    }
  }

  @Test("an account's page opens to whoever supervises one of its places, and plans others' shifts")
  func account() async throws {
    try await TownServer.serve(isWhole: true) { here in
      try await here.town.submit(
        GrantOffice(
          account: AccountID(trusted: "worker"), role: "investigator",
          place: Town.Spot.otherDistrict.id), as: "admin")
      let leader = try await here.browser("leader")
      let page = await here.client.send("GET", "/offices/worker", headers: leader)
      #expect(page.status == 200 && page.body.contains("/do/shifts.plan"))
      let own = await here.client.send("GET", "/offices/leader", headers: leader)
      #expect(own.status == 200 && !own.body.contains("/do/shifts.plan"))
      let street = await here.client.send(
        "GET", "/offices/leader", headers: try await here.browser("street"))
      #expect(street.body.contains("/do/shifts.plan"))
    }
  }
}
