import Kernel

/// Who stands before the server.
struct Visitor: Sendable {
  /// What the request proves itself with.
  enum Proof: Sendable {
    case nothing
    case cookie
    case token
    /// The socket in the data folder.
    case socket
  }

  var sender: Sender = .nobody
  var proof: Proof = .nothing
  /// The resident whose slip the browser holds.
  var resident: Sender?
  var session: Redacted<String>?
  /// Why a cookie or slip that was sent is worth nothing.
  var ended: Refusal?

  /// Whether a right password was given and the second factor was not shown yet.
  var owesFactor: Bool { sender == .nobody && ended?.code == Refusal.factorOwed.code }

  /// As whom something with a duty is done: what concerns a resident's own file as the resident.
  func sender(for duty: Duty?) -> Sender {
    if duty == .ownFile || sender == .nobody { return resident ?? sender }
    return sender
  }

  /// The reason why nobody is signed in, which is better than none.
  func explained(_ error: any Error) -> any Error {
    if let refusal = error as? Refusal, refusal.kind == .unknownSender, let ended { return ended }
    return error
  }
}

extension Doorkeeper {
  /// Finds out who sent a request.
  ///
  /// - Throws: a refusal when a token is wrong; a cookie that ended only makes the sender nobody.
  func visitor(of asked: Asked) async throws -> Visitor {
    var visitor = Visitor()
    if asked.door == .local {
      let name = asked.headers["denghuo-account"] ?? "admin"
      visitor.sender = .account(try AccountID(name, field: "Denghuo-Account"))
      visitor.proof = .socket
      return visitor
    }
    if let authorization = asked.headers["authorization"] {
      let parts = authorization.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "bearer" else {
        throw Refusal(
          .unknownSender, "token.malformed",
          Words("认证头应为 Bearer 加令牌", "The header Authorization holds Bearer and a token"))
      }
      visitor.sender = try await forToken(Redacted(String(parts[1])))
      visitor.proof = .token
      return visitor
    }
    if let secret = asked.cookie(CookieName.session) {
      visitor.proof = .cookie
      do {
        visitor.sender = try await forSession(Redacted(secret))
        visitor.session = Redacted(secret)
      } catch let refusal as Refusal { visitor.ended = refusal }
    }
    if let secret = asked.cookie(CookieName.slip) {
      visitor.proof = .cookie
      do {
        visitor.resident = try await forSlip(Redacted(secret))
      } catch let refusal as Refusal { visitor.ended = visitor.ended ?? refusal }
    }
    return visitor
  }
}

/// Whether a request that changes something was sent by one of our own pages.
enum OriginCheck {
  /// Refuses what another site's page made a browser send.
  static func require(_ asked: Asked, publicAddress: String?) throws {
    if let site = asked.headers["sec-fetch-site"] {
      if site == "same-origin" { return }
      throw refusal
    }
    guard let origin = asked.headers["origin"] else { throw refusal }
    if let publicAddress, origin.lowercased() == publicAddress.lowercased() { return }
    let host = asked.headers["host", default: ""].lowercased()
    guard !host.isEmpty,
      origin.lowercased() == "http://\(host)"
        || origin.lowercased() == "https://\(host)"
    else { throw refusal }
  }

  private static let refusal = Refusal(
    .forbidden, "origin.foreign",
    Words(
      "请求不是从本系统的页面发出的，请回到页面重新操作",
      "This was not sent from one of our own pages; go back and try again"))
}
