import Engines
import Foundation
import Kernel
import Synchronization
import Testing

@testable import Storage

@Suite("PostgreSQL", .serialized) struct PostgresStorageTests {
  @Test("an address says where, never with what password")
  func addresses() throws {
    for good in [
      "postgres://denghuo@db.example.org/denghuo", "postgresql:///denghuo",
      "postgres://a,b:5433/denghuo?target_session_attrs=read-write&sslmode=verify-full",
    ] {
      #expect(try PostgresAddress(good).text == good)
    }
    let bad = [
      ("", "store.address"), ("denghuo.sqlite", "store.address"),
      ("host=db dbname=denghuo", "store.address"), ("mysql://db/denghuo", "store.address"),
      ("postgres://db:x/denghuo?nonsense=1", "store.address"),
      ("postgres://db/denghuo?target_session_attrs=standby", "store.address"),
      ("postgres://denghuo:secret@db/denghuo", "store.password"),
      ("postgres://db/denghuo?password=secret", "store.password"),
    ]
    for (text, code) in bad {
      let refusal = #expect(throws: Refusal.self) { try PostgresAddress(text) }
      #expect(refusal?.code == code, "\(text)")
      #expect(refusal?.words.english.contains("secret") == false)
    }
  }

  @Test("of several servers the one that took writing last is asked first")
  func severalServers() throws {
    let address = try PostgresAddress(
      "postgres://a,b:5433,c/denghuo?hostaddr=1.1.1.1,2.2.2.2,3.3.3.3")
    #expect(address.serverCount == 3)
    #expect(address.server(host: "b", port: "5433") == 1)
    #expect(address.server(host: "b", port: "5432") == nil)
    #expect(address.server(host: "c", port: "5432") == 2)
    for (first, hosts, ports) in [
      (0, "a,b,c", ",5433,"), (1, "b,c,a", "5433,,"), (5, "c,a,b", ",,5433"),
    ] {
      let words = address.connectionString(application: "x", first: first)
      #expect(words.contains("host='\(hosts)'"), "\(words)")
      #expect(words.contains("port='\(ports)'"), "\(words)")
    }
    #expect(
      address.connectionString(application: "x", first: 1)
        .contains("hostaddr='2.2.2.2,3.3.3.3,1.1.1.1'"))
    let same = try PostgresAddress("postgres://a,b/denghuo?port=6000")
    #expect(same.server(host: "b", port: "6000") == 1)
    #expect(same.connectionString(application: "x", first: 1).contains("port='6000'"))
    #expect(try PostgresAddress("postgres:///denghuo").serverCount == 0)
  }

  @Test("nobody there is said, and so is a server that does not wait for the disk")
  func unfit() async throws {
    let nowhere = try PostgresAddress("postgres://denghuo@%2Fnowhere/denghuo")
    let failure = await #expect(throws: StorageFailure.self) {
      _ = try await PostgresStorage(nowhere)
    }
    #expect(failure?.kind == .unavailable)
    let folder = try Folder()
    let address = try await folder.address()
    let refusal = await #expect(throws: Refusal.self) { _ = try await PostgresStorage(address) }
    #expect(refusal?.code == "store.notDurable")
  }

  @Test("a database of another encoding is refused")
  func encoding() async throws {
    let server = PostgresServer.usual
    try await server.run(
      "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    let address = try await server.address("latin")
    let refusal = await #expect(throws: Refusal.self) {
      _ = try await PostgresStorage(address, durability: .whateverTheServerDoes)
    }
    #expect(refusal?.code == "store.encoding")
    try await server.drop("latin")
  }

  @Test("texts stand in the order of their bytes, whatever the database's own order")
  func order() async throws {
    let server = PostgresServer.usual
    try await server.run(
      "CREATE DATABASE ordered TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'")
    let storage = try await PostgresStorage(
      server.address("ordered"), durability: .whateverTheServerDoes)
    try await storage.migrate([Bench.notes])
    let bench = Bench(storage: storage, folder: try Folder())
    let names = ["a", "B", "ä", "Z", "1.10", "1.2", "1.a", "中", "一", "𠮷", "-", "_"]
    for name in names { try await bench.write("INSERT INTO note (id) VALUES (\(name))") }
    #expect(try await bench.ids() == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    await storage.close()
    try await server.drop("ordered")
  }

  @Test("a writer whose session is ended does its work again, once")
  func terminated() async throws {
    let bench = try await Engine.postgres.bench()
    let runs = Mutex(0)
    for round in 1...5 {
      try await bench.storage.write { transaction in
        let turn = runs.withLock { runs in
          runs += 1
          return runs
        }
        try transaction.execute("UPDATE counter SET value = value + 1")
        if turn == 2 * round - 1 {
          _ = try transaction.rows("SELECT pg_terminate_backend(pg_backend_pid())")
        }
      }
      #expect(try await bench.counter() == round)
    }
    #expect(runs.withLock { $0 } == 10)
  }

  @Test("a reader whose session is ended reads again")
  func terminatedReader() async throws {
    let bench = try await Engine.postgres.bench()
    let runs = Mutex(0)
    let value = try await bench.storage.read { transaction in
      let turn = runs.withLock { runs in
        runs += 1
        return runs
      }
      if turn == 1 {
        _ = try transaction.rows("SELECT pg_terminate_backend(pg_backend_pid())")
      }
      return try transaction.row("SELECT value FROM counter")?.integer(0)
    }
    #expect(value == 0)
  }

  @Test("a transaction that loses against another from outside is run again")
  func deadlock() async throws {
    let bench = try await Engine.postgres.bench()
    let runs = Mutex(0)
    try await bench.storage.write { transaction in
      let turn = runs.withLock { runs in
        runs += 1
        return runs
      }
      try transaction.execute("UPDATE counter SET value = value + 1")
      if turn == 1 {
        try transaction.execute(
          "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$")
      }
    }
    #expect(try await bench.counter() == 1)
    #expect(runs.withLock { $0 } == 2)
  }

  @Test("an error that a body keeps to itself undoes its savepoint, and is told")
  func swallowed() async throws {
    let bench = try await Engine.postgres.bench()
    try await bench.storage.write { transaction in
      try transaction.execute("UPDATE counter SET value = 1")
      #expect(throws: StorageFailure.self) {
        try transaction.savepoint {
          try transaction.execute("UPDATE counter SET value = 2")
          _ = try? transaction.execute("SELEC 1")
        }
      }
    }
    #expect(try await bench.counter() == 1)
    await #expect(throws: StorageFailure.self) {
      try await bench.storage.write { transaction in
        try transaction.execute("UPDATE counter SET value = 3")
        _ = try? transaction.execute("SELEC 1")
      }
    }
    #expect(try await bench.counter() == 1)
  }

  @Test("many readers wait for their turn and none for the writer")
  func readers() async throws {
    let bench = try await Engine.postgres.bench()
    let (hasWritten, haveRead) = (Signal(), Signal())
    let writing = Task {
      try await bench.storage.write { transaction in
        try transaction.execute("UPDATE counter SET value = 1")
        hasWritten.set()
        // Asks meanwhile: a writer that says nothing for half a minute is cut off.
        for _ in 0..<6_000 where !haveRead.isSet {
          _ = try transaction.rows("SELECT value FROM counter")
          Thread.sleep(forTimeInterval: 0.01)
        }
        return haveRead.isSet
      }
    }
    while !hasWritten.isSet { try await Task.sleep(for: .milliseconds(2)) }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<100 { group.addTask { try await bench.counter() } }
      for try await value in group { #expect(value == 0) }
    }
    haveRead.set()
    #expect(try await writing.value)
  }

  @Test("sums and counts come back as the numbers that they are in SQLite")
  func numbers() async throws {
    for engine in Engine.planning {
      let bench = try await engine.bench()
      try await bench.write(
        "INSERT INTO note (id, number, amount) VALUES ('a', 1, 0.5), ('b', 2, 0.25)")
      let row = try await bench.storage.read {
        try $0.row(
          """
          SELECT COUNT(*), SUM(number), SUM(amount), MAX(number), AVG(number), number = 1, 7,
            COALESCE(SUM(number), 0), 7 / 2
          FROM note
          GROUP BY number
          ORDER BY number
          """)
      }
      #expect(
        row?.values == [
          .integer(1), .integer(1), .real(0.5), .integer(1), .real(1), .integer(1), .integer(7),
          .integer(1), .integer(3),
        ])
    }
  }
}
