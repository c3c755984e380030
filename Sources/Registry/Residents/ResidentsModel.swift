import Kernel

/// Sex as it stands in the identity document.
package enum Sex: String, Codable, Sendable {
  case male
  case female

  package var words: Words {
    switch self {
    case .male: Words("男", "male")
    case .female: Words("女", "female")
    }
  }
}

/// One person, one file. What identifies a person (number, telephone) is sealed and not in here.
package struct Resident: Sendable {
  package let id: PersonID
  /// Nil for a person opened by a case or a visit, to be completed.
  package let name: Redacted<String>?
  package let sex: Sex?
  package let birthDay: Day?
  package let identityKind: String?
  /// The door behind which the person lives, or the nearest place above it that is known.
  package let home: PlaceID
  package let path: PlacePath
  /// Whether the person is away from the home at present.
  package let isAway: Bool
  /// Special needs, such as `dialysis`, `pregnant`, `alone`.
  package let tags: [String]
  /// Whether the file was opened with less than the register asks, and has to be completed.
  package let isIncomplete: Bool
}
