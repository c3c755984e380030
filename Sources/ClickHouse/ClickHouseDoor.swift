import NIOCore
import NIOHTTP1
import NIOPosix
import Visits

/// Asks one ClickHouse server over HTTP, with a connection of its own for each request.
///
/// Identifiers of people and venues are sent as the contents of temporary tables beside a statement,
/// never inside it: they cannot change what it says, and the server's log of statements holds none.
struct ClickHouseDoor: Sendable {
  let host: ClickHouseAddress.Host
  let address: ClickHouseAddress

  /// A temporary table that lives as long as its statement.
  struct Beside: Sendable {
    let name: String
    /// The columns as in a CREATE TABLE.
    let columns: String
    let rows: ByteBuffer
  }

  /// Runs a statement with tables beside it and gives the rows of its answer.
  func ask(_ statement: String, beside tables: [Beside] = []) async throws -> ByteBuffer {
    var words = words(statement)
    guard !tables.isEmpty else { return try await send(words, ByteBuffer(), type: nil) }
    for table in tables {
      words.append(("\(table.name)_structure", table.columns))
      words.append(("\(table.name)_format", "RowBinary"))
    }
    let (body, boundary) = Self.form(of: tables)
    return try await send(words, body, type: "multipart/form-data; boundary=\(boundary)")
  }

  /// Runs a statement that takes rows in.
  func put(_ rows: ByteBuffer, into statement: String) async throws {
    _ = try await send(words(statement), rows, type: "application/octet-stream")
  }

  /// An answer comes when it is whole, so that a failure half-way is not taken for one; and what is
  /// written to a cluster is on its machines.
  private func words(_ statement: String) -> [(String, String)] {
    [
      ("query", statement), ("wait_end_of_query", "1"), ("insert_distributed_sync", "1"),
      ("max_execution_time", String(address.patience.components.seconds)),
    ]
  }

  /// The parts of a form, as a browser would send files, between lines that occur in none of them.
  private static func form(of tables: [Beside]) -> (body: ByteBuffer, boundary: String) {
    var boundary = "denghuo-part"
    while tables.contains(where: { contains($0.rows, boundary) }) { boundary += "-x" }
    var body = ByteBuffer()
    for table in tables {
      body.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(table.name)\"; ")
      body.writeString("filename=\"rows\"\r\nContent-Type: application/octet-stream\r\n\r\n")
      body.writeImmutableBuffer(table.rows)
      body.writeString("\r\n")
    }
    body.writeString("--\(boundary)--\r\n")
    return (body, boundary)
  }

  private static func contains(_ rows: ByteBuffer, _ boundary: String) -> Bool {
    rows.withUnsafeReadableBytes { bytes in
      let mark = Array(boundary.utf8)
      guard bytes.count >= mark.count else { return false }
      return (0...(bytes.count - mark.count)).contains { start in
        bytes[start] == mark[0] && bytes[start..<start + mark.count].elementsEqual(mark)
      }
    }
  }

  private func send(
    _ words: [(String, String)], _ body: ByteBuffer, type: String?
  ) async throws -> ByteBuffer {
    let query = words.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/?\(query)")
    head.headers.add(name: "Host", value: host.text)
    head.headers.add(name: "Connection", value: "close")
    head.headers.add(name: "Content-Length", value: String(body.readableBytes))
    head.headers.add(name: "X-ClickHouse-User", value: address.user)
    if !address.password.isEmpty {
      head.headers.add(name: "X-ClickHouse-Key", value: address.password)
    }
    if let type { head.headers.add(name: "Content-Type", value: type) }
    let (status, answer) = try await exchange(head, body)
    guard status == .ok else { throw refusal(answer) }
    return answer
  }

  /// Only the number is told: the server's sentence may quote what it was sent.
  private func refusal(_ answer: ByteBuffer) -> VisitFault {
    let said = String(buffer: answer)
    let number = said.hasPrefix("Code: ") ? said.dropFirst(6).prefix { $0.isNumber } : ""
    return VisitFault(.askedInVain, at: host.text, part: number.isEmpty ? "?" : String(number))
  }

  private static func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
      default: bytes += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ClickHouseDoor {
  private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  /// One request and its answer, or a fault when there is none in time.
  private func exchange(
    _ head: HTTPRequestHead, _ body: ByteBuffer
  ) async throws -> (HTTPResponseStatus, ByteBuffer) {
    do {
      return try await withThrowingTaskGroup { group in
        group.addTask { try await converse(head, body) }
        group.addTask {
          try await Task.sleep(for: address.patience + .seconds(5))
          throw VisitFault(.unreachable, at: host.text)
        }
        defer { group.cancelAll() }
        guard let answer = try await group.next() else {
          throw VisitFault(.unreachable, at: host.text)
        }
        return answer
      }
    } catch let cancellation as CancellationError {
      throw cancellation
    } catch let fault as VisitFault {
      throw fault
    } catch {
      throw VisitFault(.unreachable, at: host.text, system: (error as? IOError)?.errnoCode ?? 0)
    }
  }

  private func converse(
    _ head: HTTPRequestHead, _ body: ByteBuffer
  ) async throws -> (HTTPResponseStatus, ByteBuffer) {
    let connection: Connection = try await ClientBootstrap(
      group: MultiThreadedEventLoopGroup.singleton
    )
    // A busy machine lets callers knock again after one, three and seven seconds.
    .connectTimeout(.seconds(15))
    .connect(host: host.name, port: host.port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        return try Connection(wrappingChannelSynchronously: channel)
      }
    }
    return try await connection.executeThenClose { incoming, outgoing in
      // In one piece: the server has heard everything with the last byte of the body, and may have
      // answered and closed the connection before an end that comes later.
      let said: [HTTPClientRequestPart] =
        body.readableBytes > 0
        ? [.head(head), .body(.byteBuffer(body)), .end(nil)] : [.head(head), .end(nil)]
      try await outgoing.write(contentsOf: said)
      var status: HTTPResponseStatus?
      var answer = ByteBuffer()
      for try await part in incoming {
        switch part {
        case .head(let head): status = head.status
        case .body(let piece): answer.writeImmutableBuffer(piece)
        case .end:
          guard let status else { throw VisitFault(.unreachable, at: host.text) }
          return (status, answer)
        }
      }
      throw VisitFault(.unreachable, at: host.text)
    }
  }
}
