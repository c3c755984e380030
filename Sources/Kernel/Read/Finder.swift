/// What a slice can find by something printed on paper: a number, a name, a telephone's last digits.
///
/// The page that asks shows what all slices find together; each says by itself who may look, and
/// gives names with stars only.
package struct Finder: Sendable {
  /// What somebody typed, cut at its spaces.
  package struct Wanted: Sendable {
    package let words: [String]
    /// Words with which something has to begin, as the sender typed them.
    package var text: String { words.joined(separator: " ") }

    /// How many words are looked at; whoever types more has pasted something else.
    private static let most = 6

    package init(_ typed: String) {
      words = typed.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == "，" })
        .prefix(Self.most).map(String.init)
    }
  }

  /// One thing that was found.
  package struct Found: Sendable {
    /// What it is called; a person's name only with stars.
    package let title: String
    package let about: String
    /// The page on which it opens.
    package let address: String
    /// Whom it is about; a page asks for the purpose before it opens a name.
    package let person: PersonID?

    package init(_ title: String, about: String, address: String, person: PersonID? = nil) {
      self.title = title
      self.about = about
      self.address = address
      self.person = person
    }
  }

  package let name: String
  /// What is found, as the heading above it.
  package let words: Words
  package let duty: Duty
  /// Where it stands among the others.
  package let order: Int
  /// Finds at most so many.
  package let find: @Sendable (Wanted, Int, Reading) throws -> [Found]

  package init(
    _ name: String, _ words: Words, duty: Duty, order: Int,
    find: @escaping @Sendable (Wanted, Int, Reading) throws -> [Found]
  ) {
    self.name = name
    self.words = words
    self.duty = duty
    self.order = order
    self.find = find
  }
}
