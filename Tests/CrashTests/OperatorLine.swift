import Foundation

/// A connection to a server's own socket that is kept from one request to the next.
final class OperatorLine {
  /// What came back.
  struct Answer: CustomStringConvertible {
    let status: Int
    let head: String
    let body: String

    /// Whether the receipt is that of an earlier time.
    var isRepeat: Bool { head.lowercased().contains("idempotent-replayed: true") }
    var description: String { "\(status) \(body.prefix(300))" }
    func says(_ code: String) -> Bool { body.contains("\"\(code)\"") }
  }

  private let descriptor: Int32
  private var rest: [UInt8] = []
  private static let patienceSeconds = 20

  /// Connects; nil when nobody listens.
  init?(_ path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let isOpen = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isOpen else { return nil }
    var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func get(_ target: String, language: String = "en") -> Answer? {
    exchange("GET \(target) HTTP/1.1\r\n", language, "")
  }

  /// Posts a body, as a command when it has a key; nil when the line was cut.
  func post(
    _ target: String, _ body: String, key: String? = nil, language: String = "en"
  ) -> Answer? {
    let key = key.map { "Idempotency-Key: \($0)\r\n" } ?? ""
    return exchange(
      "POST \(target) HTTP/1.1\r\n\(key)Content-Type: application/json\r\n", language, body)
  }

  private func exchange(_ start: String, _ language: String, _ body: String) -> Answer? {
    let request =
      "\(start)Host: denghuo\r\nDenghuo-Account: admin\r\nAccept-Language: \(language)\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    var bytes = Array(request.utf8)[...]
    while !bytes.isEmpty {
      let sent = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0x4000) }
      guard sent > 0 else { return nil }
      bytes = bytes.dropFirst(sent)
    }
    return answer()
  }

  private func answer() -> Answer? {
    while true {
      if let gap = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: rest[..<gap.lowerBound], as: UTF8.self)
        let length = head.lowercased().split(separator: "\r\n")
          .first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let length, let status else { return nil }
        if rest.count >= gap.upperBound + length {
          let body = String(decoding: rest[gap.upperBound..<gap.upperBound + length], as: UTF8.self)
          rest.removeFirst(gap.upperBound + length)
          return Answer(status: status, head: head, body: body)
        }
      }
      var piece = [UInt8](repeating: 0, count: 1 << 14)
      let count = recv(descriptor, &piece, piece.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      rest += piece[..<count]
    }
  }
}
