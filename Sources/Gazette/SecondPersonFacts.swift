import Kernel

/// A second person of another organisation decided on something that concerns many at once.
package struct ManyDecided: Fact {
  package static let name = "decisions.many"
  package static let words = Words("第二人已决定涉及多人的事项", "A second person decided on what concerns many")
  package static let about = Matter.thing
  /// `contacts`, `zone` or `restrictions`.
  package let what: String
  /// The request, zone or account whose doing was decided.
  package let about: String
  package let people: Int
  package let approved: Bool
  package var subject: String { about }

  package init(what: String, about: String, people: Int, approved: Bool) {
    self.what = what
    self.about = about
    self.people = people
    self.approved = approved
  }
}
