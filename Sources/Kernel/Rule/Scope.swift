/// Where in the tree of places something is, as the ordinals from the root joined by dots.
///
/// Everything under a place has that place's path as a prefix, so an area is one range of an index.
package struct PlacePath: Hashable, Comparable, Sendable, SQLArgument {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// Whether this area holds the other path.
  package func holds(_ other: PlacePath) -> Bool {
    text.isEmpty || other.text == text || other.text.hasPrefix(text + ".")
  }

  /// The path of a child with an ordinal among its siblings, from 1.
  package func child(_ ordinal: Int) -> PlacePath {
    PlacePath((text.isEmpty ? "" : text + ".") + String(ordinal, radix: 36))
  }

  /// The place's own ordinal among its siblings; nil for the root.
  package var ordinal: Int? { text.split(separator: ".").last.flatMap { Int($0, radix: 36) } }

  /// The first text after every path inside this area, for range conditions: `.` is followed by `/`.
  package var endOfRange: String { text + "/" }

  /// The paths of all places above this one, the nearest first.
  package var ancestors: [PlacePath] {
    var result: [PlacePath] = []
    var rest = text[...]
    while let dot = rest.lastIndex(of: ".") {
      rest = rest[..<dot]
      result.append(PlacePath(String(rest)))
    }
    return result
  }

  /// The path of the first places of this one's line, from the root; the whole when it has fewer.
  package func prefix(_ places: Int) -> PlacePath {
    var left = places
    for index in text.utf8.indices where text.utf8[index] == UInt8(ascii: ".") {
      left -= 1
      if left == 0 { return PlacePath(String(text[..<index])) }
    }
    return places == 0 ? .everywhere : self
  }

  /// The root: the whole installation.
  package static let everywhere = PlacePath("")

  package static func < (left: PlacePath, right: PlacePath) -> Bool { left.text < right.text }
  package var sqlValue: SQLValue { .text(text) }
}

extension PlacePath: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Where a command or a query takes effect; every one must say so, and the desk checks it.
package enum Area: Sendable {
  /// Only the sender's own account.
  case own
  /// One place and everything in it.
  case place(PlaceID)
  /// One place known by its path.
  case path(PlacePath)
  /// The whole installation.
  case everywhere
  /// Wherever the duty is held; the command or query itself checks each place that it touches.
  case eachChecked
}

/// A post that has somebody on duty by day and night: a role at a place.
package struct Seat: Hashable, Sendable, CustomStringConvertible {
  package let role: String
  package let place: PlaceID

  package init(role: String, place: PlaceID) {
    self.role = role
    self.place = place
  }

  /// A seat as it is stored: `role@place`.
  package init?(_ text: String) {
    guard let at = text.firstIndex(of: "@") else { return nil }
    role = String(text[..<at])
    place = PlaceID(trusted: String(text[text.index(after: at)...]))
  }

  package var description: String { "\(role)@\(place.text)" }
}
