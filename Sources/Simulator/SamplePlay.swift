import Kernel

/// Plays the last days of a sample district through the public commands: cases are reported,
/// contacts confirmed, doors visited, and some of it late.
package struct SamplePlay: Sendable {
  private let script: Script
  private let time: ScriptedTime
  private let district: SampleDistrict
  private let days: SampleDays
  /// The grid's worker by community.
  private let workers: [String: String]
  /// As whom a reader signs in afterwards: what is due today is left for them, at whatever hour they
  /// come; in the evening much of it is late.
  private let shown: Set<String>

  package init(
    script: Script, time: ScriptedTime, district: SampleDistrict, days: SampleDays,
    workers: [String: String], shown: Set<String> = []
  ) {
    self.script = script
    self.time = time
    self.district = district
    self.days = days
    self.workers = workers
    self.shown = shown
  }

  /// Plays hour by hour until a moment.
  ///
  /// - Parameters:
  ///   - round: mass testing that goes on beside the outbreak.
  ///   - zone: a zone that is opened beside it.
  ///   - progress: called with the hour that was played.
  package func play(
    until end: Instant, seed: UInt64, beside round: SampleRound? = nil,
    and zone: SampleZone? = nil,
    progress: @Sendable (Instant) -> Void = { _ in }
  ) async throws {
    var chance = Chance(seed: seed)
    let infections = withSomeOfTheLastHours(end)
    var left: Set<String> = []
    var reported = infections.prefix { $0.reportedAt < time.now }.count
    while time.now < end {
      let next = min(time.now + .hours(1), end)
      while reported < infections.count, infections[reported].reportedAt <= next {
        let infection = infections[reported]
        time.move(to: infection.reportedAt + .minutes(20))
        reported += 1
        try await report(infection, number: reported)
      }
      time.move(to: next)
      try await script.pump.turn()
      let isLast = end - next < Self.lastHours
      try await round?.play(at: time.now)
      try await zone?.play(before: end)
      try await approveHeld()
      // The contacts of the last hours wait for the reader, too.
      if !isLast {
        try await decide(
          &chance, leaving: end - next < Self.lastDay && left.count < Self.mostLeft, &left)
        try await takeOn(&chance)
      }
      try await visitDoors(&chance, isLast: isLast, end: end)
      progress(next)
    }
  }

  /// What is left for the reader.
  private static let lastHours = Duration.hours(3)
  /// Most are found in the evening, and few until the evening after: half of a day's are left, too, but
  /// no more than an investigator looks through in a morning.
  private static let lastDay = Duration.hours(24)
  private static let mostLeft = 40
  private static let shareLeft = 0.5

  /// The infections until the end of the play, with some that the reader has still to look into:
  /// laboratories report in the evening, and the sample is made at any hour.
  private func withSomeOfTheLastHours(_ end: Instant) -> [SampleInfection] {
    var infections = days.infections.filter { $0.reportedAt <= end }
    for (place, index) in infections.indices.suffix(Self.casesAtTheEnd).enumerated() {
      let least = end - Self.lastHours + .minutes(30 * (place + 1))
      if infections[index].reportedAt > time.now, infections[index].reportedAt < least {
        infections[index] = infections[index].reported(at: least)
      }
    }
    return infections.sorted { ($0.reportedAt, $0.person) < ($1.reportedAt, $1.person) }
  }

  /// Of one alone it may be that all who were near are contacts already.
  private static let casesAtTheEnd = 4

  private func report(_ infection: SampleInfection, number: Int) async throws {
    let fields = days.fields(of: infection, number: number, in: district)
    guard case .object(let members) = fields else { return }
    try await script.send("cases.report", members, as: "duty")
    try await script.pump.turn()
  }

  /// What an account has told beyond its limit, such as the cases of a whole list, is looked at and
  /// approved by another organisation, once the pause for that is over.
  private func approveHeld() async throws {
    let waiting = try await script.ask(
      "restrictions.heldBy", [:], for: .containment, as: "investigator")
    for entry in waiting["held"].items {
      let account = entry["account"].string
      let approver = account == "investigator" ? "duty" : "investigator"
      let held = try await script.ask(
        "restrictions.held", ["account": entry["account"]], for: .containment, as: approver)
      guard case .integer(let people) = held["people"], people > 0,
        held["approvable_from"].string <= time.now.text(in: .china)
      else { continue }
      try await script.send(
        "restrictions.approveHeld",
        [
          "account": entry["account"], "approved": .flag(true), "expected": .integer(people),
          "preview": held["preview"],
        ],
        as: approver)
      try await script.pump.turn()
    }
  }

  /// The investigator looks through what tracing proposed; most of it is right.
  ///
  /// - Parameters:
  ///   - leaving: whether some of it is left for the reader.
  ///   - left: what is, for good.
  private func decide(
    _ chance: inout Chance, leaving: Bool, _ left: inout Set<String>
  ) async throws {
    let answer = try await script.ask(
      "contacts.list", ["place": .text(place), "state": .text("proposed")],
      for: .investigation, as: "investigator")
    var confirmed: [Fields] = []
    var rejected: [Fields] = []
    for line in answer["lines"].items where !left.contains(line["contact"].string) {
      if leaving, chance.happens(Self.shareLeft) {
        left.insert(line["contact"].string)
        continue
      }
      switch chance.number(1...20) {
      case 1...14: confirmed.append(line["contact"])
      case 15: rejected.append(line["contact"])
      default: continue
      }
    }
    if !confirmed.isEmpty {
      let answer = try await script.send(
        "contacts.confirm", ["contacts": .list(confirmed)], as: "investigator")
      // More than one may confirm alone: the duty officer looks through them, too.
      if case .text = answer["request"] {
        try await script.send(
          "contacts.approve", ["request": answer["request"], "approved": .flag(true)], as: "duty")
      }
    }
    if !rejected.isEmpty {
      try await script.send(
        "contacts.reject",
        ["contacts": .list(rejected), "reason": .text("not_near")], as: "investigator")
    }
    try await script.pump.turn()
  }

  /// The communities take most contacts on within the hour.
  private func takeOn(_ chance: inout Chance) async throws {
    let answer = try await script.ask(
      "referrals.list",
      ["place": .text(place), "show": .text("unanswered"), "limit": .integer(1_000)],
      for: .investigation, as: "duty")
    let taken = answer["referrals"].items.map { $0["referral"] }
      .filter { _ in chance.happens(Self.shareInAnHour) }
    if !taken.isEmpty {
      try await script.send("referrals.accept", ["referrals": .list(taken)], as: "duty")
    }
    try await findOthers(&chance)
  }

  /// Whom no notice is brought to is found by asking.
  private func findOthers(_ chance: inout Chance) async throws {
    let answer = try await script.ask(
      "referrals.list",
      ["place": .text(place), "show": .text("unfound"), "limit": .integer(1_000)],
      for: .investigation, as: "duty")
    for referral in answer["referrals"].items
    where referral["state"].string == "accepted" && chance.happens(Self.shareFoundInAnHour) {
      try await script.send(
        "referrals.report", ["referral": referral["referral"], "outcome": .text("home")],
        as: "duty")
    }
  }

  private static let shareFoundInAnHour = 0.2

  private var place: String { days.infections.first?.district ?? "" }

  /// Of what is due within ten hours, workers finish this share in an hour.
  private static let shareInAnHour = 0.65
  /// In the last hours, so that something is left for the reader.
  private static let shareAtTheEnd = 0.12

  /// Workers do most of what is due; in the last hours some of it is left for the reader. At night
  /// only what cannot wait is done.
  private func visitDoors(_ chance: inout Chance, isLast: Bool, end: Instant) async throws {
    let hour = time.now.clock(in: .china).minutes / 60
    let ahead: Duration = Self.workingHours.contains(hour) ? .hours(10) : .hours(2)
    let share = isLast ? Self.shareAtTheEnd : Self.shareInAnHour
    try await finish(dueWithin: ahead, share: share, end: end, &chance)
    // What a visit found (a fever, above all) waits for no next hour.
    if !isLast {
      try await finish(dueWithin: .hours(1), share: Self.shareOfUrgent, end: end, &chance)
    }
  }

  private static let workingHours = 7...21
  private static let shareOfUrgent = 0.9

  private func finish(
    dueWithin ahead: Duration, share: Double, end: Instant, _ chance: inout Chance
  ) async throws {
    let before = time.now + ahead
    let today = Day(of: end, in: .china).start(in: .china)
    let answer = try await script.ask(
      "obligations.list",
      [
        "place": .text(place), "limit": .integer(1_000),
        "before": .text(before.text(in: .china)),
      ], for: .supervision, as: "duty")
    for obligation in answer["obligations"].items where chance.happens(share) {
      let deadline = Instant(obligation["deadline"].string, in: .china)
      if let deadline, deadline > today, shown.contains(worker(obligation["seat"].string)) {
        continue
      }
      try await finish(obligation, &chance)
    }
  }

  private func finish(_ obligation: Fields, _ chance: inout Chance) async throws {
    let kind = obligation["kind"].string
    if kind == "home.carer" { return try await nameCarer(of: obligation["about"]) }
    // What needs somebody's judgement is left to the reader.
    guard let known = script.desk.assembly.obligationKinds[kind], known.decidedWhere == nil else {
      return
    }
    var proof: [String: Fields] = [:]
    for field in known.proof where field.isRequired {
      switch field.form {
      case .number:
        proof[field.name] = .text(chance.happens(0.02) ? "37.9" : "36.\(chance.number(2...8))")
      case .text: proof[field.name] = .text("已完成")
      case .choice(let choices): proof[field.name] = .text(choices.first?.code ?? "")
      }
    }
    do {
      try await script.send(
        "obligations.finish",
        ["obligation": obligation["obligation"], "proof": .object(proof)],
        as: worker(obligation["seat"].string))
    } catch let refusal as Refusal where refusal.kind == .conflict {
      // Closed in the meantime by something that followed from another one.
    }
  }

  /// Most who cannot be alone live with somebody who can care for them; the others are the reader's.
  private func nameCarer(of person: Fields) async throws {
    let care = try await script.ask(
      "home.care", ["person": person], for: .containment, as: "duty")
    guard let carer = care["candidates"].items.first?["person"] else { return }
    do {
      try await script.send("home.nameCarer", ["person": person, "carer": carer], as: "duty")
    } catch let refusal as Refusal where refusal.kind == .conflict {
      // Needs no carer any more, or somebody else was named.
    }
  }

  /// Whoever sits in the seat, the duty officer for any seat above the grid.
  private func worker(_ seat: String) -> String {
    guard let at = seat.firstIndex(of: "@"), seat.hasPrefix("grid_worker@") else { return "duty" }
    return workers[String(seat[seat.index(after: at)...])] ?? "duty"
  }
}
