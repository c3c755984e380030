import Kernel

/// A second person of another organisation decided on something that concerns many at once.
package struct ManyDecided: Fact {
  package static let name = "decisions.many"
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
