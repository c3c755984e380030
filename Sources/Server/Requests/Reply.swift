import Kernel

/// An answer as the server gives it, whatever carries it.
struct Reply: Sendable {
  enum Body: Sendable {
    case bytes([UInt8])
    /// A stream of events that goes on until one side ends it.
    case live(AsyncStream<LiveFeed.Signal>)
  }

  var status: Int
  var headers: [(name: String, value: String)]
  var body: Body

  init(_ status: Int, type: String, _ bytes: [UInt8]) {
    self.status = status
    headers = [("content-type", type)]
    body = .bytes(bytes)
  }

  /// An answer for programs.
  static func json(_ status: Int, _ fields: Fields) -> Reply {
    let bytes = (try? Fields.jsonBytes(fields)) ?? []
    return Reply(status, type: "application/json; charset=utf-8", bytes)
  }

  /// An answer for people.
  static func html(_ status: Int, _ html: HTML) -> Reply {
    Reply(status, type: "text/html; charset=utf-8", html.bytes)
  }

  static func text(_ status: Int, _ text: String) -> Reply {
    Reply(status, type: "text/plain; charset=utf-8", Array(text.utf8))
  }

  /// Sends the browser on with a GET.
  static func seeOther(_ address: String) -> Reply {
    var reply = Reply.text(303, "")
    reply.headers.append(("location", address))
    return reply
  }

  func with(_ name: String, _ value: String) -> Reply {
    var reply = self
    reply.headers.append((name, value))
    return reply
  }

  /// Sets a cookie that only this server sees and scripts do not.
  ///
  /// - Parameter seconds: how long it lasts; 0 takes it away.
  func with(cookie name: String, _ value: String, seconds: Int64, secure: Bool) -> Reply {
    let safe = secure ? "; Secure" : ""
    return with(
      "set-cookie",
      "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)\(safe)")
  }
}

/// What goes wrong, as a status and what a person or a program is told.
struct Trouble: Sendable {
  let status: Int
  let code: String
  let words: Words
  let field: String?
  /// After how many seconds it makes sense to come back.
  let retryAfter: Int?
  /// The methods that the address takes, for a wrong one.
  var allowed: [String] = []

  init(
    _ status: Int, _ code: String, _ words: Words, field: String? = nil, retryAfter: Int? = nil
  ) {
    self.status = status
    self.code = code
    self.words = words
    self.field = field
    self.retryAfter = retryAfter
  }

  init(_ refusal: Refusal) {
    let status =
      switch refusal.kind {
      case .invalid: 400
      case .unknownSender: 401
      case .forbidden: 403
      case .notFound: 404
      case .conflict: 409
      case .overloaded: 429
      }
    self.init(
      status, refusal.code, refusal.words, field: refusal.field,
      retryAfter: refusal.kind == .overloaded ? 60 : nil)
  }

  /// Any error: a refusal says itself what it is, the world's failures are told in general words.
  init(_ error: any Error) {
    switch error {
    case let trouble as TroubleError: self = trouble.trouble
    case let refusal as Refusal: self.init(refusal)
    case let failure as StorageFailure:
      switch failure.kind {
      case .full:
        self.init(
          507, "storage.full",
          Words(
            "磁盘已满，什么也没有保存，请联系管理员腾出空间",
            "The disk is full and nothing was saved; ask an administrator"),
          retryAfter: 60)
      case .constraint: self = .defect
      case .unavailable:
        self.init(
          503, "storage.unavailable",
          Words("数据库暂时不可用，请稍后重试", "The database is unavailable at the moment; try again soon"),
          retryAfter: 5)
      case .unknown:
        self.init(
          503, "storage.unknown",
          Words(
            "数据库没有确认是否已保存，请稍后用同一编号重试（不会记两次）",
            "The database did not say whether it was saved; try again soon with the same identifier "
              + "(nothing is recorded twice)"),
          retryAfter: 5)
      case .broken:
        self.init(
          503, "storage.broken",
          Words(
            "磁盘读写出错，已停止写入，刚才的操作没有得到确认；查询仍可用，请管理员检查磁盘并重新启动，"
              + "之后用同一编号重试（不会记两次）",
            "The disk failed and nothing more is written; what you sent is not confirmed. Reading goes "
              + "on. An administrator should see to the disk and start again; then send it again with "
              + "the same identifier (nothing is recorded twice)"))
      }
    case let fault as ClockFault:
      self.init(
        503, "clock.jumped",
        Words(
          "服务器时钟异常（\(fault.words.chinese)），暂停办理，查询仍可用；请管理员校准时钟，"
            + "或确认时钟正确（denghuo clock --accept）",
          "The server's clock jumped (\(fault.words.english)); nothing is issued by it, reading goes on. "
            + "An administrator should set it right, or accept it (denghuo clock --accept)"))
    default: self = .defect
    }
  }

  /// Our own mistake.
  static let defect = Trouble(
    500, "defect",
    Words(
      "程序出错，操作没有生效，请把时间告诉管理员", "The program failed and nothing was done; tell an administrator when"
    ))

  func refusalFields(_ language: Language) -> Fields {
    var members: [String: Fields] = ["code": .text(code), "message": .text(words(language))]
    if let field { members["field"] = .text(field) }
    return .object(members)
  }

  func reply(_ language: Language) -> Reply {
    headed(.json(status, .object(["refusal": refusalFields(language)])))
  }

  /// Adds the headers that belong to the status.
  func headed(_ reply: Reply) -> Reply {
    var reply = reply
    if let retryAfter { reply = reply.with("retry-after", String(retryAfter)) }
    if status == 401 { reply = reply.with("www-authenticate", "Bearer realm=\"denghuo\"") }
    if !allowed.isEmpty { reply = reply.with("allow", allowed.joined(separator: ", ")) }
    return reply
  }
}

/// A trouble that is no refusal of a rule but of HTTP itself.
struct TroubleError: Error, Sendable {
  let trouble: Trouble

  init(_ trouble: Trouble) { self.trouble = trouble }

  init(_ status: Int, _ code: String, _ words: Words, field: String? = nil) {
    trouble = Trouble(status, code, words, field: field)
  }
}
