import District
import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite("A town whose changes are shipped") struct ShippedTownTests {
  @Test(
    "comes back to the row, whatever people did for days", arguments: 1...6 as ClosedRange<UInt64>)
  func comesBack(seed: UInt64) async throws {
    let folder = NSTemporaryDirectory() + "denghuo-shipped-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var days = try await TownDays(seed: seed)
    let town = days.town
    let pair = try BackupKey.make(entropy: .seeded(seed))
    try await town.submit(KeepJournal(place: "\(folder)/second", key: pair.key.text), as: "admin")
    let home = DataFolder("\(folder)/home")
    try FileManager.default.createDirectory(
      atPath: home.path, withIntermediateDirectories: true)
    try Data(Town.secret).write(to: URL(filePath: "\(home.path)/secret.key"))
    _ = try await home.backUp(
      town.desk.storage, to: "\(folder)/one.backup", for: pair.key, at: town.now)
    _ = try await days.play(days: 5)
    let keeper = JournalKeeper(town.desk, entropy: .seeded(seed))
    try await keeper.turn()
    let again = DataFolder("\(folder)/again")
    let now = town.now
    let (summary, violated) = try await again.restore(
      from: "\(folder)/one.backup", privateKey: BackupKey.privateKey(pair.privateText),
      clock: Clock { now }, tail: "\(folder)/second")
    #expect(violated.isEmpty, "\(violated)")
    #expect(summary.tail?.records ?? 0 > 100 && summary.tail?.isBroken == false)
    let storage = try SQLiteStorage(file: again.database)
    for shape in try await MovedTable.shapes(District.assembly.migrations)
    where !["journal_keeping", "journal_tail"].contains(shape.name) {
      let all = SQL(stringLiteral: "SELECT \(shape.columnList) FROM \(shape.name)")
      let came = try await storage.read { try $0.rows(all).map { "\($0.values)" }.sorted() }
      #expect(try await town.rows(all).map { "\($0.values)" }.sorted() == came, "\(shape.name)")
    }
    try await storage.close()
  }
}
