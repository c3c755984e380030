import ArgumentParser
import District
import Foundation
import Kernel
import Registry

/// `denghuo factor show|reset|approve`: second factors, for the operator.
struct FactorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "factor",
    abstract: told(
      "查看账号的验证器；丢失时两人重置。",
      "Look at an account's second factor; two people reset a lost one."),
    subcommands: [Show.self, Reset.self, Approve.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: told(
        "账号是否设置了验证器，剩几个恢复码；不写账号则列出待批准的重置。",
        "Whether an account has one and how many recovery codes are left; without an account, the resets that wait."
      ))
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
    @Option(help: .told("账号。", "The account.")) var account: String?
    @Option(help: .told("以哪个账号办理。", "The account that acts.")) var by = "admin"

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await Doors.open(DataFolder(data), account: by, voice: voice)
      guard let account else {
        let resets = try await door.ask(
          ListFactorResets.name, .object([:]), purpose: .supervision, as: [FactorReset].self)
        for reset in resets {
          try voice.say(
            "\(reset.reset)\t\(reset.account)\t\(reset.askedBy)\t\(reset.reason)")
        }
        return
      }
      let answer = try await door.ask(
        ShowFactor.name, .object(["account": .text(account)]), purpose: .supervision,
        as: ShowFactor.Answer.self)
      let since = answer.enrolledAt.map { $0.text(in: .china) } ?? "–"
      try voice.say(
        Words(
          "\(account)：验证器设置于 \(since)，\(answer.passkeys) 个通行密钥，岗位\(answer.isRequired ? "要求" : "不要求")，剩 \(answer.codesLeft) 个恢复码",
          "\(account): authenticator set up \(since), \(answer.passkeys) passkeys, \(answer.isRequired ? "required" : "not required") by its offices, \(answer.codesLeft) recovery codes left"
        )(voice.language))
    }
  }

  struct Reset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reset",
      abstract: told(
        "申请重置账号的验证器，打印申请编号；须另一单位的人批准。",
        "Ask that an account's second factor be taken away; prints the request's number. Somebody of another organisation approves."
      ))
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
    @Option(help: .told("账号。", "The account.")) var account: String
    @Option(help: .told("怎样确认是本人。", "How it is known that it is them.")) var reason: String
    @Option(help: .told("以哪个账号办理。", "The account that acts.")) var by = "admin"

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await Doors.open(DataFolder(data), account: by, voice: voice)
      let receipt = try await door.perform(
        AskFactorReset.name, .object(["account": .text(account), "reason": .text(reason)]))
      try voice.say(try receipt.decoded(FactorResetID.self).text)
    }
  }

  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "approve",
      abstract: told(
        "第二人批准（或 --decline 拒绝）重置。",
        "The second person approves a reset, or declines it with --decline."))
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
    @Option(help: .told("申请编号。", "The request's number.")) var reset: String
    @Option(help: .told("以哪个账号办理。", "The account that acts.")) var by: String
    @Flag(help: .told("不批准。", "Decline it.")) var decline = false

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await Doors.open(DataFolder(data), account: by, voice: voice)
      _ = try await door.perform(
        DecideFactorReset.name,
        .object(["reset": .text(reset), "approved": .flag(!decline)]))
    }
  }
}
