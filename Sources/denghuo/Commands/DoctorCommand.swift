import ArgumentParser
import District
import Kernel

/// `denghuo doctor`: what is wrong with this installation, and how to mend it.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: told(
      "检查本机安装：哪里不对，怎样修复。",
      "Say what is wrong with this installation and how to mend it."))

  @Flag(help: .told("通读整个数据库文件。", "Read the whole file of the database.")) var deep = false
  @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    var findings = try FolderExamination(folder.folder).findings()
    do {
      let door = try await folder.door(voice)
      findings += try await door.examine(deep: deep)
      findings += try await exposure(door)
    } catch {
      let why = Words(of: error)
      findings.append(
        Finding(
          "district.opens", .bad,
          Words("数据打不开：\(why.chinese)", "The district does not open: \(why.english)"),
          remedy: Words(
            "按上述原因处理；数据损坏时用 denghuo restore",
            "See to the reason; damaged data comes back with denghuo restore"
          )))
    }
    switch format {
    case .json: try voice.say(json: findings)
    case .text: for finding in findings { try tell(finding, voice) }
    }
    if findings.contains(where: { $0.verdict == .bad }) { throw ExitCode(1) }
  }

  private func tell(_ finding: Finding, _ voice: Voice) throws {
    let mark =
      switch finding.verdict {
      case .good: Words("正常", "good")
      case .doubtful: Words("注意", "see to")
      case .bad: Words("有误", "WRONG")
      }
    try voice.say("\(mark(voice.language))  \(finding.seen(voice.language))  [\(finding.code)]")
    if let remedy = finding.remedy { try voice.say("      → \(remedy(voice.language))") }
  }

  /// Whether a running server can be reached from elsewhere without TLS.
  private func exposure(_ door: any Door) async throws -> [Finding] {
    guard door is ServerDoor else {
      return [
        Finding(
          "server.running", .good,
          Words("服务没有运行", "No server is running; the folder was opened by itself"))
      ]
    }
    let address = folder.folder.address(path: "")
    let isOpen = !address.contains("//127.") && !address.contains("//[::1]")
    return [
      isOpen
        ? Finding(
          "server.exposed", .doubtful,
          Words(
            "服务对其他机器开放：\(address)", "The server can be reached from other machines: \(address)"),
          remedy: Words(
            "前面加 TLS 代理并监听 127.0.0.1", "Listen on 127.0.0.1 behind a proxy with TLS"))
        : Finding(
          "server.running", .good,
          Words(
            "服务在 \(address) 运行，只有本机可直接连接", "A server runs at \(address), for this machine alone"))
    ]
  }
}
