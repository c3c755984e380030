import Kernel
import Logging
import Synchronization

/// What the server's parts share.
struct Hall: Sendable {
  let desk: Desk
  let doorkeeper: Doorkeeper
  let settings: DistrictServer.Settings
  let live: LiveFeed
  let pulse: Pulse
  let metrics: Metrics
  let crowd: Crowd
  /// What only the operator of this machine asks for, by name.
  var operations: [String: DistrictServer.Operation] = [:]
}

/// A way through the server: a name without anything personal, for logs and figures, and what
/// answers each method.
struct Route: Sendable {
  typealias Answer = @Sendable (Asked) async throws -> Reply
  let name: String
  let answers: [String: Answer]
  /// Nil for what is always answered: how the server fares.
  let urgency: Urgency?

  init(_ name: String, _ urgency: Urgency?, _ answers: [String: Answer]) {
    self.name = name
    self.urgency = urgency
    self.answers = answers
  }
}

/// Everything comes in here: limits, the way, who it is, the answer, and what all answers carry.
struct Gate: Sendable {
  let hall: Hall
  private let programs: ProgramsAPI
  private let pages: Pages
  private let signIn: SignIn
  private let files: StaticFiles
  private let pagePaths: Set<String>

  init(hall: Hall, files: StaticFiles) {
    self.hall = hall
    self.files = files
    pagePaths = Set(hall.desk.assembly.screens.map(\.path))
    programs = ProgramsAPI(hall: hall)
    pages = Pages(hall: hall)
    signIn = SignIn(hall: hall, pages: pages)
  }

  /// The answer to a request that is refused before its body is read; nil when it may be read.
  func precheck(_ asked: Asked) -> Reply? {
    let trouble: Trouble? =
      if asked.address.utf8.count > hall.settings.limits.addressBytes {
        Trouble(
          414, "address.long",
          Words("地址过长，请缩短或改用 POST", "The address is too long; shorten it or use POST"))
      } else if asked.headerCount > hall.settings.limits.headerFields
        || asked.headerBytes > hall.settings.limits.headerBytes
      {
        Trouble(
          431, "headers.large",
          Words("请求头过多或过长", "There are too many headers, or they are too long"))
      } else if Int(asked.headers["content-length"] ?? "") ?? 0 > most(asked) {
        Trouble.bodyTooLarge(most(asked))
      } else {
        nil
      }
    guard let trouble else { return nil }
    hall.metrics.count("refused early", status: trouble.status, seconds: 0)
    return protected(answer(trouble, to: asked))
  }

  /// The answer to a body that turned out too large while it was read.
  func tooLarge(_ asked: Asked) -> Reply {
    protected(answer(.bodyTooLarge(most(asked)), to: asked))
  }

  /// The answer to a body for which there is no room at the moment.
  func noRoom(_ asked: Asked) -> Reply {
    hall.metrics.count("refused early", status: 503, seconds: 0)
    return protected(answer(crowded, to: asked))
  }

  private var crowded: Trouble {
    let stayAway = hall.settings.limits.stayAway
    // Not all at the same moment again.
    let chance = Int(hall.desk.vault.entropy.bytes(1).first ?? 0) % stayAway.count
    return Trouble(
      503, "server.crowded", Words("此刻请求太多，请稍后再试", "Too much at once; try again in a moment"),
      retryAfter: stayAway.lowerBound + chance)
  }

  private func most(_ asked: Asked) -> Int {
    hall.settings.limits.bodyBytes(through: asked.door)
  }

  /// Answers a request.
  func answer(_ asked: Asked) async -> (reply: Reply, route: String) {
    var name = "unknown"
    var reply: Reply
    do {
      let route = try route(asked)
      name = route.name
      guard RouteAccess.isDeclared(name, hall.desk.assembly, pagePaths) else {
        throw Defect("nobody declared who may use \(name)")
      }
      let method = asked.method == "HEAD" ? "GET" : asked.method
      guard let answer = route.answers[method] else { throw Self.wrongMethod(route) }
      let urgency = asked.door == .local ? .outbreak : route.urgency
      reply = try await admitted(urgency) { try await answer(asked) }
    } catch {
      let trouble = Trouble(error)
      reply = answer(trouble, to: asked)
      if trouble.status == 500 {
        hall.settings.logger.error("defect", metadata: ["route": "\(name)"])
      }
    }
    return (protected(compressed(addressed(reply), of: name, for: asked)), name)
  }

