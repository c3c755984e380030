import District
import Engines
import Foundation
import Kernel
import Storage
import Testing
import Town

/// A town whose changes are shipped to a second place, with a backup to go on from.
private struct ShippingTown {
  let town: Town
  let keeper: JournalKeeper
  let folder: Folder
  let privateKey: [UInt8]
  let key: BackupKey

  var second: String { "\(folder.path)/second" }
  var backup: String { "\(folder.path)/one.backup" }

  init(_ engine: Engine) async throws {
    folder = try Folder()
    let storage: any Storage =
      engine == .postgres
      ? try await TestStorage.postgres(District.assembly.migrations)
      : try await engine.open(in: folder)
    town = try await Town(storage: storage)
    let pair = try BackupKey.make(entropy: .seeded(3))
    key = pair.key
    privateKey = try BackupKey.privateKey(pair.privateText)
    keeper = JournalKeeper(town.desk, entropy: .seeded(5))
    try await act(1...3)
  }

  func keep() async throws {
    try await town.submit(KeepJournal(place: second, key: key.text), as: "admin")
  }

  func backUp(_ number: Int = 1) async throws {
    let home = DataFolder("\(folder.path)/home-\(number)")
    try FileManager.default.createDirectory(
      atPath: home.path, withIntermediateDirectories: true)
    try Data(Town.secret).write(to: URL(filePath: "\(home.path)/secret.key"))
    _ = try await home.backUp(
      town.desk.storage, to: "\(folder.path)/\(number == 1 ? "one" : "two").backup", for: key,
      at: town.now)
  }

  /// People, cases and visits that come in; one in three is refused.
  func act(_ numbers: ClosedRange<Int>) async throws {
    for number in numbers {
      let report = """
        {"case":"C\(number)","person":"P\(number)","kind":"confirmed","source":"clinic",
         "district":"370203","reported_at":"2022-11-28T09:00+08:00"}
        """
      let visits = """
        {"run":"r","rows":[{"person":"P\(number)","venue":"超市 ’\(number)“","from":"2022-11-28T10:00",
          "to":"2022-11-28T11:00","source":"interview"}]}
        """
      for (name, body) in [
        ("cases.report", report), ("visits.import", visits), ("cases.report", "{}"),
      ] {
        let envelope = Envelope(
          id: town.desk.newCommandID(), name: name, body: try Fields.json(Array(body.utf8)),
          sender: .account(AccountID(trusted: "duty")))
        do { _ = try await town.desk.submit(envelope) } catch is Refusal { #expect(body == "{}") }
      }
      try await town.pass(.minutes(3))
    }
  }

  /// What was restored from the backup and the second place.
  func restored(
    _ name: String, tail: String? = nil, file: String? = nil
  ) async throws -> (summary: BackupSummary, contents: [String: [String]]) {
    let target = DataFolder("\(folder.path)/\(name)")
    let now = town.now
    let (summary, violated) = try await target.restore(
      from: file ?? backup, privateKey: privateKey, clock: Clock { now }, tail: tail ?? second)
    #expect(violated.isEmpty, "\(violated)")
    let storage = try SQLiteStorage(file: target.database)
    let contents = try await Self.contents(of: storage)
    try await storage.close()
    return (summary, contents)
  }

  func contents() async throws -> [String: [String]] {
    try await Self.contents(of: town.desk.storage)
  }

  /// All rows of all tables but those that say where changes go.
  private static func contents(of storage: any Storage) async throws -> [String: [String]] {
    let shapes = try await MovedTable.shapes(District.assembly.migrations)
    return try await storage.read { transaction in
      var contents: [String: [String]] = [:]
      for shape in shapes where !["journal_keeping", "journal_tail"].contains(shape.name) {
        contents[shape.name] = try transaction.rows(
          SQL(stringLiteral: "SELECT \(shape.columnList) FROM \(shape.name)")
        ).map { "\($0.values)" }.sorted()
      }
      return contents
    }
  }

  func segments() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: second)
      .filter { $0.hasSuffix(".tail") }.sorted().map { "\(second)/\($0)" }
  }
}

