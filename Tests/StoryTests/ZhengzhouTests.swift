import Containment
import Detection
import District
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Zhengzhou, June 2022: 1,317 people's codes turned red on the word of two officials, to keep them
/// from coming. Here somebody with such a list tries every road, in every role.
@Suite("Zhengzhou: a list of 1,317 people restricts nobody") struct ZhengzhouTests {
  @Test(
    "two hundred attempts by every role and route: none succeeds, and the alarm goes within a minute"
  )
  func twoHundred() async throws {
    let town = try await Town(on: "2022-06-29")
    try await town.submit(FillList(from: 0, to: TheList.people), from: .clock)
    let before = try await reds(town)
    #expect(before == 0)
    let roles = Town.accounts.map(\.account)
    var tried = 0
    var accepted: [String] = []
    for account in roles {
      for (index, attempt) in TheList.attempts.enumerated() {
        tried += 1
        let envelope = Envelope(
          id: CommandID(trusted: "z-\(account)-\(index)"), name: attempt.name,
          body: attempt.body, sender: .account(AccountID(trusted: account)))
        if (try? await town.desk.submit(envelope)) != nil {
          accepted.append("\(account): \(attempt.name)")
        }
        if tried % 10 == 0 { try await town.pass(.seconds(30)) }
      }
    }
    for _ in 0..<4 { try await town.pass(.seconds(30)) }
    #expect(tried >= 200)
    // What was taken in may be a proposal, a request or a fact: it restricts nobody.
    #expect(try await reds(town) == 0, "\(accepted)")
    let alarms = try await town.rows(
      """
      SELECT obligation.opened_at, MIN(restriction_attempt.at)
      FROM obligation
      JOIN restriction_attempt ON restriction_attempt.account = obligation.subject
      WHERE obligation.kind = 'restrictions.alarm'
      GROUP BY obligation.id, obligation.opened_at
      """)
    #expect(!alarms.isEmpty)
    #expect(alarms.allSatisfy { $0.instant(0) - $0.instant(1) <= .seconds(60) })
    #expect(try await town.violations() == [:])
  }

