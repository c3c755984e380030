import Cryptography
import Testing

@testable import Kernel

@Suite("The journal's checkpoints") struct CheckpointTests {
  private func sizes(_ town: ToyTown) async throws -> [Int] {
    try await town.rows("SELECT size FROM journal_checkpoint ORDER BY size").map { $0.integer(0) }
  }

  private func mark(_ town: ToyTown, _ count: Int = 1) async throws {
    let before = try await town.number("SELECT COUNT(*) FROM mark")
    for number in 1...count { try await town.submit(Mark(mark: "m-\(before + number)")) }
  }

  @Test("are made after five minutes or so many entries, whichever comes first, never for nothing")
  func due() async throws {
    let town = try await ToyTown()
    try await town.turn()
    #expect(try await sizes(town) == [])
    try await mark(town)
    town.pass(.seconds(5))
    try await town.turn()
    #expect(try await sizes(town) == [1])
    try await mark(town)
    town.pass(.minutes(5) - .milliseconds(1))
    try await town.turn()
    #expect(try await sizes(town) == [1])
    town.pass(.seconds(5))
    try await town.turn()
    #expect(try await sizes(town) == [1, 2])
    try await mark(town, 19)
    town.pass(.seconds(5))
    try await town.turn()
    #expect(try await sizes(town) == [1, 2])
    try await mark(town)
    town.pass(.seconds(5))
    try await town.turn()
    #expect(try await sizes(town) == [1, 2, 22])
    town.pass(.hours(3))
    try await town.turn()
    #expect(try await sizes(town) == [1, 2, 22])
    #expect(try await town.desk.violations()["I-53"] == nil)
  }

  @Test("are made at once when the process that wrote ends")
  func last() async throws {
    let town = try await ToyTown()
    for count in 1...3 {
      try await mark(town)
      try await town.desk.submit(
        MakeCheckpoint(isLast: true), id: CommandID(trusted: "last-\(count)"), as: .clock)
    }
    #expect(try await sizes(town) == [1, 2, 3])
  }

  @Test("are signed, and say what they say under no other key")
  func signed() throws {
    let suite = OpenSSLSuite()
    let vault = Vault(suite: suite, secret: Array(repeating: 3, count: 32), entropy: .system)
    let other = Vault(suite: suite, secret: Array(repeating: 4, count: 32), entropy: .system)
    let made = try Checkpoint(
      size: 7, at: Instant(milliseconds: 99), head: String(repeating: "a", count: 64), by: vault)
    #expect(made.isSigned(by: try vault.signingKey(), suite: suite))
    #expect(!made.isSigned(by: try other.signingKey(), suite: suite))
    let forged = [
      Checkpoint(size: 8, at: 99, head: made.head, key: made.key, signature: made.signature),
      Checkpoint(size: 7, at: 98, head: made.head, key: made.key, signature: made.signature),
      Checkpoint(size: 7, at: 99, head: "b", key: made.key, signature: made.signature),
      Checkpoint(size: 7, at: 99, head: made.head, key: made.key, signature: "zz"),
      Checkpoint(size: 7, at: 99, head: made.head, key: made.key, signature: ""),
    ]
    for checkpoint in forged {
      #expect(!checkpoint.isSigned(by: made.key, suite: suite), "\(checkpoint)")
    }
    #expect(made.mark == "7-aaaa-aaaa-aaaa-aaaa-aaaa")
  }

  @Test("agree with the standard's own example (RFC 8032, 7.1, the second)")
  func standard() throws {
    let suite = OpenSSLSuite()
    let seed = try #require(
      Hex.bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    #expect(
      Hex.text(try suite.publicKey(ofSigner: seed))
        == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    #expect(
      Hex.text(try suite.sign([0x72], seed: seed))
        == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
  }

  @Test("are named in receipts: the same receipt names the same one")
  func receipts() async throws {
    let town = try await ToyTown()
    let first = try await town.submit(Mark(mark: "a"), id: "first")
    #expect(first.checkpoint == nil)
    town.pass(.seconds(5))
    try await town.turn()
    let head = try await town.rows("SELECT head FROM journal").map { $0.text(0) }[0]
    let second = try await town.submit(Mark(mark: "b"), id: "second")
    #expect(second.checkpoint == JournalMark.text(entries: 1, head: head))
    try await mark(town, 30)
    town.pass(.minutes(6))
    try await town.turn()
    #expect(try await town.submit(Mark(mark: "a"), id: "first").checkpoint == nil)
    let again = try await town.submit(Mark(mark: "b"), id: "second")
    #expect(again.isRepeat && again.checkpoint == second.checkpoint)
  }

  static let forgeries: [SQL] = [
    "UPDATE journal_checkpoint SET size = 9 WHERE size = 2",
    "UPDATE journal_checkpoint SET at = at + 1 WHERE size = 2",
    "UPDATE journal_checkpoint SET head = (SELECT head FROM journal WHERE sequence = 1) WHERE size = 2",
    "UPDATE journal_checkpoint SET signature = key || key WHERE size = 2",
    "UPDATE journal_checkpoint SET key = signature WHERE size = 2",
    "DELETE FROM journal WHERE sequence >= 2",
  ]

  @Test("show what was changed in them, and a journal that was cut", arguments: forgeries.indices)
  func forged(index: Int) async throws {
    let town = try await ToyTown()
    try await mark(town, 2)
    town.pass(.seconds(5))
    try await town.turn()
    try await mark(town)
    #expect(try await town.desk.violations()["I-53"] == nil)
    try await town.storage.write { _ = try $0.execute(Self.forgeries[index]) }
    #expect(try await town.desk.violations()["I-53"] != nil)
  }

  @Test("are not made of a journal that is not the one that was signed before")
  func notOver() async throws {
    let town = try await ToyTown()
    try await mark(town, 2)
    town.pass(.seconds(5))
    try await town.turn()
    try await town.storage.write { _ = try $0.execute("DELETE FROM journal WHERE sequence >= 1") }
    try await mark(town, 9)
    town.pass(.minutes(9))
    try await town.turn()
    #expect(try await sizes(town) == [2])
  }

  @Test("that were kept elsewhere are compared one by one")
  func compared() async throws {
    let town = try await ToyTown()
    try await mark(town, 2)
    town.pass(.seconds(5))
    try await town.turn()
    let kept = try await town.storage.read {
      try CheckpointStore(transaction: $0).after(0, limit: 9)
    }
    let foreign = Checkpoint(
      size: 1, at: 1, head: kept[0].head, key: kept[0].key, signature: kept[0].signature)
    let bytes = try await town.look(CompareCheckpoints(kept + [foreign]), for: .audit)
    let answer = try Fields.json(bytes).decoded(CompareCheckpoints.Answer.self, strict: false)
    #expect(answer.compared == 2)
    #expect(answer.faults == ["checkpoint 1 is not signed by this district"])
  }
}
