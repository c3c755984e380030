import Kernel

/// What programs talk to: commands, batches, rehearsals, questions, and how the server fares.
struct ProgramsAPI: Sendable {
  let hall: Hall
  private let document: KeptDocument

  /// How many commands one batch takes.
  static let largestBatch = 1_000

  init(hall: Hall) {
    self.hall = hall
    document = KeptDocument(hall.desk.assembly)
  }

  /// The way to an address of programs; nil when it is none.
  func route(_ parts: [String], door: Asked.Door) -> Route? {
    switch (parts.first, parts.count) {
    case ("healthz", 1): return Route("/healthz", nil, ["GET": { _ in .text(200, "ok\n") }])
    case ("readyz", 1): return Route("/readyz", nil, ["GET": ready])
    case ("metrics", 1): return Route("/metrics", nil, ["GET": figures])
    case ("live", 1): return Route("/live", .reading, ["GET": live])
    case ("api", 2) where parts[1] == "batch": return Route("/api/batch", .work, ["POST": batch])
    case ("api", 2) where parts[1] == "rehearse":
      return Route("/api/rehearse", .work, ["POST": rehearse])
    case ("api", 2) where parts[1] == "openapi.json":
      let document = document
      return Route(
        "/api/openapi.json", .reading,
        ["GET": { _ in Reply(200, type: "application/json", try document.bytes()) }])
    case ("api", 3) where parts[1] == "operations" && door == .local:
      return hall.operations[parts[2]].map { operation in
        Route(
          "/api/operations/:name", .work,
          ["POST": { .json(200, try await operation(Self.object($0))) }])
      }
    case ("api", 3) where parts[1] == "commands": return command(parts[2], door)
    case ("api", 3) where parts[1] == "queries": return query(parts[2])
    default: return nil
    }
  }

  // MARK: Commands

  private func command(_ name: String, _ door: Asked.Door) -> Route? {
    guard let kind = offered(name, door) else {
      return Route(
        "/api/commands/unknown", .reading,
        ["POST": { _ in throw Refusal.notFound(Words("命令", "command"), Self.brief(name)) }])
    }
    return Route(
      "/api/commands/\(kind.name)", kind.urgency, ["POST": { try await perform(kind, $0) }])
  }

  /// A command by its name; what only an edge sends is offered to the operator's command line alone,
  /// which makes secrets itself and passes on their fingerprints.
  private func offered(_ name: String, _ door: Asked.Door) -> CommandKind? {
    hall.desk.assembly.commands[name].flatMap { $0.isEdgeOnly && door == .network ? nil : $0 }
  }

  private func perform(_ kind: CommandKind, _ asked: Asked) async throws -> Reply {
    let visitor = try await visitor(asked)
    guard let key = asked.headers["idempotency-key"] else {
      throw Refusal(
        .invalid, "idempotency.missing",
        Words(
          "缺少请求头 Idempotency-Key，请为每个命令生成一个 UUID",
          "The header Idempotency-Key is missing; make a UUID for each command"),
        field: "Idempotency-Key")
    }
    let id = try Self.commandID(key, field: "Idempotency-Key")
    let body = try Self.object(asked)
    do {
      let receipt = try await hall.desk.submit(
        Envelope(id: id, name: kind.name, body: body, sender: visitor.sender(for: kind.duty)))
      let reply = Reply.json(200, try fields(receipt))
      return receipt.isRepeat ? reply.with("idempotent-replayed", "true") : reply
    } catch { throw visitor.explained(error) }
  }

  private func batch(_ asked: Asked) async throws -> Reply {
    let visitor = try await visitor(asked)
    let entries = try Self.list(asked)
    var outcomes: [Result<Receipt, any Error>?] = []
    var envelopes: [Envelope] = []
    for (index, entry) in entries.enumerated() {
      do {
        envelopes.append(try envelope(entry, index, asked.door, visitor, fallback: nil))
        outcomes.append(nil)
      } catch { outcomes.append(.failure(error)) }
    }
    var done = try await hall.desk.submit(all: envelopes)[...]
    let answers = try zip(entries, outcomes).map { entry, outcome in
      let outcome = outcome ?? done.popFirst() ?? .failure(Defect("a command has no outcome"))
      var members: [String: Fields] = [:]
      switch outcome {
      case .success(let receipt):
        if case .object(let told) = try fields(receipt) { members = told }
        members["status"] = .integer(200)
      case .failure(let error):
        let trouble = Trouble(visitor.explained(error))
        members["status"] = .integer(Int64(trouble.status))
        members["refusal"] = trouble.refusalFields(asked.language)
      }
      members["id"] = entry["id"]
      return Fields.object(members)
    }
    return .json(200, .list(answers))
  }

  private func rehearse(_ asked: Asked) async throws -> Reply {
    let visitor = try await visitor(asked)
    let envelopes = try Self.list(asked).enumerated().map { index, entry in
      try envelope(entry, index, asked.door, visitor, fallback: hall.desk.newCommandID())
    }
    do {
      return .json(200, .list(try await hall.desk.rehearse(envelopes).map(fields)))
    } catch { throw visitor.explained(error) }
  }

