/// Keeps visits for many callers at once. Whatever came while the disk was busy is written and
/// synced together.
package actor VisitKeeper {
  private struct Waiting {
    let entries: [VisitEntry]
    let continuation: CheckedContinuation<UInt64, any Error>
  }

  let store: VisitStore
  private var waiting: [Waiting] = []
  private var isDraining = false
  /// How often the disk was synced for entries.
  package private(set) var commits = 0

  /// Opens a folder or makes it.
  package init(path: String) throws { store = try VisitStore(path: path) }

  /// Writes entries down; when it returns they are on the disk.
  package func record(_ entries: [VisitEntry]) async throws -> UInt64 {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(Waiting(entries: entries, continuation: continuation))
      guard !isDraining else { return }
      isDraining = true
      Task { self.drain() }
    }
  }

  /// Commits all that waits. A caller whose entries are refused does not hold up the others.
  private func drain() {
    isDraining = false
    let batch = waiting
    waiting = []
    do {
      let sequence = try store.record(batch.flatMap(\.entries))
      commits += 1
      for caller in batch { caller.continuation.resume(returning: sequence) }
    } catch  where batch.count > 1 && error.code != .unwritable {
      for caller in batch {
        caller.continuation.resume(with: Result { try store.record(caller.entries) })
        commits += 1
      }
    } catch {
      for caller in batch { caller.continuation.resume(throwing: error) }
    }
  }

  /// Everyone who was near a person, by their identifiers, longest first.
  package func companions(
    of person: String, by rule: MeetingRule, in window: SecondSpan = .always
  ) throws -> [CompanionLine] {
    guard let id = store.persons.known(person) else { return [] }
    let table = try store.inquiry().companions(of: id, by: rule, in: window)
    return CompanionLine.sorted(lines(of: person, table))
  }

  /// The rows of a table by identifiers; the store's own numbers mean nothing to others.
  func lines(of index: String, _ table: CompanionTable) -> [CompanionLine] {
    (0..<table.count).map { row in
      var figures = table[row]
      let person = store.persons[figures.person]
      figures.person = 0
      return CompanionLine(index: index, person: person, degree: 1, figures: figures)
    }
  }

  /// The common spans behind the companions of a person, as visits of the others cut to them.
  package func crossings(
    of person: String, in window: SecondSpan = .always
  ) throws -> [VisitEntry] {
    guard let id = store.persons.known(person) else { return [] }
    return try store.inquiry().crossings(of: id, in: window).map { span in
      VisitEntry(
        person: store.persons[span.person], venue: store.venues[span.venue], from: span.from,
        to: span.to, source: span.source)
    }
  }

  /// Everyone at a venue between two times, with their seconds inside.
  package func visitors(of venue: String, in span: SecondSpan) throws -> [CompanionLine] {
    guard let id = store.venues.known(venue) else { return [] }
    let table = try store.inquiry().visitors(of: id, in: span)
    return CompanionLine.sorted(lines(of: venue, table))
  }

  /// Where a person was, in order of time.
  package func trajectory(
    of person: String, in window: SecondSpan = .always
  ) throws -> [VisitEntry] {
    guard let id = store.persons.known(person) else { return [] }
    return try store.inquiry().trajectory(of: id, in: window).map { visit in
      VisitEntry(
        person: person, venue: store.venues[visit.venue], from: visit.from, to: visit.to,
        source: visit.source)
    }
  }

  /// Moves all days before one into segments.
  package func seal(before day: UInt32) throws { try store.seal(before: day) }

  /// Deletes a day for good and gives the proof.
  package func drop(day: UInt32, at second: UInt32) throws -> DroppedDay {
    try store.drop(day: day, at: second)
  }

  /// Reads everything and names what is damaged.
  package func verify() throws { try store.verify() }
}
