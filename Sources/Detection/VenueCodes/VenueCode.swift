import Kernel

/// What the code at a venue says: which venue, and on a screen at which moment. Only our own server can
/// make one, and only it can say what one is worth.
package struct VenueCode: Hashable, Sendable {
  /// How it is shown.
  package enum Form: Hashable, Sendable {
    /// On a screen that changes with every step of the clock.
    case screen(step: Int)
    /// Printed: whoever has seen it once has it for ever.
    case printed
  }

  /// How every code of a venue begins.
  package static let prefix = "DV1"
  private static let checkBytes = 8

  package let number: Int
  /// Raised when the code is made anew; earlier ones are worth nothing then.
  package let generation: Int
  package let form: Form

  package init(number: Int, generation: Int, form: Form) {
    self.number = number
    self.generation = generation
    self.form = form
  }

  private var body: [UInt8] {
    let numbers = Self.bytes(number, 4) + Self.bytes(generation, 2)
    return switch form {
    case .screen(let step): [1] + numbers + Self.bytes(step, 5)
    case .printed: [2] + numbers
    }
  }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private static func check(_ body: [UInt8], _ vault: Vault) -> [UInt8] {
    Array(vault.suite.authenticate(body, key: vault.key(for: "venue code")).prefix(checkBytes))
  }

  /// The code as it is shown: capital letters and digits.
  package func text(by vault: Vault) -> String {
    Self.prefix + Hex.text(body + Self.check(body, vault)).uppercased()
  }

  /// A code that this district made; nil for anything else.
  package init?(_ text: String, by vault: Vault) {
    // A telephone reads the whole address; somebody types the code alone.
    let last = text.split(separator: "/").last.map(String.init) ?? text
    let plain = last.filter { !$0.isWhitespace && $0 != "-" }
    guard plain.utf8.count <= 64, plain.uppercased().hasPrefix(Self.prefix),
      let bytes = Hex.bytes(String(plain.dropFirst(Self.prefix.count))),
      bytes.count > Self.checkBytes
    else { return nil }
    let body = Array(bytes.dropLast(Self.checkBytes))
    guard Self.check(body, vault).elementsEqual(bytes.suffix(Self.checkBytes)) else { return nil }
    switch (body[0], body.count) {
    case (1, 12): form = .screen(step: Self.number(body[7..<12]))
    case (2, 7): form = .printed
    default: return nil
    }
    number = Self.number(body[1..<5])
    generation = Self.number(body[5..<7])
  }

  /// The address of a venue's screen, known to whoever was given it.
  package static func screenKey(_ number: Int, _ generation: Int, by vault: Vault) -> String {
    let said = Array("\(number)/\(generation)".utf8)
    let key = vault.key(for: "venue screen")
    return "\(number)-" + Hex.text(vault.suite.authenticate(said, key: key).prefix(16))
  }
}

/// What a scan of a venue's code proves.
package enum ScanStrength: String, Codable, CaseIterable, Sendable {
  /// The code of this very minute: somebody stood before the screen.
  case strong
  /// A picture that was passed on, or a code that anybody may have copied: it proves nothing by itself.
  case weak
}

/// Why a scan is worth what it is.
package enum ScanReason: String, Codable, CaseIterable, Sendable {
  case screen
  /// The code of an earlier minute.
  case late
  case printed

  package var words: Words {
    switch self {
    case .screen: Words("扫的是屏幕上当时的码", "The code that stood on the screen at that minute")
    case .late:
      Words(
        "扫的是过时的码（可能是转发的图片），不能单独证明到过", "An old code, perhaps a picture passed on: no proof by itself"
      )
    case .printed: Words("扫的是印制的码，不能单独证明到过", "A printed code: no proof by itself")
    }
  }
}

/// Judgement about scans of venues' codes.
package enum VenueCodesRules {
  /// The step of the clock in which a moment lies.
  package static func step(at moment: Instant, seconds: Int) -> Int {
    Int(moment.milliseconds / 1_000) / seconds
  }

  /// What a scan proves; nil for a step that has not come yet, which no screen has shown.
  package static func judge(
    _ form: VenueCode.Form, at now: Instant, policy: VenueCodesPolicy
  ) -> (strength: ScanStrength, reason: ScanReason)? {
    switch form {
    case .printed: return (.weak, .printed)
    case .screen(let step):
      let present = Self.step(at: now, seconds: policy.stepSeconds)
      // A screen's own clock may run a little ahead of ours.
      if step > present + 1 { return nil }
      return present - step <= policy.stepsLate ? (.strong, .screen) : (.weak, .late)
    }
  }
}
