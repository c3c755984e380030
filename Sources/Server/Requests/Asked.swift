import Kernel

/// A request as the server reads it, whatever carried it.
struct Asked: Sendable {
  /// Through which door it came.
  enum Door: Sendable {
    case network
    /// The socket in the data folder, where the operator of the machine acts for an account.
    case local
  }

  let door: Door
  let method: String
  /// The address's path as it was sent.
  let rawPath: String
  let rawQuery: String
  /// By lower-case name; a name that came twice has its values joined as HTTP says.
  let headers: [String: String]
  let headerCount: Int
  let headerBytes: Int
  var body: [UInt8] = []

  /// The parts of the path, decoded; nil when it is malformed.
  var parts: [String]? {
    var parts: [String] = []
    for part in rawPath.split(separator: "/", omittingEmptySubsequences: true) {
      guard let decoded = PercentText.decode(part, plusIsSpace: false), decoded != "..",
        decoded != ".", !decoded.unicodeScalars.contains(where: { $0.value < 32 })
      else { return nil }
      parts.append(decoded)
    }
    return parts
  }

  /// The pairs behind the question mark; nil when they are malformed.
  var query: [FormPair]? { FormPair.all(in: rawQuery[...]) }

  /// Path and query, to come back to.
  var address: String { rawQuery.isEmpty ? rawPath : "\(rawPath)?\(rawQuery)" }

  /// The value of a cookie.
  func cookie(_ name: String) -> String? {
    for part in headers["cookie", default: ""].split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, String(pair[0]).trimmingWhitespace() == name {
        return String(pair[1]).trimmingWhitespace()
      }
    }
    return nil
  }

  /// Whether the body says to be of a type.
  func isOf(type: String) -> Bool {
    let said = headers["content-type", default: ""].split(separator: ";").first ?? ""
    return String(said).trimmingWhitespace().lowercased() == type
  }

  /// The language of the answer: chosen before, else as the browser prefers, else Chinese.
  var language: Language {
    if let chosen = cookie(CookieName.language).flatMap(Language.init(rawValue:)) {
      return chosen
    }
    var best: (language: Language, weight: Double)?
    for part in headers["accept-language", default: ""].lowercased().split(separator: ",") {
      let pieces = part.split(separator: ";")
      let tag = String(pieces.first ?? "").trimmingWhitespace()
      let weight =
        pieces.dropFirst().compactMap { piece -> Double? in
          let text = String(piece).trimmingWhitespace()
          return text.hasPrefix("q=") ? Double(text.dropFirst(2)) : nil
        }.first ?? 1
      let language: Language? =
        tag.hasPrefix("zh") ? .chinese : tag.hasPrefix("en") ? .english : nil
      if let language, weight > best?.weight ?? 0 { best = (language, weight) }
    }
    return best?.language ?? .chinese
  }
}

/// The cookies that the server sets.
enum CookieName {
  static let session = "denghuo_session"
  static let device = "denghuo_device"
  static let slip = "denghuo_slip"
  static let language = "language"
  static let notice = "denghuo_notice"
}
