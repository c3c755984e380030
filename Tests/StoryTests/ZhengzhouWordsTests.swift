import Containment
import Detection
import District
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// The list of Zhengzhou, where one account calls the people positive, or contacts of somebody who is.
@Suite("Zhengzhou, by a laboratory's word and by contacts") struct ZhengzhouWordsTests {
  /// How a laboratory's results come in.
  enum Road: String, CaseIterable {
    case signed
    case byHand
    case file

    /// Whose word it is, and who may decide on it.
    var account: String { self == .signed ? "lab" : "duty" }
    var second: String { self == .signed ? "duty" : "investigator" }
  }

  @Test(
    "one account that calls a list positive holds no more than the clauses say, and the alarm goes",
    arguments: Road.allCases)
  func positives(road: Road) async throws {
    // A file speaks for laboratories without a key only.
    let there = try await Bench(people: 130, hasKey: road != .file)
    let town = there.town
    for batch in 0..<10 {
      try await there.call(batch * 13..<batch * 13 + 13, positiveBy: road, number: batch + 1)
      for _ in 0..<4 { try await town.pass(.seconds(20)) }
      try await town.pass(.minutes(65))
    }
    #expect(try await running("case", town) == 20)
    // Tubes have a number of their own, for whole tubes of ten; it ends by itself after two days.
    #expect(try await running("pool", town) <= 100)
    let account = AccountID(trusted: road.account)
    let held = try await town.ask(HeldRestrictions(account: account), for: .containment)
    #expect(held.people >= 110)
    let alarm = try await town.rows(
      """
      SELECT obligation.opened_at, held.at
      FROM obligation
      JOIN (SELECT account, MIN(at) AS at FROM restriction_held GROUP BY account) AS held
        ON held.account = obligation.subject
      WHERE obligation.kind = 'restrictions.alarm' AND obligation.subject = \(road.account)
      """)
    #expect(alarm.count == 1 && alarm[0].instant(0) - alarm[0].instant(1) <= .seconds(60))
    // Not the account itself, and not by a number that is not the preview's.
    for (who, expected) in [(road.account, held.people), (road.second, held.people + 1)] {
      await #expect(throws: Refusal.self) {
        try await town.submit(
          ApproveHeld(
            account: account, approved: true, expected: expected, preview: held.preview), as: who)
      }
    }
    try await town.submit(
      ApproveHeld(account: account, approved: false, expected: held.people), as: road.second)
    for _ in 0..<4 { try await town.pass(.seconds(30)) }
    #expect(try await running("case", town) == 20)
    #expect(try await town.violations() == [:])
  }

  @Test("a laboratory that has held three tubes of ten still reports its first case at once")
  func realCase() async throws {
    let there = try await Bench(people: 30, pool: 10)
    let town = there.town
    try await there.deliver(
      there.tubes[0..<3].map { ResultRow(tube: $0, result: .positive, reportedAt: town.now) },
      number: 1)
    #expect(try await running("pool", town) == 30)
    // The recheck of one of them is positive: evidence by itself, and a case.
    let single = try await there.swabAgain("target-7")
    try await there.deliver(
      [ResultRow(tube: single, result: .positive, reportedAt: town.now)], number: 2)
    let noted = try await town.rows(
      "SELECT person FROM evidence WHERE kind = 'recheck' AND reference = \(single)")
    #expect(noted.map { $0.text(0) } == ["target-7"])
    for _ in 0..<4 { try await town.pass(.seconds(20)) }
    #expect(try await running("case", town) == 1)
    #expect(try await running("pool", town) == 29)
    #expect(try await town.violations() == [:])
  }

  @Test("contacts that one account makes and confirms in numbers wait for a second person")
  func contacts() async throws {
    let town = try await Town(on: "2022-06-29")
    try await town.submit(FillList(from: 0, to: 130), from: .clock)
    let row = Fields.object([
      "case": .text("index"), "person": .text("target-0"), "kind": .text("confirmed"),
      "district": .text("370203"), "source": .text("clinic"),
      "reported_at": .text(town.now.text(in: .china)),
    ])
    _ = try await town.desk.submit(
      Envelope(
        id: CommandID(trusted: "index"), name: "cases.import",
        body: .object(["rows": .list([row])]), sender: .account(AccountID(trusted: "duty"))))
    // Made-up scans put them at one table with the case, and the same account confirms what follows.
    let (from, to) = (town.now - .hours(3), town.now - .hours(2))
    for batch in 0..<10 {
      let rows = (batch * 13..<batch * 13 + 13).map { number in
        Fields.object([
          "person": .text("target-\(number)"), "venue": .text("饭店"),
          "from": .text(from.text(in: .china)), "to": .text(to.text(in: .china)),
        ])
      }
      try await town.submit(TakeScans(rows: rows), as: "duty")
      try await town.pass(.seconds(31))
      let proposed = try await town.rows(
        "SELECT id FROM contact WHERE state = 'proposed' ORDER BY id")
      let asked = try await town.rows("SELECT contact FROM contact_request_member")
      let waiting = Set(asked.map { $0.text(0) })
      let named = proposed.filter { !waiting.contains($0.text(0)) }.map { $0.id(0) as ContactID }
      #expect(!named.isEmpty)
      try await town.submit(ConfirmContacts(contacts: named), as: "duty")
      try await town.pass(.minutes(30))
    }
    #expect(try await running("close", town) <= 20)
    let requests = try await town.rows(
      "SELECT id FROM contact_request WHERE decided_at IS NULL ORDER BY id")
    #expect(!requests.isEmpty)
    for request in requests {
      await #expect(throws: Refusal.self) {
        try await town.submit(
          ApproveContacts(request: request.id(0), approved: true), as: "duty")
      }
    }
    #expect(try await running("close", town) <= 20)
    #expect(try await town.violations() == [:])
  }

  /// How many are restricted under a clause.
  private func running(_ clause: String, _ town: Town) async throws -> Int {
    try await town.rows(
      """
      SELECT COUNT(DISTINCT person) FROM restriction
      WHERE clause = \(clause) AND ended_at IS NULL AND end_at > \(town.now)
      """
    ).first?.integer(0) ?? 0
  }
}

