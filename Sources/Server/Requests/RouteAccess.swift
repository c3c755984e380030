import Kernel

/// Who may use a way through the server. Every way is declared here or by a slice; one that is not is
/// answered with a defect, so that nothing is open because somebody forgot to close it.
package struct RouteAccess: Sendable {
  /// What decides who may.
  package enum Rule: String, CaseIterable, Sendable {
    /// Anybody: it shows or changes nobody's data, or is how one signs in.
    case anyone
    /// Whoever has the secret that stands in the address: a link, an invitation, a slip.
    case bearer
    /// Whoever is signed in, for themself.
    case account
    /// Whoever is signed in or holds a resident's slip.
    case accountOrResident
    /// A session whose password was right, whether its second factor was shown or not.
    case session
    /// What the slice declares for the command, question or page.
    case declared
    /// The operator of the machine alone, through the socket in the data folder.
    case machine

    package var words: Words {
      switch self {
      case .anyone: Words("任何人", "anybody")
      case .bearer: Words("持有地址中密钥的人", "whoever holds the secret in the address")
      case .account: Words("登录的人，仅限本人", "whoever is signed in, for themself")
      case .accountOrResident:
        Words("登录的人或持凭条的居民", "whoever is signed in, or a resident with a slip")
      case .session: Words("口令已对的人，只为完成第二步", "whoever gave the right password, for the second step")
      case .declared: Words("由各模块声明", "as the slice declares")
      case .machine: Words("本机运维", "the operator of the machine")
      }
    }
  }

  package let name: String
  package let methods: [String]
  package let rule: Rule
  /// The duty that decides where it is not the route's own name that tells; nil otherwise.
  package let duty: Duty?

  private init(_ name: String, _ methods: [String], _ rule: Rule, _ duty: Duty? = nil) {
    self.name = name
    self.methods = methods
    self.rule = rule
    self.duty = duty
  }

  /// The ways that no slice declares.
  package static let all: [RouteAccess] = [
    .init("/", ["GET"], .account), .init("/healthz", ["GET"], .anyone),
    .init("/readyz", ["GET"], .anyone), .init("/metrics", ["GET"], .anyone),
    .init("/files", ["GET"], .anyone), .init("/offline", ["GET"], .anyone),
    .init("/live", ["GET"], .accountOrResident),
    .init("/api/openapi.json", ["GET"], .anyone), .init("/api/batch", ["POST"], .declared),
    .init("/api/rehearse", ["POST"], .declared),
    .init("/api/operations/:name", ["POST"], .machine),
    .init("/api/commands/unknown", ["POST"], .anyone),
    .init("/api/queries/unknown", ["GET", "POST"], .anyone),
    .init("/sign-in", ["GET", "POST"], .anyone), .init("/sign-out", ["POST"], .session),
    .init("/password", ["GET", "POST"], .account),
    .init("/second-factor", ["GET", "POST"], .session),
    .init("/second-factor/begin", ["POST"], .session),
    .init("/second-factor/cancel", ["POST"], .session),
    .init("/second-factor/enrol", ["POST"], .session),
    .init("/second-factor/codes", ["POST"], .session),
    .init("/second-factor/passkey/ask", ["POST"], .session),
    .init("/second-factor/passkey/begin", ["POST"], .session),
    .init("/second-factor/passkey/enrol", ["POST"], .session),
    .init("/second-factor/passkey/remove", ["POST"], .session),
    .init("/link/:secret", ["GET", "POST"], .bearer),
    .init("/invite/:secret", ["GET", "POST"], .bearer), .init("/s/:secret", ["GET"], .bearer),
    .init("/device", ["GET", "POST"], .anyone),
    .init("/slips", ["POST"], .declared, "residents.issueSlip"),
    .init("/links", ["POST"], .declared, "offices.manage"),
    .init("/invitations/issue", ["POST"], .declared, "offices.invite"),
  ]

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
  /// What begins like this is named after a command, question or list that a slice declares.
  private static let families = ["/api/commands/", "/api/queries/", "/do/", "/export/"]

  /// Whether a way is declared: by name, as a page of a slice, or by what it is named after.
  static func isDeclared(_ name: String, _ assembly: Assembly, _ pages: Set<String>) -> Bool {
    if byName[name] != nil || pages.contains(name) { return true }
    guard let family = families.first(where: { name.hasPrefix($0) }) else { return false }
    let rest = String(name.dropFirst(family.count))
    return switch family {
    case "/api/queries/": assembly.queries[rest] != nil
    case "/export/": assembly.exports[rest] != nil
    default: assembly.commands[rest] != nil
    }
  }
}
