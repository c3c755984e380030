import ArgumentParser
import Containment
import Gazette
import Kernel

extension RestrictionsCommand {
  /// What waits because one account has caused more than one may.
  struct Held: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "held",
      abstract: told(
        "等第二人复核的批量措施：不带账号列出全部，带账号显示预览和抽样。",
        "Batches that wait for a second person: all of them, or the preview and sample of one account."
      ))

    @Argument(help: .told("谁所致：账号。", "The account that caused it.")) var causedBy: String?
    @Option(help: .told("地点的编号或代码。", "A place's identifier or code.")) var place: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      guard let causedBy else { return try await all(door, voice) }
      let query = HeldRestrictions(account: try AccountID(causedBy, field: "caused-by"))
      let answer = try await door.ask(
        HeldRestrictions.name, Fields.json(Fields.jsonBytes(query)), purpose: .containment,
        as: HeldRestrictions.Answer.self)
      if format == .json { return try voice.say(json: answer) }
      for line in answer.lines(voice.language) { try voice.say(line) }
    }

    private func all(_ door: any Door, _ voice: Voice) async throws {
      let query = ListHeldRestrictions(place: try place.map { try PlaceID($0, field: "place") })
      let held = try await door.ask(
        ListHeldRestrictions.name, Fields.json(Fields.jsonBytes(query)), purpose: .containment,
        as: ListHeldRestrictions.Answer.self
      ).held
      if format == .json { return try voice.say(json: held) }
      if held.isEmpty {
        try voice.say(Words("没有等复核的批量措施", "nothing waits for a second person")(voice.language))
      }
      for entry in held {
        let last = entry.last.shortText(in: .china)
        try voice.say(
          "\(entry.account.text)  "
            + Words("\(entry.people) 人，最近 \(last)", "\(entry.people) people, last \(last)")(
              voice.language))
      }
    }
  }

  /// Asks that a restriction end early; a second person approves it.
  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "end",
      abstract: told(
        "申请提前解除一项措施，另一单位批准后才解除。",
        "Ask that a restriction end early; it ends once another office approves."))

    @Argument(help: .told("措施编号。", "The restriction.")) var restriction: String
    @Option(help: .told("released 或 no_longer_needed。", "released or no_longer_needed."))
    var reason: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let reason = EndReason(rawValue: reason) else {
        throw Refusal.malformed(
          "reason", reason,
          expected: Words("released | no_longer_needed", "released | no_longer_needed"))
      }
      let command = EndRestriction(
        restriction: try RestrictionID(restriction, field: "restriction"), reason: reason)
      _ = try await folder.door(voice).perform(
        EndRestriction.name, Fields.json(Fields.jsonBytes(command)))
      voice.note(Words("等待另一单位批准", "another office has to approve it"))
    }
  }

  /// The second person's decision.
  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "approve",
      abstract: told(
        "作为第二人批准或不批准一份申请，或一个账号所致的批量措施。",
        "Decide as second person on a request, or on what one account has caused beyond its limit.")
    )

    @Argument(help: .told("申请编号；用 --held 时为账号。", "The request; with --held, the account."))
    var request: String
    @Option(
      help: .told(
        "批量措施：预览（restrictions held 账号）所示人数。",
        "Of a batch: how many its preview (restrictions held ACCOUNT) shows."))
    var held: Int?
    @Option(
      help: .told(
        "批量措施：所核对预览的编号；批准时必填。", "Of a batch: the preview that was looked at; needed to approve."))
    var preview: String?
    @Flag(
      help: .told(
        "提前解除申请：编号为措施的编号。", "An early end: the identifier is the restriction's."))
    var end = false
    @Flag(
      help: .told(
        "外出被发现后的转运：编号为措施的编号。", "A transfer after a breach: the identifier is the restriction's."))
    var transfer = false
    @Flag(help: .told("不批准。", "Decline it.")) var decline = false
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      if let held {
        let command = ApproveHeld(
          account: try AccountID(request, field: "account"), approved: !decline, expected: held,
          preview: preview)
        let answer = try await door.perform(
          ApproveHeld.name, Fields.json(Fields.jsonBytes(command))
        ).decoded(ApproveHeld.Answer.self)
        for rest in answer.unrestricted {
          let why =
            rest.isGone
            ? Words("现行政策已无此条款", "the policy has no such clause any more")
            : Words("期限已满", "the time is over")
          voice.note(
            Words(
              "\(rest.words.chinese) \(rest.people) 人未受管控：\(why.chinese)",
              "\(rest.words.english): \(rest.people) not restricted: \(why.english)"))
        }
      } else if end {
        let command = ApproveEnd(
          restriction: try RestrictionID(request, field: "restriction"), approved: !decline)
        _ = try await door.perform(ApproveEnd.name, Fields.json(Fields.jsonBytes(command)))
      } else if transfer {
        let command = ApproveTransfer(
          restriction: try RestrictionID(request, field: "restriction"), approved: !decline)
        _ = try await door.perform(ApproveTransfer.name, Fields.json(Fields.jsonBytes(command)))
      } else {
        let command = ApproveRestriction(
          request: try RestrictionID(request, field: "request"), approved: !decline)
        _ = try await door.perform(
          ApproveRestriction.name, Fields.json(Fields.jsonBytes(command)))
      }
      voice.note(decline ? Words("未批准", "declined") : Words("已批准", "approved"))
    }
  }
}

extension HeldRestrictions.Answer {
  /// The preview as lines: how many, by which clause, where, and the sample.
  fileprivate func lines(_ language: Language) -> [String] {
    let from = approvableFrom?.shortText(in: .china) ?? ""
    var lines = [
      Words("\(account.text)：\(people) 人", "\(account.text): \(people) people")(language)
    ]
    if last != nil {
      lines.append(Words("\(from) 起可以批准", "may be approved from \(from)")(language))
    }
    if people > 0 {
      lines.append(
        Words("预览编号 \(preview)，批准时须写明", "preview \(preview), to be named when approving")(language))
    }
    lines += clauses.map { count in
      let end = count.latestEnd?.shortText(in: .china) ?? ""
      let rest = count.people - count.restricted
      let held = Words(
        "\(count.people) 人，最晚到 \(end)", "\(count.people) people, until \(end) at the latest")
      let free = Words("\(rest) 人不再管控", "\(rest) not restricted any more")
      return "  \(count.words(language))  "
        + (count.restricted > 0 ? [held(language)] : []).joined()
        + (count.restricted > 0 && rest > 0 ? "，" : "") + (rest > 0 ? free(language) : "")
    }
    lines += areas.map { "  \($0.name)  \($0.people)" }
    lines += sample.map {
      "  \($0.person.text)  \($0.name)  \($0.address)  \($0.evidence.kind.rawValue) \($0.evidence.reference)"
    }
    return lines
  }
}