  @Test("an attempt counts inside a batch too, and again when its identifier is used again")
  func hidden() async throws {
    let town = try await Town(on: "2022-06-29")
    func envelope(_ id: String, _ attempt: TheList.Attempt) -> Envelope {
      Envelope(
        id: CommandID(trusted: id), name: attempt.name, body: attempt.body,
        sender: .account(AccountID(trusted: "investigator")))
    }
    for attempt in TheList.attempts.prefix(3) {
      await #expect(throws: Refusal.self) {
        try await town.desk.submit(envelope("one-and-the-same", attempt))
      }
    }
    let outcomes = try await town.desk.submit(
      all: TheList.attempts.prefix(2).enumerated().map { envelope("batch-\($0)", $1) })
    #expect(outcomes.allSatisfy { (try? $0.get()) == nil })
    let noted = try await town.rows(
      "SELECT COUNT(*) FROM restriction_attempt WHERE account = 'investigator'")
    #expect(noted.first?.integer(0) == 5)
  }

  @Test("a thousand cases that nobody has, told by one account, wait for a second person")
  func falseCases() async throws {
    let town = try await Town(on: "2022-06-29")
    try await town.submit(FillList(from: 0, to: 200), from: .clock)
    for batch in 0..<10 {
      let rows = (0..<13).map { number -> Fields in
        .object([
          "case": .text("F-\(batch)-\(number)"), "person": .text("target-\(batch * 13 + number)"),
          "kind": .text("confirmed"), "district": .text("370203"),
          "source": .text("community_screening"), "reported_at": .text(town.now.text(in: .china)),
        ])
      }
      let envelope = Envelope(
        id: CommandID(trusted: "false-\(batch)"), name: "cases.import",
        body: .object(["rows": .list(rows)]), sender: .account(AccountID(trusted: "investigator")))
      _ = try await town.desk.submit(envelope)
      try await town.pass(.minutes(30))
    }
    #expect(try await reds(town) == 20)
    let held = try await town.ask(
      HeldRestrictions(account: AccountID(trusted: "investigator")), for: .containment)
    #expect(held.people == 110 && held.sample.count == 10)
    // Whoever caused it cannot approve it, nor a colleague; a day later the limit is a limit still.
    for account in ["investigator", "worker", "leader"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(
          ApproveHeld(
            account: AccountID(trusted: "investigator"), approved: true, expected: 110,
            preview: held.preview),
          as: account)
      }
      #expect(refusal != nil)
    }
    let alarm = try await town.rows(
      "SELECT opened_at, seat FROM obligation WHERE kind = 'restrictions.alarm'")
    #expect(alarm.map { $0.text(1) } == ["auditor@370203"])
    // The second person looks and declines: nobody is restricted.
    try await town.submit(
      ApproveHeld(account: AccountID(trusted: "investigator"), approved: false, expected: 110),
      as: "duty")
    try await town.pass(.minutes(1))
    #expect(try await reds(town) == 20)
    #expect(try await town.violations() == [:])
  }

  @Test("a real outbreak takes one tap of another organisation after ten minutes")
  func outbreak() async throws {
    let town = try await Town(on: "2022-06-29")
    try await town.submit(FillList(from: 0, to: 60), from: .clock)
    let rows = (0..<50).map { number -> Fields in
      .object([
        "case": .text("C-\(number)"), "person": .text("target-\(number)"),
        "kind": .text("confirmed"), "district": .text("370203"),
        "source": .text("community_screening"), "reported_at": .text(town.now.text(in: .china)),
      ])
    }
    let envelope = Envelope(
      id: CommandID(trusted: "outbreak"), name: "cases.import",
      body: .object(["rows": .list(rows)]), sender: .account(AccountID(trusted: "investigator")))
    _ = try await town.desk.submit(envelope)
    #expect(try await reds(town) == 20)
    let shown = try await town.ask(
      HeldRestrictions(account: AccountID(trusted: "investigator")), for: .containment)
    let approve = ApproveHeld(
      account: AccountID(trusted: "investigator"), approved: true, expected: 30,
      preview: shown.preview)
    let early = await #expect(throws: Refusal.self) {
      try await town.submit(approve, as: "duty")
    }
    #expect(early?.code == "restriction.cooling")
    try await town.pass(.minutes(10))
    try await town.submit(approve, as: "duty")
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    #expect(try await reds(town) == 50)
    #expect(try await town.violations() == [:])
  }

  /// What somebody who edits a policy may write: what stands there, and what is put in its place.
  private static let edits: [(from: String, to: String, named: String)] = {
    let alone = """
          alone: {people: 20, hours: 24, cooling_minutes: 10, approval_minutes: 30, attempts: 10, \
      attempt_minutes: 60, alarm_minutes: 60, clause_people: 60, clause_per_mille: 1}

      """
    let zone = "alone: {people: 60, hours: 24, widest: building, cooling_minutes: 10}"
    return [
      (alone, "", "restrictions.alone"),
      ("    \(zone)\n", "", "zones.alone"),
      ("    alone: {people: 20,", "    alone: {people: 1317,", "alone.people"),
      ("    alone: {people: 20,", "    alone: {people: 21,", "alone.people"),
      ("    alone: {people: 20, hours: 24", "    alone: {people: 20, hours: 1", "alone.hours"),
      (", attempts: 10,", ", attempts: 100000,", "alone.attempts"),
      (", attempts: 10,", ", attempts: 0,", "alone.attempts"),
      ("attempt_minutes: 60", "attempt_minutes: 0", "alone.attempt_minutes"),
      ("alarm_minutes: 60", "alarm_minutes: 525600", "alone.alarm_minutes"),
      (
        "cooling_minutes: 10, approval_minutes: 30", "cooling_minutes: 0, approval_minutes: 30",
        "alone.cooling_minutes"
      ),
      ("objection_hours: 24", "objection_hours: 2400", "objection_hours"),
      ("objection_hours: 24", "objection_hours: 49", "objection_hours"),
      ("objection_hours: 24", "objection_hours: 0", "objection_hours"),
      ("maximum_days: 10", "maximum_days: 365", "maximum_days"),
      ("maximum_days: 14", "maximum_days: 22", "maximum_days"),
      ("        alone_people: 100", "        alone_people: 1317", "alone_people"),
      // A hundred are for tubes that ten people share, and for nobody else.
      (
        "        maximum_days: 14\n", "        maximum_days: 14\n        alone_people: 100\n",
        "alone_people"
      ),
      (
        "confirmed_alone: {people: 20,", "confirmed_alone: {people: 5000,", "confirmed_alone.people"
      ),
      (
        "confirmed_alone: {people: 20, hours: 24", "confirmed_alone: {people: 20, hours: 1",
        "confirmed_alone.hours"
      ),
      (
        "    confirmed_alone: {people: 20, hours: 24, approval_minutes: 60}\n", "",
        "confirmed_alone"
      ),
      (zone, zone.replacing("60,", with: "1317,"), "alone.people"),
      (zone, zone.replacing("60,", with: "61,"), "alone.people"),
      (zone, zone.replacing("building", with: "district"), "alone.widest"),
      (zone, zone.replacing("24,", with: "1,"), "alone.hours"),
      (zone, zone.replacing("10}", with: "0}"), "alone.cooling_minutes"),
    ]
  }()

  @Test("no policy file lets one account decide over a crowd, and the refusal names the field")
  func policyEdit() throws {
    let text = String(
      decoding: try SharedData.repositoryFile("Policies/cn-9.yaml"), as: UTF8.self)
    for (from, to, named) in Self.edits {
      let changed = text.replacing(from, with: to)
      #expect(changed != text, "\(from)")
      let refusal = #expect(throws: Refusal.self, "\(from) → \(to)") { try Self.read(changed) }
      let said = "\(refusal?.words.english ?? "") \(refusal?.field ?? "")"
      #expect(said.contains("cn-9.yaml") && said.contains(named), "\(said)")
    }
    #expect(throws: Never.self) { try Self.read(text) }
  }

  private static func read(_ text: String) throws -> PolicyEdition {
    try PolicyFiles.edition(
      text, file: "cn-9.yaml", sections: District.assembly.policySections)
  }

  /// How many of the town are restricted now.
  private func reds(_ town: Town) async throws -> Int {
    try await town.rows(
      """
      SELECT COUNT(DISTINCT person) FROM restriction
      WHERE ended_at IS NULL AND end_at > \(town.now)
      """
    ).first?.integer(0) ?? 0
  }
}
