import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

/// For how long a negative result counts, and from when (24, 48 or 72 hours by place and month).
@Suite("Screening: until when a result counts") struct ValidityTests {
  private let sampled = Instant(milliseconds: 1_669_680_000_000)

  @Test("the span counts from the swab or from the report, as the policy says")
  func table() {
    let reported = sampled + .hours(7) + .minutes(30)
    let cases: [(hours: Int, from: ScreeningPolicy.Validity.Start, until: Duration)] = [
      (24, .sampling, .hours(24)), (48, .sampling, .hours(48)), (72, .sampling, .hours(72)),
      (24, .report, .hours(31) + .minutes(30)), (48, .report, .hours(55) + .minutes(30)),
      (72, .report, .hours(79) + .minutes(30)),
    ]
    for one in cases {
      let until = ResultsRules.validUntil(
        sampledAt: sampled, reportedAt: reported,
        ScreeningPolicy.Validity(hours: one.hours, from: one.from))
      #expect(until == sampled + one.until, "\(one.hours) hours from \(one.from)")
    }
  }

  @Test(
    "a certificate counts to the very moment that the policy in force says, and no longer",
    arguments: [24, 48, 72], ["sampling", "report"])
  func certificate(hours: Int, from: String) async throws {
    let folder = try ScreeningPolicyFolder.make([
      ("validity: {hours: 48, from: sampling}", "validity: {hours: \(hours), from: \(from)}")
    ])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let town = try await Town(policyFolder: folder)
    try await town.enrol(1)
    try await town.open()
    let swabbed = town.now
    try await town.swab("p1", "T1")
    try await town.pass(.hours(5))
    let reported = town.now
    try await town.results([("T1", "negative")], from: 1, at: reported)
    let end = (from == "report" ? reported : swabbed) + .hours(hours)
    func line() async throws -> (until: Instant, isValid: Bool)? {
      try await town.ask(
        OwnCertificate(), for: .ownFile, from: .resident(PersonID(trusted: "p1"))
      ).lines.first.map { ($0.validUntil, $0.isValid) }
    }
    let fresh = try #require(try await line())
    #expect(fresh.until == end && fresh.isValid)
    town.stall(end - town.now - .milliseconds(1))
    #expect(try await line()?.isValid == true)
    town.stall(.milliseconds(1))
    #expect(try await line()?.isValid == false)
  }
}
