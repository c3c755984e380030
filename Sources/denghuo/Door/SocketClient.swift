import Foundation
import Kernel

/// One HTTP/1.1 request over a unix socket, which URLSession does not speak.
struct SocketClient {
  let path: String

  /// What came back.
  struct Answer {
    let status: Int
    let body: [UInt8]
    /// After how many seconds it makes sense to come back.
    let retryAfter: Int?
  }

  /// Whether somebody listens there.
  var isAnswered: Bool {
    guard let descriptor = try? connect() else { return false }
    close(descriptor)
    return true
  }

  /// Sends a request and reads the answer to its end.
  ///
  /// - Throws: a ``WorldFailed`` when nobody answers, or not to the end.
  func send(
    _ method: String, _ target: String, headers: [(String, String)], body: [UInt8]
  ) throws -> Answer {
    let descriptor = try connect()
    defer { close(descriptor) }
    var head = "\(method) \(target) HTTP/1.1\r\nHost: denghuo\r\nConnection: close\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    head += "Content-Length: \(body.count)\r\n\r\n"
    try write(Array(head.utf8) + body, to: descriptor)
    return try Self.parse(readAll(descriptor))
  }

  private func connect() throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Self.unreachable }
    do {
      try SocketPath.withAddress(of: path) { address, size in
        guard Glibc.connect(descriptor, address, size) == 0 else { throw Self.unreachable }
      }
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0x4000) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.unreachable }
      rest = rest.dropFirst(count)
    }
  }

  private func readAll(_ descriptor: Int32) -> [UInt8] {
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return answer }
      answer.append(contentsOf: piece[..<count])
    }
  }

  private static var unreachable: WorldFailed {
    WorldFailed(
      "占用数据目录的服务没有应答，不能确定操作是否完成；请在服务恢复后重试（重复的内容不会记两次）",
      "The server that holds the data folder does not answer, so it is not known whether this was "
        + "done; try again when it is back (nothing is recorded twice)")
  }

  private static func parse(_ answer: [UInt8]) throws -> Answer {
    guard let gap = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { throw unreachable }
    let lines = String(decoding: answer[..<gap.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]) else { throw unreachable }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let sides = line.split(separator: ":", maxSplits: 1)
      guard sides.count == 2 else { continue }
      headers[sides[0].lowercased()] = String(sides[1]).trimmingWhitespace()
    }
    var body = Array(answer[gap.upperBound...])
    if headers["transfer-encoding"]?.lowercased() == "chunked" {
      body = try unchunked(body)
    } else if let length = headers["content-length"].flatMap({ Int($0) }), body.count < length {
      throw unreachable
    }
    return Answer(
      status: status, body: body, retryAfter: headers["retry-after"].flatMap { Int($0) })
  }

  private static func unchunked(_ body: [UInt8]) throws -> [UInt8] {
    var whole: [UInt8] = []
    var rest = body[...]
    while let line = rest.firstRange(of: Array("\r\n".utf8)),
      let count = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16),
      rest.distance(from: line.upperBound, to: rest.endIndex) >= count
    {
      if count == 0 { return whole }
      let end = line.upperBound + count
      whole.append(contentsOf: rest[line.upperBound..<end])
      rest = rest[end...].dropFirst(2)
    }
    throw unreachable
  }
}
