/// A set of people as one bit each.
package struct PersonSet {
  private var words: [UInt64]

  package init(_ persons: some Sequence<UInt32> = []) {
    words = []
    for person in persons { insert(person) }
  }

  /// Whether a person is in it.
  @inline(__always)
  package func contains(_ person: UInt32) -> Bool {
    let word = Int(person >> 6)
    return word < words.count && words[word] >> UInt64(person & 63) & 1 != 0
  }

  /// Adds a person.
  package mutating func insert(_ person: UInt32) {
    let word = Int(person >> 6)
    if word >= words.count {
      words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
    }
    words[word] |= 1 << UInt64(person & 63)
  }
}
