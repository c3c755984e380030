import Foundation
import Kernel
import Storage
import Synchronization
import Testing

@Suite("Any storage", .serialized) struct StorageContractTests {
  struct Stop: Error {}

  @Test("keeps what it acknowledged when it is opened again", arguments: Engine.durable)
  func durable(engine: Engine) async throws {
    let folder = try Folder()
    for round in 1...3 {
      let storage = try await engine.open(in: folder)
      try await storage.migrate([Bench.notes])
      let bench = Bench(storage: storage, folder: folder)
      try await bench.write("INSERT INTO note (id) VALUES (\("n\(round)"))")
      #expect(try await bench.ids().count == round)
    }
  }

  @Test("brings values back as they were", arguments: Engine.allCases)
  func values(engine: Engine) async throws {
    let bench = try await engine.bench()
    let texts = ["", " ", "赵小明𠮷👨‍👩‍👧", "a'b\"c;--", String(repeating: "长", count: 300_000), "\u{1F}\n"]
    for (index, text) in texts.enumerated() {
      try await bench.write(
        "INSERT INTO note (id, long) VALUES (\("t\(index)"), \(text))")
      let row = try await bench.storage.read {
        try $0.row("SELECT long FROM note WHERE id = \("t\(index)")")
      }
      #expect(row?.values == [.text(text)])
    }
    let rows: [[SQLValue]] = [
      [.integer(0), .real(0.5), .bytes([0, 255])], [.integer(.min), .real(-1e300), .bytes([1])],
      [.integer(-1), .real(5), .bytes([UInt8](repeating: 7, count: 100_000))],
      [.null, .null, .null],
    ]
    for (index, values) in rows.enumerated() {
      let id = "v\(index)"
      let row = try await bench.storage.write { transaction in
        try transaction.execute(
          """
          INSERT INTO note (id, number, amount, bytes)
          VALUES (\(id), \(Given(values[0])), \(Given(values[1])), \(Given(values[2])))
          """)
        return try transaction.row("SELECT number, amount, bytes FROM note WHERE id = \(id)")
      }
      #expect(row?.values == values)
    }
  }

  private struct Given: SQLArgument {
    let sqlValue: SQLValue
    init(_ value: SQLValue) { sqlValue = value }
  }

  @Test("answers each of many questions that are asked at once", arguments: Engine.allCases)
  func many(engine: Engine) async throws {
    let bench = try await engine.bench()
    let counts = try await bench.storage.write { transaction in
      for number in 0..<200 where number % 3 != 0 {
        // Written and not heard of yet.
        try transaction.put("INSERT INTO note (id) VALUES (\("n\(number)"))")
      }
      return try transaction.rows(
        ofEach: (0..<200).map { "SELECT id FROM note WHERE id = \("n\($0)")" }
      ).map { $0.map { $0.text(0) } }
    }
    #expect(counts == (0..<200).map { $0 % 3 == 0 ? [] : ["n\($0)"] })
    #expect(try await bench.storage.read { try $0.rows(ofEach: []).isEmpty })
  }

  @Test("says which failure met many questions, and goes on after it", arguments: Engine.allCases)
  func manyWithOneWrong(engine: Engine) async throws {
    let bench = try await engine.bench()
    let (failure, numbers) = try await bench.storage.write { transaction in
      var failure: StorageFailure?
      do {
        _ = try transaction.savepoint {
          try transaction.rows(ofEach: ["SELECT 1", "SELECT nothing FROM nowhere", "SELECT 2"])
        }
      } catch let found as StorageFailure { failure = found }
      let found = try transaction.rows(ofEach: ["SELECT 1", "SELECT 2"])
      return (failure, found.map { $0.map { $0.integer(0) } })
    }
    #expect(failure?.kind == .constraint)
    #expect(numbers == [[1], [2]])
  }

  @Test("keeps bytes of no length apart from nothing", arguments: Engine.allCases)
  func noBytes(engine: Engine) async throws {
    let bench = try await engine.bench()
    try await bench.write("INSERT INTO note (id, bytes) VALUES ('a', \([] as [UInt8]))")
    let row = try await bench.storage.read { try $0.row("SELECT bytes FROM note") }
    #expect(row?.values == [.bytes([])])
  }

