import District
import Foundation
import Kernel

/// The server that holds the folder, reached through its socket.
struct ServerDoor: Door {
  private let client: SocketClient
  private let account: String
  private let language: Language

  /// A server that has too much to do is asked again so often.
  private static let attempts = 6
  private static let longestPause = 10

  init(_ folder: DataFolder, account: String, language: Language) {
    client = SocketClient(path: folder.socket)
    self.account = account
    self.language = language
  }

  /// Whether a server listens there.
  var isAnswered: Bool { client.isAnswered }

  func submit(_ name: String, _ body: Fields) async throws -> Receipt {
    let id = UUID().uuidString.lowercased()
    let bytes = try await call(
      "/api/commands/\(name)", body: Fields.jsonBytes(body), headers: [("Idempotency-Key", id)])
    let answer = try Fields.json(bytes)
    let told = try answer.decoded(Told.self, strict: false)
    return Receipt(
      command: CommandID(trusted: id), name: name, at: told.at, policy: told.policy ?? "",
      answer: try Fields.jsonBytes(answer["answer"]), isRepeat: false,
      checkpoint: told.checkpoint)
  }

  private struct Told: Decodable {
    let at: Instant
    let policy: String?
    let checkpoint: String?
  }

  // The server's own clock does it.
  func followUp() async throws {}

  func rehearse(_ commands: [(name: String, body: Fields)]) async throws -> [[UInt8]] {
    let list = commands.map { command in
      Fields.object([
        "id": .text(UUID().uuidString.lowercased()), "name": .text(command.name),
        "command": command.body,
      ])
    }
    let answer = try await call("/api/rehearse", body: Fields.jsonBytes(Fields.list(list)))
    guard case .list(let receipts) = try Fields.json(answer) else { return [] }
    return try receipts.map { try Fields.jsonBytes($0["answer"]) }
  }

  func ask(_ name: String, _ body: Fields, purpose: Purpose) async throws -> [UInt8] {
    try await call(
      "/api/queries/\(name)?purpose=\(purpose.rawValue)", body: Fields.jsonBytes(body))
  }

  func backUp(to file: String, for key: BackupKey) async throws -> BackupSummary {
    let body = Fields.object(["to": .text(file), "key": .text(key.text)])
    return try await operate("backup", body).decoded(BackupSummary.self, strict: false)
  }

  /// Asks for what only the operator of the machine may.
  func operate(_ name: String, _ body: Fields) async throws -> Fields {
    try Fields.json(await call("/api/operations/\(name)", body: Fields.jsonBytes(body)))
  }

  private func call(
    _ path: String, body: [UInt8], headers: [(String, String)] = []
  ) async throws -> [UInt8] {
    let headers =
      headers + [
        ("Content-Type", "application/json"), ("Denghuo-Account", account),
        ("Accept-Language", language.rawValue),
      ]
    var answer = try client.send("POST", path, headers: headers, body: body)
    // The same identifier again applies nothing twice.
    for _ in 1..<Self.attempts where answer.status == 429 || answer.status == 503 {
      // Without a time to come back somebody has to see to the server first.
      guard let pause = answer.retryAfter else { break }
      try await Task.sleep(for: .seconds(min(pause, Self.longestPause)))
      answer = try client.send("POST", path, headers: headers, body: body)
    }
    if answer.status < 300 { return answer.body }
    throw try trouble(answer)
  }

  /// What the server said: a no, or that the world failed it.
  private func trouble(_ answer: SocketClient.Answer) throws -> any Error {
    let refusal = (try? Fields.json(answer.body)["refusal"]) ?? .null
    guard case .text(let code) = refusal["code"], case .text(let message) = refusal["message"]
    else {
      return StorageFailure(.unavailable, "the server answered \(answer.status)")
    }
    if answer.status >= 500 { return WorldFailed(message, message) }
    var field: String?
    if case .text(let name) = refusal["field"] { field = name }
    return Refusal(.invalid, code, Words(message, message), field: field)
  }
}