@Suite("Changes shipped to a second place") struct ShippingTests {
  @Test("bring back every row on top of a backup", arguments: Engine.durable)
  func everyRow(engine: Engine) async throws {
    let scene = try await ShippingTown(engine)
    try await scene.keep()
    try await scene.backUp()
    try await scene.act(4...6)
    try await scene.keeper.turn()
    try await scene.act(7...9)
    try await scene.keeper.turn()
    // A second file of changes, as after a start of the server.
    try await scene.keeper.close()
    try await scene.act(10...11)
    try await scene.keeper.turn()
    let (summary, contents) = try await scene.restored("again")
    let before = try await scene.contents()
    for (table, rows) in before { #expect(contents[table] == rows, "\(table)") }
    let tail = try #require(summary.tail)
    #expect(tail.records > 20 && !tail.isBroken)
    #expect(try scene.segments().count == 2)
    // What has arrived does not stay in the tables, but for the last.
    let left = try await scene.town.rows("SELECT COUNT(*) FROM journal_tail").first?.integer(0)
    #expect(left == 1)
  }

  @Test("of nodes on one database one ships, and another goes on where that one was cut off")
  func nodes() async throws {
    let scene = try await ShippingTown(.postgres)
    let desk = scene.town.desk
    let home = try #require(desk.storage as? PassingStorage)
    let neighbour = JournalKeeper(
      Desk(
        storage: try await home.neighbour(), assembly: desk.assembly,
        jurisdiction: desk.jurisdiction, rules: desk.rules, vault: desk.vault, clock: desk.clock),
      entropy: .seeded(7))
    try await scene.keep()
    try await scene.backUp()
    var (shipping, resting) = (scene.keeper, neighbour)
    for round in 0..<3 {
      for number in (4 + 3 * round)...(5 + 3 * round) {
        try await scene.act(number...number)
        let (one, other) = (shipping, resting)
        async let sent = one.turn()
        async let idle = other.turn()
        #expect(try await sent > 0)
        #expect(try await idle == 0)
      }
      // The file of the one that is cut off stays open; it goes on with it if it ever ships again.
      try await scene.act((6 + 3 * round)...(6 + 3 * round))
      try await cutOff(home.database)
      // The server notices a moment later.
      for _ in 0..<100 where try await resting.turn() == 0 {
        try await Task.sleep(for: .milliseconds(20))
      }
      // Whoever was cut off is told so once.
      _ = try? await shipping.turn()
      swap(&shipping, &resting)
    }
    let (summary, contents) = try await scene.restored("again")
    for (table, rows) in try await scene.contents() { #expect(contents[table] == rows, "\(table)") }
    #expect(summary.tail?.isBroken == false)
    #expect(try scene.segments().count == 4)
  }

  /// Ends the connection of whoever holds the clock of a database.
  private func cutOff(_ database: String) async throws {
    try await PostgresServer.usual.run(
      """
      SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = '\(database)')
      """)
  }

  @Test("a file that is cut anywhere brings back what stands before the cut")
  func torn() async throws {
    let scene = try await ShippingTown(.file)
    try await scene.keep()
    try await scene.backUp()
    for number in 4...7 {
      try await scene.act(number...number)
      try await scene.keeper.turn()
    }
    let file = try #require(try scene.segments().first)
    let whole = try Data(contentsOf: URL(filePath: file))
    let records = try #require(try await scene.restored("whole").summary.tail?.records)
    var seen: Set<Int> = []
    for cut in stride(from: 0, through: whole.count, by: max(1, whole.count / 10)) {
      try whole.prefix(cut).write(to: URL(filePath: file))
      let tail = try #require(try await scene.restored("cut-\(cut)").summary.tail)
      #expect(tail.records <= records && !tail.isBroken)
      seen.insert(tail.records)
    }
    #expect(seen.count > 3 && seen.contains(0))
    // A flipped byte is no cut: what stands before it comes back, and it is said.
    for place in stride(from: 200, to: whole.count, by: max(1, whole.count / 5)) {
      var changed = whole
      changed[place] ^= 1
      try changed.write(to: URL(filePath: file))
      let tail = try #require(try await scene.restored("flip-\(place)").summary.tail)
      // A changed length may look like a cut; nothing that was changed is ever brought back.
      #expect(tail.records < records)
    }
  }

  @Test("a file that is missing is noticed, and so is a backup that they do not go on from")
  func missing() async throws {
    let scene = try await ShippingTown(.file)
    try await scene.backUp(2)
    try await scene.keep()
    try await scene.backUp()
    for number in 4...6 {
      try await scene.act(number...number)
      try await scene.keeper.turn()
      try await scene.keeper.close()
    }
    let early = await #expect(throws: Refusal.self) {
      try await scene.restored("early", file: "\(scene.folder.path)/two.backup")
    }
    #expect(early?.code == "backup.noTail")
    let nowhere = await #expect(throws: Refusal.self) {
      try await scene.restored("nowhere", tail: "\(scene.folder.path)/nothing")
    }
    #expect(nowhere?.code == "backup.noTail")
    let files = try scene.segments()
    #expect(files.count == 3)
    try FileManager.default.removeItem(atPath: files[1])
    let tail = try #require(try await scene.restored("gap").summary.tail)
    #expect(tail.isBroken && tail.records > 0)
    // Another run of keeping begins anew: its files do not go on from the backup of the first.
    try await scene.keep()
    try await scene.act(7...7)
    try await scene.keeper.turn()
    #expect(try await scene.restored("first").summary.tail?.records == tail.records)
  }

  @Test("a second place that cannot be written loses nothing: it goes there when it can")
  func unwritable() async throws {
    let scene = try await ShippingTown(.file)
    try await scene.keep()
    try await scene.backUp()
    try Data().write(to: URL(filePath: scene.second))
    try await scene.act(4...5)
    await #expect(throws: StorageFailure.self) { try await scene.keeper.turn() }
    try await scene.act(6...6)
    try FileManager.default.removeItem(atPath: scene.second)
    #expect(try await scene.keeper.turn() > 0)
    let contents = try await scene.restored("again").contents
    #expect(try await scene.contents() == contents)
  }

  @Test("nothing is written down when nothing is shipped, or no longer")
  func off() async throws {
    let scene = try await ShippingTown(.file)
    func waiting() async throws -> Int {
      try await scene.town.rows("SELECT COUNT(*) FROM journal_tail").first?.integer(0) ?? -1
    }
    #expect(try await waiting() == 0)
    try await scene.town.submit(KeepJournal(place: scene.second, key: nil), as: "admin")
    try await scene.act(4...4)
    #expect(try await waiting() == 0)
    #expect(try await scene.keeper.turn() > 0)
    #expect(FileManager.default.fileExists(atPath: "\(scene.second)/checkpoints.jsonl"))
    #expect(try scene.segments() == [])
    try await scene.keep()
    try await scene.act(5...5)
    #expect(try await waiting() > 0)
    try await scene.town.submit(KeepJournal(place: nil, key: nil), as: "admin")
    try await scene.act(6...6)
    // The transaction that ended it was still written down.
    #expect(try await waiting() <= 1)
    #expect(try await scene.keeper.turn() == 0)
  }
}
