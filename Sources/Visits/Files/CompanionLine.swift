/// A line of the list of companions, with identifiers as they came.
package struct CompanionLine: Hashable, Sendable {
  package var index: String
  package var person: String
  package var degree: Int
  /// Common seconds, meetings, and the begin of the first and end of the last.
  package var figures: Companion

  package init(index: String, person: String, degree: Int, figures: Companion) {
    self.index = index
    self.person = person
    self.degree = degree
    self.figures = figures
  }

  /// By overlap, longest first, then person, then index; identifiers are compared as bytes.
  package static func sorted(_ lines: [CompanionLine]) -> [CompanionLine] {
    lines.sorted { left, right in
      if left.figures.overlap != right.figures.overlap {
        return left.figures.overlap > right.figures.overlap
      }
      if left.person != right.person {
        return left.person.utf8.lexicographicallyPrecedes(right.person.utf8)
      }
      return left.index.utf8.lexicographicallyPrecedes(right.index.utf8)
    }
  }
}
