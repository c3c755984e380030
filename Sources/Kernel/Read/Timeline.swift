/// What happened to one thing, step by step: who did what when, and how long it took.
package struct TimelineOf: Query {
  /// One step.
  package struct Step: Codable, Sendable {
    package let at: Instant
    /// The fact's name, such as `obligations.done`.
    package let fact: String
    /// What an obligation of it asks; nil for other facts.
    package let title: Words?
    package let sender: String
    package let command: String
    /// How long after the first step.
    package let after: Words
  }

  package struct Answer: Codable, Sendable {
    package let subject: String
    package let steps: [Step]
    /// From the first step to the last.
    package let span: Words
    package let spanSeconds: Int64
  }

  package static let name = "timeline.of"
  package static let duty: Duty = "obligations.read"
  package static let purposes: [Purpose] = []
  package let subject: String
  /// From which moment on; from the beginning when there is none.
  package let from: Instant?
  package let to: Instant?

  package init(subject: String, from: Instant? = nil, to: Instant? = nil) {
    self.subject = subject
    self.from = from
    self.to = to
  }

  // Whoever answers for where something is owed about it may see its steps; a thing about which
  // nothing was ever owed is seen by those who answer for everything.
  package func area(in reading: Reading) throws -> Area {
    let paths = Set(try ObligationStore(reading.transaction).about(subject).map(\.path))
    let allowed = paths.contains { reading.authority.may(Self.duty, at: $0) }
    return allowed ? .eachChecked : .everywhere
  }

  package func answer(in reading: Reading) throws -> Answer {
    let journal = JournalStore(transaction: reading.transaction)
    var entries = try journal.about(subject, limit: 1_000)
    let owed = try ObligationStore(reading.transaction).about(subject)
    for obligation in owed { entries += try journal.about(obligation.id.text, limit: 100) }
    let inside = entries.filter { entry in
      from.map { entry.at >= $0 } != false && to.map { entry.at <= $0 } != false
    }.sorted { $0.sequence < $1.sequence }
    let first = inside.first?.at ?? reading.now
    let last = inside.last?.at ?? first
    let kinds = Dictionary(owed.map { ($0.id.text, $0.kind) }) { first, _ in first }
    return Answer(
      subject: subject,
      steps: try inside.map { entry in
        let kind = try Self.obligation(in: entry).flatMap { kinds[$0] }
        return Step(
          at: entry.at, fact: entry.name,
          title: kind.flatMap { reading.assembly.obligationKinds[$0]?.title },
          sender: entry.sender, command: entry.command, after: (entry.at - first).words)
      },
      span: (last - first).words, spanSeconds: (last - first).inSeconds)
  }

  private static func obligation(in entry: JournalEntry) throws -> String? {
    guard let payload = entry.payload,
      case .text(let id) = try Fields.json(Array(payload.utf8))["obligation"]
    else { return nil }
    return id
  }
}

extension Duration {
  /// A span as people say it: `1 h 20 min`, `3 d 2 h`, `40 s`.
  package var words: Words {
    let seconds = max(0, inSeconds)
    let parts = [
      (seconds / 86_400, "天", "d"), (seconds / 3_600 % 24, "小时", "h"),
      (seconds / 60 % 60, "分钟", "min"), (seconds % 60, "秒", "s"),
    ]
    // Two units say enough: nobody asks for the seconds of a day.
    let start = parts.firstIndex { $0.0 > 0 } ?? parts.count - 1
    let shown = parts[start..<min(start + 2, parts.count)].filter { $0.0 > 0 }
    let said = shown.isEmpty ? [parts[parts.count - 1]] : Array(shown)
    return Words(
      said.map { "\($0.0)\($0.1)" }.joined(),
      said.map { "\($0.0) \($0.2)" }.joined(separator: " "))
  }
}
