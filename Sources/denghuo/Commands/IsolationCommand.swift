import ArgumentParser
import Containment
import Foundation
import Kernel
import Registry
import Spreadsheets

/// `denghuo isolation`: what is printed for an isolation site.
struct IsolationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isolation",
    abstract: told(
      "隔离点：医疗废物标签、配餐单。", "Isolation sites: labels for medical waste, the kitchen list."),
    subcommands: [Labels.self, Kitchen.self])

  /// Labels for the bags that stand at a site.
  struct Labels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "labels",
      abstract: told(
        "待交接的医疗废物袋的标签（PDF）：隔离点、日期、种类、重量、编号、二维码。",
        "Labels of the bags that stand, as PDF: site, date, kind, weight, number, QR code."))

    @Option(help: .told("隔离点的地点编号。", "The site, by its place.")) var site: String
    @Option(help: .told("只打印这一袋。", "This bag only.")) var bag: String?
    @Option(help: .told("写到哪个 PDF 文件。", "The PDF file to write.")) var to: String
    @Flag(help: .told("同时登记这些标签已贴上。", "Enter that these labels are stuck on, too."))
    var stuck = false
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let place = try PlaceID(site, field: "site")
      let answer = try await door.ask(
        WasteLabels.name, Fields.json(Fields.jsonBytes(WasteLabels(site: place, label: bag))),
        purpose: .supervision, as: WasteLabels.Answer.self)
      try NewFile(to).write(WasteLabelSheet.pdf(of: answer))
      if stuck {
        _ = try await door.perform(
          LabelBags.name, Fields.json(Fields.jsonBytes(LabelBags(site: place, label: bag))))
      }
      voice.note(Words("\(answer.labels.count) 张标签", "\(answer.labels.count) labels"))
    }
  }

  /// What the kitchen of a site cooks.
  struct Kitchen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "kitchen",
      abstract: told("按房间的配餐单，不含姓名。", "The kitchen list, door by door, without names."))

    @Option(help: .told("隔离点的地点编号。", "The site, by its place.")) var site: String
    @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let query = KitchenList(site: try PlaceID(site, field: "site"))
      let answer = try await door.ask(
        KitchenList.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
        as: KitchenList.Answer.self)
      if format == .json { return try voice.say(json: answer) }
      var writer = DelimitedWriter(lineEnd: "\n")
      try writer.append(["floor", "room", "diet", "portions"])
      for door in answer.doors {
        for portions in door.portions {
          try writer.append([
            String(door.floor), door.number, portions.diet, String(portions.people),
          ])
        }
      }
      try voice.say(bytes: writer.takeBytes())
    }
  }
}
