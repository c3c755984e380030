import ArgumentParser
import District
import Foundation
import Kernel
import Server

/// `denghuo authorisation`: who may do what, as a document.
struct AuthorisationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "authorisation",
    abstract: told(
      "打印权限矩阵：每个命令、查询、页面由哪些岗位使用。",
      "Print the authorisation matrix: which offices may use each command, question and page."))

  func run() async throws {
    // The declarations are asked in a district of their own, which is empty and goes away.
    let path = FileManager.default.temporaryDirectory
      .appending(path: "denghuo-authorisation-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = DataFolder(path)
    try folder.make()
    let (district, lock) = try await folder.open(clock: .machine)
    let doors = RouteAccess.all.map { way in
      AuthorisationDocument.Door(
        name: way.name, methods: way.methods,
        audience: way.duty.map { "as `\($0.name)`" } ?? way.rule.words.english)
    }
    let text = try await AuthorisationDocument.text(of: district.desk, doors: doors)
    try Voice.fromEnvironment.say(text.trimmingWhitespace())
    withExtendedLifetime(lock) {}
  }
}
