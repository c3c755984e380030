import Kernel

/// Sex as it stands in the identity document.
package enum Sex: String, Codable, CaseIterable, Sendable {
  case male
  case female

  package var words: Words {
    switch self {
    case .male: Words("男", "male")
    case .female: Words("女", "female")
    }
  }
}

/// One person, one file. What identifies a person (number, telephone) is sealed.
package struct Resident: Sendable {
  package let id: PersonID
  /// Nil for a person opened by a case or a visit, to be completed.
  package internal(set) var name: Redacted<String>?
  package internal(set) var sex: Sex?
  package internal(set) var birthDay: Day?
  package internal(set) var identityKind: IdentityKind?
  var identity: Sealed?
  var phone: Sealed?
  /// The door behind which the person lives, or the nearest place above it that is known.
  package internal(set) var home: PlaceID
  package internal(set) var path: PlacePath
  package internal(set) var homeSince: Instant
  /// Since when the person is away from the home; nil for somebody who is there.
  package internal(set) var awaySince: Instant?
  /// The division in which the person is registered (户籍), by its statistical code.
  package internal(set) var registered: Dated<String>?
  package internal(set) var workPlace: Dated<String>?
  /// Special needs, such as `dialysis`, `pregnant`, `alone`, in order of code.
  package internal(set) var tags: [String]
  /// Whether the file was opened with less than the register asks, and has to be completed.
  package internal(set) var isIncomplete: Bool
  package let openedAt: Instant
  package internal(set) var retention: RetentionClass
  /// The last day on which the file is kept.
  package internal(set) var keepUntil: Day
  /// The file that this one was merged into; nil for a live one.
  package internal(set) var mergedInto: PersonID?

  /// Whether the person is away from the home at present: absent is not missed.
  package var isAway: Bool { awaySince != nil }
}

/// A value that holds since a moment.
package struct Dated<Value: Hashable & Sendable>: Hashable, Sendable {
  package let value: Value
  package let since: Instant
}

/// A value that only the vault opens, and the blind index by which an equal one is found.
struct Sealed: Hashable, Sendable {
  let bytes: [UInt8]
  let index: String
  /// The blind index of its last four signs; nil in a file that was kept before they were.
  let tail: String?
}

/// Where a person lived, was registered, worked or was away before: a span that has ended.
/// What holds at present stands in the person's file.
package struct FormerResidence: Sendable {
  /// What ended: living somewhere, being registered, working, being away.
  package enum Kind: String, Codable, Sendable {
    case home
    case registered
    case work
    case away
  }

  package let person: PersonID
  package let kind: Kind
  /// A place, a statistical code or a place of work, according to the kind.
  package let value: String
  /// The path of a former home as it was then.
  package let path: PlacePath?
  package let from: Instant
  package let until: Instant
}

/// What a file still lacks before it is complete.
package enum MissingDetail: String, Codable, CaseIterable, Sendable {
  case name
  case sex
  case birthDate = "birth_date"
  case identity
  case door

  package var words: Words {
    switch self {
    case .name: Words("姓名", "name")
    case .sex: Words("性别", "sex")
    case .birthDate: Words("出生日期", "date of birth")
    case .identity: Words("证件号码", "identity number")
    case .door: Words("门牌", "door")
    }
  }
}
