import Dispatch
import Foundation
import Glibc
import Kernel

/// An answer as it came over the wire.
struct RawAnswer: Sendable {
  let status: Int
  let headers: [(name: String, value: String)]
  let body: String

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// A cookie that the answer sets.
  func cookie(_ name: String) -> String? {
    for header in headers where header.name == "set-cookie" {
      let pair = header.value.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
      if pair.first.map(String.init) == name { return pair.count > 1 ? String(pair[1]) : "" }
    }
    return nil
  }

  var json: Fields { (try? Fields.json(Array(body.utf8))) ?? .null }

  /// `code` of a refusal.
  var code: String? {
    if case .text(let code) = json["refusal"]["code"] { code } else { nil }
  }
}

/// Speaks HTTP by hand, so that what is malformed reaches the server as it is.
struct RawClient: Sendable {
  enum Target: Sendable {
    case port(Int)
    case socket(String)
  }

  let target: Target

  /// Sends bytes and reads one answer.
  func send(bytes: [UInt8], patience: Int = 60) async -> RawAnswer {
    let target = target
    return await withCheckedContinuation { done in
      // On a thread of its own: waiting for the server must not hold up the server's tasks.
      DispatchQueue.global().async {
        done.resume(returning: Self.exchange(target, bytes, patience: patience))
      }
    }
  }

  func send(
    _ method: String, _ path: String, headers: [(String, String)] = [], body: String = ""
  ) async -> RawAnswer {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if !body.isEmpty || method == "POST" { text += "Content-Length: \(body.utf8.count)\r\n" }
    return await send(bytes: Array((text + "\r\n" + body).utf8))
  }

  private static func exchange(
    _ target: Target, _ bytes: [UInt8], patience: Int
  ) -> RawAnswer {
    let descriptor = connect(target)
    guard descriptor >= 0 else { return RawAnswer(status: 0, headers: [], body: "no connection") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count <= 0 { break }
      answer.append(contentsOf: piece[..<count])
    }
    return parse(String(decoding: answer, as: UTF8.self))
  }

  private static func connect(_ target: Target) -> Int32 {
    switch target {
    case .port(let port):
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = UInt16(port).bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      return finish(descriptor, &address)
    case .socket(let path):
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      return finish(descriptor, &address)
    }
  }

  private static func finish<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
    let size = socklen_t(MemoryLayout<Address>.size)
    let done = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, size)
      }
    }
    if done == 0 { return descriptor }
    close(descriptor)
    return -1
  }

  private static func parse(_ text: String) -> RawAnswer {
    let gap = text.range(of: "\r\n\r\n")
    let head = gap.map { text[..<$0.lowerBound] } ?? text[...]
    let lines = head.components(separatedBy: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      let sides = line.split(separator: ":", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      return (sides[0].lowercased(), String(sides[1]).trimmingWhitespace())
    }
    return RawAnswer(
      status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: headers,
      body: gap.map { String(text[$0.upperBound...]) } ?? "")
  }
}
