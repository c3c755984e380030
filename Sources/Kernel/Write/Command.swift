/// Something that somebody wants done. A value that can be made anywhere and sent later; the
/// identifier that travels with it makes sure that it is applied once.
package protocol Command: Codable, Sendable {
  /// What the sender gets back. Holds identifiers and numbers, never personal data: it is kept.
  associatedtype Answer: Codable & Sendable

  /// `slice.verb`, stable for ever: programs call it.
  static var name: String { get }
  /// What an office must be charged with to do this.
  static var duty: Duty { get }
  /// How long it can wait when everybody comes at once; the day's work unless it says otherwise.
  static var urgency: Urgency { get }
  /// Where this takes effect; the desk checks that the duty is held there.
  func area(in work: Work) throws -> Area
  /// Does it: loads, judges, saves, records facts, obliges. Synchronous, inside one transaction.
  func perform(in work: Work) throws -> Answer
}

extension Command {
  /// What a resident sends about the own file gives way to what staff do.
  package static var urgency: Urgency { duty == .ownFile ? .help : .work }
}

/// An answer that says in words what came of a command, where “done” would say too little, or too much:
/// nothing holds yet of what a second person has to agree to.
package protocol ToldAnswer {
  /// Nil where “done” says it all. Holds numbers, never personal data.
  var told: Words? { get }
}

/// A command of which a part is understood before its turn: while it has that, everybody else waits.
package protocol PreparedCommand: Command {
  /// The same command with what needs no rows worked out: what a form says, digests of its numbers.
  /// Whether it is done, and how, is judged in its turn.
  func prepared(with preparation: Preparation) -> Self
}

/// What is at hand before a command has its turn.
package struct Preparation: Sendable {
  package let vault: Vault
  package let rules: Rulebook
  /// The day on which it is prepared; its turn may come on the next.
  package let today: Day

  /// The policy section in force today.
  package func policy<Section: PolicySection>(
    _ type: Section.Type = Section.self
  ) throws(Refusal) -> Section { try rules.policies.section(type, on: today).section }
}

/// A command of which refusals are noted: that somebody tries again and again says something, too.
package protocol WatchedCommand: Command {
  /// What the clock does when it was refused to an account.
  static func attempt(by account: AccountID, refused code: String) -> any Command
}

/// An answer with nothing in it.
package struct Done: Codable, Sendable {
  package init() {}
}

/// A kind of command as the assembly knows it: its name and how to read one.
package struct CommandKind: Sendable {
  package let name: String
  package let duty: Duty
  package let urgency: Urgency
  /// Whether only the product's own edge sends it, with something that programs do not have: the
  /// fingerprint of a secret. It is not offered to programs or forms.
  package let isEdgeOnly: Bool
  /// Whether a device may send it later than it was done, without network meanwhile: the work of the field
  /// and nothing else is taken by the authority of then.
  package let isOfTheField: Bool
  /// What the clock does when it was refused to an account; nil when nobody watches.
  let attempt: (@Sendable (AccountID, String) -> any Command)?
  package let decode: @Sendable (Fields) throws(Refusal) -> any Command
  /// What its body and its answer look like.
  package let shapes: @Sendable () -> (body: Shape, answer: Shape)
  /// What its answer says in words; nil for most.
  package let told: @Sendable (Receipt) -> Words?

  package init<C: Command>(_ type: C.Type, edgeOnly: Bool = false, ofTheField: Bool = false) {
    name = type.name
    duty = type.duty
    urgency = type.urgency
    isEdgeOnly = edgeOnly
    isOfTheField = ofTheField
    attempt = Self.watching(type)
    decode = { fields throws(Refusal) in try fields.decoded(C.self) }
    shapes = { (Shape(of: C.self), Shape(of: C.Answer.self)) }
    told = Self.telling(type)
  }

  private static func telling<C: Command>(_ type: C.Type) -> @Sendable (Receipt) -> Words? {
    guard C.Answer.self is any ToldAnswer.Type else { return { _ in nil } }
    return { receipt in
      let answer = try? receipt.decoded(C.Answer.self)
      return (answer as? any ToldAnswer)?.told
    }
  }

  private static func watching(
    _ type: any Command.Type
  ) -> (@Sendable (AccountID, String) -> any Command)? {
    guard let watched = type as? any WatchedCommand.Type else { return nil }
    return { account, code in watched.attempt(by: account, refused: code) }
  }
}
