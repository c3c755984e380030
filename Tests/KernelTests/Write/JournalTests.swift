import Testing

@testable import Kernel

@Suite("The journal") struct JournalTests {
  private static func written(_ count: Int = 12) async throws -> ToyTown {
    let town = try await ToyTown()
    for number in 1...count {
      town.pass(.seconds(1))
      try await town.submit(Mark(mark: "mark-\(number)"))
    }
    return town
  }

  @Test("verifies as it was written, and when it is empty")
  func whole() async throws {
    #expect(try await ToyTown().faults() == [])
    #expect(try await Self.written().faults() == [])
  }

  static let forgeries: [SQL] = [
    "UPDATE journal SET at = at + 1 WHERE sequence = 5",
    "UPDATE journal SET name = 'toy.other' WHERE sequence = 5",
    "UPDATE journal SET command = 'other' WHERE sequence = 5",
    "UPDATE journal SET sender = 'other' WHERE sequence = 5",
    "UPDATE journal SET policy = 'other@1' WHERE sequence = 5",
    "UPDATE journal SET subject = 'other' WHERE sequence = 5",
    "UPDATE journal SET payload = '{}' WHERE sequence = 5",
    "UPDATE journal SET salt = 'aa' WHERE sequence = 5",
    "UPDATE journal SET leaf = 'aa' WHERE sequence = 5",
    "UPDATE journal SET head = 'aa' WHERE sequence = 5",
    "UPDATE journal SET sequence = 50 WHERE sequence = 5",
    "DELETE FROM journal WHERE sequence = 5",
    "DELETE FROM journal WHERE sequence = 1",
    """
    UPDATE journal SET payload = (SELECT payload FROM journal WHERE sequence = 4)
    WHERE sequence = 5
    """,
    """
    INSERT INTO journal (sequence, at, name, command, sender, policy, subject, payload, salt, leaf,
      head)
    SELECT 0, at, name, command, sender, policy, subject, payload, salt, leaf, head
    FROM journal WHERE sequence = 1
    """,
    // A changed fact whose salt was taken away, as if its time of keeping had ended.
    "UPDATE journal SET payload = '{}', salt = NULL WHERE sequence = 5",
    // Who did it, changed in an entry whose fact has been forgotten.
    "UPDATE journal SET payload = NULL, salt = NULL, sender = 'other' WHERE sequence = 5",
    "UPDATE journal SET payload = NULL, salt = NULL, subject = 'other' WHERE sequence = 5",
  ]

  @Test("shows whatever was changed in it", arguments: forgeries.indices)
  func forged(index: Int) async throws {
    let town = try await Self.written()
    try await town.storage.write { _ = try $0.execute(Self.forgeries[index]) }
    let faults = try await town.faults()
    #expect(!faults.isEmpty)
    #expect(try await town.desk.violations()["I-53"] != nil)
  }

  @Test("still verifies when facts were forgotten with their salts")
  func forgotten() async throws {
    let town = try await Self.written()
    try await town.storage.write {
      _ = try $0.execute(
        "UPDATE journal SET payload = NULL, salt = NULL WHERE sequence < 5")
    }
    #expect(try await town.faults() == [])
  }

  @Test("names at most ten faults")
  func cap() async throws {
    let town = try await Self.written(30)
    try await town.storage.write { _ = try $0.execute("UPDATE journal SET salt = 'aa', at = 1") }
    #expect(try await town.faults().count == 10)
  }

  @Test("tells the youngest entries about a subject, the youngest first")
  func about() async throws {
    let town = try await Self.written()
    let entries = try await town.storage.read { transaction in
      let store = JournalStore(transaction: transaction)
      return (try store.about("mark-3", limit: 5), try store.youngest(limit: 2))
    }
    #expect(entries.0.map(\.sequence) == [3])
    #expect(entries.1.map(\.sequence) == [12, 11])
  }

  @Test("two entries that say the same have different leaves, so that none can be guessed")
  func salted() async throws {
    let town = try await ToyTown()
    try await town.submit(Mark(mark: "a"))
    try await town.storage.write { _ = try $0.execute("DELETE FROM mark") }
    try await town.submit(Mark(mark: "a"))
    let leaves = try await town.rows("SELECT leaf FROM journal").map { $0.text(0) }
    #expect(Set(leaves).count == 2)
  }
}
