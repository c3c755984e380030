/// A figure that a slice puts on the wall: a number of an area with what it is a part of, where its
/// rows are. The wall shows what the reader may see.
package struct Tally: Sendable {
  package let value: Int
  /// What the number is a part of, drawn as a bar; nil for none.
  package let whole: Int?
  /// What stands beside the number: yesterday's, the whole, the part that is not done.
  package let beside: Words
  package let note: Words?
  /// Whether it wants somebody's attention now.
  package let isLate: Bool
  package let address: String

  package init(
    _ value: Int, of whole: Int? = nil, beside: Words, note: Words? = nil, isLate: Bool = false,
    address: String
  ) {
    self.value = value
    self.whole = whole
    self.beside = beside
    self.note = note
    self.isLate = isLate
    self.address = address
  }
}

/// A kind of figure for the wall.
package struct TallyKind: Sendable {
  package let name: String
  package let words: Words
  package let duty: Duty
  /// Where it stands among the others.
  package let order: Int
  /// The figure of an area; nil where there is nothing to say. It has a few milliseconds: the wall of
  /// a whole district is asked for by every screen at once.
  package let tally: @Sendable (PlaceID?, PlacePath, Reading) throws -> Tally?

  package init(
    _ name: String, _ words: Words, duty: Duty, order: Int,
    tally: @escaping @Sendable (PlaceID?, PlacePath, Reading) throws -> Tally?
  ) {
    self.name = name
    self.words = words
    self.duty = duty
    self.order = order
    self.tally = tally
  }
}
