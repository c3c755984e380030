import ArgumentParser
import Containment
import Gazette
import Kernel

extension ZonesCommand {
  /// `denghuo zones list`: what stands, its clock and what is not met.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: told("列出风险区、解除时间和未满足的条件。", "Zones, when they end, and what is not met."))

    @Option(help: .told("地点的编号或代码。", "A place's identifier or code.")) var place: String?
    @Option(
      help: .told("proposed、standing、ended 或 declined。", "proposed, standing, ended or declined."))
    var state: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let query = ListZones(
        place: try place.map { try PlaceID($0, field: "place") }, state: try wanted())
      let answer = try await folder.door(voice).ask(
        ListZones.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
        as: ListZones.Answer.self)
      if format == .json { return try voice.say(json: answer.zones) }
      if answer.zones.isEmpty {
        return try voice.say(Words("没有风险区", "there is no zone")(voice.language))
      }
      for zone in answer.zones { try voice.say(zone.line(voice.language)) }
    }

    private func wanted() throws -> ZoneState? {
      guard let state else { return nil }
      guard let known = ZoneState(rawValue: state) else {
        throw WrongUse.noSuch("--state", state, ZoneState.allCases.map(\.rawValue))
      }
      return known
    }
  }

  /// `denghuo zones show ZONE`: a zone whole.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: told("一个风险区：范围、逐条解除条件、排班和历史。", "A zone: places, each clause, roster, history."))

    @Argument(help: .told("风险区编号。", "The zone's identifier.")) var zone: String
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let answer = try await folder.door(voice).ask(
        ShowZone.name, Fields.json(Fields.jsonBytes(ShowZone(zone: try ZoneID(zone)))),
        purpose: .supervision, as: ShowZone.Answer.self)
      if format == .json { return try voice.say(json: answer) }
      let language = voice.language
      try voice.say(answer.zone.line(language))
      for place in answer.places {
        let gone = place.until.map { "  – \($0.shortText(in: .china))" } ?? ""
        try voice.say("  \(place.name)  \(place.people)\(gone)")
      }
      for clause in answer.zone.clauses {
        try voice.say("  \(clause.isMet ? "✓" : "✗") \(clause.words(language))  \(clause.total)")
      }
      for gap in answer.gaps {
        let span = "\(gap.from.shortText(in: .china)) – \(gap.until.shortText(in: .china))"
        try voice.say("  ! \(gap.role)  \(span)  \(gap.present)/\(gap.needed)")
      }
      for event in answer.history {
        let line = [
          event.at.shortText(in: .china), event.kind.words(language), event.by, event.edition,
          event.about,
        ]
        try voice.say("  " + line.filter { !$0.isEmpty }.joined(separator: "  "))
      }
    }
  }

  /// `denghuo zones propose --place … --level L --case C`: proposes a zone.
  struct Propose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "propose",
      abstract: told("依据一例感染者提出划区。", "Propose a zone because of an infection."))

    @Option(
      parsing: .upToNextOption,
      help: .told("单元及以上地点的编号。", "Places, from the entrance upward."))
    var place: [String]
    @Option(help: .told("等级，如 high、sealed。", "The level, such as high or sealed."))
    var level: String
    @Option(name: .customLong("case"), help: .told("病例编号。", "The infection.")) var infection: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let level = ZoneLevel(written: level) else {
        throw WrongUse.noSuch("--level", level, ZoneLevel.allCases.map(\.rawValue))
      }
      let command = ProposeZone(
        places: try place.map { try PlaceID($0, field: "place") }, level: level,
        infection: try CaseID(infection, field: "case"))
      let receipt = try await folder.door(voice).perform(
        ProposeZone.name, Fields.json(Fields.jsonBytes(command)))
      try voice.say(try receipt.decoded(ProposeZone.Answer.self).zone.text)
    }
  }

  /// `denghuo zones open ZONE`: lets a proposed zone stand.
  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "open",
      abstract: told(
        "划定已提出的风险区；超出一人权限的由第二人批准。", "Open a proposed zone, or approve as second person."))

    @Argument(help: .told("风险区编号。", "The zone's identifier.")) var zone: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let receipt = try await folder.door(voice).perform(
        OpenZone.name, Fields.json(Fields.jsonBytes(OpenZone(zone: try ZoneID(zone)))))
      let answer = try receipt.decoded(OpenZone.Answer.self)
      let words =
        answer.opened
        ? Words("已划定，涉及 \(answer.people) 人", "opened; \(answer.people) people live there")
        : Words(
          "涉及 \(answer.people) 人，等待另一单位的第二人批准",
          "\(answer.people) people: it waits for a second person of another organisation")
      try voice.say(words(voice.language))
    }
  }

  /// `denghuo zones release ZONE`: releases a zone, a part of it, or steps it down.
  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "release",
      abstract: told(
        "条件全部满足时解除或降级；--place 只解除或降级一部分。",
        "Release or step down when every clause is met; --place for a part."))

    @Argument(help: .told("风险区编号。", "The zone's identifier.")) var zone: String
    @Option(
      parsing: .upToNextOption, help: .told("只解除这些地点。", "Only these places."))
    var place: [String] = []
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let zone = try ZoneID(zone)
      if !place.isEmpty {
        let places = try place.map { try PlaceID($0, field: "place") }
        let receipt = try await door.perform(
          ReleaseZonePlaces.name,
          Fields.json(Fields.jsonBytes(ReleaseZonePlaces(zone: zone, places: places))))
        if let part = try receipt.decoded(ReleaseZonePlaces.Answer.self).zone {
          try voice.say(part.text)
          voice.note(
            Words("该部分降级，另成一区", "this part stepped down, and is a zone of its own"))
        }
        return
      }
      do {
        _ = try await door.perform(
          ReleaseZone.name, Fields.json(Fields.jsonBytes(ReleaseZone(zone: zone))))
      } catch let refusal as Refusal where refusal.code == "zone.stepsDown" {
        _ = try await door.perform(
          StepDownZone.name, Fields.json(Fields.jsonBytes(StepDownZone(zone: zone))))
      }
    }
  }
}

