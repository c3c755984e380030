import Cryptography
import District
import Engines
import Kernel
import Registry
import Simulator
import Testing
import Town

/// Wendeng, March 2022: 484 points, 150 mobile teams, 14,000 people at home, 90,500 tubes in a day; and
/// Licang's “nobody missed”. Here in small; `make story-wendeng` plays it over a million residents.
@Suite("Wendeng's day, and nobody is missed") struct WendengStory {
  private static let residents = 2_000

  @Test("everybody is tested or listed with a reason; thirty tubes are recalled to the last member")
  func day() async throws {
    let size = WendengSize(residents: Self.residents)
    let day = try #require(Day("2022-03-09"))
    let time = ScriptedTime(day.start(in: .china) + .hours(5))
    let district = try await District(
      storage: try await TestStorage.open(District.assembly.migrations),
      rules: District.rulebook(), secret: Town.secret, clock: Clock { time.now },
      entropy: .seeded(3))
    try await district.desk.foundDistrict(account: "admin", title: "admin")
    let script = Script(desk: district.desk, pump: district.pump, name: "wendeng")
    let places = try WendengPlaces(count: size.communities) { kind in
      try SharedData.repositoryFile("Reference/divisions/\(kind).csv")
    }
    try await places.make(script)
    let residents = places.residents(size, today: day)
    try await WendengDay.enrol(residents, script) { _ in }
    let suite = OpenSSLSuite()
    let laboratories = try (0..<size.laboratories).map { number in
      let seed = [UInt8](repeating: UInt8(number + 1), count: 32)
      return WendengLaboratory(key: Hex.text(try suite.publicKey(ofSigner: seed))) {
        try suite.sign($0, seed: seed)
      }
    }
    let play = WendengDay(
      script: script, time: time, size: size, residents: residents,
      communities: places.communities, laboratories: laboratories, stopwatch: { 0 },
      progress: { _ in })
    let report = try await play.play()
    #expect(report.faults == [])
    #expect(report.listed == residents.count)
    #expect(report.tested + report.exempt + report.away + report.refused == report.listed)
    // A day without those who do not come, leaking tubes and infections would prove nothing.
    #expect(report.away > 5 && report.exempt > 20 && report.recalled > 200)
    #expect(report.voidTubes > 0 && report.invalidTubes > 0 && report.cases > 20)
    #expect(report.approved > 0 && report.released + report.cases == report.recalled)
  }
}
