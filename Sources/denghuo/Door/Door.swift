import District
import Foundation
import Kernel

/// The way from the command line to a district: through its folder, or through the server that
/// holds the folder.
protocol Door: Sendable {
  /// Performs a command and gives its receipt.
  func submit(_ name: String, _ body: Fields) async throws -> Receipt
  /// Does what follows from the commands before, such as tracing.
  func followUp() async throws
  /// Performs commands in one transaction that is undone; gives their answers.
  func rehearse(_ commands: [(name: String, body: Fields)]) async throws -> [[UInt8]]
  /// Asks a question and gives its answer as JSON.
  func ask(_ name: String, _ body: Fields, purpose: Purpose) async throws -> [UInt8]
  /// Writes a backup of the district while work goes on.
  func backUp(to file: String, for key: BackupKey) async throws -> BackupSummary
  /// Looks whether anything is wrong with the district.
  func examine(deep: Bool) async throws -> [Finding]
}

extension Door {
  /// Performs a single command with what follows from it.
  func perform(_ name: String, _ body: Fields) async throws -> Receipt {
    let receipt = try await submit(name, body)
    try await followUp()
    return receipt
  }

  /// Asks a question whose answer is decoded.
  func ask<Answer: Decodable>(
    _ name: String, _ body: Fields, purpose: Purpose, as type: Answer.Type = Answer.self
  ) async throws -> Answer {
    let bytes = try await ask(name, body, purpose: purpose)
    return try Fields.json(bytes).decodedAnswer(Answer.self)
  }
}

enum Doors {
  /// How often a folder that is in use is looked at again: a command that is about to end, or a
  /// server that is about to listen, is worth waiting for.
  private static let looks = 20
  private static let pause = Duration.milliseconds(100)

  /// Opens the way to the district in a folder: the folder itself when it is free, the running
  /// server when one holds it.
  ///
  /// - Throws: a refusal when another process holds it that is no server.
  static func open(_ folder: DataFolder, account: String, voice: Voice) async throws -> any Door {
    var look = 0
    while true {
      do {
        return try await FolderDoor(folder, account: account, voice: voice)
      } catch let refusal as Refusal where refusal.code == "folder.inUse" {
        let door = ServerDoor(folder, account: account, language: voice.language)
        if door.isAnswered { return door }
        look += 1
        guard look < looks else { throw refusal }
        try await Task.sleep(for: pause)
      }
    }
  }
}
