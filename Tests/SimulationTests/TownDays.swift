import Kernel
import Simulator
import Town

/// Plays random days in one town, checking everything after each of them.
struct TownDays {
  /// What went wrong, with the steps that led to it.
  struct Failure: Error, Sendable {
    let seed: UInt64
    let faults: [String]
    let steps: [Step]
  }

  /// Days on which the ten days of a town begin: each but the last run over a change of editions.
  static let starts = ["2022-06-22", "2022-11-05", "2022-12-01", "2023-01-02", "2022-11-14"]

  var town: Town { run.town }
  private let seed: UInt64
  private var run: TownRun
  private var draw: Draw
  private var codes = ShownCodes()
  private var isStill = false
  private let stepsPerDay = 14...20

  init(seed: UInt64) async throws {
    self.seed = seed
    run = try await TownRun(on: Self.start(of: seed))
    draw = Draw(seed: seed &* 0x9e37_79b9_7f4a_7c15, town: run.town)
  }

  static func start(of seed: UInt64) -> String { starts[Int(seed % UInt64(starts.count))] }

  /// Plays so many days, and at the end sends again everything that was acknowledged.
  ///
  /// - Returns: how many commands were acknowledged and how many refused.
  /// - Throws: a ``Failure`` when anything is wrong.
  mutating func play(days: Int) async throws -> (acknowledged: Int, refused: Int) {
    do {
      for _ in 0..<12 {
        let letter = try await draw.enrol(
          at: draw.chance.pick([.door101, .door102, .door201, .otherDoor]), by: "street")
        try await send(letter)
      }
      for letter in draw.readySite() { try await send(letter) }
      for number in 1...days {
        // In a month somebody tells of more cases than one may, at once.
        if days >= 30, number % 10 == 5 { try await send(draw.crowd()) }
        try await day()
      }
      try await require(run.resend(run.acknowledged))
    } catch let failure as Failure {
      throw failure
    } catch {
      throw failure(["\(error)"])
    }
    return (run.acknowledged.count, run.refused)
  }

  private func failure(_ faults: [String]) -> Failure {
    Failure(seed: seed, faults: faults, steps: run.steps)
  }

  private func require(_ faults: [String]) throws {
    if !faults.isEmpty { throw failure(faults) }
  }

  private mutating func day() async throws {
    let midnight = Day(of: draw.town.now, in: .china).end(in: .china)
    let steps = draw.chance.number(stepsPerDay)
    for left in (1...steps).reversed() {
      try await send(letter())
      if left % 8 == 0 { try await require(codes.look(at: town)) }
      // The day is walked through in uneven strides that leave room for those still to come.
      let remaining = Int((midnight - draw.town.now).inSeconds / 60)
      let most = max(1, 2 * remaining / left)
      try await wait(draw.chance.number(1...most))
    }
    let rest = Int((midnight - draw.town.now).inSeconds / 60)
    // Midnight passes before the clock has turned: what ends with the day is over all the same.
    let minutes = max(2, rest + draw.chance.number(2...90))
    try await require(run.take(.wait(minutes: minutes, turns: false)))
    try await check()
  }

  private mutating func wait(_ minutes: Int) async throws {
    if draw.chance.happens(0.02) {
      isStill.toggle()
    } else if isStill, draw.chance.happens(0.1) {
      isStill = false
    }
    // The clock need not turn at each stride; it does when something waits long enough.
    let turns = !isStill && draw.chance.happens(0.3)
    try await require(run.take(.wait(minutes: minutes, turns: turns)))
  }

  /// What must hold whether or not the clock has turned, and then what it is there for.
  private mutating func check() async throws {
    try await require(NaiveChecks(of: run.town).beforeTurn())
    try await require(codes.look(at: town))
    try await require(run.take(.wait(minutes: 2, turns: true)))
    try await require(NaiveChecks(of: run.town).afterTurn())
    try await require(run.anchor())
  }

  private mutating func letter() async throws -> (Draw.Letter, Step.Expectation) {
    switch draw.chance.number(1...100) {
    case 1...14: (try await draw.resident(), .anything)
    case 15...18: (try await draw.zone(), .anything)
    case 19...34: (try await draw.infection(), .anything)
    case 35...39: (try await draw.isolation(), .anything)
    case 40...44: (try await draw.home(), .anything)
    case 45...50: (try await draw.visit(), .anything)
    case 51...58: (try await draw.contact(), .anything)
    case 59...62: (try await draw.referral(), .anything)
    case 63...76: (try await draw.obligation(), .anything)
    case 77...84: (try await draw.restriction(), .anything)
    case 85...87: (try await draw.pass(), .anything)
    case 88...92: (try await draw.bulletin(), .anything)
    case 93...96: (try await draw.office(), .anything)
    default: (try await draw.trespass(), .refusal)
    }
  }

  private mutating func send(_ letter: Draw.Letter) async throws {
    try await send((letter, .anything))
  }

  private mutating func send(
    _ sent: (letter: Draw.Letter, expectation: Step.Expectation)
  ) async throws {
    // Programs that lost the answer send the same again, and careless ones reuse an identifier.
    if let (known, _) = run.acknowledged.randomElement(using: &draw.chance),
      draw.chance.happens(0.02)
    {
      let other = Envelope(
        id: known.id, name: sent.letter.name, body: .object(sent.letter.body),
        sender: sent.letter.sender)
      if other.body != known.body {
        try await require(run.take(.send(other, .code("command.idReused"))))
        return
      }
    }
    let id = CommandID(trusted: "s\(seed)-\(draw.nextNumber())")
    let envelope = Envelope(
      id: id, name: sent.letter.name, body: .object(sent.letter.body), sender: sent.letter.sender)
    // To compare all tables takes as long as ten commands, so that is done now and then.
    let watched = draw.chance.happens(sent.expectation.isRefusal ? 0.5 : 0.02)
    try await require(run.take(.send(envelope, sent.expectation), watched: watched))
    if draw.chance.happens(0.01), let last = run.acknowledged.last {
      try await require(run.resend([last]))
    }
  }
}

extension Step.Expectation {
  fileprivate var isRefusal: Bool {
    switch self {
    case .refusal, .code: true
    case .anything: false
    }
  }
}
