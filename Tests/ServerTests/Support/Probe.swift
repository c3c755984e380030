import Kernel

/// A slice that only tests have: one command, one question, some pages.
enum Probe {
  static let slice = Slice(
    name: "probe",
    commands: [
      CommandKind(NoteNumber.self), CommandKind(AskAsResident.self), CommandKind(AskColleague.self),
    ],
    queries: [QueryKind(EchoQuestion.self)],
    screens: [
      Screen(
        path: "/notes", title: Words("记录", "Notes"), duty: "places.read",
        purpose: .supervision, navigation: 2, render: ProbeScreens.notes),
      Screen(
        path: "/notes/:note", title: Words("一条记录", "A note"), duty: "places.read",
        purpose: .supervision, render: ProbeScreens.notes),
      Screen(
        path: "/sought", title: Words("找人", "Sought"), duty: "places.read",
        purpose: .supervision, unseen: ["words"], render: ProbeScreens.sought),
      Screen(
        path: "/accounts", title: Words("账号", "Accounts"), duty: "offices.manage",
        purpose: .supervision, navigation: 1, render: ProbeScreens.notes),
      Screen(
        path: "/me", title: Words("我的情况", "My page"), duty: .ownFile, purpose: .ownFile,
        render: ProbeScreens.own),
    ])
}

/// Takes numbers and refuses negative ones.
struct NoteNumber: Command {
  struct Detail: Codable { let count: Int }

  static let name = "probe.note"
  static let duty: Duty = "places.read"
  let text: String
  let detail: Detail
  let tags: [String]?

  func area(in work: Work) -> Area { .eachChecked }

  func perform(in work: Work) throws -> Int {
    guard detail.count >= 0 else {
      throw Refusal(
        .conflict, "probe.negative", Words("数量不能为负", "The count must not be negative"),
        field: "detail.count")
    }
    try work.record(NumberNoted(count: detail.count))
    return detail.count + (tags?.count ?? 0)
  }
}

/// Something that only holds once somebody else agrees.
struct AskColleague: Command {
  struct Answer: Codable, Sendable, ToldAnswer {
    let waiting: Int
    var told: Words? {
      waiting > 0 ? Words("\(waiting) 件等<b>另一人</b>", "\(waiting) wait for a <b>colleague</b>") : nil
    }
  }

  static let name = "probe.ask"
  static let duty: Duty = "places.read"
  let waiting: Int

  func area(in work: Work) -> Area { .eachChecked }
  func perform(in work: Work) -> Answer { Answer(waiting: waiting) }
}

struct NumberNoted: Fact {
  static let name = "probe.noted"
  static let words = Words("已记下数字", "Number noted")
  static let about = Matter.thing
  let count: Int
  var subject: String { "probe" }
}

/// Something that a resident says for themself.
struct AskAsResident: Command {
  static let name = "probe.own"
  static let duty: Duty = .ownFile

  func area(in work: Work) -> Area { .own }
  func perform(in work: Work) -> String { work.authority.sender.text }
}

/// Answers what it was asked.
struct EchoQuestion: Query {
  struct Answer: Codable {
    let number: Int
    let words: [String]
  }

  static let name = "probe.echo"
  static let duty: Duty = "places.read"
  static let purposes: [Purpose] = [.investigation, .audit]
  let number: Int
  let words: [String]?

  func area(in reading: Reading) -> Area { .eachChecked }
  func answer(in reading: Reading) -> Answer { Answer(number: number, words: words ?? []) }
}
