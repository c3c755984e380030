import Foundation
import Storage
import Testing

@testable import Kernel

@Suite("Commands that share a transaction") struct CommitQueueTests {
  /// Submits marks while the writer is busy, so that they wait together.
  private static func together(
    _ town: ToyTown, _ marks: [Mark]
  ) async -> [(mark: Mark, outcome: Result<Receipt, any Error>)] {
    await withTaskGroup(of: (Mark, Result<Receipt, any Error>).self) { group in
      group.addTask {
        try? await town.storage.write { _ in Thread.sleep(forTimeInterval: 0.2) }
        return (Mark(mark: "the writer's pause"), .failure(CancellationError()))
      }
      try? await Task.sleep(for: .milliseconds(50))
      for mark in marks {
        group.addTask {
          do {
            return (mark, .success(try await town.submit(mark, id: mark.mark)))
          } catch { return (mark, .failure(error)) }
        }
      }
      return await group.reduce(into: []) { $0.append(($1.0, $1.1)) }
        .filter { $0.mark.mark != "the writer's pause" }
    }
  }

  @Test(
    "one that goes wrong undoes itself alone, and the chain stays whole",
    arguments: Mark.End.allCases.filter { ![.well, .halfUndone, .alarming].contains($0) })
  func oneGoesWrong(end: Mark.End) async throws {
    let town = try await ToyTown()
    let marks = (0..<40).map { Mark(mark: "mark-\($0)", end: $0 % 7 == 3 ? end : .well) }
    for (mark, outcome) in await Self.together(town, marks) {
      if mark.end == .well {
        #expect(throws: Never.self, "\(mark.mark)") { _ = try outcome.get() }
      } else {
        #expect(throws: (any Error).self, "\(mark.mark)") { _ = try outcome.get() }
      }
    }
    let right = marks.filter { $0.end == .well }.count
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == right)
    #expect(try await town.number("SELECT COUNT(*) FROM journal") == right)
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == right)
    #expect(try await town.number("SELECT MAX(sequence) FROM journal") == right)
    #expect(try await town.faults() == [])
    #expect(try await town.desk.violations().isEmpty)
  }

  @Test("a savepoint inside a command that is undone takes its facts along")
  func halfUndone() async throws {
    let town = try await ToyTown()
    try await town.submit(Mark(mark: "a", end: .halfUndone))
    try await town.submit(Mark(mark: "b"))
    let subjects = try await town.rows("SELECT subject FROM journal ORDER BY sequence")
    #expect(subjects.map { $0.text(0) } == ["a", "a-after", "b"])
    #expect(try await town.faults() == [])
  }

  @Test("when no room is left, nothing is half-written, and the same commands are done later")
  func full() async throws {
    let folder = try ToyFolder()
    let town = try await ToyTown(storage: SQLiteStorage(file: "\(folder.path)/toy.sqlite"))
    try await town.submit(Mark(mark: "before"))
    _ = try await town.storage.write { transaction in
      let pages = try transaction.row("PRAGMA page_count")?.integer(0) ?? 0
      return try transaction.rows(SQL(stringLiteral: "PRAGMA max_page_count = \(pages + 3)"))
    }
    let long = String(repeating: "x", count: 3_000)
    let marks = (0..<30).map { Mark(mark: "\($0)-\(long)") }
    let outcomes = await Self.together(town, marks)
    let failed = outcomes.filter { (try? $0.outcome.get()) == nil }
    #expect(!failed.isEmpty)
    for (_, outcome) in failed {
      let failure = #expect(throws: StorageFailure.self) { _ = try outcome.get() }
      #expect(failure?.kind == .full)
    }
    let kept = 1 + outcomes.count - failed.count
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == kept)
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == kept)
    #expect(try await town.faults() == [])
    _ = try await town.storage.write { try $0.rows("PRAGMA max_page_count = 100000") }
    for mark in marks { try await town.submit(mark, id: mark.mark) }
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 31)
    #expect(try await town.faults() == [])
  }

  @Test("a sender who goes away takes nothing along")
  func cancelled() async throws {
    let town = try await ToyTown()
    let holding = Task {
      try await town.storage.write { _ in Thread.sleep(forTimeInterval: 0.2) }
    }
    try await Task.sleep(for: .milliseconds(50))
    let sending = Task { try await town.submit(Mark(mark: "gone"), id: "gone") }
    try await Task.sleep(for: .milliseconds(20))
    sending.cancel()
    try await holding.value
    _ = try await sending.value
    try await town.submit(Mark(mark: "next"))
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 2)
    #expect(try await town.faults() == [])
  }

  @Test("many at once are all done, once each, whatever identifiers they share")
  func storm() async throws {
    let town = try await ToyTown()
    let receipts = try await withThrowingTaskGroup(of: Receipt.self) { group in
      for turn in 0..<900 {
        group.addTask {
          try await town.submit(Mark(mark: "m\(turn % 300)"), id: "id\(turn % 300)")
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(receipts.count == 900)
    #expect(receipts.filter { !$0.isRepeat }.count == 300)
    #expect(Set(receipts.map(\.command)).count == 300)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 300)
    #expect(try await town.faults() == [])
  }
}