  @Test("refuses a text that it could not give back whole", arguments: Engine.allCases)
  func zero(engine: Engine) async throws {
    let bench = try await engine.bench()
    let failure = await #expect(throws: StorageFailure.self) {
      try await bench.write("INSERT INTO note (id, text) VALUES ('a', \("b\0c"))")
    }
    #expect(failure?.kind == .constraint)
    #expect(try await bench.ids() == [])
  }

  @Test("undoes the whole of a writing that throws", arguments: Engine.allCases)
  func undone(engine: Engine) async throws {
    let bench = try await engine.bench()
    await #expect(throws: Stop.self) {
      try await bench.storage.write { transaction in
        try transaction.execute("INSERT INTO note (id) VALUES ('a')")
        throw Stop()
      }
    }
    #expect(try await bench.ids() == [])
    try await bench.write("INSERT INTO note (id) VALUES ('a')")
    #expect(try await bench.ids() == ["a"])
  }

  @Test("undoes a savepoint and nothing around it, as deep as they lie", arguments: Engine.allCases)
  func savepoints(engine: Engine) async throws {
    let bench = try await engine.bench()
    let answer = try await bench.storage.write { transaction in
      func put(_ id: String) throws {
        try transaction.execute("INSERT INTO note (id) VALUES (\(id))")
      }
      try put("a")
      let answer = try transaction.savepoint {
        try put("b")
        do {
          try transaction.savepoint {
            try put("c")
            try transaction.savepoint { try put("d") }
            throw Stop()
          }
        } catch is Stop {}
        try put("e")
        return 7
      }
      do {
        try transaction.savepoint {
          try put("f")
          throw Stop()
        }
      } catch is Stop {}
      try put("g")
      return answer
    }
    #expect(answer == 7)
    #expect(try await bench.ids() == ["a", "b", "e", "g"])
  }

  @Test("does and undoes what touches many megabytes at once", arguments: Engine.durable)
  func large(engine: Engine) async throws {
    let folder = try Folder()
    let storage = try await engine.open(in: folder)
    try await storage.migrate([Bench.notes])
    let long = String(repeating: "长", count: 700)
    try await storage.write { transaction in
      for number in 1...6_000 {
        try transaction.execute(
          "INSERT INTO note (id, long) VALUES (\("n\(number)"), \(long))")
      }
    }
    let left = try await storage.write { transaction in
      do {
        try transaction.savepoint {
          try transaction.execute("UPDATE note SET long = 'undone'")
          throw Stop()
        }
      } catch is Stop {}
      return try transaction.savepoint {
        try transaction.execute("UPDATE note SET long = long WHERE long = \(long)")
      }
    }
    #expect(left == 6_000)
  }

  static let broken: [SQL] = [
    "INSERT INTO note (id) VALUES ('a')", "INSERT INTO note (id, text) VALUES ('b', 'x')",
    "INSERT INTO note (id, number) VALUES ('b', 1000000)",
    "INSERT INTO note (id, above) VALUES ('b', 'nobody')",
    "INSERT INTO note (id, number) VALUES ('b', 'seven')",
    "INSERT INTO counter (value) VALUES (NULL)", "INSERT INTO nowhere (id) VALUES (1)", "SELEC 1",
  ]

  @Test(
    "says that a constraint was broken, undoes that part alone and never quotes a value",
    arguments: Engine.allCases, broken.indices)
  func constraints(engine: Engine, index: Int) async throws {
    let bench = try await engine.bench()
    try await bench.write("INSERT INTO note (id, text) VALUES ('a', 'x')")
    let failure = try await bench.storage.write { transaction in
      try transaction.execute("UPDATE counter SET value = 1")
      do {
        try transaction.savepoint {
          try transaction.execute("UPDATE counter SET value = 2")
          try transaction.execute(Self.broken[index])
        }
        return nil as StorageFailure?
      } catch let failure as StorageFailure {
        try transaction.execute("UPDATE counter SET value = value + 10")
        return failure
      }
    }
    #expect(failure?.kind == .constraint)
    #expect(failure?.description.contains("seven") == false)
    #expect(failure?.description.contains("nobody") == false)
    #expect(try await bench.counter() == 11)
  }

  @Test("gives a reader one unchanging view", arguments: Engine.allCases)
  func snapshot(engine: Engine) async throws {
    let bench = try await engine.bench()
    let hasBegun = Signal()
    let seen = Task {
      try await bench.storage.read { transaction in
        let first = try transaction.row("SELECT value FROM counter")?.integer(0)
        hasBegun.set()
        Thread.sleep(forTimeInterval: 0.3)
        return [first, try transaction.row("SELECT value FROM counter")?.integer(0)]
      }
    }
    while !hasBegun.isSet { try await Task.sleep(for: .milliseconds(2)) }
    try await bench.write("UPDATE counter SET value = 5")
    #expect(try await seen.value == [0, 0])
    #expect(try await bench.counter() == 5)
  }

  @Test("shows a reader nothing that may still be undone", arguments: Engine.allCases)
  func uncommitted(engine: Engine) async throws {
    let bench = try await engine.bench()
    let hasWritten = Signal()
    let writing = Task {
      try await bench.storage.write { transaction in
        try transaction.execute("UPDATE counter SET value = 5")
        hasWritten.set()
        Thread.sleep(forTimeInterval: 0.2)
        throw Stop()
      }
    }
    while !hasWritten.isSet { try await Task.sleep(for: .milliseconds(2)) }
    #expect(try await bench.counter() == 0)
    await #expect(throws: Stop.self) { try await writing.value }
  }

  @Test("lets a reader change nothing", arguments: Engine.allCases)
  func readOnly(engine: Engine) async throws {
    let bench = try await engine.bench()
    await #expect(throws: StorageFailure.self) {
      try await bench.storage.read { try $0.execute("UPDATE counter SET value = 5") }
    }
    #expect(try await bench.counter() == 0)
  }

  @Test("writes one after another, so that nothing is lost", arguments: Engine.allCases)
  func serial(engine: Engine) async throws {
    let bench = try await engine.bench()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await bench.storage.write { transaction in
            let value = try transaction.row("SELECT value FROM counter")?.integer(0) ?? 0
            try transaction.execute("UPDATE counter SET value = \(value + 1)")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await bench.counter() == 200)
  }

  @Test("hands rows one by one while the same is asked again inside", arguments: Engine.allCases)
  func rowByRow(engine: Engine) async throws {
    let bench = try await engine.bench()
    for id in ["a", "b", "c"] { try await bench.write("INSERT INTO note (id) VALUES (\(id))") }
    let seen = try await bench.storage.read { transaction in
      func all(_ body: (String) throws -> Void) throws {
        try transaction.eachRow("SELECT id FROM note WHERE id >= \("a") ORDER BY id") {
          try body($0.text(0))
        }
      }
      var seen: [String] = []
      try all { outer in
        try all { inner in seen.append(outer + inner) }
        seen += try transaction.rows("SELECT id FROM note WHERE id >= \("a") ORDER BY id")
          .map { $0.text(0) }
      }
      return seen
    }
    #expect(
      seen == ["aa", "ab", "ac", "a", "b", "c", "ba", "bb", "bc", "a", "b", "c"]
        + ["ca", "cb", "cc", "a", "b", "c"])
  }

  @Test("may be left in the middle of the rows", arguments: Engine.allCases)
  func left(engine: Engine) async throws {
    let bench = try await engine.bench()
    for id in ["a", "b", "c"] { try await bench.write("INSERT INTO note (id) VALUES (\(id))") }
    try await bench.storage.write { transaction in
      do {
        try transaction.eachRow("SELECT id FROM note ORDER BY id") { _ in throw Stop() }
      } catch is Stop {}
      try transaction.execute("DELETE FROM note")
    }
    #expect(try await bench.ids() == [])
  }

  @Test("counts the rows that a statement changed", arguments: Engine.allCases)
  func changed(engine: Engine) async throws {
    let bench = try await engine.bench()
    let counts = try await bench.storage.write { transaction in
      [
        try transaction.execute("INSERT INTO note (id) VALUES ('a'), ('b')"),
        try transaction.execute("UPDATE note SET number = 1 WHERE id = 'a'"),
        try transaction.execute("UPDATE note SET number = 1 WHERE id = 'x'"),
        try transaction.execute("INSERT INTO note (id) VALUES ('a') ON CONFLICT (id) DO NOTHING"),
        try transaction.execute("DELETE FROM note"),
      ]
    }
    #expect(counts == [2, 1, 0, 0, 2])
    #expect(try await bench.storage.read { try $0.row("SELECT id FROM note") } == nil)
  }

  @Test("is durable to the letter: every commit waits for the disk")
  func synchronous() async throws {
    let bench = try await Engine.file.bench()
    let settings = try await bench.storage.write { transaction in
      try ["PRAGMA synchronous", "PRAGMA journal_mode", "PRAGMA foreign_keys"].map {
        try transaction.row($0)?.values.first
      }
    }
    #expect(settings == [.integer(2), .text("wal"), .integer(1)])
  }
}

/// Something that has happened or not.
final class Signal: Sendable {
  private let flag = Mutex(false)

  var isSet: Bool { flag.withLock { $0 } }

  func set() { flag.withLock { $0 = true } }
}
