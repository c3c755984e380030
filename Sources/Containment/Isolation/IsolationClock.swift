import Gazette
import Kernel
import Registry

/// The clock's command: looks at each stay when its measure may have changed or its end is near.
/// Lets the notice be owed in time, and letting go as soon as no measure holds; opens the meals of
/// the day ahead and the tests of the staff, and looks at the rosters.
package struct TendIsolation: Command {
  package static let name = "isolation.tend"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 200
  /// No release looks further back than this.
  private static let keptDays = 60

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many stays were looked at.
  package func perform(in work: Work) throws -> Int {
    let due = try work.stays.due(at: work.now, limit: Self.atOnce)
    for stay in due { try look(at: stay, in: work) }
    if due.count == Self.atOnce { try work.send(TendIsolation()) }
    if !due.isEmpty {
      try work.stays.forgetResults(before: (work.today - Self.keptDays).start(in: work.zone))
    }
    for place in try work.mealsStore.inhabited() {
      do {
        try work.transaction.savepoint { try serve(place, in: work) }
      } catch is Refusal {
        // It is looked at again within a minute; the other sites do not wait for it.
        continue
      }
    }
    return due.count
  }

  private func serve(_ place: PlaceID, in work: Work) throws {
    try work.openMeals(of: work.sites.get(place))
    try work.openStaffTests(of: place)
    try work.checkStaff(of: place)
  }

  private func look(at stay: SiteStay, in work: Work) throws {
    let held = try CentralIsolation.holding(stay.person, at: work.now, in: work.transaction)
    guard let held else { return try free(stay, in: work) }
    // What another clause asks since is asked here, too: the person is here.
    try work.settle(stay.person, at: stay.site, stay.path)
    if stay.restriction != held.restriction.id {
      // Decided anew: a notice that was brought before names another measure.
      try work.stays.restrict(stay.id, by: held.restriction.id)
      try work.stays.noteNotice(stay.id, at: nil)
    }
    if stay.freeFrom != nil {
      try work.stays.free(stay.id, from: nil)
      try work.waive(IsolationDuties.release, about: stay.id.text, reason: "held_again")
    }
    let hours = try work.policy(IsolationPolicy.self).noticeHours
    let from = held.until - .hours(hours)
    if from > work.now {
      try work.waive(IsolationDuties.notice, about: stay.id.text, reason: "moved")
      return try work.stays.check(stay.id, at: from)
    }
    if try work.stays.get(stay.id).noticeAt == nil {
      try oweNotice(stay, by: held.until, in: work)
    }
    try work.stays.check(stay.id, at: held.until)
  }

  /// Nothing holds the person: whoever is here of their own will stays as long as they like, all
  /// others are let go within the policy's minutes.
  private func free(_ stay: SiteStay, in work: Work) throws {
    try work.stays.check(stay.id, at: nil)
    guard let id = stay.restriction, stay.freeFrom == nil,
      let restriction = try RestrictionsStore(work.transaction).find(id)
    else { return }
    let moment = CentralIsolation.freeFrom(
      restriction, try RestrictionsStore(work.transaction).phases(of: id), at: work.now)
    try work.stays.free(stay.id, from: moment)
    let minutes = try work.policy(IsolationPolicy.self).releaseMinutes
    let store = ObligationStore(work.transaction)
    let deadline = moment + .minutes(minutes)
    if try stay.noticeAt == nil
      && store.owed(IsolationDuties.notice.name, about: stay.id.text).isEmpty
    {
      try owe(IsolationDuties.notice, stay, by: deadline, in: work)
    }
    if try store.owed(IsolationDuties.release.name, about: stay.id.text).isEmpty {
      try owe(IsolationDuties.release, stay, by: deadline, in: work)
    }
  }

  /// One notice, due when the days are over; one that was due at another time falls away.
  private func oweNotice(_ stay: SiteStay, by deadline: Instant, in work: Work) throws {
    let owed = try ObligationStore(work.transaction).owed(
      IsolationDuties.notice.name, about: stay.id.text)
    if owed.contains(where: { $0.deadline == deadline }) { return }
    try work.waive(IsolationDuties.notice, about: stay.id.text, reason: "moved")
    try owe(IsolationDuties.notice, stay, by: deadline, in: work)
  }

  private func owe(
    _ kind: ObligationKind, _ stay: SiteStay, by deadline: Instant, in work: Work
  ) throws {
    try work.oblige(
      kind, about: stay.id.text, person: stay.person, at: stay.site, by: deadline)
  }
}
