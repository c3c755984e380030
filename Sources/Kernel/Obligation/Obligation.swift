/// What somebody owes somebody: one owner, one deadline, one proof, and those who are told when it
/// is late. Open, then claimed, then done with a proof or waived with a reason.
package struct Obligation: Sendable {
  /// Where it stands.
  package enum State: String, Codable, CaseIterable, Sendable {
    case open
    case claimed
    case done
    case waived
  }

  package let id: ObligationID
  /// The kind's name, such as `restrictions.healthCheck`.
  package let kind: String
  /// The identifier of what it is about: a restriction, a case, a contact.
  package let subject: String
  /// Whom it concerns, when it concerns a person.
  package let person: PersonID?
  package let place: PlaceID
  package let path: PlacePath
  /// The post that owes it while nobody has claimed it, and to which it falls back.
  package let seat: Seat
  /// The account that has claimed it.
  package let claimedBy: AccountID?
  package let openedAt: Instant
  package let deadline: Instant
  package let state: State
  /// How many rungs of the ladder have been told.
  package let rung: Int
  package let escalatedTo: Seat?
  package let escalatedAt: Instant?
  package let closedAt: Instant?
  package let closedBy: String?
  /// What was done, as JSON; only with state done.
  package let proof: String?
  /// Why it fell away; only with state waived.
  package let reason: String?
  /// When a late one was struck off the list of late ones.
  package let struckOffAt: Instant?
  /// The policy versions that made it.
  package let policy: String

  /// Whether it is still owed.
  package var isOwed: Bool { state == .open || state == .claimed }

  /// Whether it was not done in time, or is not.
  package func isLate(at now: Instant) -> Bool { (closedAt ?? now) > deadline }
}

/// A kind of obligation that a slice makes.
package struct ObligationKind: Sendable {
  package let name: String
  /// What is to be done, as the worker reads it.
  package let title: Words
  /// What the big button says.
  package let action: Words
  /// What the proof holds; empty when the tap itself with its time is the proof.
  package let proof: [ProofField]
  package let closing: Closing
  /// Whether it is done where the person is, so that it goes along when the person moves.
  package let goesWithPerson: Bool
  /// The address of the page of what it is about, where `:subject` and `:person` stand for the
  /// obligation's own; nil when there is no such page.
  package let page: String?

  /// What closes one.
  package enum Closing: Sendable {
    /// Whoever holds it says that it is done, with the proof.
    case byProof
    /// Only the decision that it asks for; the words say where that is made. Whoever could tick it
    /// off would leave somebody waiting for a decision that nobody owes any more.
    case byDecision(Words)
  }

  package init(
    _ name: String, title: Words, action: Words, proof: [ProofField] = [],
    closing: Closing = .byProof, goesWithPerson: Bool = false, page: String? = nil
  ) {
    self.name = name
    self.title = title
    self.action = action
    self.proof = proof
    self.closing = closing
    self.goesWithPerson = goesWithPerson
    self.page = page
  }

  /// Where the decision is made that alone closes one; nil when a proof does.
  package var decidedWhere: Words? {
    switch closing {
    case .byProof: nil
    case .byDecision(let place): place
    }
  }
}

/// A field of a proof.
package struct ProofField: Sendable {
  /// What values a field takes.
  package enum Form: Sendable {
    /// A number with its unit, inside a plausible range.
    case number(unit: String, ClosedRange<Double>)
    case text
    /// One of several, by code.
    case choice([(code: String, words: Words)])
  }

  package let name: String
  package let words: Words
  package let form: Form
  package let isRequired: Bool

  package init(_ name: String, _ words: Words, _ form: Form, required: Bool = true) {
    self.name = name
    self.words = words
    self.form = form
    isRequired = required
  }

  /// Checks one value.
  func check(_ value: String?) throws(Refusal) {
    guard let value, !value.isEmpty else {
      if isRequired { throw .missing(name) }
      return
    }
    switch form {
    case .text:
      return
    case .number(let unit, let range):
      guard let number = Double(value), range.contains(number) else {
        let shown = "\(range.lowerBound)–\(range.upperBound) \(unit)"
        throw .malformed(name, value, expected: Words("\(shown) 之间的数", "a number in \(shown)"))
      }
    case .choice(let choices):
      guard choices.contains(where: { $0.code == value }) else {
        let codes = choices.map(\.code).joined(separator: " | ")
        throw .malformed(name, value, expected: Words(codes, codes))
      }
    }
  }
}
