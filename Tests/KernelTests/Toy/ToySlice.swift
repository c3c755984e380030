import Kernel

/// A slice of marks on a board that does everything the kernel offers, and everything that the
/// kernel must survive.
enum Toy {
  static let chore = ObligationKind(
    "toy.chore", title: Words("值日", "Chore"), action: Words("完成", "Done"),
    proof: [
      ProofField("degrees", Words("体温", "Temperature"), .number(unit: "℃", 34...43)),
      ProofField("note", Words("备注", "Note"), .text, required: false),
      ProofField(
        "mood", Words("状态", "Mood"),
        .choice([("well", Words("好", "Well")), ("ill", Words("不适", "Ill"))]), required: false),
    ])
  static let orphan = ObligationKind(
    "toy.orphan", title: Words("无主", "Orphan"), action: Words("完成", "Done"))

  static let slice = Slice(
    name: "toy",
    commands: [
      CommandKind(Mark.self), CommandKind(Owe.self), CommandKind(Settle.self),
      CommandKind(SendMark.self), CommandKind(Count.self), CommandKind(Alarm.self),
    ],
    queries: [
      QueryKind(LookAt.self), QueryKind(HowMany.self),
    ],
    reactions: [.on(Marked.self, Mark.react)],
    ticks: [
      Tick(every: .seconds(60)) { FailingTick() }, Tick(every: .seconds(30)) { Count() },
    ],
    obligationKinds: [chore, orphan],
    migrations: [
      Migration(
        "toy-0001",
        "CREATE TABLE mark (id TEXT PRIMARY KEY, text TEXT NOT NULL, turn BIGINT NOT NULL)",
        "CREATE TABLE run (at BIGINT NOT NULL, name TEXT NOT NULL)",
        """
        CREATE TABLE parent (
          id TEXT PRIMARY KEY REFERENCES mark (id) DEFERRABLE INITIALLY DEFERRED)
        """)
    ])
}

/// A mark was made.
struct Marked: Fact {
  static let name = "toy.marked"
  static let words = Words("已做记号", "Mark made")
  static let about = Matter.thing
  let mark: String
  let endless: Bool
  var subject: String { mark }
}

/// Makes a mark and then, if told to, goes wrong in one of the ways in which commands go wrong.
struct Mark: Command {
  enum End: String, Codable, CaseIterable, Sendable {
    case well
    case refused
    case constraint
    case deferredConstraint
    case wrongStatement
    case foreignError
    case unencodable
    case endlessReactions
    case halfUndone
    case alarming
  }

  struct Foreign: Error {}
  struct Answer: Codable, Sendable {
    let number: Double
  }

  static let name = "toy.mark"
  static let duty: Duty = "toy.work"
  var mark: String
  var end: End?
  var place: PlaceID?

  func area(in work: Work) -> Area { place.map(Area.place) ?? .everywhere }

  func perform(in work: Work) throws -> Answer {
    try put(mark, in: work)
    switch end ?? .well {
    case .well: break
    case .refused: throw Refusal(.conflict, "toy.refused", Words("不行", "No"))
    case .constraint: try put(mark, in: work)
    case .deferredConstraint:
      try work.transaction.execute("INSERT INTO parent (id) VALUES ('nobody')")
    case .wrongStatement: try work.transaction.execute("UPDATE nowhere SET number = 1")
    case .foreignError: throw Foreign()
    case .unencodable: return Answer(number: .nan)
    case .endlessReactions: try work.record(Marked(mark: mark, endless: true))
    case .halfUndone:
      do {
        try work.transaction.savepoint {
          try put("\(mark)-undone", in: work)
          throw Foreign()
        }
      } catch is Foreign {}
      try put("\(mark)-after", in: work)
    case .alarming: try work.send(Alarm(mark: "\(mark)-alarm"))
    }
    return Answer(number: 1)
  }

  private func put(_ mark: String, in work: Work) throws {
    try work.transaction.execute(
      "INSERT INTO mark (id, text, turn) VALUES (\(mark), \(mark), \(work.now))")
    try work.record(Marked(mark: mark, endless: false))
  }

  @Sendable static func react(to fact: Marked, in work: Work) throws {
    if fact.endless { try work.record(fact) }
  }
}

/// Makes a chore owed at a place.
struct Owe: Command {
  static let name = "toy.owe"
  static let duty: Duty = "toy.work"
  var subject: String
  var place: PlaceID
  var by: Instant
  var orphan: Bool?

  func area(in work: Work) -> Area { .place(place) }

  func perform(in work: Work) throws -> ObligationID {
    try work.oblige(
      orphan == true ? Toy.orphan : Toy.chore, about: subject, at: place, by: by)
  }
}

/// Says that whatever is owed about a subject is done.
struct Settle: Command {
  static let name = "toy.settle"
  static let duty: Duty = "toy.work"
  var subject: String
  var waive: Bool?

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    if waive == true {
      try work.waive(Toy.chore, about: subject, reason: "moved")
    } else {
      try work.discharge(Toy.chore, about: subject, proof: ["degrees": "36.5"])
    }
    return Done()
  }
}

/// Asks that a mark be made later, by the clock.
struct SendMark: Command {
  static let name = "toy.send"
  static let duty: Duty = "toy.work"
  var mark: String
  var end: Mark.End?
  var due: Instant?
  var isUrgent: Bool?

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    if isUrgent == true {
      try work.send(Alarm(mark: mark), at: due)
    } else {
      try work.send(Mark(mark: mark, end: end), at: due)
    }
    return Done()
  }
}

/// A mark that waits for no other.
struct Alarm: Command {
  static let name = "toy.alarm"
  static let urgency = Urgency.outbreak
  static let duty: Duty = "toy.work"
  let mark: String

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    try work.record(Marked(mark: mark, endless: false))
    return Done()
  }
}

/// The clock's counting, which leaves a row and no fact.
struct Count: Command {
  static let name = "toy.count"
  static let duty: Duty = .clockOnly

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    try work.transaction.execute(
      "INSERT INTO run (at, name) VALUES (\(work.now), \(work.command.text))")
    return Done()
  }
}

/// A tick that the policy refuses: it must not keep the clock from everything else.
struct FailingTick: Command {
  static let name = "toy.failingTick"
  static let duty: Duty = .clockOnly

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    throw Refusal(.conflict, "toy.never", Words("从不", "Never"))
  }
}

/// Looks at a person, or at everybody in an area.
struct LookAt: Query {
  static let name = "toy.look"
  static let duty: Duty = "toy.read"
  static let purposes: [Purpose] = [.investigation, .ownFile]
  var person: PersonID?
  var path: PlacePath?
  var everywhere: Bool?
  var place: PlaceID?

  func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  func answer(in reading: Reading) throws -> Int {
    if let person { reading.disclose(person) }
    if let path { reading.disclose(everybodyIn: path) }
    if everywhere == true { reading.disclose(everybodyIn: .everywhere) }
    return 7
  }
}

/// How many marks there are: shows nobody.
struct HowMany: Query {
  static let name = "toy.count.marks"
  static let duty: Duty = "toy.read"
  static let purposes: [Purpose] = []
  static let isCount = true

  func area(in reading: Reading) -> Area { .everywhere }

  func answer(in reading: Reading) throws -> Int {
    try reading.transaction.row("SELECT COUNT(*) FROM mark")?.integer(0) ?? 0
  }
}
