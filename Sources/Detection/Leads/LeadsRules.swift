import Kernel
import Registry

/// How a sheet is read, and how its leads are given to communities.
package enum LeadsRules {
  /// The most characters of a title and of a longer text.
  static let longestTitle = 200
  static let longestText = 1_000

  /// An urgency by its code or its Chinese word.
  package static func urgency(_ written: String) throws(Refusal) -> LeadUrgency {
    try choice(
      written, "urgency", LeadUrgency.allCases.map { ($0, $0.rawValue, $0.words) })
  }

  /// A measure by its code or its Chinese word.
  package static func measure(_ written: String) throws(Refusal) -> LeadMeasure {
    try choice(
      written, "measure", LeadMeasure.allCases.map { ($0, $0.rawValue, $0.words) })
  }

  /// A colour by its code or its Chinese word, with or without 码.
  package static func colour(_ written: String) throws(Refusal) -> LeadColour {
    try choice(
      written.hasSuffix("色") ? String(written.dropLast()) + "码" : written, "code_colour",
      LeadColour.allCases.map { ($0, $0.rawValue, $0.words) })
  }

  private static func choice<Value>(
    _ written: String, _ field: String, _ all: [(value: Value, code: String, words: Words)]
  ) throws(Refusal) -> Value {
    let text = written.trimmingWhitespace()
    if let known = all.first(where: {
      $0.code == text || $0.words.chinese == text || $0.words.chinese == text + "码"
    }) {
      return known.value
    }
    throw .malformed(
      field, text,
      expected: Words(
        all.map { "\($0.words.chinese)（\($0.code)）" }.joined(separator: "、"),
        all.map(\.code).joined(separator: ", ")))
  }

  /// A text that stands open in lists: no number of a person's may be in it.
  static func title(_ text: String, field: String) throws(Refusal) -> String {
    let text = try long(text, field: field, most: longestTitle)
    _ = try ResidentsRules.identifier(LeadID(trusted: text), field: field)
    return text
  }

  /// A text that is sealed, so that numbers may be in it.
  static func long(
    _ text: String, field: String, most: Int = longestText
  ) throws(Refusal) -> String {
    let text = text.trimmingWhitespace()
    let isPlain = text.unicodeScalars.allSatisfy { !$0.isControl || $0 == "\n" || $0 == "\r" }
    guard text.unicodeScalars.count <= most, isPlain else {
      throw Refusal(
        .invalid, "text.malformed",
        Words(
          "“\(field)”超过 \(most) 字或含有控制字符，请更正",
          "“\(field)” has more than \(most) characters or holds control characters; correct it"),
        field: field)
    }
    return text
  }

  /// What the result columns say; nil when they say nothing.
  package static func result(_ row: LeadResultRow, today: Day) throws(Refusal) -> LeadResult? {
    guard let measure = row.measure, !measure.isEmpty else {
      let isEmpty =
        row.foundAddress == nil && row.lastTest == nil && row.linkedPeople == nil
        && row.codeColour == nil && row.verifiedAt == nil
      if isEmpty { return nil }
      throw .missing("measure")
    }
    if let day = row.lastTest, day > today {
      throw Refusal(
        .invalid, "lead.testInFuture",
        Words("近期核酸日期晚于今天，请更正", "The test lies in the future; correct the day"),
        field: "last_test")
    }
    return LeadResult(
      measure: try Self.measure(measure),
      foundAddress: try row.foundAddress.map { text throws(Refusal) in
        try long(text, field: "found_address")
      },
      lastTestOn: row.lastTest,
      linkedPeople: try row.linkedPeople.map { text throws(Refusal) in
        try long(text, field: "linked_people")
      },
      colour: try row.codeColour.map { text throws(Refusal) in try colour(text) })
  }

  /// Splits leads over communities so that no two differ by more than one: those with the fewest open
  /// leads come first, then by their place. The same leads and communities give the same split.
  package static func split(
    _ leads: [LeadID], over communities: [(place: PlaceID, path: PlacePath, open: Int)]
  ) -> [(lead: LeadID, place: PlaceID)] {
    let order = communities.sorted { ($0.open, $0.path) < ($1.open, $1.path) }
    guard !order.isEmpty else { return [] }
    return leads.enumerated().map { ($1, order[$0 % order.count].place) }
  }

  /// Whether two leads are about one person: the same name, and the same number or telephone. Two
  /// different numbers are two people.
  static func isSamePerson(_ one: Lead, _ other: Lead) -> Bool {
    guard one.name == other.name else { return false }
    if let first = one.sealed.identityIndex, let second = other.sealed.identityIndex {
      return first == second
    }
    guard let first = one.sealed.phoneIndex, let second = other.sealed.phoneIndex else {
      return false
    }
    return first == second
  }
}

/// Finds the community that an address names, by the names of communities and estates.
package struct AddressNames: Sendable {
  private struct Name: Sendable {
    let text: [Character]
    let community: PlaceID
  }

  /// By their first two characters, so that each address is looked through once.
  private var names: [[Character]: [Name]] = [:]

  package init(_ places: [(name: String, community: PlaceID)]) {
    for (name, community) in places {
      let text = Array(name)
      guard text.count >= 2 else { continue }
      names[Array(text.prefix(2)), default: []].append(Name(text: text, community: community))
    }
  }

  /// The community of the longest name in an address; nil when none is named, or the longest names
  /// mean different ones.
  package func community(in address: String) -> PlaceID? {
    let text = Array(address)
    var found: Set<PlaceID> = []
    var longest = 0
    for start in text.indices.dropLast() {
      for name in names[[text[start], text[start + 1]]] ?? []
      where name.text.count >= longest && text[start...].starts(with: name.text) {
        if name.text.count > longest {
          longest = name.text.count
          found = []
        }
        found.insert(name.community)
      }
    }
    return found.count == 1 ? found.first : nil
  }
}
