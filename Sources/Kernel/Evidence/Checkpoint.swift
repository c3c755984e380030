/// What the journal was at a moment, signed by the district: how many entries, and its head there.
///
/// Whoever can write the tables can make the chain anew; he cannot take back what stands elsewhere.
/// So it is held in places that the operator cannot rewrite, on bulletins and in receipts.
package struct Checkpoint: Codable, Hashable, Sendable {
  /// How many entries the journal had.
  package let size: Int
  /// When it was signed, in milliseconds since 1970-01-01T00:00Z.
  package let at: Int64
  package let head: String
  /// The public half of the key that signed it.
  package let key: String
  package let signature: String

  package init(size: Int, at: Int64, head: String, key: String, signature: String) {
    self.size = size
    self.at = at
    self.head = head
    self.key = key
    self.signature = signature
  }

  /// A checkpoint signed with a district's own key.
  package init(size: Int, at now: Instant, head: String, by vault: Vault) throws {
    self.init(
      size: size, at: now.milliseconds, head: head, key: try vault.signingKey(),
      signature: try vault.sign(Self.message(size: size, at: now.milliseconds, head: head)))
  }

  /// What is signed.
  private static func message(size: Int, at: Int64, head: String) -> [UInt8] {
    Array("denghuo checkpoint 1\n\(size)\n\(at)\n\(head)\n".utf8)
  }

  /// Whether it was signed with a key.
  package func isSigned(by key: String, suite: any CryptoSuite) -> Bool {
    guard key == self.key, let key = Hex.bytes(key), let signature = Hex.bytes(signature) else {
      return false
    }
    return suite.isSigned(
      Self.message(size: size, at: at, head: head), by: key, signature: signature)
  }

  package var mark: String { JournalMark.text(entries: size, head: head) }
}

/// A place in the journal as people read and copy it: how many entries, and twenty digits of its
/// head, `3521-9f3a-77c0-1b2e-88d1-04aa`.
package enum JournalMark {
  /// Eighty bits: nobody finds another journal with the same.
  private static let digits = 20
  private static let digitsInGroup = 4

  /// The mark of a place.
  package static func text(entries: Int, head: String) -> String {
    var text = "\(entries)"
    for (place, digit) in head.prefix(digits).enumerated() {
      if place.isMultiple(of: digitsInGroup) { text += "-" }
      text.append(digit)
    }
    return text
  }
}
