/// Something that happened. Carries identifiers, codes and numbers; never names, telephone numbers,
/// addresses or identity numbers, so that people can be deleted while the chain stays whole.
package protocol Fact: Codable, Sendable {
  /// `slice.pastTense`, stable for ever.
  static var name: String { get }
  /// What has happened, as people say it: an auditor reads the journal in these words.
  static var words: Words { get }
  /// What kind of thing it is about.
  static var about: Matter { get }
  /// The identifier of what it is about, by which the journal is searched.
  var subject: String { get }
}

/// What a slice does when a fact is recorded, in the same transaction.
package struct Reaction: Sendable {
  package let fact: String
  let react: @Sendable (any Fact, Work) throws -> Void

  /// Reacts to facts of one type.
  package static func on<F: Fact>(
    _ type: F.Type, _ body: @escaping @Sendable (F, Work) throws -> Void
  ) -> Reaction {
    Reaction(fact: type.name) { fact, work in
      guard let fact = fact as? F else {
        throw Defect("two facts carry the name \(type.name)")
      }
      try body(fact, work)
    }
  }
}
