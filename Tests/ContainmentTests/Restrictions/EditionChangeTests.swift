import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Days counted anew after another edition has come into force") struct EditionChangeTests {
  @Test("what was decided by the eighth edition is counted by the eighth, earlier and later")
  func kept() async throws {
    let town = try await Town.withZhao(on: "2022-06-27")
    let first = town.now - .days(3)
    try await town.confirm("c-early", case: "a", exposedAt: first)
    try await town.confirm("c-late", case: "b", exposedAt: town.now - .days(1))
    let before = try #require(try await town.own().first)
    #expect(before.edition == "cn-8@1" && before.end == at("2022-07-18T00:00"))
    try await town.pass(.days(4))
    #expect(try await town.own().first?.end == before.end)
    // Under the ninth edition the early contact's days would be over on the 4th of July.
    try await town.withdraw("c-late")
    let after = try #require(try await town.own().first)
    #expect(after.restriction == before.restriction && after.edition == "cn-8@1")
    #expect(after.end == at("2022-07-16T00:00"))
    #expect(
      after.end == (Day(of: first, in: .china) + 21).end(in: .china))
    #expect(try await town.violations() == [:])
  }

  @Test("what would end too late is decided anew, by the edition in force")
  func renewed() async throws {
    let town = try await Town.withZhao(on: "2022-06-27")
    try await town.confirm("c-1", case: "a", exposedAt: town.now)
    let before = try #require(try await town.own().first)
    try await town.pass(.days(2))
    try await town.confirm("c-2", case: "b", exposedAt: town.now)
    let running = try await town.own().filter { $0.state == .effective }
    #expect(running.count == 1 && running[0].restriction != before.restriction)
    #expect(running[0].edition == "cn-9@1")
    #expect(running[0].end == (Day(of: town.now, in: .china) + 10).end(in: .china))
    #expect(try await town.violations() == [:])
  }
}