/// A round whose tubes a laboratory has received.
private struct Bench: Sendable {
  let town: Town
  let tubes: [TubeCode]
  private let seed = [UInt8](repeating: 9, count: 32)
  private let laboratory = LaboratoryID(trusted: "bench")

  /// - Parameters:
  ///   - pool: how many share a tube.
  ///   - hasKey: whether the laboratory signs its lists.
  init(people: Int, pool: Int = 1, hasKey: Bool = true) async throws {
    town = try await Town(on: "2022-06-29")
    let town = self.town
    let round = RoundID(trusted: "list")
    try await town.submit(FillList(from: 0, to: people), from: .clock)
    try await town.submit(
      OpenRound(areas: [Town.Spot.district.id], name: "list", pool: pool, round: round))
    let path = try await town.rows("SELECT path FROM place WHERE id = '370203'")[0].text(0)
    let now = town.now
    try await town.desk.storage.write { transaction in
      let store = OfficesStore(transaction)
      let id = AccountID(trusted: "lab")
      try store.insertAccount(id, title: "lab", at: now)
      try store.insertOffice(
        Office(
          account: id, role: "laboratory", place: Town.Spot.district.id, path: PlacePath(path),
          from: now, until: nil))
    }
    try await town.submit(
      SetLaboratory(
        laboratory: laboratory, name: "检测所",
        key: hasKey ? Hex.text(try town.desk.vault.suite.publicKey(ofSigner: seed)) : nil))
    try await town.submit(
      AppointLaboratory(laboratory: laboratory, account: AccountID(trusted: "lab")))
    var tubes: [TubeCode] = []
    for number in 0..<people {
      let tube = TubeCode(trusted: "Z\(number / pool)")
      if tubes.last != tube { tubes.append(tube) }
      try await town.submit(
        RegisterSwab(
          SwabRow(
            round: round, person: PersonID(trusted: "target-\(number)"), tube: tube, point: nil,
            sampledAt: nil), device: nil), as: "duty")
    }
    for tube in tubes { try await town.submit(SealTube(tube: tube, round: round)) }
    self.tubes = tubes
    try await send(tubes, in: BoxID(trusted: "Z"), of: round)
  }

  /// A held person's own swab, received by the laboratory.
  func swabAgain(_ person: String) async throws -> TubeCode {
    let (round, tube) = (RoundID(trusted: "list"), TubeCode(trusted: "single-\(person)"))
    try await town.submit(
      RegisterSwab(
        SwabRow(
          round: round, person: PersonID(trusted: person), tube: tube, point: nil, sampledAt: nil),
        device: nil), as: "duty")
    try await town.submit(SealTube(tube: tube, round: round))
    try await send([tube], in: BoxID(trusted: "again"), of: round)
    return tube
  }

  private func send(_ tubes: [TubeCode], in box: BoxID, of round: RoundID) async throws {
    try await town.submit(PackBox(box: box, round: round, tubes: tubes))
    try await town.submit(
      GiveBox(box: box, to: Holder(kind: .laboratory, id: "bench"), count: tubes.count))
    try await town.submit(TakeBox(box: box, count: tubes.count), as: "lab")
    try await town.pass(.hours(2))
  }

  func call(
    _ numbers: Range<Int>, positiveBy road: ZhengzhouWordsTests.Road, number: Int
  ) async throws {
    let rows = numbers.map {
      ResultRow(tube: tubes[$0], result: .positive, reportedAt: town.now)
    }
    switch road {
    case .signed: try await deliver(rows, number: number)
    case .byHand:
      for row in rows {
        try await town.submit(EnterResult(tube: row.tube, result: .positive), as: "duty")
      }
    case .file:
      let answer = try await town.submit(
        ImportResults(
          rows: rows.enumerated().map { place, row in
            .object([
              "tube": .text(row.tube.text), "result": .text("positive"),
              "reported_at": .text(row.reportedAt.text(in: .china)), "laboratory": .text("bench"),
              "sequence": .text(String((number - 1) * 13 + place + 1)),
            ])
          }), as: "duty")
      #expect(answer.outcomes.isEmpty)
    }
  }

  func deliver(_ rows: [ResultRow], number: Int) async throws {
    let list = ResultList(laboratory: laboratory, sequence: number, rows: rows)
    let signature = Hex.text(
      try town.desk.vault.suite.sign(list.signedBytes(in: .china), seed: seed))
    let answer = try await town.submit(DeliverResults(list, signature: signature), as: "lab")
    #expect(answer.state == "applied" && answer.reasons.isEmpty)
  }
}
