import Gazette
import Kernel
import Registry

/// Writes the plan of a zone (一区一策).
package struct WriteZonePlan: Command {
  package static let name = "zones.plan"
  package static let duty: Duty = "zones.arrange"
  package let zone: ZoneID
  package let plan: String

  package init(zone: ZoneID, plan: String) {
    self.zone = zone
    self.plan = plan
  }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Done {
    let held = try work.zonesStore.get(zone)
    guard held.endedAt == nil else { throw Refusal.zoneOver }
    try work.zonesStore.write(plan: ZoneText.plan(plan), of: zone)
    try work.note(.plan, of: held, about: "")
    try work.record(ZoneArranged(zone: zone, what: "plan"))
    return Done()
  }
}

/// Sets a gate at a zone, where somebody stands day and night from then on.
package struct SetZoneCheckpoint: Command {
  package struct Answer: Codable, Sendable {
    package let checkpoint: String
  }

  package static let name = "zones.setCheckpoint"
  package static let duty: Duty = WriteZonePlan.duty
  package let zone: ZoneID
  package let place: PlaceID
  /// What people call it: 东门.
  package let name: String

  package init(zone: ZoneID, place: PlaceID, name: String) {
    self.zone = zone
    self.place = place
    self.name = name
  }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Answer {
    let held = try work.zonesStore.get(zone)
    guard held.endedAt == nil else { throw Refusal.zoneOver }
    let called = name.trimmingWhitespace()
    guard !called.isEmpty, called.count <= 60 else {
      throw Refusal(
        .invalid, "zone.checkpointName",
        Words("卡口名称为 1 至 60 个字", "A gate's name has 1 to 60 characters"), field: "name")
    }
    let place = try PlacesStore(work.transaction).get(place)
    let id: ZoneID = work.newID()
    try ZoneStaffStore(work.transaction).insert(
      ZoneCheckpoint(id: id.text, zone: zone, place: place.id, name: called), at: work.now)
    try work.note(.checkpoint, of: held, about: id.text)
    try work.record(ZoneArranged(zone: zone, what: id.text))
    try work.recheckRoster(of: held)
    return Answer(checkpoint: id.text)
  }
}

