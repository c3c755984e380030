import Cryptography
import Foundation
import Kernel
import Storage

/// What stands in a database file, beside what clients were told.
enum Evidence {
  private static let mostFaults = 10

  /// What does not fit: empty when everything acknowledged is there once and whole, everything else
  /// whole or absent, everything refused absent, and the journal's chain and the file are sound.
  ///
  /// - Parameter sure: what was acknowledged before the moment that the file is from.
  static func faults(in data: String, _ sure: Set<Int>, refused: Set<Int> = []) async throws
    -> [String]
  {
    let storage = try SQLiteStorage(file: "\(data)/denghuo.sqlite")
    let faults = try await storage.read { transaction in
      let check = try transaction.row("PRAGMA integrity_check")?.text(0) ?? "no answer"
      let chain = try JournalVerification.faults(in: transaction, suite: OpenSSLSuite())
      return (check == "ok" ? [] : [check]) + chain
        + (try commands(in: transaction, sure, refused: refused))
    }
    try await storage.close()
    return Array(faults.prefix(mostFaults))
  }

  private static func commands(
    in transaction: any Transaction, _ sure: Set<Int>, refused: Set<Int>
  ) throws -> [String] {
    let receipts = try transaction.rows("SELECT command FROM receipt WHERE name = 'visits.import'")
    let kept = Set(receipts.compactMap { Ledger.number(ofKey: $0.text(0)) })
    var rows: [Int: [String]] = [:]
    for row in try transaction.rows("SELECT person FROM visit") {
      let words = row.text(0).split(separator: "-")
      if words.count == 3, let number = Int(words[1]) {
        rows[number, default: []].append(String(words[2]))
      }
    }
    var facts: [Int: Int] = [:]
    let told = try transaction.rows(
      "SELECT command, COUNT(*) FROM journal WHERE name = 'visits.recorded' GROUP BY command")
    for row in told {
      if let number = Ledger.number(ofKey: row.text(0)) { facts[number] = row.integer(1) }
    }
    let missing = sure.subtracting(kept)
    let done = refused.intersection(kept)
    let lost = missing.isEmpty ? [] : ["lost \(missing.count) of \(sure.count) acknowledged"]
    let wrong = done.isEmpty ? [] : ["done \(done.count) of \(refused.count) refused"]
    let halves = kept.union(rows.keys).union(facts.keys).sorted().filter { number in
      !kept.contains(number) || rows[number]?.sorted() != Ledger.parts || facts[number] != 1
    }
    return lost + wrong
      + halves.map { "not once and whole: \($0), \(rows[$0] ?? []), \(facts[$0] ?? 0)" }
  }

  /// Copies a database as it stands, with its log, so that looking at it changes nothing.
  static func copy(_ data: String, to folder: String) throws {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: nil)
    for name in ["denghuo.sqlite", "denghuo.sqlite-wal"]
    where FileManager.default.fileExists(atPath: "\(data)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(data)/\(name)", toPath: "\(folder)/\(name)")
    }
  }
}
