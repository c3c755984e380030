extension SQL {
  /// The table that a statement changes, as it is written there; nil when it is none of the portable
  /// dialect's `INSERT INTO`, `UPDATE` and `DELETE FROM`.
  package var changedTable: String? {
    var words = pieces[0].utf8.split(maxSplits: 3, whereSeparator: Self.isSpace).makeIterator()
    guard let verb = words.next(), var word = words.next() else { return nil }
    if Self.says(verb, "INSERT", word, "INTO") || Self.says(verb, "DELETE", word, "FROM") {
      guard let named = words.next() else { return nil }
      word = named
    } else if !verb.elementsEqual("UPDATE".utf8) {
      return nil
    }
    return String(Substring(word.prefix { $0 != UInt8(ascii: "(") }))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 9 }

  private static func says(
    _ verb: Substring.UTF8View, _ first: StaticString, _ word: Substring.UTF8View,
    _ second: StaticString
  ) -> Bool {
    func equal(_ text: Substring.UTF8View, _ said: StaticString) -> Bool {
      said.withUTF8Buffer { text.elementsEqual($0) }
    }
    return equal(verb, first) && equal(word, second)
  }
}
