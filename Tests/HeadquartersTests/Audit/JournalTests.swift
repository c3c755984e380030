import District
import Engines
import Kernel
import Registry
import Testing
import Town

@testable import Headquarters

@Suite("The journal in words") struct JournalTests {
  private let person = PersonID(trusted: "0123456789-0123456789")

  /// A town in which a resident was enrolled and got a slip.
  private func settled() async throws -> Town {
    let town = try await Town()
    try await town.submit(
      EnrolResident(
        person: person, home: Town.Spot.door101.id, form: PersonForm(name: "测试甲")), as: "leader")
    try await town.submit(
      IssueSlip(person: person, fingerprint: String(repeating: "a", count: 64)), as: "leader")
    return town
  }

  /// The page as its reader gets it.
  private func page(
    _ town: Town, _ query: [String: String] = [:], as reader: String = "auditor",
    in language: Language = .english
  ) async throws -> String {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: reader)), purpose: .audit, language: language,
      question: "town")
    return try await town.desk.read(look) { reading in
      try JournalPage(
        request: ScreenRequest(parameters: [:], query: query, address: "/audit") { "next" },
        reading: reading
      ).body().text
    }
  }

  @Test("an entry says in words what happened, by whom and what it holds, in both languages")
  func words() async throws {
    let town = try await settled()
    let about = ["subject": person.text]
    let english = try await page(town, about)
    for said in [
      "Slip given to a resident", "Resident’s file opened", "Resident ",
      "duty: give residents their slip", "<dt>Expires</dt><dd>28 May 2023 08:00</dd>",
      "<dt>Incomplete</dt><dd>yes</dd>", "title=\"\(person.text)\">0123…456789",
    ] { #expect(english.contains(said), "\(said) in \(english)") }
    let chinese = try await page(town, about, in: .chinese)
    for said in [
      "居民凭条已发放", "居民档案已建立", "职责：发放居民凭条", "<dt>资料不全</dt><dd>是</dd>",
    ] { #expect(chinese.contains(said), "\(said) in \(chinese)") }
    // What the program keeps is there for whoever compares, and nowhere else.
    let folded = english.replacing(/<details.*?<\/details>/.dotMatchesNewlines(), with: "")
    #expect(english.contains("residents.slipIssued") && english.contains("{&quot;"))
    #expect(!folded.contains("{&quot;") && !folded.contains("slipIssued</t"))
    // The journal holds no names, and the page does not fetch any.
    #expect(!english.contains("测试甲") && !chinese.contains("测试甲"))
    let looks = try await town.rows("SELECT id FROM disclosure WHERE sender = 'auditor'")
    #expect(looks.isEmpty)
  }

  @Test("what it is about is a link for those who may open its page, and for nobody else")
  func links() async throws {
    let town = try await settled()
    let about = ["subject": person.text]
    let file = "href=\"/residents/\(person.text)\""
    let auditor = try await page(town, about)
    #expect(!auditor.contains(file))
    try await town.submit(
      OpenAccount(account: AccountID(trusted: "newcomer"), title: "新同事"), as: "admin")
    let accounts = try await page(town, ["kind": "accounts.opened"])
    #expect(accounts.contains("Account 新同事 (<a href=\"/offices/newcomer\">newcomer</a>)"))
  }

  @Test("one kind of fact is found by its name, by an index, and chosen by its words")
  func kinds() async throws {
    let town = try await settled()
    let found = try await town.ask(ListDeeds(kind: "residents.slipIssued"), as: "auditor")
    #expect(found.deeds.map(\.subject) == [person.text])
    #expect(found.deeds.map(\.what?.english) == ["Slip given to a resident"])
    #expect(found.deeds.map(\.order) == [IssueSlip.name])
    let shown = try await page(town, ["kind": "residents.slipIssued"])
    #expect(shown.contains("value=\"residents.slipIssued\" selected"))
    #expect(!shown.contains(">Resident’s file opened</td>"))
    let policy = try await town.read { try $0.policy(ShiftsPolicy.self) }
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try AuditStore(plan, policy).deeds(
        AuditFilter(), subject: nil, kind: "residents.slipIssued", before: 100, limit: 10)
      return (plan.steps, plan.scans)
    }
    #expect(scans.isEmpty, "\(steps)")
    #expect(steps.contains { $0.contains("journal_name") }, "\(steps)")
  }

  @Test(
    "a name that nothing has any more is shown, and content whose time has ended is said to be deleted"
  )
  func old() async throws {
    let town = try await settled()
    try await town.desk.storage.write { transaction in
      try transaction.put(
        """
        UPDATE journal SET name = 'residents.ticketed', payload = NULL
        WHERE name = 'residents.slipIssued'
        """)
    }
    let shown = try await page(town, ["kind": "residents.ticketed"])
    #expect(shown.contains("<td data-name=\"What\">residents.ticketed</td>"))
    #expect(shown.contains("The content is deleted: its time of keeping has ended"))
    #expect(shown.contains("<option value=\"residents.ticketed\" selected"))
    let found = try await town.ask(ListDeeds(kind: "residents.ticketed"), as: "auditor")
    #expect(found.deeds.map(\.what) == [nil])
  }

  @Test("every field of every fact has words, in both languages")
  func fields() {
    for fact in District.assembly.facts.values {
      guard case .object(let members) = shape(fact) else { continue }
      for member in members {
        let words = FieldWords.named(member.name)
        #expect(words != nil, "\(fact.name) holds \(member.name), which FieldWords does not name")
        #expect(words?.chinese.isEmpty == false && words?.english.isEmpty == false)
      }
    }
  }

  private func shape<F: Fact>(_ fact: F.Type) -> Shape { Shape(of: fact) }
}
