import ArgumentParser
import Kernel
import Spreadsheets

/// `denghuo obligations [--overdue]`: what is owed, by deadline.
struct ObligationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "obligations",
    abstract: told("列出待办事项，或只列超时的。", "List what is owed, or only what is late."))

  @Flag(help: .told("只列超时未办的。", "Only what is late and not struck off.")) var overdue = false
  @Option(help: .told("地点的编号或代码。", "A place's identifier or code.")) var place: String?
  @Option(help: .told("text、json 或 csv。", "text, json or csv.")) var format = AnyFormat.text
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    let door = try await folder.door(voice)
    var found: [ObligationEntry] = []
    var after: String?
    repeat {
      let query = try ListObligations(
        place: place.map { try PlaceID($0, field: "place") }, overdue: overdue, after: after)
      let body = try Fields.json(Fields.jsonBytes(query))
      let page = try await door.ask(
        ListObligations.name, body, purpose: .supervision, as: ListObligations.Answer.self)
      found += page.obligations
      after = page.after
    } while after != nil
    switch format {
    case .json: try voice.say(json: found)
    case .csv: try voice.say(bytes: try csv(found, voice))
    case .text: try tell(found, voice)
    }
  }

  private func tell(_ found: [ObligationEntry], _ voice: Voice) throws {
    if found.isEmpty {
      let none = overdue ? Words("没有超时事项", "nothing is late") : Words("没有待办事项", "nothing is owed")
      return try voice.say(none(voice.language))
    }
    for entry in found {
      let late = entry.late ? Words("超时", "late")(voice.language) : ""
      let line = [
        entry.deadline.shortText(in: .china), late, entry.title(voice.language), entry.about,
        entry.claimedBy?.text ?? entry.seat, entry.escalatedTo.map { "→ \($0)" } ?? "",
      ]
      try voice.say(line.filter { !$0.isEmpty }.joined(separator: "  "))
    }
  }

  private func csv(_ found: [ObligationEntry], _ voice: Voice) throws -> [UInt8] {
    var writer = DelimitedWriter(lineEnd: "\n")
    try writer.append([
      "obligation", "kind", "about", "place", "seat", "claimed_by", "deadline", "state", "late",
      "escalated_to",
    ])
    for entry in found {
      try writer.append([
        entry.obligation.text, entry.kind, entry.about, entry.place.text, entry.seat,
        entry.claimedBy?.text ?? "", entry.deadline.text(in: .china), entry.state.rawValue,
        entry.late ? "1" : "0", entry.escalatedTo ?? "",
      ])
    }
    return writer.takeBytes()
  }
}
