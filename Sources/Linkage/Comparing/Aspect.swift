/// In what two records are compared.
enum Aspect: Int, CaseIterable, Sendable {
  case identity
  case phone
  case birth
  case surname
  case given
  case sex
  case area
  case address

  static let count = 8
}

/// How far two records agree in one aspect.
///
/// The numbers are places in tables of weights; each aspect uses those that mean something in it.
enum Level {
  /// One of them does not say.
  static let unknown = 0
  static let same = 1
  /// A slip of the pen, or a character of the same sound.
  static let close = 2
  /// Alike: a similar sound, one half of it the same.
  static let alike = 3
  /// A part is missing, or parts have changed places.
  static let partly = 4
  /// Surname and given name stand in each other's place; in areas, both slightly wrong.
  static let crossed = 5
  /// Different, but with something in common, or certain not to be a slip.
  static let related = 6
  static let different = 7
  static let count = 8
}

/// Where the values of a record stand in its row of numbers.
enum Slot {
  static let area = Aspect.area.rawValue
  static let locality = 8
  static let postcode = 9
  /// The digit counts of identity and phone numbers.
  static let identityCounts = 10
  static let phoneCounts = 11
  /// Rows of 64 bytes, so that reading one seldom waits for memory twice.
  static let count = 16
}
