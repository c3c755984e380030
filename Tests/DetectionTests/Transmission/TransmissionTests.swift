import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Sources of cases") struct TransmissionTests {
  /// Two who met at a restaurant; the second becomes a case two days later.
  private func met() async throws -> Town {
    let town = try await Town()
    try await town.visit("first", "饭店", "28T12:00", "28T13:00")
    try await town.visit("second", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "first", onset: "2022-11-28")
    try await town.pass(.days(2))
    try await town.report("c2", of: "second", onset: "2022-12-01")
    return town
  }

  private func sources(_ infection: String, in town: Town) async throws -> [String] {
    try await town.ask(SourcesOfCase(infection: CaseID(infection))).live.map {
      [
        $0.source.infector?.text ?? $0.source.origin, $0.source.basis?.rawValue ?? "-",
        $0.source.state.rawValue,
      ].joined(separator: " ")
    }
  }

  private func link(
    _ infected: String, _ infector: String, basis: String? = "told", state: String? = nil,
    from: Instant? = nil, to: Instant? = nil
  ) throws -> LinkSource {
    LinkSource(
      TransmissionRow(
        infection: try CaseID(infected), infector: infector, basis: basis, exposedFrom: from,
        exposedTo: to, state: state))
  }

  @Test("a contact who became a case has the earlier case as likely source, and not the other way")
  func proposes() async throws {
    let town = try await met()
    #expect(try await sources("c2", in: town) == ["c1 venue proposed"])
    #expect(try await sources("c1", in: town).isEmpty)
    let tree = try await town.ask(TransmissionTreeOf(place: Town.Spot.district.id))
    #expect(tree.cases.map { "\($0.infection) \($0.generation ?? 0)" } == ["c1 1", "c2 2"])
    #expect(tree.proposed == 1 && tree.confirmed == 0 && tree.open == 1)
    #expect(tree.cases[1].source?.share == 1)
    #expect(tree.cases[1].source?.venue?.text == "饭店")
  }

  @Test(
    "confirming, correcting and withdrawing leave a trace, and a rejected source is not proposed")
  func decides() async throws {
    let town = try await met()
    let proposal = try #require(
      try await town.ask(SourcesOfCase(infection: CaseID("c2"))).live.first?.source)
    let confirm = LinkSource(
      TransmissionRow(
        infection: try CaseID("c2"), infector: "c1", basis: "venue", venue: proposal.venue,
        exposedFrom: proposal.exposedFrom, exposedTo: proposal.exposedTo))
    let first = try await town.submit(confirm, as: "investigator")
    #expect(first.contradictions.isEmpty)
    #expect(try await town.submit(confirm, as: "investigator").link == first.link)
    #expect(try await sources("c2", in: town) == ["c1 venue confirmed"])
    let second = try await town.submit(
      CorrectSource(link: first.link, infector: "c1", basis: "sequence", reason: "sequenced"),
      as: "investigator")
    #expect(try await sources("c2", in: town) == ["c1 sequence confirmed"])
    try await town.submit(WithdrawSource(link: second.link, reason: "wrong"), as: "investigator")
    #expect(try await sources("c2", in: town) == ["c1 venue proposed"])
    try await town.submit(
      RejectSource(infection: CaseID("c2"), infector: "c1", reason: "masked"), as: "investigator")
    let after = try await town.ask(SourcesOfCase(infection: CaseID("c2")))
    #expect(after.live.isEmpty)
    #expect(Set(after.closed.map(\.reason)) == ["sequenced", "wrong", "masked"])
    #expect(try await town.facts("transmission.linked").count == 2)
    #expect(try await town.facts("transmission.withdrawn").count == 2)
    #expect(try await town.facts("transmission.rejected").count == 1)
    #expect(try await town.violations().isEmpty)
  }

  private func three() async throws -> Town {
    let town = try await Town()
    for (number, onset) in [("a", "25"), ("b", "27"), ("c", "28")] {
      try await town.report(number, of: "person-\(number)", onset: "2022-11-\(onset)")
    }
    return town
  }

  @Test("a second confirmed source, a circle, oneself and nobody are refused with their words")
  func refuses() async throws {
    let town = try await three()
    try await town.submit(link("b", "a"))
    try await town.submit(link("c", "b"))
    let cases: [(LinkSource, String)] = [
      (try link("c", "a"), "transmission.secondSource"), (try link("a", "c"), "transmission.loop"),
      (try link("a", "a"), "transmission.self"), (try link("a", "z"), "transmission.noInfector"),
      (try link("a", "b", basis: nil), "field.missing"),
      (try link("a", "b", basis: "gossip"), "field.malformed"),
      (try link("a", "b", state: "rejected"), "field.malformed"),
      (try link("b", "a", basis: "venue"), "transmission.different"),
      (
        try link("a", "unknown", from: town.moment("28T10:00"), to: town.moment("28T09:00")),
        "transmission.reversed"
      ),
    ]
    for (command, code) in cases {
      let refusal = try await #require(throws: Refusal.self) { try await town.submit(command) }
      #expect(refusal.code == code)
      if code == "transmission.loop" {
        #expect(refusal.words.english.contains("a ← c ← b ← a"))
      }
    }
    let held = try await #require(throws: Refusal.self) {
      try await town.submit(link("a", "b"), as: "worker")
    }
    #expect(held.code == "duty.notHeld")
    #expect(try await town.violations().isEmpty)
  }

  @Test("what contradicts itself is kept and said")
  func keepsContradictions() async throws {
    let town = try await three()
    let answer = try await town.submit(link("a", "c"))
    #expect(answer.contradictions == ["onset_order"])
    let tree = try await town.ask(TransmissionTreeOf(infection: CaseID("a")))
    #expect(tree.contradictions.map(\.kind) == [.onsetOrder])
    #expect(tree.cases.map(\.infection.text) == ["c", "a"])
    try await town.submit(WithdrawCase(infection: CaseID("c"), reason: "none"))
    let later = try await town.ask(TransmissionTreeOf(infection: CaseID("a")))
    #expect(later.contradictions.map(\.kind) == [.withdrawnCase, .onsetOrder])
  }

  @Test("imported, unknown and a venue are sources, too")
  func otherSources() async throws {
    let town = try await three()
    try await town.submit(link("a", "输入", basis: nil))
    try await town.submit(link("b", "unknown", basis: nil))
    try await town.submit(
      LinkSource(
        TransmissionRow(infection: CaseID("c"), infector: "场所", venue: VenueID("市场"))))
    let tree = try await town.ask(TransmissionTreeOf())
    #expect(tree.cases.map { $0.source?.origin } == ["imported", "unknown", "venue"])
    #expect(tree.venues.map(\.venue.text) == ["市场"])
  }

  @Test("what was exported imports back, here as known and elsewhere as the same rows")
  func roundTrip() async throws {
    let town = try await met()
    try await town.report("c3", of: "third", onset: "2022-12-01")
    try await town.submit(link("c3", "c2", from: town.moment("30T10:00")))
    let rows = try await town.ask(ExportTransmission(), for: .exchange).rows
    #expect(rows.count == 2)
    #expect(rows.map { $0[6] } == ["proposed", "confirmed"])
    let again = try await town.submit(importing(rows))
    #expect(again.accepted == 0)
    #expect(again.outcomes.map(\.verdict) == [.duplicate, .duplicate])

    let other = try await Town(on: "2022-12-01")
    for (number, onset) in [("c1", "11-28"), ("c2", "12-01"), ("c3", "12-01")] {
      try await other.report(number, of: "person-\(number)", onset: "2022-\(onset)")
    }
    let taken = try await other.submit(importing(rows))
    #expect(taken.accepted == 2 && taken.outcomes.isEmpty)
    #expect(try await other.ask(ExportTransmission(), for: .exchange).rows == rows)
  }

  private func importing(_ rows: [[String]]) -> ImportTransmission {
    ImportTransmission(
      rows: rows.map { cells in
        .object(
          Dictionary(uniqueKeysWithValues: zip(Transmission.columns, cells)).filter {
            !$0.value.isEmpty
          }.mapValues { .text($0) })
      })
  }

  @Test("rows read are accepted, rejected or known")
  func counts() async throws {
    let town = try await three()
    let rows = [
      ["b", "a", "told", "", "", "", "confirmed"], ["b", "a", "told", "", "", "", "confirmed"],
      ["b", "c", "told", "", "", "", "confirmed"], ["b", "c", "told", "", "", "", ""],
      ["z", "a", "told", "", "", "", ""], ["c", "", "told", "", "", "", ""],
    ]
    let answer = try await town.submit(importing(rows))
    #expect(answer.accepted == 2)
    #expect(
      answer.outcomes.map { "\($0.row) \($0.verdict.rawValue) \($0.code)" } == [
        "1 duplicate transmission.known", "2 rejected transmission.secondSource",
        "4 rejected notFound", "5 rejected field.missing",
      ])
    #expect(try await sources("b", in: town) == ["a told confirmed", "c told proposed"])
  }
}
