import Foundation
import Kernel
import Testing
import Town

@testable import Registry

@Suite("Devices in the field") struct DevicesTests {
  private let password = Redacted("七里香 correct horse")
  private let phone = Device(secret: Redacted("phone-secret"), name: "Android · Chrome")

  private func account(_ name: String) -> AccountID { AccountID(trusted: name) }

  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch { return (error as? Refusal)?.code ?? "\(error)" }
  }

  /// A town, its doorkeeper, and a worker who is signed in on a phone.
  private func settled() async throws -> (Town, Doorkeeper, Doorkeeper.Entry) {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let link = try await door.issueLink(account("worker"), .account(account("admin")))
    let entry = try await door.redeem(link, on: phone)
    try await door.setPassword(entry.secret, password)
    return (town, door, entry)
  }

  private func own(_ town: Town) async throws -> RegisteredDevice {
    try #require(try await town.ask(OwnDevices(), as: "worker").first)
  }

  @Test("signing in twice in one browser is one device with one key; another browser is another")
  func registered() async throws {
    let (town, door, entry) = try await settled()
    let first = try await door.standing(entry.secret, phone.secret)
    let again = try await door.signIn("worker", password, on: phone)
    let second = try await door.standing(again.secret, phone.secret)
    let current = try #require(first.current)
    #expect(current.device == second.current?.device)
    #expect(current.key.revealed == second.current?.key.revealed)
    #expect(current.key.revealed.count == 32 && current.attempts == 10)
    let tablet = Device(secret: Redacted("tablet-secret"), name: "iPad · Safari")
    let third = try await door.signIn("worker", password, on: tablet)
    let other = try await door.standing(third.secret, tablet.secret)
    #expect(other.current?.key.revealed != current.key.revealed)
    #expect(
      try await town.ask(OwnDevices(), as: "worker").map(\.name).sorted() == [
        "Android · Chrome", "iPad · Safari",
      ])
  }

  @Test("a key goes to nobody but a session of the very device")
  func keys() async throws {
    let (town, door, entry) = try await settled()
    #expect(try await door.standing(nil, phone.secret).current == nil)
    #expect(try await door.standing(entry.secret, Redacted("stolen")).current == nil)
    try await door.signOut(entry.secret)
    #expect(try await door.standing(entry.secret, phone.secret).current == nil)
    let late = try await door.signIn("worker", password, on: phone)
    town.stall(.hours(12))
    #expect(try await door.standing(late.secret, phone.secret).current == nil)
  }

  @Test("a device that is revoked loses its session and its key, and the next sign-in gets another")
  func revoked() async throws {
    let (town, door, entry) = try await settled()
    let before = try #require(try await door.standing(entry.secret, phone.secret).current)
    let device = try await own(town)
    #expect(device.id.text == before.device)
    #expect(
      await code { try await town.submit(RevokeDevice(device: device.id), as: "otherLeader") }
        == "duty.outsideArea")
    #expect(
      await code { try await town.submit(RevokeDevice(device: device.id), as: "otherWorker") }
        == "duty.outsideArea")
    try await town.submit(RevokeDevice(device: device.id), as: "leader")
    #expect(await code { _ = try await door.forSession(entry.secret) } == "session.ended")
    let standing = try await door.standing(entry.secret, phone.secret)
    #expect(standing.current == nil && standing.revoked == [before.device])
    let again = try await door.signIn("worker", password, on: phone)
    let after = try await door.standing(again.secret, phone.secret)
    #expect(after.current?.device != before.device)
    #expect(after.current?.key.revealed != before.key.revealed)
    #expect(after.revoked == [before.device])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a browser that lost its cookie gets the earlier key back for the same account, and no other")
  func cookieLost() async throws {
    let (town, door, entry) = try await settled()
    let before = try #require(try await door.standing(entry.secret, phone.secret).current)
    let fresh = Device(secret: Redacted("another-secret"), name: "Android · Chrome")
    let again = try await door.signIn("worker", password, on: fresh)
    let after = try await door.standing(again.secret, fresh.secret, holding: [before.device])
    #expect(after.earlier.map(\.device) == [before.device])
    #expect(after.earlier.first?.key.revealed == before.key.revealed)
    let link = try await door.issueLink(account("leader"), .account(account("admin")))
    let other = try await door.redeem(link, on: fresh)
    let theirs = try await door.standing(other.secret, fresh.secret, holding: [before.device])
    #expect(theirs.earlier.isEmpty && theirs.revoked.isEmpty)
    #expect(try await door.standing(nil, fresh.secret, holding: [before.device]).earlier.isEmpty)
    try await town.submit(RevokeDevice(device: DeviceID(trusted: before.device)), as: "worker")
    let late = try await door.standing(again.secret, fresh.secret, holding: [before.device])
    #expect(late.earlier.isEmpty && late.revoked == [before.device])
    let remains = DeviceRemains(device: before.device, entries: [], isLast: true)
    try await door.takeOver(fresh.secret, remains, by: again.secret)
    #expect(
      try await door.standing(again.secret, fresh.secret, holding: [before.device]).revoked == [
        before.device
      ])
  }

  @Test("taking away all credentials of an account revokes its devices too")
  func lost() async throws {
    let (town, door, entry) = try await settled()
    try await town.submit(RevokeCredentials(account: account("worker")), as: "admin")
    #expect(try await own(town).revokedAt != nil)
    #expect(try await door.standing(entry.secret, phone.secret).current == nil)
  }

  @Test("a device says how much waits on it, and only its own account says so")
  func told() async throws {
    let (town, _, _) = try await settled()
    let device = try await own(town)
    town.stall(.minutes(5))
    try await town.submit(
      TellDevice(device: device.id, waiting: 7, oldestAt: town.now - .minutes(90)), as: "worker")
    let listed = try await town.ask(ListDevices(), as: "street")
    #expect(listed.map(\.waiting) == [7] && listed.first?.seenAt == town.now)
    #expect(
      await code {
        try await town.submit(
          TellDevice(device: device.id, waiting: 0, oldestAt: nil), as: "otherWorker")
      } == "notFound")
    try await town.submit(RevokeDevice(device: device.id), as: "worker")
    #expect(
      await code {
        try await town.submit(
          TellDevice(device: device.id, waiting: 0, oldestAt: nil), as: "worker")
      } == "device.revoked")
    #expect(try await town.ask(ListDevices(), as: "otherLeader").isEmpty)
  }
}

