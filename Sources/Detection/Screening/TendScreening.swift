import Gazette
import Kernel
import Registry

/// The clock's command: tells somebody of tubes without a result, of hand-overs that one side has not
/// confirmed, of boxes that nobody gives on, closes what is owed for buildings in which nobody is left, and deletes what was kept long enough.
package struct TendScreening: Command {
  package static let name = "screening.tend"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 500
  /// Each begins with the totals of its whole list; the next one has time until the next turn.
  private static let roundsAtOnce = 1

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how much was found.
  package func perform(in work: Work) throws -> Int {
    let policy: ScreeningPolicy
    do throws(Refusal) {
      policy = try work.policy(ScreeningPolicy.self)
    } catch {
      if error.code == "policy.none" { return 0 }
      throw error
    }
    let found = try [
      tellLate(policy, in: work), tellUnconfirmed(policy, in: work),
      work.tellWaiting(policy.clocks, limit: Self.atOnce), closeBuildings(in: work),
      work.eraseRounds(policy, limit: Self.roundsAtOnce),
      countAnew(in: work),
      RoundListsStore(work.transaction).delete(madeBefore: work.now - .hours(policy.listHours)),
    ]
    // Whatever is left does not wait for the next minute.
    if found.contains(where: { $0 >= Self.atOnce }) { try work.send(TendScreening()) }
    return found.reduce(0, +)
  }

  private func tellLate(_ policy: ScreeningPolicy, in work: Work) throws -> Int {
    let store = TubesStore(work.transaction)
    let rounds = ScreeningRoundStore(work.transaction)
    let moment = work.now - .minutes(policy.clocks.resultMinutes)
    let late = try store.late(openedBefore: moment, limit: Self.atOnce)
    for tube in late {
      let round = try rounds.get(tube.round)
      let place = try tube.point.flatMap { try rounds.point($0)?.place } ?? round.area
      try work.oblige(
        ScreeningObligations.late, about: tube.code.text, at: place, by: work.now)
      try store.noteAlarm(tube.code, at: work.now)
    }
    return late.count
  }

  /// Counts the swabs of tubes anew that were counted otherwise before.
  private func countAnew(in work: Work) throws -> Int {
    let recounts = RecountsStore(work.transaction)
    let codes = try recounts.next(limit: Self.atOnce)
    if codes.isEmpty { return 0 }
    let rounds = ScreeningRoundStore(work.transaction)
    let book = RosterBook(work.transaction)
    for code in codes {
      try recounts.done(code)
      guard var tube = try TubesStore(work.transaction).find(code) else { continue }
      let swabs = try work.recount(
        tube, SwabsStore(work.transaction).inTube(code), book)
      try work.settle(&tube, holding: swabs, isNew: swabs.contains(where: \.isLate)) {
        try rounds.get($0).pool
      }
    }
    try book.save()
    return codes.count
  }

  private func tellUnconfirmed(_ policy: ScreeningPolicy, in work: Work) throws -> Int {
    let store = CustodyStore(work.transaction)
    let moment = work.now - .minutes(policy.clocks.handOverMinutes)
    let open = try store.open(givenBefore: moment, limit: Self.atOnce)
    for (box, number) in open {
      try work.oblige(
        ScreeningObligations.custody, about: "\(box.text)/\(number)",
        at: work.area(of: work.box(box)).place, by: work.now)
      try store.noteAlarm(box, number, at: work.now)
    }
    return open.count
  }

  private func closeBuildings(in work: Work) throws -> Int {
    let store = SearchesStore(work.transaction)
    let finished = try store.finished(limit: Self.atOnce)
    for (search, isRoundOver) in finished {
      let about = OweUntested.subject(search.round, search.place)
      if isRoundOver {
        try work.waive(ScreeningObligations.untested, about: about, reason: "round_over")
      } else {
        try work.discharge(ScreeningObligations.untested, about: about, proof: ["left": "0"])
      }
      try store.close(search, at: work.now)
    }
    return finished.count
  }
}
