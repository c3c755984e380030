import District
import Foundation
import Kernel

/// The way from the command line to a district: through its folder, or through the server that
/// holds the folder.
protocol Door: Sendable {
  /// Performs a command and gives its receipt.
  func submit(_ name: String, _ body: Fields) async throws -> Receipt
  /// Performs commands in one transaction that is undone; gives their answers.
  func rehearse(_ commands: [(name: String, body: Fields)]) async throws -> [[UInt8]]
  /// Asks a question and gives its answer as JSON.
  func ask(_ name: String, _ body: Fields, purpose: Purpose) async throws -> [UInt8]
}

extension Door {
  /// Asks a question whose answer is decoded.
  func ask<Answer: Decodable>(
    _ name: String, _ body: Fields, purpose: Purpose, as type: Answer.Type = Answer.self
  ) async throws -> Answer {
    let bytes = try await ask(name, body, purpose: purpose)
    return try Fields.json(bytes).decoded(Answer.self, strict: false)
  }
}

enum Doors {
  /// Opens the way to the district in a folder: the folder itself when it is free, the running
  /// server when one holds it.
  static func open(_ folder: DataFolder, account: String, voice: Voice) async throws -> any Door {
    do {
      return try await FolderDoor(folder, account: account, voice: voice)
    } catch let refusal as Refusal where refusal.code == "folder.inUse" {
      let door = ServerDoor(socket: folder.socket, account: account, language: voice.language)
      guard FileManager.default.fileExists(atPath: folder.socket) else { throw refusal }
      return door
    }
  }
}