  private func envelope(
    _ entry: Fields, _ index: Int, _ door: Asked.Door, _ visitor: Visitor, fallback: CommandID?
  ) throws -> Envelope {
    guard case .text(let name) = entry["name"] else { throw Refusal.missing("\(index).name") }
    guard let kind = offered(name, door) else {
      throw Refusal.notFound(Words("命令", "command"), Self.brief(name), field: "\(index).name")
    }
    let id: CommandID
    if case .text(let written) = entry["id"] {
      id = try Self.commandID(written, field: "\(index).id")
    } else if let fallback {
      id = fallback
    } else {
      throw Refusal.missing("\(index).id")
    }
    return Envelope(
      id: id, name: name, body: try body(entry, of: kind, index),
      sender: visitor.sender(for: kind.duty), doneAt: try doneAt(entry, visitor, index))
  }

  /// When a device without network did something; programs do what they do now.
  private func doneAt(
    _ entry: Fields, _ visitor: Visitor, _ index: Int
  ) throws -> Instant? {
    guard case .text(let written) = entry["done"], visitor.proof == .cookie else { return nil }
    guard let instant = Instant(written, in: hall.desk.rules.zone) else {
      throw Refusal.malformed(
        "\(index).done", written, expected: Words("时刻", "an instant"))
    }
    return instant
  }

  /// What an entry of a batch says: a command, or the fields of a form of one, which a page filled
  /// in while there was no network.
  private func body(_ entry: Fields, of kind: CommandKind, _ index: Int) throws -> Fields {
    if case .object = entry["command"] { return entry["command"] }
    guard case .object(let form) = entry["form"] else {
      throw Refusal.missing("\(index).command")
    }
    let pairs = form.sorted { $0.key < $1.key }.flatMap { name, value -> [FormPair] in
      switch value {
      case .text(let text): [FormPair(name: name, value: text)]
      case .list(let list):
        list.compactMap { item in
          if case .text(let text) = item { FormPair(name: name, value: text) } else { nil }
        }
      case .null, .flag, .integer, .real, .object: []
      }
    }
    return try Fields(form: pairs, shape: kind.shapes().body)
  }

  private func fields(_ receipt: Receipt) throws -> Fields {
    var fields: [String: Fields] = [
      "receipt": .text(receipt.command.text),
      "at": .text(receipt.at.text(in: hall.desk.rules.zone)),
      "policy": .text(receipt.policy), "answer": try Fields.json(receipt.answer),
    ]
    if let checkpoint = receipt.checkpoint { fields["checkpoint"] = .text(checkpoint) }
    return .object(fields)
  }

  // MARK: Questions

  private func query(_ name: String) -> Route? {
    guard let kind = hall.desk.assembly.queries[name] else {
      let answer: Route.Answer = { _ in
        throw Refusal.notFound(Words("查询", "query"), Self.brief(name))
      }
      return Route("/api/queries/unknown", .reading, ["GET": answer, "POST": answer])
    }
    let answer: Route.Answer = { try await ask(kind, $0) }
    return Route("/api/queries/\(kind.name)", kind.urgency, ["GET": answer, "POST": answer])
  }

  private func ask(_ kind: QueryKind, _ asked: Asked) async throws -> Reply {
    let visitor = try await visitor(asked)
    var pairs = asked.query ?? []
    var written = pairs.first { $0.name == "purpose" }?.value
    pairs.removeAll { $0.name == "purpose" }
    var fields: Fields
    if asked.method == "POST" {
      fields = try Self.object(asked)
      if written == nil, case .object(var members) = fields,
        case .text(let text) = members.removeValue(forKey: "purpose")
      {
        written = text
        fields = .object(members)
      }
    } else {
      fields = try Fields(form: pairs, shape: kind.shapes().body)
    }
    let look = Desk.Look(
      sender: visitor.sender(for: kind.duty), purpose: try purpose(written, of: kind),
      language: asked.language, question: kind.name)
    do {
      let answer = try await hall.desk.ask(kind.name, fields, look)
      return Reply(200, type: "application/json; charset=utf-8", answer)
    } catch { throw visitor.explained(error) }
  }

  private func purpose(_ written: String?, of kind: QueryKind) throws -> Purpose {
    if kind.purposes.isEmpty && written == nil { return .supervision }
    guard let written, !written.isEmpty else { throw Refusal.missing("purpose") }
    guard let purpose = Purpose(rawValue: written) else {
      let known = (kind.purposes.isEmpty ? Purpose.allCases : kind.purposes).map(\.rawValue)
      throw Refusal(
        .invalid, "purpose.unknown",
        Words(
          "用途不在列表中，可用：\(known.joined(separator: "、"))",
          "This is no purpose; there are: \(known.joined(separator: ", "))"), field: "purpose")
    }
    return purpose
  }

  // MARK: What both need

  private func visitor(_ asked: Asked) async throws -> Visitor {
    if asked.method != "GET", asked.method != "HEAD", asked.door == .network,
      asked.headers["authorization"] == nil, asked.headers["cookie"] != nil
    {
      try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    }
    return try await hall.doorkeeper.visitor(of: asked)
  }