extension ZonesCommand {
  /// `denghuo zones take-out`: a published list that should not have been imported.
  struct TakeOut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "take-out",
      abstract: told(
        "撤出导入有误的公布清单；记录保留撤出人和原因。",
        "Take out a published list imported by mistake; who and why stays known."))

    @Option(help: .told("发布时间，与文件中一致。", "When it was published, as the file has it."))
    var asOf: String
    @Option(help: .told("城市代码，如 3702。", "The city's code, such as 3702.")) var city: String
    @Option(help: .told("原因。", "Why.")) var reason: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let command = TakeOutZoneList(asOf: asOf, city: city, reason: reason)
      let receipt = try await folder.door(voice).perform(
        TakeOutZoneList.name, Fields.json(Fields.jsonBytes(command)))
      let lines = try receipt.decoded(TakeOutZoneList.Answer.self).lines
      voice.note(Words("已撤出 \(lines) 行", "\(lines) lines taken out"))
    }
  }

  /// Published lists that were taken out: who, when and why.
  struct TakenOut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "taken-out",
      abstract: told(
        "已撤出的公布清单：谁、何时、为什么。", "Published lists that were taken out: who, when and why."))

    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let lists = try await folder.door(voice).ask(
        TakenOutZoneLists.name, Fields.json(Fields.jsonBytes(TakenOutZoneLists())),
        purpose: .supervision, as: TakenOutZoneLists.Answer.self
      ).lists
      if format == .json { return try voice.say(json: lists) }
      if lists.isEmpty {
        try voice.say(Words("没有撤出过清单", "no list was taken out")(voice.language))
      }
      for list in lists {
        let lines = Words("\(list.lines) 行", "\(list.lines) lines")(voice.language)
        try voice.say(
          [
            list.asOf.text(in: .china), list.city, lines, list.takenAt.text(in: .china),
            list.by ?? "", list.reason ?? "",
            list.backAt.map {
              Words(
                "又导入 \($0.text(in: .china)) \(list.backBy ?? "")",
                "imported again \($0.text(in: .china)) \(list.backBy ?? "")")(voice.language)
            } ?? "",
          ].filter { !$0.isEmpty }.joined(separator: "  "))
      }
    }
  }
}

extension ZoneView {
  /// One line: identifier, level, where, how many, which day, the earliest end, what is not met.
  fileprivate func line(_ language: Language) -> String {
    let unmet = clauses.filter { !$0.isMet }.map { $0.words(language) }
    let parts: [String] = [
      zone.text, words(language), name, Words("\(people) 人", "\(people) people")(language),
      day.map { Words("第 \($0) 天", "day \($0)")(language) } ?? state.words(language),
      earliest.map { "→ \($0.shortText(in: .china))" } ?? "",
      unmet.isEmpty ? "" : "✗ " + unmet.joined(separator: "；"),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
