import Kernel
import Testing
import Town

@testable import Registry

@Suite("Residents' privacy") struct ResidentsPrivacyTests {
  private let number = RowFixture.number("37020319900101", 1)
  private let fingerprint = String(repeating: "ab", count: 32)

  private func own<Q: Query>(_ query: Q, _ person: String, in town: Town) async throws -> Q.Answer {
    let look = Desk.Look(
      sender: .resident(PersonID(trusted: person)), purpose: .ownFile, language: .chinese,
      question: "slip")
    return try await town.desk.read(look) { try $0.ask(query) }
  }

  @Test("cards are masked, and only who may reveal sees the whole")
  func masked() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let card = try await town.card("P1").card
    #expect(card.name == "王＊＊" && card.phone == "＊＊＊8000" && card.birthDay == nil)
    #expect(card.identityNumber?.hasPrefix("37＊") == true && card.workPlace == "海＊＊＊")
    #expect(card.age == 32 && !card.isRevealed)
    #expect(try await town.card("P1", reveal: true).card.identityNumber == number)
    _ = try await town.card("P1", as: "reviewer")
    let refusal = await #expect(throws: Refusal.self) {
      try await town.card("P1", reveal: true, as: "reviewer")
    }
    #expect(refusal?.code == "duty.notHeld")
    let elsewhere = await #expect(throws: Refusal.self) {
      try await town.card("P1", reveal: true, as: "otherWorker")
    }
    #expect(elsewhere?.code == "notFound")
  }

  @Test("a purpose that is none for this question is refused")
  func purpose() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let refusal = await #expect(throws: Refusal.self) {
      try await town.ask(ShowResident(person: PersonID(trusted: "P1")), for: .bulletin)
    }
    #expect(refusal?.code == "purpose.notAllowed")
  }

  @Test("a file elsewhere looks like none")
  func elsewhere() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    for person in ["P1", "P7"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.card(person, as: "otherLeader")
      }
      #expect(refusal?.code == "notFound")
    }
  }

  @Test("people are found by identifier, number, telephone and name, within the office's area")
  func find() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let questions = [
      FindResidents(person: "P1"), FindResidents(identityNumber: number),
      FindResidents(identityNumber: number.lowercased()), FindResidents(phone: "+86 138-0013-8000"),
      FindResidents(name: "王小明"), FindResidents(name: "王小明", place: Town.Spot.grid.id),
    ]
    for question in questions {
      let found = try await town.ask(question, for: .registry, as: "worker").found
      #expect(found.map(\.person.text) == ["P1"] && found.allSatisfy { !$0.isRevealed })
    }
    for question in questions.dropLast() {
      #expect(try await town.ask(question, for: .registry, as: "otherWorker").found.isEmpty)
    }
    #expect(try await town.ask(FindResidents(name: "王小"), for: .registry).found.isEmpty)
    let refusal = await #expect(throws: Refusal.self) {
      try await town.ask(FindResidents(identityNumber: "1"), for: .registry)
    }
    #expect(refusal?.code == "identity.implausible")
  }

  @Test("who holds a slip reads their own file and who looked at it, until it ends")
  func slip() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let person = PersonID(trusted: "P1")
    let answer = try await town.submit(
      IssueSlip(person: person, fingerprint: fingerprint), as: "worker")
    let fingerprint = fingerprint
    func holder(at moment: Instant) async throws -> PersonID? {
      try await town.desk.storage.read {
        try SlipsStore($0).holder(ofFingerprint: fingerprint, at: moment)
      }
    }
    #expect(try await holder(at: town.now) == person)
    #expect(try await holder(at: answer.expiresAt) == nil)
    #expect(try await holder(at: answer.expiresAt - .seconds(1)) == person)
    _ = try await town.card("P1", as: "worker")
    #expect(try await own(ShowOwnFile(), "P1", in: town).card.name == "王＊＊")
    let looks = try await own(ListOwnDisclosures(), "P1", in: town).disclosures
    #expect(looks.contains { $0.offices.first?.place == "第一网格" && $0.purpose == .registry })
    try await town.pass(.hours(1))
    _ = try await town.submit(RevokeSlips(person: person), as: "worker")
    #expect(try await holder(at: town.now) == nil)
    await #expect(throws: Refusal.self) {
      try await town.submit(IssueSlip(person: person, fingerprint: fingerprint), as: "worker")
    }
  }

  @Test("the secret on a slip lets its holder in, and nobody else")
  func door() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let secret = "a secret on paper"
    let fingerprint = town.desk.vault.fingerprint(of: secret)
    _ = try await town.submit(
      IssueSlip(person: PersonID(trusted: "P1"), fingerprint: fingerprint), as: "worker")
    let door = Doorkeeper.registry(town.desk)
    #expect(try await door.forSlip(Redacted(secret)) == .resident(PersonID(trusted: "P1")))
    await #expect(throws: Refusal.self) { try await door.forSlip(Redacted("another")) }
  }

  @Test("a new slip ends the earlier ones, and a fingerprint must be one")
  func newSlip() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let person = PersonID(trusted: "P1")
    _ = try await town.submit(IssueSlip(person: person, fingerprint: fingerprint))
    try await town.pass(.hours(1))
    let second = String(repeating: "cd", count: 32)
    _ = try await town.submit(IssueSlip(person: person, fingerprint: second))
    let open = try await town.rows("SELECT fingerprint FROM slip WHERE revoked_at IS NULL")
    #expect(open.map { $0.text(0) } == [second])
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(IssueSlip(person: person, fingerprint: "abc"))
    }
    #expect(refusal?.code == "slip.fingerprint")
  }

  @Test("nothing that identifies a person stands in the open after every command")
  func openNumbers() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1"), RowFixture("P2", ["name": "李雷"])])
    _ = try await town.submit(
      UpdateResident(person: PersonID(trusted: "P1"), form: PersonForm(phone: "13900139000")))
    let texts = try await town.rows(
      "SELECT payload FROM journal UNION ALL SELECT answer FROM receipt")
    for secret in [number, "13800138000", "13900139000", "王小明", "李雷"] {
      #expect(texts.allSatisfy { !$0.text(0).contains(secret) })
    }
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "the invariants find what is broken",
    arguments: [
      ("UPDATE person SET path = '1.2'", "I-1"),
      ("UPDATE person SET work_place = '找13800138000'", "I-56"),
      ("UPDATE person SET keep_until = ''", "I-3"),
      ("UPDATE person SET merged_into = 'P2' WHERE id = 'P1'", "I-2"),
      ("UPDATE place SET parent = '370203030002' WHERE id = 'town-estate'", "I-1"),
      ("INSERT INTO residence VALUES ('P1', 'home', 'x', '1', 1, 99999999999999)", "I-1"),
    ] as [(SQL, String)])
  func broken(statement: SQL, number: String) async throws {
    let town = try await Town()
    let other = RowFixture.number("37020319900101", 3)
    _ = try await town.take([RowFixture("P1"), RowFixture("P2", ["identity_number": other])])
    #expect(try await town.violations().isEmpty)
    try await town.desk.storage.write { _ = try $0.execute(statement) }
    #expect(try await town.violations()[number]?.isEmpty == false)
  }

  @Test(
    "numbers are found wherever they stand alone",
    arguments: [
      ("13800138000", true), ("张三13800138000号", true), ("12800138000", false),
      ("138001380001", false), ("a13800138000", false), ("11010519491231002X", true),
      ("11010519491231002x", true), ("110105194912310021", false), ("", false),
    ])
  func patterns(text: String, isIn: Bool) { #expect(PersonalNumbers.isIn(text) == isIn) }
}