  /// A command id as a program made it. Slashes are kept for ids that the product makes itself.
  static func commandID(_ written: String, field: String) throws(Refusal) -> CommandID {
    let isPlain = written.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    guard isPlain, (8...100).contains(written.utf8.count) else {
      throw Refusal(
        .invalid, "idempotency.malformed",
        Words(
          "命令编号应为 8 到 100 个字母、数字或 - _ . :，例如 UUID",
          "A command id is 8 to 100 letters, digits or - _ . : such as a UUID"), field: field)
    }
    return CommandID(trusted: written)
  }

  private static func json(_ asked: Asked) throws -> Fields {
    guard asked.isOf(type: "application/json") else {
      throw TroubleError(
        415, "body.type",
        Words("内容类型应为 application/json", "The content type must be application/json"))
    }
    guard !asked.body.isEmpty else {
      throw Refusal(.invalid, "body.empty", Words("请求没有内容", "The request has no body"))
    }
    return try Fields.json(asked.body)
  }

  /// The object in a body.
  static func object(_ asked: Asked) throws -> Fields {
    let fields = try json(asked)
    guard case .object = fields else {
      throw Refusal(
        .invalid, "json.notObject",
        Words("内容应为一个 JSON 对象", "The body must be one JSON object"))
    }
    return fields
  }

  /// How many commands the operator's command line rehearses at once.
  private static let largestLocalBatch = 20_000

  private static func list(_ asked: Asked) throws -> [Fields] {
    guard case .list(let list) = try json(asked) else {
      throw Refusal(
        .invalid, "json.notArray", Words("内容应为一个 JSON 数组", "The body must be a JSON array"))
    }
    let largestBatch = asked.door == .local ? largestLocalBatch : Self.largestBatch
    guard list.count <= largestBatch else {
      throw Refusal(
        .invalid, "batch.large",
        Words(
          "一次最多 \(largestBatch) 条命令，请分批提交",
          "At most \(largestBatch) commands at once; send them in parts"))
    }
    return list
  }

  private static func brief(_ text: String) -> String {
    text.count > 40 ? text.prefix(40) + "…" : text
  }

  // MARK: How the server fares

  private func ready(_ asked: Asked) async throws -> Reply {
    if let standstill = hall.desk.standstill { throw standstill }
    let isTurning = hall.pulse.isTurning
    do { try await hall.desk.storage.requireWriting() } catch let failure as StorageFailure {
      throw TroubleError(failure.kind == .unknown ? Self.unconfirmed : Self.noPrimary)
    }
    _ = try await hall.desk.storage.read { try OutboxStore(transaction: $0).counts() }
    guard isTurning else {
      throw TroubleError(
        Trouble(
          503, "pump.stopped", Words("定时处理没有运转", "The clock's work is not turning"), retryAfter: 5))
    }
    return .text(200, "ready\n")
  }

  private static let noPrimary = Trouble(
    503, "storage.noPrimary",
    Words("数据库没有可写的主库（可能正在切换）", "No database takes writing (another may be taking over)"),
    retryAfter: 5)
  private static let unconfirmed = Trouble(
    503, "storage.noStandby",
    Words(
      "主库在等待同步备库确认，暂时不能保存",
      "The database waits for a standby to confirm and saves nothing meanwhile"),
    retryAfter: 5)

  private func figures(_ asked: Asked) async throws -> Reply {
    if asked.door == .network && hall.settings.isExposed {
      let sender = try await visitor(asked).sender
      guard sender != .nobody else {
        throw Refusal(.unknownSender, "sender.unknown", Words("请先登录", "Sign in first"))
      }
    }
    let errands = try await hall.desk.storage.read { try OutboxStore(transaction: $0).counts() }
    let text = hall.metrics.text(
      Metrics.Surroundings(
        errands: errands, live: hall.live.listeners,
        secondsSinceTurn: hall.pulse.secondsSinceTurn,
        isWritable: hall.desk.storage.trouble == nil,
        isClockTrusted: hall.desk.clock.fault() == nil, commits: hall.desk.commits.counts,
        inside: hall.crowd.inside, refused: hall.crowd.refused))
    return Reply(200, type: "text/plain; version=0.0.4; charset=utf-8", Array(text.utf8))
  }

  private func live(_ asked: Asked) async throws -> Reply {
    let visitor = try await visitor(asked)
    guard visitor.sender(for: .ownFile) != .nobody else {
      throw visitor.explained(
        Refusal(.unknownSender, "sender.unknown", Words("请先登录", "Sign in first")))
    }
    guard let stream = hall.live.listen(most: hall.settings.limits.listeners) else {
      throw TroubleError(
        Trouble(
          503, "live.crowded", Words("实时连接已满", "There are too many live connections"),
          retryAfter: 30))
    }
    var reply = Reply(200, type: "text/event-stream", [])
    reply.body = .live(stream)
    return reply.with("x-accel-buffering", "no")
  }
}
