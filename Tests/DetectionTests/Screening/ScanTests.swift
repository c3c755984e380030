import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: what a desk scans") struct ScreeningScanTests {
  private let round = RoundID(trusted: "r1")

  private func town() async throws -> Town {
    let town = try await Town()
    try await town.enrol(7)
    try await town.open(pool: 5)
    return town
  }

  @discardableResult
  private func scan(
    _ code: String, into tube: String, isTube: Bool? = nil, _ town: Town
  ) async throws -> ScanAtPoint.Answer {
    try await town.submit(
      ScanAtPoint(round: round, tube: TubeCode(trusted: tube), code: code, isTube: isTube))
  }

  @Test("the next tube of a roll seals the open one, full or not")
  func roll() async throws {
    let town = try await town()
    for person in 1...5 {
      #expect(try await scan("p\(person)", into: "SH0001", town).members == person)
    }
    #expect(await refused { try await scan("p6", into: "SH0001", town) } == "tube.full")
    let next = try await scan("SH0002", into: "SH0001", town)
    #expect(next.tube.text == "SH0002" && next.members == 0 && next.capacity == 5)
    try await scan("p6", into: "SH0002", town)
    try await scan("SH0003", into: "SH0002", town)
    let sealed = try await town.rows(
      "SELECT code, followed_by FROM tube WHERE sealed_at IS NOT NULL ORDER BY code")
    #expect(sealed.map { "\($0.text(0)) \($0.text(1))" } == ["SH0001 SH0002", "SH0002 SH0003"])
    // A label that the district prints is one on any roll, and a tube that is sealed is none any more.
    try await scan("p7", into: "SH0003", town)
    #expect(try await scan(LabelRules.code(7), into: "SH0003", town).members == 0)
    #expect(
      await refused { try await scan("SH0001", into: "SH0003", town) } == "tube.used")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a number that may be a person's is no tube until whoever holds it says so")
  func doubt() async throws {
    let town = try await town()
    try await scan("p1", into: "p8", town)
    // The numbers of people begin like this roll: the next one could be somebody from elsewhere.
    #expect(await refused { try await scan("p9", into: "p8", town) } == "swab.unknown")
    #expect(await refused { try await scan("X-1", into: "p8", town) } == "swab.unknown")
    #expect(try await scan("p9", into: "p8", isTube: true, town).tube.text == "p9")
    // A person on file, a card or a pass is never a tube, whatever anybody says.
    #expect(try await scan("p2", into: "p9", isTube: true, town).members == 1)
    #expect(
      await refused { try await scan("11010519491231002X", into: "p9", isTube: true, town) }
        == "swab.cardUnknown")
    let pass = "DH1" + String(repeating: "A", count: 143)
    #expect(await refused { try await scan(pass, into: "p9", isTube: true, town) } == "swab.pass")
    #expect(await refused { try await scan("p9", into: "p9", town) } == "tube.open")
    #expect(await refused { try await scan("q2", into: "q1", isTube: true, town) } == "tube.empty")
    #expect(try await town.violations().isEmpty)
  }

  @Test("the desk's address leads on to the tube that is open now")
  func page() async throws {
    let town = try await town()
    try await scan("p1", into: "SH0001", town)
    try await scan("SH0002", into: "SH0001", town)
    let page = try await town.page("/screening/:round/point", ["tube": "SH0001", "point": "gate"])
    #expect(page.contains("SH0002") && page.contains("0 / 5") && !page.contains("SH0001"))
    #expect(page.contains("/point?point=gate&amp;tube=SH0002"))
  }
}
