import Foundation
import Kernel

/// One HTTP/1.1 request over a unix socket, which URLSession does not speak.
struct SocketClient {
  let path: String

  /// Sends a request and reads the answer to its end.
  ///
  /// - Throws: a ``StorageFailure`` when nobody answers.
  func send(
    _ method: String, _ target: String, headers: [(String, String)], body: [UInt8]
  ) throws -> (status: Int, body: [UInt8]) {
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
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < capacity else {
      close(descriptor)
      throw Self.unreachable
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let done = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, size)
      }
    }
    guard done == 0 else {
      close(descriptor)
      throw Self.unreachable
    }
    return descriptor
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0x4000) }
      guard count > 0 else { throw Self.unreachable }
      rest = rest.dropFirst(count)
    }
  }

  private func readAll(_ descriptor: Int32) -> [UInt8] {
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      guard count > 0 else { return answer }
      answer.append(contentsOf: piece[..<count])
    }
  }

  private static var unreachable: StorageFailure {
    StorageFailure(.unavailable, "the server that holds the data folder does not answer")
  }

  private static func parse(_ answer: [UInt8]) throws -> (status: Int, body: [UInt8]) {
    guard let gap = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { throw unreachable }
    let lines = String(decoding: answer[..<gap.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]) else { throw unreachable }
    let body = Array(answer[gap.upperBound...])
    let isChunked = lines.contains { $0.lowercased() == "transfer-encoding: chunked" }
    return (status, isChunked ? unchunked(body) : body)
  }

  private static func unchunked(_ body: [UInt8]) -> [UInt8] {
    var whole: [UInt8] = []
    var rest = body[...]
    while let line = rest.firstRange(of: Array("\r\n".utf8)),
      let count = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16),
      count > 0, rest.distance(from: line.upperBound, to: rest.endIndex) >= count
    {
      let end = line.upperBound + count
      whole.append(contentsOf: rest[line.upperBound..<end])
      rest = rest[end...].dropFirst(2)
    }
    return whole
  }
}
