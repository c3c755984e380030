import ArgumentParser
import District
import Foundation
import Kernel
import Registry

/// `denghuo demo`: a sample district, made once and served.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Make a sample district once and serve it.")

  @Option(help: "Where the sample district lives.") var data = "demo-data"
  @Option(help: "Address and port.") var listen = DataFolder.usualAddress
  @Option(help: "At least so many made-up residents.") var residents = 21_000
  @Flag(help: "Make the district and do not serve it.") var makeOnly = false

  func run() async throws {
    let voice = Voice.fromEnvironment
    let folder = DataFolder(data)
    let serving = try Serving(listen: listen, isExposed: false, publicAddress: nil)
    let ready = "\(data)/demo-ready"
    if folder.isMade && !FileManager.default.fileExists(atPath: ready) {
      throw Refusal(
        .conflict, "demo.unfinished",
        Words(
          "“\(data)”中的示例区没有生成完，请删除该目录后重试",
          "The sample district in “\(data)” was not finished; delete that folder and try again"))
    }
    if !folder.isMade {
      try await SampleMaker(folder: folder, voice: voice, population: residents).make()
      try Data().write(to: URL(filePath: ready))
    }
    if makeOnly { return }
    // The links go out once the server listens, through it, like any other command.
    try await serving.run(folder, voice: voice) { address in
      Task { await tell(address, folder, voice) }
    }
  }

  /// Prints the address and a one-time sign-in for each person of the demonstration.
  private func tell(_ address: String, _ folder: DataFolder, _ voice: Voice) async {
    voice.say("\n  \(Words("灯火示例区", "Denghuo sample district")(voice.language)): \(address)\n")
    do {
      for person in DemoSignIns.people {
        let secret = Hex.text(Entropy.system.bytes(32))
        let door = ServerDoor(socket: folder.socket, account: "admin", language: voice.language)
        _ = try await door.submit(
          IssueLink.name,
          .object([
            "account": .text(person.account), "fingerprint": .text(Secret.fingerprint(secret)),
          ]))
        voice.say("  \(person.title(voice.language)): \(address)/link/\(secret)")
      }
      if let slip = try await DemoSignIns.slip(folder, voice) {
        let title = Words("居民（隔离中）", "A resident in isolation")
        voice.say("  \(title(voice.language)): \(address)/s/\(slip)")
      }
      voice.say(
        Words("\n  以上为一次性登录地址；按 Ctrl-C 停止。", "\n  One-time sign-in addresses; Ctrl-C stops.")(
          voice.language))
    } catch {
      voice.complain(Words("无法生成登录地址：\(error)", "The sign-in addresses failed: \(error)"))
    }
  }
}
