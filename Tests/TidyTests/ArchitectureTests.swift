import Foundation
import Testing

@Suite("The architecture") struct ArchitectureTests {
  static let sources = SourceFile.all(in: "Sources")
  static let families = [
    "Detection", "Containment", "Livelihood", "Fieldwork", "Headquarters",
  ]

  /// What each target may import of ours.
  static let allowed: [String: Set<String>] = [
    "Kernel": [], "Spreadsheets": ["CZlib"], "Visits": [], "Linkage": [],
    "Gazette": ["Kernel"], "ClickHouse": ["Visits", "NIOCore", "NIOPosix", "NIOHTTP1"],
    "Look": ["Kernel"], "Registry": ["Look", "Gazette", "Kernel", "Linkage"],
    "Detection": ["Registry", "Look", "Gazette", "Kernel"],
    "Containment": ["Registry", "Look", "Gazette", "Kernel"],
    "Fieldwork": ["Registry", "Look", "Gazette", "Kernel"],
    "Headquarters": ["Registry", "Look", "Gazette", "Kernel"],
    "Storage": ["Kernel", "CPostgres", "CSQLite"], "Cryptography": ["Kernel", "COpenSSL"],
  ]
  static let foundation: Set<String> = ["Foundation", "Synchronization", "Glibc"]

  @Test("each target imports only what lies below it")
  func directions() {
    for file in Self.sources {
      guard let allowed = Self.allowed[file.target] else { continue }
      for line in file.lines where line.hasPrefix("import ") {
        let module = String(line.dropFirst("import ".count).split(separator: ".")[0])
        #expect(
          allowed.union(Self.foundation).contains(module), "\(file) must not import \(module)")
      }
    }
  }

  @Test("only Storage knows the database driver and only Server and the command line know HTTP")
  func drivers() {
    for file in Self.sources {
      if file.target != "Storage" {
        #expect(!file.text.contains("import CSQLite"), "\(file)")
        #expect(!file.text.contains("import CPostgres"), "\(file)")
      }
      if !["Server", "denghuo"].contains(file.target) {
        #expect(!file.text.contains("import Hummingbird"), "\(file)")
      }
    }
  }

  @Test("rules and models are pure: no statement, no clock, nothing asynchronous")
  func purity() {
    for file in Self.sources
    where file.name.hasSuffix("Rules.swift") || file.name.hasSuffix("Model.swift") {
      for word in ["SELECT ", "INSERT ", "UPDATE ", "async ", "await ", "Clock"] {
        #expect(!file.text.contains(word), "\(file) holds “\(word)”")
      }
    }
  }

  @Test("statements stand only in stores, invariants and the schema of a slice")
  func statements() {
    for file in Self.sources where !["Storage", "District"].contains(file.target) {
      let mayAsk = file.name.hasSuffix("Store.swift") || file.name.hasSuffix("Invariants.swift")
      let isSchema = file.text.contains("Migration(")
      let known = ["Journal.swift", "Outbox.swift", "Receipt.swift", "Disclosure.swift"]
      guard !mayAsk, !isSchema, !known.contains(file.name) else { continue }
      for word in ["\"SELECT ", "INSERT INTO ", "DELETE FROM ", "\nUPDATE "] {
        #expect(!file.text.contains(word), "\(file) holds “\(word)”")
      }
    }
  }

  @Test("a slice writes only its own tables")
  func tables() throws {
    let create = /CREATE TABLE ([a-z_]+)/
    let write = /(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+)/
    var owner: [String: String] = [:]
    for file in Self.sources {
      for match in file.text.matches(of: create) { owner[String(match.1)] = file.folder }
    }
    for file in Self.sources where file.target != "Storage" {
      for match in file.text.matches(of: write) {
        let table = String(match.1)
        guard let home = owner[table] else { continue }
        let isOwn = home == file.folder || (home == "Kernel" && file.target == "Kernel")
        #expect(isOwn, "\(file) writes \(table), which belongs to \(home)")
      }
    }
  }

  @Test("markup stands only in screens")
  func markup() {
    for file in Self.sources where !file.name.hasSuffix("Screens.swift") {
      let found = file.text.firstMatch(of: /"<[a-z][a-z0-9]*[ >]|"""\n\s*<[a-z]/)
      #expect(found == nil, "\(file) holds markup")
    }
  }

  @Test("time, chance and identifiers are made only at the edge, so that a seed replays a month")
  func determinism() {
    let edge = ["denghuo", "Server"]
    for file in Self.sources where !edge.contains(file.target) {
      for word in ["Date()", "UUID()", "Date.now", ".randomElement(", "shuffled()"] {
        #expect(!file.text.contains(word), "\(file) holds “\(word)”")
      }
      // The one generator that the kernel hands out as `Entropy.system`.
      if file.name != "CryptoSuite.swift" {
        #expect(!file.text.contains("SystemRandomNumberGenerator"), "\(file)")
      }
    }
  }
}
