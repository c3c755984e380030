/// Makes identifiers that follow from the command that asks for them.
///
/// The same command makes the same identifiers wherever it is played, so a seed replays a month and
/// nothing inside a transaction needs chance. 26 characters: 48 bits of time, 80 bits of digest.
package struct Mint {
  private let command: CommandID
  private let now: Instant
  private let suite: any CryptoSuite
  private var count = 0

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  package init(command: CommandID, now: Instant, suite: any CryptoSuite) {
    self.command = command
    self.now = now
    self.suite = suite
  }

  /// The next identifier.
  package mutating func next() -> String {
    count += 1
    let digest = suite.digest(Array("\(command.text)/\(count)".utf8))
    return Self.text(at: now, chance: digest.prefix(10))
  }

  /// An identifier from a moment and ten bytes, in the alphabet of Crockford's base 32.
  package static func text(at instant: Instant, chance: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(26)
    let time = UInt64(clamping: instant.milliseconds) & 0xFFFF_FFFF_FFFF
    for shift in stride(from: 45, through: 0, by: -5) {
      text.append(alphabet[Int((time >> UInt64(shift)) & 31)])
    }
    var bits: UInt32 = 0
    var held = 0
    for byte in chance {
      bits = bits << 8 | UInt32(byte)
      held += 8
      while held >= 5 {
        held -= 5
        text.append(alphabet[Int((bits >> UInt32(held)) & 31)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
