import Foundation
import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: boxes that wait") struct ScreeningBoxWaitTests {
  private let round = RoundID(trusted: "r1")
  private let box = BoxID(trusted: "B1")
  private let tubes = [TubeCode(trusted: "T1"), TubeCode(trusted: "T2")]

  /// A box of two tubes that was packed, with a courier and a laboratory.
  private func packed() async throws -> Town {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    for (account, role) in [
      ("sampler", "sampler"), ("courier", "courier"), ("driver", "courier"), ("lab", "laboratory"),
    ] { try await town.appoint(account, role, at: .district) }
    try await town.submit(SetLaboratory(laboratory: LaboratoryID(trusted: "lab"), name: "检测所"))
    for (person, tube) in [("p1", "T1"), ("p2", "T2")] {
      try await town.swab(person, tube)
      try await town.submit(SealTube(tube: TubeCode(trusted: tube), round: round))
    }
    try await town.submit(PackBox(box: box, round: round, tubes: tubes), as: "sampler")
    return town
  }

  private func give(
    _ town: Town, to kind: Holder.Kind, count: Int = 2, as account: String
  ) async throws {
    try await town.submit(
      GiveBox(box: box, to: Holder(kind: kind, id: "lab"), count: count), as: account)
  }

  private func state(_ town: Town) async throws -> String {
    let page = try await town.page("/screening/box", ["of": "B1"])
    let start = try #require(page.range(of: "gap: "))
    return String(page[start.lowerBound...].prefix { $0 != "<" })
  }

  @Test("a box that nobody gives, or gives on, is told to somebody until it goes on")
  func told() async throws {
    let town = try await packed()
    try await town.pass(.minutes(120))
    #expect(try await town.owed("screening.carry") == [])
    try await town.pass(.minutes(1))
    #expect(try await town.owed("screening.carry") == ["B1/0"])
    #expect(try await state(town).hasPrefix("gap: packed and not given for"))
    // Said once, not with every turn of the clock.
    try await town.pass(.minutes(5))
    #expect(try await town.owed("screening.carry") == ["B1/0"])
    try await give(town, to: .vehicle, as: "sampler")
    #expect(try await town.owed("screening.carry") == [])
    try await town.submit(TakeBox(box: box, count: 2), as: "courier")
    try await town.pass(.minutes(240))
    #expect(try await town.owed("screening.carry") == [])
    try await town.pass(.minutes(1))
    #expect(try await town.owed("screening.carry") == ["B1/1"])
    #expect(try await state(town).hasPrefix("gap: taken and not given on for"))
    // From one vehicle into a store: the wait begins anew.
    try await give(town, to: .store, as: "courier")
    try await town.submit(TakeBox(box: box, count: 2), as: "driver")
    #expect(try await town.owed("screening.carry") == [])
    try await town.pass(.minutes(241))
    #expect(try await town.owed("screening.carry") == ["B1/2"])
    try await give(town, to: .laboratory, as: "driver")
    try await town.submit(TakeBox(box: box, count: 2), as: "lab")
    try await town.pass(.hours(12))
    #expect(try await town.owed("screening.carry") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a box whose tubes are all void waits for nobody")
  func decided() async throws {
    let town = try await packed()
    try await town.pass(.minutes(121))
    #expect(try await town.owed("screening.carry") == ["B1/0"])
    try await town.submit(VoidTube(tube: tubes[0], round: round, reason: .leaking))
    try await town.pass(.minutes(1))
    #expect(try await town.owed("screening.carry") == ["B1/0"])
    try await town.submit(VoidTube(tube: tubes[1], round: round, reason: .leaking))
    try await town.pass(.minutes(1))
    #expect(try await town.owed("screening.carry") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a hand-over that was told of is done when the other side says that all is there")
  func confirmed() async throws {
    let town = try await packed()
    try await give(town, to: .vehicle, as: "sampler")
    try await town.pass(.minutes(61))
    #expect(try await town.owed("screening.custody") == ["B1/1"])
    try await town.submit(TakeBox(box: box, count: 2), as: "courier")
    #expect(try await town.owed("screening.custody") == [])
    try await give(town, to: .laboratory, as: "courier")
    try await town.pass(.minutes(61))
    #expect(try await town.owed("screening.custody") == ["B1/2"])
    // What differs stays owed, once.
    try await town.submit(TakeBox(box: box, count: 1, missing: [tubes[1]]), as: "lab")
    #expect(try await town.owed("screening.custody") == ["B1/2"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a laboratory scans what came into a field, and only that is received")
  func scanned() async throws {
    let town = try await packed()
    try await give(town, to: .laboratory, as: "sampler")
    #expect(
      try await town.page("/screening/box", ["of": "B1"], as: "lab").contains("Or scan the tubes"))
    func take(_ scanned: String, count: Int = 1) async -> String? {
      await refused {
        try await town.submit(TakeBox(box: box, count: count, scanned: scanned), as: "lab")
      }
    }
    #expect(await take("T9") == "notFound")
    #expect(await take("T1\nT2") == "box.count")
    #expect(await take(" T2 \n") == nil)
    #expect(
      try await town.rows("SELECT code FROM tube WHERE received_at IS NOT NULL").map { $0.text(0) }
        == ["T2"])
    #expect(try await town.owed("screening.custody") == ["B1/1"])
    #expect(try await town.page("/screening/box", ["of": "B1"]).contains("1 tube taken"))
    #expect(try await town.violations().isEmpty)
  }
}
