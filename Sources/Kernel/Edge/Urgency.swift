/// How long something can wait when everybody comes at once. The least urgent is turned away first,
/// so that a crowd at the dashboards never keeps out a positive result (P3).
package enum Urgency: String, CaseIterable, Comparable, Sendable {
  /// Whole lists to take away.
  case export
  /// Looking: pages, dashboards, questions.
  case reading
  /// A resident's own page and code.
  case resident
  /// Help that somebody asks for, and what is objected to.
  case help
  /// The day's work: registering, visiting, answering.
  case work
  /// Cases, contacts, hand-overs, restrictions and their end.
  case outbreak

  package static func < (one: Urgency, other: Urgency) -> Bool { one.rank < other.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
