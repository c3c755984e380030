/// Finds companions among encounters: two people, the second at which it ended, how long it was.
package final class EncounterSearch {
  private struct Encounter: BitwiseCopyable {
    var first: UInt32
    var second: UInt32
    var at: UInt32
    var seconds: UInt32
  }

  private let window: SecondSpan
  private let minimum: UInt64
  private let degree: Int
  private let indices: [UInt32]
  private let people = Names()
  private let encounters = GrowingMemory<Encounter>()
  private var count = 0
  private var totals: [Pair: Total] = [:]

  private struct Pair: Hashable {
    var index: UInt32
    var person: UInt32
  }

  /// What a pair had in common. The sum may be longer than any time a union could have.
  private struct Total {
    var seconds: UInt64 = 0
    var meetings: UInt32 = 0
    var first: UInt32 = .max
    var last: UInt32 = 0

    mutating func add(_ encounter: Encounter) {
      seconds += UInt64(encounter.seconds)
      meetings += 1
      first = min(first, encounter.at)
      last = max(last, encounter.at)
    }

    var figures: Companion {
      Companion(
        person: 0, overlap: UInt32(clamping: seconds), meetings: meetings, first: first,
        last: last)
    }
  }

  /// - Parameter window: an encounter counts when it ended after the begin and at or before the
  ///   end; `nil` counts all.
  package init(indices: [String], minimum: UInt32, window: SecondSpan?, degree: Int) {
    self.window = window ?? .always
    self.minimum = UInt64(minimum)
    self.degree = degree
    isLimited = window != nil
    var seen: Set<UInt32> = []
    self.indices = indices.map(people.id(for:)).filter { seen.insert($0).inserted }
  }

  private let isLimited: Bool

  /// Takes a row.
  package func take(_ one: FieldText, _ other: FieldText, at: UInt32, seconds: UInt32) {
    if isLimited, at <= window.from || at > window.to { return }
    let encounter = Encounter(
      first: people.id(for: one), second: people.id(for: other), at: at, seconds: seconds)
    guard encounter.first != encounter.second else { return }
    let limit = UInt32(indices.count)
    let isAsked = encounter.first < limit || encounter.second < limit
    if encounter.first < limit {
      totals[Pair(index: encounter.first, person: encounter.second), default: Total()]
        .add(encounter)
    }
    if encounter.second < limit {
      totals[Pair(index: encounter.second, person: encounter.first), default: Total()]
        .add(encounter)
    }
    guard degree > 1, !isAsked else { return }
    encounters.reserve(count + 1, keeping: count)
    encounters.base[count] = encounter
    count += 1
  }

  /// The companions, when all rows came past.
  package func lines() -> [CompanionLine] {
    let limit = UInt32(indices.count)
    let close = totals.filter { $0.value.seconds >= minimum && $0.key.person >= limit }
    var lines = close.map { line($0.key, $0.value, degree: 1) }
    guard degree > 1 else { return CompanionLine.sorted(lines) }
    var since = [UInt32](repeating: .max, count: people.count)
    for (pair, total) in close {
      since[Int(pair.person)] = min(since[Int(pair.person)], total.first)
    }
    lines += secondDegree(since).map { line($0.key, $0.value, degree: 2) }
    return CompanionLine.sorted(lines)
  }

  private func line(_ pair: Pair, _ total: Total, degree: Int) -> CompanionLine {
    CompanionLine(
      index: people[pair.index], person: people[pair.person], degree: degree,
      figures: total.figures)
  }

  /// Everyone who met a contact after that contact's first encounter with an index ended.
  ///
  /// - Parameter since: for each contact the end of that encounter; `.max` for all others.
  private func secondDegree(_ since: [UInt32]) -> [Pair: Total] {
    var through: [UInt32: (at: UInt32, contact: UInt32)] = [:]
    forEachPassage(since) { contact, person, encounter in
      if let known = through[person] {
        guard
          encounter.at < known.at
            || (encounter.at == known.at && people.precedes(contact, known.contact))
        else { return }
      }
      through[person] = (encounter.at, contact)
    }
    var totals: [Pair: Total] = [:]
    forEachPassage(since) { contact, person, encounter in
      guard through[person]?.contact == contact else { return }
      totals[Pair(index: contact, person: person), default: Total()].add(encounter)
    }
    return totals
  }

  /// Each encounter of a contact, after it counts, with someone who is no contact.
  private func forEachPassage(
    _ since: [UInt32], _ body: (_ contact: UInt32, _ person: UInt32, Encounter) -> Void
  ) {
    for number in 0..<count {
      let encounter = encounters.base[number]
      let (one, other) = (since[Int(encounter.first)], since[Int(encounter.second)])
      if other == .max, one < encounter.at { body(encounter.first, encounter.second, encounter) }
      if one == .max, other < encounter.at { body(encounter.second, encounter.first, encounter) }
    }
  }
}
