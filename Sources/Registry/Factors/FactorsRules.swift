import Kernel

/// Codes by time (TOTP, RFC 6238; HOTP, RFC 4226).
enum FactorsRules {
  /// Authenticators on telephones know six digits everywhere, others nowhere near as often.
  static let digits = 6

  /// The number of the step in which a moment lies.
  static func step(at now: Instant, seconds: Int) -> Int64 {
    now.milliseconds / 1_000 / Int64(seconds)
  }

  /// The code of a step.
  ///
  /// - Parameter digits: how many digits it has; RFC 6238's own examples have eight.
  static func code(
    _ secret: [UInt8], step: Int64, digits: Int = digits, suite: any CryptoSuite
  ) -> String {
    let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - $0 * 8)) }
    let mac = suite.authenticateBriefly(counter, key: secret)
    let offset = Int(mac[mac.count - 1] & 15)
    let value = mac[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    let modulus = (0..<digits).reduce(UInt32(1)) { whole, _ in whole * 10 }
    let text = String(value % modulus)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// The step to which a code belongs, nil when it belongs to none near now. A telephone's clock may be
  /// some steps early or late.
  static func matchingStep(
    of code: String, secret: [UInt8], now: Instant, policy: FactorPolicy, suite: any CryptoSuite
  ) -> Int64? {
    let current = step(at: now, seconds: policy.stepSeconds)
    let window = Int64(policy.windowSteps)
    var found: Int64?
    // All are looked at, and each to its end, so that the time taken tells nothing.
    for step in (current - window)...(current + window) {
      let right = Array(self.code(secret, step: step, suite: suite).utf8)
      if OfficesRules.isEqual(right, Array(code.utf8)) { found = step }
    }
    return found
  }

  /// What was typed, without blanks and dashes, in the letters of recovery codes. A Chinese keyboard types
  /// digits and letters at full width when it is so set.
  static func normalised(_ typed: String) -> String {
    let narrow = typed.unicodeScalars.map { scalar in
      fullWidth.contains(scalar.value)
        ? Unicode.Scalar(scalar.value - fullWidthOffset) ?? scalar : scalar
    }
    return String(String.UnicodeScalarView(narrow)).uppercased()
      .filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  /// The forms of U+0021 to U+007E at full width (Unicode, Halfwidth and Fullwidth Forms).
  private static let fullWidth: ClosedRange<UInt32> = 0xFF01...0xFF5E
  private static let fullWidthOffset: UInt32 = 0xFEE0

  /// Whether something typed is a code of an authenticator; anything else is taken for a recovery code.
  static func isCode(_ normalised: String) -> Bool {
    normalised.count == digits && normalised.allSatisfy(\.isNumber)
  }

  /// What an authenticator reads: `otpauth://totp/Denghuo:NAME?secret=…&issuer=Denghuo`.
  static func address(secret: String, account: String) -> String {
    let plain = account.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
    // A QR code on a screen has room for so many letters; the label only tells entries apart.
    let label = plain && account.utf8.count <= longestLabel ? ":\(account)" : ""
    return "otpauth://totp/Denghuo\(label)?secret=\(secret)&issuer=Denghuo"
  }

  private static let longestLabel = 24
}