  /// A page with the files as they are now; anything else as it is.
  private func addressed(_ reply: Reply) -> Reply {
    guard case .bytes(let bytes) = reply.body,
      reply.headers.first(where: { $0.name == "content-type" })?.value.hasPrefix("text/html")
        == true
    else { return reply }
    var reply = reply
    reply.body = .bytes(files.page(bytes))
    return reply
  }

  /// Below this nothing is won: it goes in one packet either way.
  private static let smallestCompressed = 1_400
  /// A page is made anew each time: most of what can be won, at a fifth of the time.
  private static let pageLevel: Int32 = 4

  /// Papers and pages with a secret on them.
  private static let secretPapers: Set = [
    "/slips", "/links", "/invitations/issue", "/invite/:secret", "/second-factor",
    "/second-factor/begin", "/second-factor/enrol", "/second-factor/codes",
    "/second-factor/passkey/ask", "/second-factor/passkey/begin", "/second-factor/passkey/enrol",
    "/second-factor/passkey/remove",
  ]

  /// A page or a list, smaller for a slow line. Not a paper with a secret on it: its length must not
  /// tell anything of the secret.
  private func compressed(_ reply: Reply, of route: String, for asked: Asked) -> Reply {
    guard case .bytes(let bytes) = reply.body, bytes.count > Self.smallestCompressed,
      asked.door == .network, !Self.secretPapers.contains(route),
      asked.headers["accept-encoding", default: ""].contains("gzip"),
      let type = reply.headers.first(where: { $0.name == "content-type" })?.value,
      type.hasPrefix("text/") || type.hasPrefix("application/json"),
      !reply.headers.contains(where: { $0.name == "content-encoding" }),
      let small = StaticFiles.gzip(bytes, level: Self.pageLevel)
    else { return reply }
    var reply = reply
    reply.body = .bytes(small)
    return reply.with("content-encoding", "gzip").with("vary", "accept-encoding")
  }

  /// Does something that is let in, or turns it away.
  private func admitted(
    _ urgency: Urgency?, _ body: () async throws -> Reply
  ) async throws -> Reply {
    guard let urgency else { return try await body() }
    if let pause = hall.crowd.enter(urgency) {
      defer { hall.crowd.told() }
      try? await Task.sleep(for: pause)
      throw TroubleError(crowded)
    }
    defer { hall.crowd.leave() }
    return try await body()
  }

  private static func wrongMethod(_ route: Route) -> TroubleError {
    var trouble = Trouble(
      405, "method.notAllowed", Words("此地址不接受这种请求方法", "This address does not take this method"))
    trouble.allowed =
      route.answers.keys.sorted() + (route.answers["GET"] == nil ? [] : ["HEAD"])
    return TroubleError(trouble)
  }

  private func route(_ asked: Asked) throws -> Route {
    guard asked.rawPath.hasPrefix("/"), let parts = asked.parts, asked.query != nil else {
      throw TroubleError(
        400, "address.malformed", Words("地址无法识别", "The address cannot be read"))
    }
    if let file = files.route(asked.rawPath) { return file }
    if let programs = programs.route(parts, door: asked.door) { return programs }
    if asked.door == .local { throw TroubleError(Trouble.noSuchAddress) }
    if let signIn = signIn.route(parts) { return signIn }
    if let papers = Papers(hall: hall, pages: pages).route(parts) { return papers }
    if let list = Downloads(hall: hall).route(parts) { return list }
    if let page = pages.route(parts) { return page }
    throw TroubleError(Trouble.noSuchAddress)
  }

  private func answer(_ trouble: Trouble, to asked: Asked) -> Reply {
    let first = asked.rawPath.split(separator: "/").first ?? ""
    if asked.door == .local || ["api", "live", "healthz", "readyz", "metrics"].contains(first) {
      return trouble.reply(asked.language)
    }
    return pages.message(trouble, to: asked)
  }

  /// Adds what every answer carries.
  private func protected(_ reply: Reply) -> Reply {
    var reply = reply
    let given = Set(reply.headers.map(\.name))
    for header in Self.headers where !given.contains(header.name) {
      reply.headers.append(header)
    }
    return reply
  }

  // `same-origin` and not `no-referrer`: with the latter browsers send `Origin: null` with our own
  // forms, and the origin check would refuse them.
  private static let headers: [(name: String, value: String)] = [
    (
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        + "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
  ]
}

extension Trouble {
  static let noSuchAddress = Trouble(
    404, "address.unknown", Words("没有这个页面，请检查地址", "There is no such page; check the address"))

  static func bodyTooLarge(_ limit: Int) -> Trouble {
    Trouble(
      413, "body.large",
      Words("内容超过 \(limit >> 20) MB，请分几次提交", "The body is over \(limit >> 20) MB; send it in parts")
    )
  }
}
