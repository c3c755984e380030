import ArgumentParser
import District
import Foundation
import Kernel
import Registry

/// `denghuo demo`: a sample district, made once and served.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: told("生成一次示例区并提供服务。", "Make a sample district once and serve it."))

  @Option(help: .told("示例区放在哪里。", "Where the sample district lives.")) var data = "demo-data"
  @Option(help: .told("地址和端口。", "Address and port.")) var listen = DataFolder.usualAddress
  @Option(help: .told("至少这么多虚构居民。", "At least so many made-up residents.")) var residents = 21_000
  @Option(
    parsing: .upToNextOption,
    help: .told(
      "区县边界（GeoJSON），供地图使用。", "District boundaries (GeoJSON) for the map."))
  var boundaries: [String] = []
  @Flag(help: .told("只生成，不提供服务。", "Make the district and do not serve it.")) var makeOnly = false

  func run() async throws {
    let voice = Voice.fromEnvironment
    let folder = DataFolder(data)
    let serving = try Serving(listen: listen, isExposed: false, publicAddress: nil)
    let ready = "\(data)/demo-ready"
    let begun = "\(data)/demo-begun"
    if folder.isMade {
      try requireSample(isReady: Self.isThere(ready), isBegun: Self.isThere(begun))
    } else {
      let features = try boundaries.flatMap(BoundaryFile.features)
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: begun))
      try await SampleMaker(
        folder: folder, voice: voice, population: residents, boundaries: features
      ).make()
      try Data().write(to: URL(filePath: ready))
    }
    if makeOnly { return }
    // The links go out once the server listens, through it, like any other command.
    try await serving.run(folder, voice: voice) { address in
      Task { await tell(address, folder, voice) }
    }
  }

  private static func isThere(_ file: String) -> Bool {
    FileManager.default.fileExists(atPath: file)
  }

  /// Nobody is told to delete a folder that is no sample.
  private func requireSample(isReady: Bool, isBegun: Bool) throws(Refusal) {
    if isReady { return }
    if isBegun {
      throw Refusal(
        .conflict, "demo.unfinished",
        Words(
          "“\(data)”中的示例区没有生成完，请删除该目录后重试",
          "The sample district in “\(data)” was not finished; delete that folder and try again"))
    }
    throw Refusal(
      .conflict, "demo.otherDistrict",
      Words(
        "“\(data)”中已有一个不是示例的区，请用 --data 换一个目录",
        "“\(data)” holds a district that is no sample; choose another folder with --data"))
  }

  /// Prints the address and a one-time sign-in for each person of the demonstration. The server goes
  /// on whatever becomes of it.
  private func tell(_ address: String, _ folder: DataFolder, _ voice: Voice) async {
    let door = ServerDoor(folder, account: "admin", language: voice.language)
    let title = Words("灯火示例区", "Denghuo sample district")
    say("\n  \(title(voice.language)): \(address)\n", voice)
    for person in DemoSignIns.people {
      await sayLink(person.title, voice) {
        "\(address)/link/\(try await DemoSignIns.link(person.account, door))"
      }
    }
    await sayLink(Words("居民（隔离中）", "A resident in isolation"), voice) {
      try await DemoSignIns.slip(door).map { "\(address)/s/\($0)" }
    }
    await sayLink(Words("居民（绿码，带孩子）", "A resident whose code is green"), voice) {
      try await DemoSignIns.greenSlip(door).map { "\(address)/s/\($0)" }
    }
    await sayLink(Words("门店的场所码屏幕", "The screen of a shop"), voice) {
      try await DemoSignIns.screen(door).map { "\(address)\($0)" }
    }
    await sayLink(Words("核验健康码", "Where codes are checked"), voice) { "\(address)/verify" }
    let end = Words("\n  以上为一次性登录地址；按 Ctrl-C 停止。", "\n  One-time sign-in addresses; Ctrl-C stops.")
    say(end(voice.language), voice)
  }

  private func sayLink(
    _ title: Words, _ voice: Voice, _ make: () async throws -> String?
  ) async {
    do {
      guard let link = try await make() else { return }
      say("  \(title(voice.language)): \(link)", voice)
    } catch {
      voice.note(
        Words(
          "没有生成“\(title.chinese)”的登录地址（\(Words(of: error).chinese)），可用 denghuo link 另发",
          "no sign-in address for “\(title.english)” (\(Words(of: error).english)); denghuo link "
            + "makes one"))
    }
  }

  /// A closed standard output is no reason to stop the server.
  private func say(_ text: String, _ voice: Voice) {
    do { try voice.say(text) } catch { voice.note(Words(text, text)) }
  }
}
