import Kernel
import Registry

/// A round of today as a phone shows it.
package struct Round: Codable, Sendable {
  /// A field of a proof, as the phone asks for it.
  package struct Field: Codable, Sendable {
    /// One of several answers.
    package struct Choice: Codable, Sendable {
      package let code: String
      package let words: Words
    }

    package let name: String
    package let words: Words
    package let unit: String?
    package let least: Double?
    package let most: Double?
    /// Empty unless one of several is to be chosen.
    package let choices: [Choice]
    package let isRequired: Bool

    init(_ field: ProofField) {
      name = field.name
      words = field.words
      isRequired = field.isRequired
      switch field.form {
      case .number(let unit, let range):
        (self.unit, least, most, choices) = (unit, range.lowerBound, range.upperBound, [])
      case .text:
        (unit, least, most, choices) = (nil, nil, nil, [])
      case .choice(let known):
        (unit, least, most) = (nil, nil, nil)
        choices = known.map { Choice(code: $0.code, words: $0.words) }
      }
    }
  }

  /// A kind of thing to do, with what its proof holds.
  package struct Kind: Codable, Sendable {
    package let kind: String
    package let title: Words
    package let action: Words
    package let fields: [Field]
  }

  /// What restricts the person, and how far it has come.
  package struct MeasureDay: Codable, Sendable {
    package let restriction: RestrictionID
    package let kind: String
    package let day: Int
    package let days: Int
    package let end: Instant
  }

  /// One thing to do for one person.
  package struct Item: Codable, Sendable {
    package let obligation: ObligationID
    package let kind: String
    package let title: Words
    package let person: PersonID?
    /// The name with all but its first character hidden; empty when it is unknown.
    package let name: String
    /// What the person needs, noted or by age: whoever knocks has to know.
    package let tags: [RegistryPolicy.Tag]
    package let measure: MeasureDay?
    package let deadline: Instant
    package let late: Bool
    package let claimedBy: AccountID?
    package let attempts: Int
    package let lastAttemptAt: Instant?
    package let doneAt: Instant?
  }

  /// A door and what is to be done behind it.
  package struct Door: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    /// How many live behind it.
    package let people: Int
    package let items: [Item]
    /// What was done here today: the door fades and stays where it is.
    package let done: [Item]
  }

  /// A storey and its doors.
  package struct Floor: Codable, Sendable {
    /// The storey; nil where no door is known.
    package let floor: Int?
    package let doors: [Door]
  }

  /// A stair and its storeys, from the top down.
  package struct Entrance: Codable, Sendable {
    package let place: PlaceID?
    package let name: String
    package let floors: [Floor]
  }

  /// A building and its stairs.
  package struct Building: Codable, Sendable {
    package let place: PlaceID?
    package let name: String
    package let entrances: [Entrance]
  }

  /// How far the round has come.
  package struct Counts: Codable, Sendable {
    package let all: Int
    package let done: Int
    package let late: Int
    package let nextDeadline: Instant?
  }

  package let day: Day
  package let counts: Counts
  package let kinds: [Kind]
  /// In the order of the walk: building, entrance, floor from the top down, door.
  package let buildings: [Building]
  /// What was done today, the latest first.
  package let done: [Item]
}
