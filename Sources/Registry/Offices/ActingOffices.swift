import Kernel

/// By which offices an account acts at a moment: those it holds, on their shifts, and those that a
/// colleague delegated to it, without what takes two people.
struct ActingOffices {
  private let transaction: any Transaction
  private let policies: PolicyLibrary
  private let now: Instant
  private let today: Day

  init(_ transaction: any Transaction, _ policies: PolicyLibrary, _ now: Instant) {
    self.transaction = transaction
    self.policies = policies
    self.now = now
    today = Day(of: now, in: .china)
  }

  /// What an account may do.
  ///
  /// - Parameter doneAt: when some work was done that comes in now; an office whose shift has ended
  ///   since then still counts.
  func authority(of account: AccountID, doneAt: Instant? = nil) throws -> Authority {
    let sender = Sender.account(account)
    let days = try policies.section(DelegationPolicy.self, on: today).section.toldDays
    let shifts = try policies.section(ShiftsPolicy.self, on: today).section
    let standing = try HeldOfficesStore(transaction).standing(
      of: account, at: now,
      endedSince: min(now - .days(days), ShiftsRules.heldSince(now, policy: shifts)))
    guard !standing.isEmpty else { return Authority(sender: sender, offices: []) }
    let roles = try policies.section(OfficesPolicy.self, on: today).section.roles
    var held: [HeldOffice] = []
    var resting: [RestingOffice] = []
    for office in standing {
      var duties = roles[office.role]?.held ?? []
      if office.giver != nil { duties.subtract(try kept()) }
      if try isActing(office, of: account, doneAt: doneAt) {
        held.append(
          HeldOffice(
            role: office.role, place: office.place, path: office.path, duties: duties,
            giver: office.giver))
      } else {
        resting.append(
          RestingOffice(path: office.path, duties: duties) { ended(office, of: account, roles) })
      }
    }
    return Authority(sender: sender, offices: held, resting: resting)
  }

  /// The duties that stay with their holder whatever is delegated.
  private func kept() throws -> Set<Duty> {
    Set(
      try policies.section(DelegationPolicy.self, on: today).section.notDelegable.map { Duty($0) })
  }

  private func isActing(
    _ office: StandingOffice, of account: AccountID, doneAt: Instant?
  ) throws -> Bool {
    let policy = try policies.section(ShiftsPolicy.self, on: today).section
    let covers = { (span: HeldSpan?) in
      doneAt.map { ShiftsRules.isTaken(doneAt: $0, now: now, in: span, policy: policy) } ?? false
    }
    // A delegation that ran out ends as a shift does; one that was ended, or whose giver's office was,
    // takes nothing late, as an office that ended does not.
    if let span = office.delegation, !ShiftsRules.isOn(span, at: now, policy: policy),
      span.isCutShort || !covers(span)
    {
      return false
    }
    guard office.isByShift else { return true }
    if ShiftsRules.isOn(office.shift, at: now, policy: policy) { return true }
    guard let doneAt else { return false }
    // The shift in which it was done, which need not be the last.
    return covers(
      try HeldOfficesStore(transaction).shift(
        of: office.giver ?? account, office.role, at: office.place, begunBy: doneAt))
  }

  /// Which shift ended when, and who can extend it. Where names cannot be read it is said without them:
  /// the refusal that says it stands anyway.
  private func ended(
    _ office: StandingOffice, of account: AccountID, _ roles: [String: OfficesPolicy.Role]
  ) -> Words {
    let title = roles[office.role]?.title ?? Words(office.role, office.role)
    let giver = office.giver.map {
      ((try? OfficesStore(transaction).title(of: $0)) ?? nil) ?? $0.text
    }
    if let endedAt = office.endedAt(now), let giver {
      return ShiftsRules.delegationEnded(title, at: endedAt, from: giver, zone: .china)
    }
    let extending = roles.filter { $0.value.held.contains(PlanShift.duty) }.map(\.key).sorted()
    let titles = try? HeldOfficesStore(transaction).titles(
      holding: extending, over: office.path, except: account, at: now)
    let shifts = try? policies.section(ShiftsPolicy.self, on: today).section
    return ShiftsRules.ended(
      title, of: giver, after: office.shift,
      grace: shifts?.graceMinutes ?? 0, askedFrom: titles ?? [], zone: .china)
  }
}