@Suite("What did not go in from the field") struct UnsentTests {
  private let phone = Device(secret: Redacted("phone-secret"), name: "Android · Chrome")

  private func account(_ name: String) -> AccountID { AccountID(trusted: name) }

  private func settled() async throws -> (Town, Doorkeeper, RegisteredDevice) {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let link = try await door.issueLink(account("worker"), .account(account("admin")))
    _ = try await door.redeem(link, on: phone)
    return (town, door, try #require(try await town.ask(OwnDevices(), as: "worker").first))
  }

  private func report(_ id: String, _ device: DeviceID?, words: String = "602 · 体温 36.5")
    -> ReportUnsent
  {
    ReportUnsent(
      entry: CommandID(trusted: id), device: device, command: "obligations.finish",
      code: "obligation.closed", doneAt: Instant("2022-11-29T07:00", in: .china), subject: nil,
      place: Town.Spot.door101.id,
      content: .object(["name": .text("obligations.finish"), "words": .text(words)]))
  }

  @Test("what was refused stands before the street with its reason until somebody settles it")
  func refused() async throws {
    let (town, _, device) = try await settled()
    for id in ["entry-1", "entry-2", "entry-1"] {
      try await town.submit(report(id, device.id), as: "worker")
    }
    let lines = try await town.ask(ListUnsent(), for: .supervision, as: "street")
    #expect(lines.map(\.entry.id.text) == ["entry-1", "entry-2"])
    #expect(lines[0].words == "602 · 体温 36.5" && lines[0].entry.code == "obligation.closed")
    #expect(lines[0].entry.cause == .refused && lines[0].entry.path.text.hasPrefix("1.1.1.1"))
    #expect(try await town.violations().isEmpty)
    // One thing to look at, however many entries there are; it ends with the last of them.
    let owed = try await town.rows(
      "SELECT id FROM obligation WHERE kind = 'devices.look' AND closed_at IS NULL")
    #expect(owed.count == 1)
    try await town.submit(
      SettleUnsent(entry: CommandID(trusted: "entry-1"), outcome: .entered), as: "leader")
    #expect(try await open(town) == 1)
    try await town.submit(
      SettleUnsent(entry: CommandID(trusted: "entry-2"), outcome: .dropped), as: "street")
    #expect(try await open(town) == 0)
    #expect(try await town.ask(ListUnsent(), for: .supervision, as: "street").isEmpty)
    await #expect(throws: Refusal.self) {
      try await town.submit(
        SettleUnsent(entry: CommandID(trusted: "entry-2"), outcome: .again), as: "street")
    }
  }

