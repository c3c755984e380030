import Foundation
import Kernel

/// The server that holds the folder, reached through its socket.
struct ServerDoor: Door {
  let socket: String
  let account: String
  let language: Language

  func submit(_ name: String, _ body: Fields) async throws -> Receipt {
    let id = UUID().uuidString.lowercased()
    let bytes = try call(
      "POST", "/api/commands/\(name)", body: Fields.jsonBytes(body),
      headers: [("Idempotency-Key", id)])
    let answer = try Fields.json(bytes)
    let told = try answer.decoded(Told.self, strict: false)
    return Receipt(
      command: CommandID(trusted: id), name: name, at: told.at, policy: told.policy ?? "",
      answer: try Fields.jsonBytes(answer["answer"]), isRepeat: false)
  }

  private struct Told: Decodable {
    let at: Instant
    let policy: String?
  }

  func rehearse(_ commands: [(name: String, body: Fields)]) async throws -> [[UInt8]] {
    let list = commands.map { command in
      Fields.object([
        "id": .text(UUID().uuidString.lowercased()), "name": .text(command.name),
        "command": command.body,
      ])
    }
    let answer = try call("POST", "/api/rehearse", body: Fields.jsonBytes(Fields.list(list)))
    guard case .list(let receipts) = try Fields.json(answer) else { return [] }
    return try receipts.map { try Fields.jsonBytes($0["answer"]) }
  }

  func ask(_ name: String, _ body: Fields, purpose: Purpose) async throws -> [UInt8] {
    try call(
      "POST", "/api/queries/\(name)?purpose=\(purpose.rawValue)", body: Fields.jsonBytes(body))
  }

  private func call(
    _ method: String, _ path: String, body: [UInt8], headers: [(String, String)] = []
  ) throws -> [UInt8] {
    let answer = try SocketClient(path: socket).send(
      method, path,
      headers: headers + [
        ("Content-Type", "application/json"), ("Denghuo-Account", account),
        ("Accept-Language", language.rawValue),
      ],
      body: body)
    if answer.status < 300 { return answer.body }
    let refusal = try Fields.json(answer.body)["refusal"]
    guard case .text(let code) = refusal["code"], case .text(let message) = refusal["message"]
    else {
      throw StorageFailure(.unavailable, "the server answered \(answer.status)")
    }
    var field: String?
    if case .text(let name) = refusal["field"] { field = name }
    throw Refusal(.invalid, code, Words(message, message), field: field)
  }
}