/// Puts somebody on the roster of a zone, on one day or on several at the same hours.
package struct AssignZoneShift: Command {
  package struct Answer: Codable, Sendable {
    package let shifts: [String]
    /// What is still missing in the coming hours.
    package let gaps: [RosterGap]
  }

  package static let name = "zones.assign"
  package static let duty: Duty = WriteZonePlan.duty
  package let zone: ZoneID
  /// `point_leader`, `group_leader`, `member` as the edition names them, or `checkpoint`.
  package let role: String
  package let account: AccountID
  package let from: Instant
  package let until: Instant
  package let checkpoint: String?
  /// On how many days in a row; one when nothing is said.
  package let days: Int?

  package init(
    zone: ZoneID, role: String, account: AccountID, from: Instant, until: Instant,
    checkpoint: String? = nil, days: Int? = nil
  ) {
    self.zone = zone
    self.role = role
    self.account = account
    self.from = from
    self.until = until
    self.checkpoint = checkpoint
    self.days = days
  }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Answer {
    let held = try work.zonesStore.get(zone)
    guard held.endedAt == nil else { throw Refusal.zoneOver }
    guard let policy = work.zonesPolicy(of: held), let level = policy.level(held.level) else {
      throw Refusal.zoneOver
    }
    try requirePost(level, in: work)
    guard try OfficesStore(work.transaction).hasAccount(account) else {
      throw Refusal.notFound(Words("账号", "account"), account.text, field: "account")
    }
    guard from < until, until - from <= .hours(policy.shiftHoursMost) else {
      throw Refusal(
        .invalid, "zone.shiftLength",
        Words(
          "一班最长 \(policy.shiftHoursMost) 小时，且结束须晚于开始",
          "A turn is at most \(policy.shiftHoursMost) hours and ends after it begins"),
        field: "until"
      )
    }
    let days = days ?? 1
    guard (1...31).contains(days) else {
      throw Refusal.malformed("days", String(days), expected: Words("1 至 31", "1 to 31"))
    }
    var shifts: [String] = []
    for day in 0..<days {
      shifts.append(try insert(from + .days(day), until + .days(day), in: work))
    }
    try work.checkRoster(of: held, level, policy)
    let gaps = try ZoneRoster(transaction: work.transaction, policy: policy).gaps(
      of: zone, level, from: work.now, until: work.now + .hours(policy.rosterHours))
    return Answer(shifts: shifts, gaps: gaps)
  }

  private func requirePost(_ level: ZonesPolicy.Level, in work: Work) throws {
    if role == ZoneRoster.gateRole {
      let gates = try ZoneStaffStore(work.transaction).checkpoints(of: zone)
      guard let checkpoint, gates.contains(where: { $0.id == checkpoint }) else {
        throw Refusal.notFound(Words("卡口", "gate"), checkpoint ?? "", field: "checkpoint")
      }
      return
    }
    guard checkpoint == nil, level.staffing.contains(where: { $0.role == role }) else {
      let known = (level.staffing.map(\.role) + [ZoneRoster.gateRole]).joined(separator: " | ")
      throw Refusal.malformed("role", role, expected: Words(known, known))
    }
  }

  private func insert(_ from: Instant, _ until: Instant, in work: Work) throws -> String {
    let store = ZoneStaffStore(work.transaction)
    try work.requireOpen(account, from: from, until: until)
    // I-48: nobody is on two turns at once, at this zone, at another or at an isolation site.
    guard try store.shifts(of: account, from: from, until: until).isEmpty,
      try work.staffStore.turns(of: account, from: from, until: until).isEmpty
    else {
      throw Refusal(
        .conflict, "zone.shiftTwice",
        Words(
          "该人员在 \(from.shortText(in: work.zone)) 起的时段已有班次",
          "This account has another turn at \(from.shortText(in: work.zone))"), field: "account")
    }
    let id: ZoneID = work.newID()
    try store.insert(
      ZoneShift(
        id: id.text, zone: zone, role: role, checkpoint: checkpoint, account: account, from: from,
        until: until))
    try work.record(
      ZoneStaffed(zone: zone, shift: id.text, account: account, role: role, removed: false))
    return id.text
  }
}

/// Takes a turn off the roster; a gap that it leaves is owed at once.
package struct UnassignZoneShift: Command {
  package static let name = "zones.unassign"
  package static let duty: Duty = WriteZonePlan.duty
  package let shift: String

  package init(shift: String) { self.shift = shift }

  package func area(in work: Work) throws -> Area {
    .path(try work.zonesStore.get(found(in: work).zone).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try found(in: work)
    try ZoneStaffStore(work.transaction).remove(found.id, at: work.now)
    try work.record(
      ZoneStaffed(
        zone: found.zone, shift: found.id, account: found.account, role: found.role, removed: true))
    try work.recheckRoster(of: work.zonesStore.get(found.zone))
    return Done()
  }

  private func found(in work: Work) throws -> ZoneShift {
    guard let found = try ZoneStaffStore(work.transaction).shift(shift) else {
      throw Refusal.notFound(Words("班次", "turn"), shift, field: "shift")
    }
    return found
  }
}

extension Work {
  /// Looks at the roster of a zone that stands.
  func recheckRoster(of held: HeldZone) throws {
    guard held.state == .standing, let policy = zonesPolicy(of: held),
      let level = policy.level(held.level)
    else { return }
    try checkRoster(of: held, level, policy)
  }
}

extension Refusal {
  static var zoneOver: Refusal {
    Refusal(
      .conflict, "zone.over", Words("该区域已解除或未采纳", "This zone is over or was declined"),
      field: "zone")
  }
}