  private func open(_ town: Town) async throws -> Int {
    try await town.rows(
      "SELECT id FROM obligation WHERE kind = 'devices.look' AND closed_at IS NULL"
    ).count
  }

  @Test("what went in after all, its answer lost on the way, is not told as lost")
  func known() async throws {
    let (town, _, device) = try await settled()
    let done = try await town.rows("SELECT command FROM receipt LIMIT 1")
    let id = try #require(done.first?.text(0))
    try await town.submit(report(id, device.id), as: "worker")
    #expect(try await town.ask(ListUnsent(), for: .supervision, as: "street").isEmpty)
  }

  @Test("no other street sees it, and nothing of what it says is in the journal or the receipts")
  func privacy() async throws {
    let (town, _, device) = try await settled()
    try await town.submit(report("entry-1", device.id, words: "赵小明在家"), as: "worker")
    #expect(try await town.ask(ListUnsent(), for: .supervision, as: "otherLeader").isEmpty)
    let journal = try await town.rows("SELECT payload FROM journal")
    #expect(!journal.contains { $0.optionalText(0)?.contains("赵小明") == true })
    let kept = try await town.rows("SELECT content FROM unsent")
    let bytes = try #require(kept.first?.bytes(0))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("赵小明"))
  }

  @Test("what a settled entry says is deleted after its time, the row stays")
  func forgotten() async throws {
    let (town, _, device) = try await settled()
    try await town.submit(report("entry-1", device.id), as: "worker")
    try await town.submit(
      SettleUnsent(entry: CommandID(trusted: "entry-1"), outcome: .entered), as: "street")
    try await town.pass(.days(13))
    #expect(try await town.rows("SELECT id FROM unsent WHERE content IS NOT NULL").count == 1)
    try await town.pass(.days(2))
    #expect(try await town.rows("SELECT id FROM unsent WHERE content IS NOT NULL").isEmpty)
    #expect(try await town.rows("SELECT id FROM unsent").count == 1)
  }

