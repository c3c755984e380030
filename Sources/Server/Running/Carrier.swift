import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore

/// Carries requests from Hummingbird to the gate and answers back; nothing else knows Hummingbird.
struct Carrier: HTTPResponder, CustomStringConvertible {
  typealias Context = BasicRequestContext

  /// Hummingbird calls its service by all that it holds: not by the district's files and keys.
  var description: String { "gate" }

  let gate: Gate
  let door: Asked.Door

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let began = ContinuousClock.now
    var asked = Asked(request, door: door)
    if let early = gate.precheck(asked) { return response(early, for: request) }
    var taken = 0
    defer { gate.hall.crowd.give(bytes: taken) }
    var body: [UInt8] = []
    for try await part in request.body {
      let size = part.readableBytes
      guard body.count + size <= gate.hall.settings.limits.bodyBytes(through: door) else {
        return response(gate.tooLarge(asked), for: request)
      }
      guard gate.hall.crowd.take(bytes: size) else {
        return response(gate.noRoom(asked), for: request)
      }
      taken += size
      body.append(contentsOf: part.readableBytesView)
    }
    asked.body = body
    let (reply, route) = await gate.answer(asked)
    note(reply, route, asked.method, since: began)
    return response(reply, for: request)
  }

  /// One event, one line: no address, no query, no name, nothing that a person typed.
  private func note(
    _ reply: Reply, _ route: String, _ method: String, since began: ContinuousClock.Instant
  ) {
    let passed = ContinuousClock.now - began
    let seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
    gate.hall.metrics.count(route, status: reply.status, seconds: seconds)
    gate.hall.settings.logger.debug(
      "request",
      metadata: [
        "method": "\(method)", "route": "\(route)", "status": "\(reply.status)",
        "milliseconds": "\(Int(seconds * 1_000))",
      ])
  }

  private func response(_ reply: Reply, for request: Request) -> Response {
    var fields = HTTPFields()
    for (name, value) in reply.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    let status = HTTPResponse.Status(code: reply.status)
    switch reply.body {
    case .bytes(let bytes):
      let response = Response(
        status: status, headers: fields,
        body: reply.status == 304
          ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
      return request.method == .head ? response.createHeadResponse() : response
    case .live(let stream):
      return Response(status: status, headers: fields, body: Self.events(stream))
    }
  }

  /// At most one event a second for each page, whatever happens.
  private static func events(_ stream: AsyncStream<LiveFeed.Signal>) -> ResponseBody {
    ResponseBody { writer in
      try await writer.write(ByteBuffer(string: ": open\n\n"))
      for await signal in stream {
        switch signal {
        case .changed: try await writer.write(ByteBuffer(string: "event: changed\ndata:\n\n"))
        case .beat: try await writer.write(ByteBuffer(string: ": beat\n\n"))
        }
        try await Task.sleep(for: .seconds(1))
      }
      try await writer.finish(nil)
    }
  }
}

extension Asked {
  fileprivate init(_ request: Request, door: Door) {
    var headers: [String: String] = [:]
    var bytes = 0
    for field in request.headers {
      let name = field.name.canonicalName
      bytes += name.utf8.count + field.value.utf8.count
      let joint = name == "cookie" ? "; " : ", "
      headers[name] = headers[name].map { $0 + joint + field.value } ?? field.value
    }
    if let host = request.head.authority { headers["host"] = host }
    let whole = request.head.path ?? "/"
    let sides = whole.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      door: door, method: request.method.rawValue, rawPath: String(sides.first ?? "/"),
      rawQuery: sides.count > 1 ? String(sides[1]) : "", headers: headers,
      headerCount: request.headers.count, headerBytes: bytes)
  }
}
