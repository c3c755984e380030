import Kernel

/// What a verifier finds. The same in Swift and in the browser (docs/formats/PASSES.md); the test
/// vectors are checked by both.
package enum PassVerdict: String, Codable, CaseIterable, Sendable {
  case valid
  /// No code of ours at all.
  case other
  /// A sign was mistyped or changed.
  case mistyped
  /// Of a format that this verifier does not know.
  case newer
  /// Signed with a key that is none of this district's.
  case foreign
  /// The signature does not fit what it says.
  case forged
  case expired
  case future
  case revoked
  /// The verifier's own clock lies before the moment at which its list was made.
  case clock

  /// The sentence that whoever checks reads.
  package var words: Words {
    switch self {
    case .valid: Words("有效", "Valid")
    case .other:
      Words("这不是健康码，请扫对方出示的码。", "This is no pass code. Scan the code that the person shows.")
    case .mistyped:
      Words(
        "这个码少了字、错了字或被改过，请重新扫一次。",
        "A letter of this code is missing, wrong or changed. Scan it again.")
    case .newer:
      Words(
        "这个码的版本较新，请联网更新核验页。", "This code is of a newer version. Update this page with a network.")
    case .foreign:
      Words(
        "这个码不是本区签发的，这里核验不了。",
        "This code was not issued by this district and cannot be checked here.")
    case .forged:
      Words(
        "签名不符：这个码是伪造的或被改过，不能采信。", "The signature does not fit: forged or edited. Do not believe it."
      )
    case .expired: Words("这个码已过期，请对方打开页面更新。", "This code has ended. Ask for a new one.")
    case .future: Words("这个码还没有生效。", "This code is not valid yet.")
    case .revoked:
      Words(
        "这个码已作废，情况有变，请对方打开页面取新码。",
        "This code was revoked because something changed. Ask for a new one.")
    case .clock:
      Words(
        "这台设备的时钟不对，请校准后再核验。",
        "This device's clock is wrong. Set it right before you check anything.")
    }
  }
}

/// How old the list of revoked codes is.
package enum ListAge: String, Codable, CaseIterable, Sendable {
  case fresh
  /// Older than an online verifier lets it get.
  case aging
  /// So old that a code could have been revoked since and still be shown.
  case tooOld = "too_old"
  case missing
}

/// Checks codes with nothing but keys, a list and a clock.
package struct PassVerifier: Sendable {
  package let keys: [PassKey]
  package let list: RevocationList?
  /// By how many minutes two clocks may differ.
  package let skewMinutes: Int
  package let listMinutes: Int
  package let listOldestMinutes: Int
  private let suite: any CryptoSuite

  package init(
    keys: [PassKey], list: RevocationList?, skewMinutes: Int, listMinutes: Int,
    listOldestMinutes: Int, suite: any CryptoSuite
  ) {
    self.keys = keys
    self.list = list
    self.skewMinutes = skewMinutes
    self.listMinutes = listMinutes
    self.listOldestMinutes = listOldestMinutes
    self.suite = suite
  }

  /// What a text is worth at a moment; the code is given wherever it could be read and is ours.
  package func check(_ text: String, at now: Instant) -> (verdict: PassVerdict, code: PassCode?) {
    let shown: PassCode.Shown
    do throws(PassCode.Unreadable) {
      shown = try PassCode.read(text, with: suite)
    } catch {
      switch error {
      case .other: return (.other, nil)
      case .mistyped: return (.mistyped, nil)
      case .newer: return (.newer, nil)
      }
    }
    let code = shown.code
    guard let key = keys.first(where: { $0.identifier == code.key }) else {
      // One that says itself that it has ended may be ours of last week, whose key is gone.
      return (code.until <= now ? .expired : .foreign, nil)
    }
    // A key that signs no more may have been stolen since: it vouches for its own days only.
    guard shown.isSigned(by: key.publicKey, with: suite), key.from <= code.from,
      code.from < key.until
    else { return (.forged, nil) }
    let skew = Duration.minutes(skewMinutes)
    if let list, now + skew < list.madeAt { return (.clock, code) }
    if let list, list.revokes(code) { return (.revoked, code) }
    if code.from > now + skew { return (.future, code) }
    if code.until <= now { return (.expired, code) }
    return (.valid, code)
  }

  /// How old the list is at a moment.
  package func age(at now: Instant) -> ListAge {
    guard let list else { return .missing }
    let age = now - list.madeAt
    if age <= .minutes(listMinutes) { return .fresh }
    return age <= .minutes(listOldestMinutes) ? .aging : .tooOld
  }
}
