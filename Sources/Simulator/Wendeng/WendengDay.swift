import Detection
import Gazette
import Kernel
import Registry

/// A day of mass testing over a whole district, played through the public commands: nobody is missed.
///
/// At five in the morning the round is opened. From seven to five hundreds of points fill tubes, mobile
/// teams go without network to those who cannot come, tubes leak, boxes go hand to hand, laboratories
/// sign lists. Thirty tubes are not negative: everyone in them is recalled one by one. Whoever did not
/// come is looked for at the door, until everybody is tested or stands on the list with a reason.
/// After each part what the district says is compared with what was done.
package actor WendengDay {
  /// A tube as it was filled.
  struct Filled: Sendable {
    let code: TubeCode
    /// At which point it is packed, and by whom.
    let point: PointID
    let account: String
    /// Who is in it, as places in the list of people.
    let members: [Int]
  }

  let script: Script
  let time: ScriptedTime
  let size: WendengSize
  let communities: [SampleCommunity]
  let laboratories: [WendengLaboratory]
  let stopwatch: @Sendable () -> Double
  private let progress: @Sendable (String) -> Void

  var report: WendengReport
  var people: WendengPeople
  var round: RoundID = RoundID(trusted: "wendeng")
  var district: PlaceID = PlaceID(trusted: "")
  /// The communities' places, and the street that each lies in.
  var homes: [(id: PlaceID, street: Int)] = []
  /// Who was told by a laboratory, in a tube of their own, to be negative, and who positive.
  var negative: Set<PersonID> = []
  var infected: Set<PersonID> = []
  var sequence: [Int: Int] = [:]
  var boxes = 0
  /// When each tube came to its laboratory.
  var arrived: [TubeCode: Instant] = [:]
  /// How many tubes the points have sealed.
  var sealed = 0
  private var codes: [String] = []

  static let county = "371003"
  static let zone = Zone.china
  static let seed: UInt64 = 20_220_309

  /// - Parameters:
  ///   - residents: who lives in the communities, of whom nobody is in the register yet.
  ///   - laboratories: at least as many as the size says.
  ///   - stopwatch: seconds that go on while the day is played.
  ///   - progress: told in a line what was played.
  package init(
    script: Script, time: ScriptedTime, size: WendengSize, residents: [SampleResident],
    communities: [SampleCommunity], laboratories: [WendengLaboratory],
    stopwatch: @escaping @Sendable () -> Double,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.script = script
    self.time = time
    self.size = size
    self.communities = communities
    self.laboratories = laboratories
    self.stopwatch = stopwatch
    self.progress = progress
    report = WendengReport(size: size)
    let today = Day(of: time.now, in: Self.zone)
    people = WendengPeople(
      residents, communities: communities, size: size,
      youngest: Self.birthDay(ofAge: Self.youngestTested, on: today), seed: Self.seed)
  }

  /// From which age on the edition in force lets people be tested.
  private static let youngestTested = 3

  /// The last birthday with which somebody is so old on a day.
  private static func birthDay(ofAge years: Int, on day: Day) -> Day {
    Day("\((Int(day.text.prefix(4)) ?? 0) - years)\(day.text.dropFirst(4))") ?? day - 365 * years
  }

  /// Plays the day.
  ///
  /// - Returns: what it came to; with nothing in `faults` when nobody was missed.
  package func play() async throws -> WendengReport {
    try await prepare()
    try await open()
    let hours = 10
    var waiting: [Filled] = []
    var carried: [Filled] = []
    var pools: [(filled: Filled, result: TubeResult)] = []
    for hour in 0..<hours {
      waiting += try await swab(hour: hour, of: hours)
      try await watch()
      if hour == 4 {
        waiting += try await teams(half: 0)
        try await carry(waiting, "noon")
        (carried, waiting) = (waiting, [])
      }
      if hour == 8 {
        pools = try await results(of: carried, positives: size.positivePools / 2)
      }
    }
    waiting += try await teams(half: 1)
    try await carry(waiting, "evening")
    try await recall(pools)
    let doors = try await sweep("first")
    pools = try await results(
      of: waiting, positives: size.positivePools - size.positivePools / 2)
    try await carry(doors, "night")
    try await recall(pools)
    _ = try await results(of: doors, positives: 0)
    // In the morning those whose tube could give no result are asked once more.
    time.move(to: opened + .hours(26))
    let last = try await sweep("second")
    try await carry(last, "morning")
    _ = try await results(of: last, positives: 0)
    try await settle()
    return report
  }

  /// Five in the morning.
  var opened: Instant {
    Day(of: openedAt ?? time.now, in: Self.zone).start(in: Self.zone) + .hours(5)
  }
  var openedAt: Instant?

  // MARK: What every part needs

  /// Does something, counts it, and takes the time.
  func step(_ name: String, _ body: () async throws -> Int) async throws {
    let start = stopwatch()
    let count = try await body()
    let seconds = stopwatch() - start
    report.steps.append(
      .init(name: name, count: count, seconds: (seconds * 1_000).rounded() / 1_000))
    let rate = seconds > 0 ? Int(Double(count) / seconds) : count
    progress(
      "\(time.now.shortText(in: Self.zone))  \(name): \(count), "
        + "\((seconds * 10).rounded() / 10) s, \(rate)/s")
  }

  /// Notes what is not as it has to be.
  func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    if holds { return }
    let said = "\(time.now.shortText(in: Self.zone)) \(sentence())"
    report.faults.append(said)
    progress("!! \(said)")
  }

  /// The code of the next label; labels are reserved by the roll.
  func nextCode() async throws -> TubeCode {
    if codes.isEmpty {
      let roll = min(10_000, max(500, size.tubes))
      codes = try await script.perform(MakeLabels(count: roll), as: "duty").codes.reversed()
    }
    report.tubes += 1
    return TubeCode(trusted: codes.removeLast())
  }

  func sampler(of point: Int) -> String { "sampler-\(homes[community(of: point)].street)" }

  /// The community in which a point stands: that of the first who comes to it.
  func community(of point: Int) -> Int {
    people.atPoints[point].first.map { people.members[$0].community } ?? 0
  }

  static func point(_ number: Int) -> PointID { PointID(trusted: "point-\(number)") }
  static func team(_ number: Int) -> PointID { PointID(trusted: "team-\(number)") }
  static func laboratory(_ number: Int) -> String { "lab-\(number)" }
  static func laboratoryID(_ number: Int) -> LaboratoryID {
    LaboratoryID(trusted: laboratory(number))
  }
}
