import Kernel

/// A person's file was opened.
package struct ResidentEnrolled: Fact {
  package static let name = "residents.enrolled"
  package let person: PersonID
  package let home: PlaceID
  /// Whether the file has to be completed.
  package let incomplete: Bool
  package var subject: String { person.text }

  package init(person: PersonID, home: PlaceID, incomplete: Bool) {
    self.person = person
    self.home = home
    self.incomplete = incomplete
  }
}

/// A person lives somewhere else from now on, or went away, or came back.
package struct ResidentMoved: Fact {
  package static let name = "residents.moved"
  package let person: PersonID
  package let from: PlaceID
  package let to: PlaceID
  package let away: Bool
  package var subject: String { person.text }

  package init(person: PersonID, from: PlaceID, to: PlaceID, away: Bool) {
    self.person = person
    self.from = from
    self.to = to
    self.away = away
  }
}
