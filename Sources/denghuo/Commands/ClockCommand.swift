import ArgumentParser
import District
import Kernel

/// `denghuo clock`: whether a running server believes the machine's clock, and that it may.
struct ClockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock",
    abstract: told(
      "查看服务的时钟是否可信，或确认时钟正确。",
      "See whether a running server believes the clock, or accept it."))

  @Flag(help: .told("时钟正确，照此继续。", "The clock is right; go on by it.")) var accept = false
  @OptionGroup var folder: FolderOptions

  private struct Told: Decodable {
    let now: Instant
    let secondsOff: Int
    let trusted: Bool

    private enum CodingKeys: String, CodingKey {
      case now
      case trusted
      case secondsOff = "seconds_off"
    }
  }

  func run() async throws {
    let voice = Voice.fromEnvironment
    let door = ServerDoor(folder.folder, account: folder.account, language: voice.language)
    guard door.isAnswered else {
      throw WorldFailed(
        "服务没有运行，请先用 denghuo serve 启动", "No server is running there; start it with denghuo serve")
    }
    let told = try await door.operate(
      "clock", .object(["accept": .flag(accept), "account": .text(folder.account)])
    )
    .decoded(Told.self)
    let now = told.now.text(in: .china)
    let words =
      told.trusted
      ? Words("时钟可信：\(now)", "the clock is believed: \(now)")
      : Words(
        "时钟不可信：相差 \(told.secondsOff) 秒；未确认前按 \(now) 计",
        "the clock is not believed: \(told.secondsOff) seconds off; until it is, it counts as \(now)"
      )
    try voice.say(words(voice.language))
    if !told.trusted { throw ExitCode(1) }
  }
}
