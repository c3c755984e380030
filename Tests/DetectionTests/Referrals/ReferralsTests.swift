import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Handing contacts over to the area of their home") struct ReferralsTests {
  private let infection = CaseID(trusted: "c1")

  /// A case, and a guest at its table who lives behind a door.
  private func town(at spot: Town.Spot = .door101) async throws -> (Town, ContactID) {
    let town = try await Town()
    try await town.settle("guest", at: spot)
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("guest", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let contact = try #require(try await town.contactIDs("c1", of: "guest").first)
    return (town, contact)
  }

  private func confirmed(at spot: Town.Spot = .door101) async throws -> (Town, ReferralEntry) {
    let (town, contact) = try await town(at: spot)
    try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
    return (town, try await only(town))
  }

  private func only(_ town: Town) async throws -> ReferralEntry {
    let all = try await town.ask(
      ListReferrals(place: Town.Spot.district.id, show: .all), for: .investigation)
    return try #require(all.referrals.first)
  }

  private func owed(_ town: Town) async throws -> [String] {
    try await town.rows(
      """
      SELECT kind, seat
      FROM obligation
      WHERE closed_at IS NULL AND kind LIKE 'referrals.%'
      ORDER BY kind
      """
    ).map { "\($0.text(0)) \($0.text(1))" }
  }

  private func refusal(_ body: () async throws -> Void) async -> String? {
    await #expect(throws: Refusal.self) { try await body() }?.code
  }

  @Test("a confirmed contact goes to the community of the home, which owes an answer in an hour")
  func sent() async throws {
    let (town, entry) = try await confirmed()
    #expect(entry.state == .sent && entry.to == Town.Spot.community.id && entry.letter == nil)
    #expect(entry.answerDue == town.now + .minutes(60))
    #expect(entry.resultDue == town.now + .hours(8))
    #expect(entry.needsMove)
    #expect(try await owed(town) == ["referrals.answer community_leader@370203030001"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a proposed contact goes nowhere")
  func proposed() async throws {
    let (town, _) = try await town()
    #expect(try await town.rows("SELECT id FROM referral").isEmpty)
  }

  @Test("who is silent is told to the street after the hour and to the district half an hour later")
  func silent() async throws {
    let (town, entry) = try await confirmed()
    let board = { try await town.ask(ReferralBoard(place: Town.Spot.district.id)) }
    try await town.pass(.minutes(60))
    #expect(try await board().total.silent == 0)
    try await town.pass(.minutes(31))
    let counts = try await board().total
    #expect(counts.silent == 1 && counts.unanswered == 1 && counts.unfound == 1)
    let told = try await town.rows(
      """
      SELECT escalation.seat
      FROM escalation
      JOIN obligation ON obligation.id = escalation.obligation
      WHERE obligation.subject = \(entry.referral)
      ORDER BY escalation.rung
      """)
    #expect(told.map { $0.text(0) } == ["street_leader@370203030", "command_duty@370203"])
  }

  @Test("the community accepts, finds, and the notice at the door tells")
  func found() async throws {
    let (town, entry) = try await confirmed()
    #expect(try await town.submit(AcceptReferrals(referrals: [entry.referral]), as: "leader") == 1)
    #expect(try await town.submit(AcceptReferrals(referrals: [entry.referral]), as: "leader") == 0)
    #expect(try await owed(town) == ["referrals.find community_leader@370203030001"])
    try await town.submit(
      ReportReferral(referral: entry.referral, outcome: .home), as: "leader")
    let after = try await only(town)
    #expect(after.state == .found && after.outcome == .home && after.toldAt == nil)
    #expect(try await owed(town).isEmpty)
    try await finish("restrictions.notify", in: town)
    #expect(try await only(town).toldAt == town.now)
    #expect(try await town.violations().isEmpty)
  }

  private func finish(_ kind: String, in town: Town) async throws {
    let rows = try await town.rows(
      """
      SELECT id
      FROM obligation
      WHERE kind = \(kind) AND person = 'guest' AND closed_at IS NULL
      ORDER BY id
      """)
    for row in rows {
      try await town.submit(
        FinishObligation(obligation: row.id(0), proof: nil), as: "worker")
    }
  }

  @Test("whoever was told at the door has been found, though nobody had answered")
  func toldFirst() async throws {
    let (town, _) = try await confirmed()
    try await finish("restrictions.notify", in: town)
    let after = try await only(town)
    #expect(after.state == .found && after.outcome == .home && after.toldAt == town.now)
    #expect(try await owed(town).isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("only the area that it went to answers")
  func others() async throws {
    let (town, entry) = try await confirmed()
    let code = await refusal {
      try await town.submit(AcceptReferrals(referrals: [entry.referral]), as: "otherLeader")
    }
    #expect(code == "duty.outsideArea")
    let seen = await refusal {
      _ = try await town.ask(
        ShowReferral(referral: entry.referral), for: .investigation, as: "otherLeader")
    }
    #expect(seen == "duty.outsideArea")
  }

  @Test("what comes back with a reason goes to another area, and one of them counts")
  func returned() async throws {
    let (town, entry) = try await confirmed()
    try await town.submit(
      ReturnReferral(referral: entry.referral, reason: .movedAway), as: "leader")
    #expect(try await owed(town) == ["referrals.redirect investigator@370203"])
    let same = await refusal {
      try await town.submit(ReportReferral(referral: entry.referral, outcome: .home), as: "leader")
    }
    #expect(same == "referral.state")
    try await town.pass(.minutes(1))
    let next = try await town.submit(
      SendReferral(contact: entry.contact, place: Town.Spot.otherCommunity.id),
      as: "investigator")
    let shown = try await town.ask(ShowReferral(referral: next), for: .investigation)
    #expect(shown.history.map(\.state) == [.replaced, .sent])
    #expect(try await owed(town) == ["referrals.answer community_leader@370203030002"])
    let again = await refusal {
      try await town.submit(
        SendReferral(contact: entry.contact, place: Town.Spot.otherCommunity.id),
        as: "investigator")
    }
    #expect(again == "referral.samePlace")
    #expect(try await town.violations().isEmpty)
  }

  @Test("another district gets a help letter with a number, and the person sees that it was read")
  func letter() async throws {
    let (town, entry) = try await confirmed()
    try await town.submit(
      SendReferral(contact: entry.contact, place: Town.Spot.otherDistrict.id), as: "investigator")
    let out = try await town.ask(
      ListReferrals(place: Town.Spot.district.id, direction: .outgoing), for: .investigation)
    let sent = try #require(out.referrals.first)
    #expect(sent.letter == "370203-2022-0001")
    let letter = try await town.ask(
      ReferralLetter(referral: sent.referral), for: .investigation, as: "investigator")
    #expect(letter.to == "青岛市市南区" && letter.from == "青岛市市北区")
    #expect(letter.person?.isRevealed == true)
    let looks = try await town.rows(
      "SELECT question FROM disclosure WHERE person = 'guest' AND sender LIKE '%investigator%'")
    #expect(!looks.isEmpty)
    let none = await refusal {
      _ = try await town.ask(
        ReferralLetter(referral: entry.referral), for: .investigation, as: "investigator")
    }
    #expect(none == "referral.noLetter")
    let board = try await town.ask(ReferralBoard(place: Town.Spot.district.id))
    #expect(board.outgoing.unfound == 1 && board.total.all == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a move is done when both sides have said so, and they are two")
  func closedLoop() async throws {
    let (town, entry) = try await confirmed()
    let early = await refusal {
      try await town.submit(ArriveReferral(referral: entry.referral), as: "investigator")
    }
    #expect(early == "referral.notDeparted")
    try await town.submit(
      DepartReferral(referral: entry.referral, site: "海滨酒店"), as: "duty")
    #expect(try await town.ask(ReferralBoard(place: nil)).total.moving == 1)
    let own = await refusal {
      try await town.submit(ArriveReferral(referral: entry.referral), as: "duty")
    }
    #expect(own == "referral.bothSides")
    try await town.submit(ArriveReferral(referral: entry.referral), as: "investigator")
    let after = try await only(town)
    #expect(after.movedAt == town.now && after.state == .found)
    let transfers = try await town.rows(
      "SELECT state FROM obligation WHERE kind = 'restrictions.transfer'")
    #expect(transfers.map { $0.text(0) } == ["done"])
    #expect(try await town.ask(ReferralBoard(place: nil)).total.unmoved == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("who is no contact after all is not handed over any more")
  func withdrawn() async throws {
    let (town, entry) = try await confirmed()
    try await town.submit(
      RejectContacts(contacts: [entry.contact], reason: .notNear), as: "investigator")
    #expect(try await owed(town).isEmpty)
    let state = try await town.rows("SELECT state FROM referral").map { $0.text(0) }
    #expect(state == ["closed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("becoming a case ends the hand-over")
  func becameCase() async throws {
    let (town, _) = try await confirmed()
    try await town.report("c2", of: "guest", onset: "2022-11-29")
    #expect(try await town.rows("SELECT state FROM referral").map { $0.text(0) } == ["closed"])
    #expect(try await owed(town).isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a long list goes on behind the last one that was shown")
  func paging() async throws {
    let (town, entry) = try await confirmed()
    for (after, found) in [("0", [entry.referral]), (entry.referral.text, [])] {
      let listed = try await town.desk.storage.read { transaction in
        try ReferralsStore(transaction).inside(
          .everywhere, .incoming, .all, at: town.now, after: ReferralID(trusted: after), limit: 9)
      }
      #expect(listed.map(\.id) == found)
    }
  }

  @Test("a list is narrowed down by kind and goes on in either order where the page before ended")
  func narrowed() async throws {
    let town = try await Town()
    for number in 1...3 {
      try await town.settle("guest-\(number)", at: .door101)
      try await town.visit("guest-\(number)", "饭店", "28T12:00", "28T13:00")
    }
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    for number in 1...3 {
      let contact = try #require(try await town.contactIDs("c1", of: "guest-\(number)").first)
      try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
      town.stall(.minutes(1))
    }
    func listed(_ kind: ContactKind?, newest: Bool) async throws -> [ReferralID] {
      var (found, after): ([ReferralID], ReferralID?) = ([], nil)
      repeat {
        let page = try await town.ask(
          ListReferrals(
            place: Town.Spot.district.id, kind: kind, newest: newest, after: after, limit: 2),
          for: .investigation)
        found += page.referrals.map(\.referral)
        after = page.after.map { ReferralID(trusted: $0) }
      } while after != nil
      return found
    }
    let first = try await listed(.close, newest: false)
    #expect(first.count == 3 && first == first.sorted())
    #expect(try await listed(nil, newest: true) == first.reversed())
    #expect(try await listed(.companion, newest: false).isEmpty)
  }
}
