import Kernel

/// Finds the screen that an address means.
struct ScreenRoutes: Sendable {
  private struct Pattern: Sendable {
    let parts: [String]
    let screen: Screen

    /// How many parts are parameters: what is written out wins over them.
    var parameters: Int { parts.count { $0.hasPrefix(":") } }

    func parameters(of asked: [String]) -> [String: String]? {
      guard parts.count == asked.count else { return nil }
      var found: [String: String] = [:]
      for (part, value) in zip(parts, asked) {
        if part.hasPrefix(":") {
          found[String(part.dropFirst())] = value
        } else if part != value {
          return nil
        }
      }
      return found
    }
  }

  private let patterns: [Pattern]

  init(_ screens: [Screen]) {
    patterns = screens.map { screen in
      Pattern(parts: screen.path.split(separator: "/").map(String.init), screen: screen)
    }.sorted { $0.parameters < $1.parameters }
  }

  /// The screen at the parts of an address, with the parameters that stand in it.
  func find(_ parts: [String]) -> (screen: Screen, parameters: [String: String])? {
    for pattern in patterns {
      if let parameters = pattern.parameters(of: parts) { return (pattern.screen, parameters) }
    }
    return nil
  }
}
