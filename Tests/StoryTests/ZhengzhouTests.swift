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
  static let list = 1_317

  /// A way of trying, and how it is asked.
  struct Attempt: Sendable {
    let name: String
    let body: Fields
  }

  @Test(
    "two hundred attempts by every role and route: none succeeds, and the alarm goes within a minute"
  )
  func twoHundred() async throws {
    let town = try await Town(on: "2022-06-29")
    try await town.submit(FillList(from: 0, to: Self.list), from: .clock)
    let before = try await reds(town)
    #expect(before == 0)
    let roles = Town.accounts.map(\.account)
    var tried = 0
    var accepted: [String] = []
    for account in roles {
      for (index, attempt) in Self.attempts.enumerated() {
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
    func envelope(_ id: String, _ attempt: Attempt) -> Envelope {
      Envelope(
        id: CommandID(trusted: id), name: attempt.name, body: attempt.body,
        sender: .account(AccountID(trusted: "investigator")))
    }
    for attempt in Self.attempts.prefix(3) {
      await #expect(throws: Refusal.self) {
        try await town.desk.submit(envelope("one-and-the-same", attempt))
      }
    }
    let outcomes = try await town.desk.submit(
      all: Self.attempts.prefix(2).enumerated().map { envelope("batch-\($0)", $1) })
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
            account: AccountID(trusted: "investigator"), approved: true, expected: 110),
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
    let approve = ApproveHeld(
      account: AccountID(trusted: "investigator"), approved: true, expected: 30)
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

  /// Every road that somebody with the list may think of.
  private static let attempts: [Attempt] = {
    func issue(_ clause: String, _ kind: String, _ reference: String, _ number: Int) -> Attempt {
      Attempt(
        name: "restrictions.issue",
        body: .object([
          "person": .text("target-\(number)"), "clause": .text(clause),
          "evidence": .object(["kind": .text(kind), "reference": .text(reference)]),
        ]))
    }
    let people = Fields.list((0..<list).map { .text("target-\($0)") })
    return [
      issue("close", "contact", "made-up", 1), issue("zone_high", "zone_residence", "370203", 2),
      issue("zone_high", "zone_residence", "town-building", 3),
      issue("zone_high", "zone_residence", "town-door-101", 4),
      issue("case", "case", "no-case", 5), issue("zone_home", "zone_residence", "no-zone", 6),
      issue("close", "symptoms", "none", 7), issue("close", "positive_tube", "T-1", 8),
      issue("close", "entry_record", "E-1", 9), issue("petition", "contact", "made-up", 10),
      issue("close", "recheck", "R-1", 11),
      // Lists where none is taken.
      Attempt(
        name: "restrictions.issue",
        body: .object([
          "person": people, "clause": .text("close"),
          "evidence": .object(["kind": .text("contact"), "reference": .text("x")]),
        ])),
      Attempt(name: "restrictions.issueAll", body: .object(["people": people])),
      Attempt(name: "restrictions.restrictWaiting", body: .object([:])),
      Attempt(
        name: "restrictions.restrictZone",
        body: .object([
          "zone": .text("z"), "place": .text("370203"), "clause": .text("zone_home"),
          "countedFrom": .integer(0),
        ])),
      Attempt(name: "restrictions.applyEdition", body: .object([:])),
      Attempt(name: "code.set", body: .object(["people": people, "colour": .text("red")])),
      // A zone around them, with a case that is none, or far away, or too wide.
      Attempt(
        name: "zones.propose",
        body: .object([
          "places": .list([.text("town-estate")]), "level": .text("high"),
          "infection": .text("no-case"),
        ])),
      Attempt(
        name: "zones.propose",
        body: .object([
          "places": .list([.text("370203")]), "level": .text("high"),
          "infection": .text("no-case"),
        ])),
      Attempt(name: "zones.open", body: .object(["zone": .text("no-zone")])),
      Attempt(
        name: "restrictions.approve",
        body: .object(["request": .text("no-request"), "approved": .flag(true)])),
      Attempt(
        name: "restrictions.approveHeld",
        body: .object([
          "account": .text("investigator"), "approved": .flag(true), "expected": .integer(1_317),
        ])),
    ]
  }()
}

/// The people on the list, wherever they live.
struct FillList: Command {
  static let name = "test.fillList"
  static let duty: Duty = .clockOnly
  let from: Int
  let to: Int

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    let homes: [Town.Spot] = [.door101, .door102, .door201, .otherDoor, .otherCommunity]
    let places = try homes.map { try PlacesStore(work.transaction).get($0.id) }
    for number in from..<to {
      _ = try work.person(
        PersonID(trusted: "target-\(number)"), name: "储户", at: places[number % places.count])
    }
    return Done()
  }
}
