extension Desk {
  /// What one look at the data is for.
  package struct Look: Sendable {
    package let sender: Sender
    package let purpose: Purpose
    package let language: Language
    /// The question or page, as the person concerned will read it in the disclosure log.
    package let question: String
    /// Whether counts of a moment ago will do: the page says as of when they are.
    package let takesKeptCounts: Bool

    package init(
      sender: Sender, purpose: Purpose, language: Language, question: String,
      takesKeptCounts: Bool = false
    ) {
      self.takesKeptCounts = takesKeptCounts
      self.sender = sender
      self.purpose = purpose
      self.language = language
      self.question = question
    }
  }

  /// Reads, and writes down whose data was read before the answer is given.
  package func read<Answer: Sendable>(
    _ look: Look, _ body: @escaping @Sendable (Reading) throws -> Answer
  ) async throws -> Answer {
    let desk = self
    let now = clock.now()
    let kept = look.takesKeptCounts ? counts.view() : nil
    let (answer, disclosed) = try await storage.read { transaction in
      let authority = try desk.jurisdiction.authority(
        look.sender, transaction, now, desk.rules.policies)
      let reading = desk.reading(
        at: now, by: authority, for: look.purpose, in: look.language, transaction,
        kept: kept)
      return (try body(reading), reading.disclosed)
    }
    if !disclosed.isEmpty { try await note(disclosed, by: look, at: now) }
    return answer
  }

  /// Asks a question by its name, as programs do.
  package func ask(_ name: String, _ fields: Fields, _ look: Look) async throws -> [UInt8] {
    guard let kind = assembly.queries[name] else {
      throw Refusal.notFound(Words("查询", "query"), name)
    }
    return try await read(look) { reading in try kind.answer(fields, reading) }
  }

  /// A look at the data through one transaction.
  func reading(
    at now: Instant, by authority: Authority, for purpose: Purpose, in language: Language,
    _ transaction: any Transaction, kept: KeptCounts.View? = nil
  ) -> Reading {
    Reading(
      now: now, authority: authority, purpose: purpose, language: language,
      transaction: transaction, vault: vault, assembly: assembly, jurisdiction: jurisdiction,
      rules: rules, kept: kept)
  }

  private func note(_ disclosed: Set<Disclosed>, by look: Look, at now: Instant) async throws {
    let entropy = vault.entropy
    let entries = disclosed.map { ($0, Mint.text(at: now, chance: entropy.bytes(10))) }
    try await note { transaction in
      let store = DisclosureStore(transaction)
      for (disclosed, id) in entries {
        try store.add(
          disclosed, id: id, at: now, sender: look.sender, purpose: look.purpose,
          question: look.question)
      }
    }
  }
}