  @Test("a revoked device hands over sealed what it holds: the district opens it, nothing is done")
  func handedOver() async throws {
    let (town, door, device) = try await settled()
    let vault = town.desk.vault
    let content = #"{"version":2,"name":"obligations.finish","words":"101 · 36.6","form":{}}"#
    func sealed(_ id: String) throws -> [UInt8] {
      try vault.suite.seal(
        Array(content.utf8), key: vault.key(ofDevice: device.id.text),
        nonce: [UInt8](repeating: 9, count: 12), context: Array("\(device.id.text)|\(id)".utf8))
    }
    let remains = DeviceRemains(
      device: device.id.text,
      entries: [
        .init(id: "entry-1", sealed: try sealed("entry-1")),
        .init(id: "entry-2", sealed: try sealed("entry-1")),
      ], isLast: true)
    await #expect(throws: Refusal.self) { try await door.takeOver(phone.secret, remains) }
    try await town.submit(RevokeDevice(device: device.id), as: "worker")
    await #expect(throws: Refusal.self) { try await door.takeOver(Redacted("stolen"), remains) }
    for _ in 1...2 { try await door.takeOver(phone.secret, remains) }
    let lines = try await town.ask(ListUnsent(), for: .supervision, as: "street")
    #expect(lines.map(\.entry.cause) == [.revoked, .unreadable])
    #expect(lines.map(\.words) == ["101 · 36.6", nil])
    #expect(try await door.standing(nil, phone.secret).revoked.isEmpty)
    let emptied = try await town.ask(OwnDevices(), as: "worker")
    #expect(emptied.first?.emptiedAt == town.now)
    #expect(
      try await town.rows("SELECT payload FROM journal WHERE name = 'devices.emptied'").count == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "whom it concerns sees that it was read, and names stay covered but for a purpose that needs them"
  )
  func covered() async throws {
    let (town, _, device) = try await settled()
    let bare = RowFixture(
      "P1",
      ["identity_kind": "none", "identity_number": "", "sex": "", "birth_date": "", "name": "曾小明"])
    #expect(try await town.take([bare, RowFixture("P2", Self.other)]).accepted == 2)
    try await town.submit(
      MergeResidents(survivor: PersonID(trusted: "P2"), merged: PersonID(trusted: "P1")))
    let owed = try await town.submit(OweTo(person: PersonID(trusted: "P1")), from: .clock)
    func entry(
      _ id: String, _ subject: String?, _ words: String, _ form: [String: Fields]
    ) -> ReportUnsent {
      ReportUnsent(
        entry: CommandID(trusted: id), device: device.id, command: "residents.enrol",
        code: "x", doneAt: nil, subject: subject, place: Town.Spot.door101.id,
        content: .object([
          "name": .text("residents.enrol"), "words": .text(words),
          "form": .object(form),
        ]))
    }
    try await town.submit(
      entry("entry-1", owed.text, "打 13800138000", ["proof.temperature": .text("36.5")]),
      as: "worker")
    try await town.submit(
      entry(
        "entry-2", nil, "101 · 姓名 赵小明 · 电话 13800138000",
        [
          "name": .text("赵小明"), "phone": .text("13800138000"), "birth_date": .text("1990-01-02"),
          "proof.note": .text("打 13800138000"), "sex": .text("male"),
        ]), as: "worker")
    let lines = try await town.ask(ListUnsent(), for: .supervision, as: "street")
    #expect(lines.map(\.person?.text) == ["P2", nil])
    #expect(try await town.rows("SELECT person FROM disclosure").map { $0.text(0) } == ["P2"])
    #expect(lines.map(\.words) == ["＊＊＊", "101 · 姓名 赵＊＊ · 电话 ＊＊＊8000"])
    #expect(lines[0].values["proof.temperature"] == .text("36.5"))
    let values = lines[1].values
    #expect(values["name"] == .text("赵＊＊") && values["phone"] == .text("＊＊＊8000"))
    #expect(values["birth_date"] == .text("1990＊＊＊") && values["sex"] == .text("male"))
    #expect(values["proof.note"] == .text("＊＊＊") && lines[1].isCovered)
    let whole = try await town.ask(ListUnsent(), for: .fieldwork, as: "street")
    #expect(whole[1].values["name"] == .text("赵小明") && !whole[1].isCovered)
    #expect(whole[0].words == "打 13800138000")
    let many = try await town.read(as: "street") { reading in
      let counted = try UnsentStore(reading.transaction).count(inside: PlacePath("1.1.1"))
      return counted
    }
    #expect(many == 2)
  }

  private static let other = [
    "name": "曾丽", "sex": "female", "birth_date": "1988-05-06", "phone": "13900008812",
    "identity_kind": "", "identity_number": "", "household": "H2", "room": "102", "floor": "1",
  ]
}

/// Makes something owed about a person, as other slices would.
private struct OweTo: Command {
  static let name = "test.oweTo"
  static let duty: Duty = .clockOnly
  let person: PersonID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> ObligationID {
    guard let kind = work.assembly.obligationKinds["devices.look"] else {
      throw Refusal.missing("kind")
    }
    return try work.oblige(
      kind, about: person.text, person: person, at: Town.Spot.door101.id, by: work.now + .hours(1))
  }
}
