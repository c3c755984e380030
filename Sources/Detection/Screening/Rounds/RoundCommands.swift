import Gazette
import Kernel
import Registry

/// Opens a round over one area or several: who should be tested is frozen from the register at this
/// moment.
package struct OpenRound: Command {
  package struct Answer: Codable, Sendable {
    package let round: RoundID
    /// How many are on the list so far; all of them when `frozen`.
    package let listed: Int
    package let frozen: Bool
  }

  package static let name = "screening.open"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.open"
  /// Places by identifier or statistical code.
  package let areas: [PlaceID]
  package let name: String
  package let pool: Int
  package let dueAt: Instant?
  /// Its number, when the sender has one; otherwise a new one.
  package let round: RoundID?
  /// Whether one household may share one tube, where a mode of the policy lets it.
  package let householdTube: Bool?

  private enum CodingKeys: String, CodingKey {
    case areas
    case name
    case pool
    case round
    case dueAt = "due_at"
    case householdTube = "household_tube"
  }

  package init(
    areas: [PlaceID], name: String, pool: Int, dueAt: Instant? = nil, round: RoundID? = nil,
    householdTube: Bool? = nil
  ) {
    self.areas = areas
    self.name = name
    self.pool = pool
    self.dueAt = dueAt
    self.round = round
    self.householdTube = householdTube
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let places = try work.places(areas, field: "areas")
    for place in places { try work.require(Self.duty, at: place.path) }
    let opened = try work.newRound(
      places, named: name, pool: pool, dueAt: dueAt, round: round,
      householdTube: householdTube == true)
    var freezing = try RosterFreezing(work, opened)
    let frozen = try freezing.freeze()
    return Answer(
      round: opened.id, listed: frozen.listed, frozen: frozen.frozenAt != nil)
  }
}

extension Work {
  /// A round with an empty list.
  func newRound(
    _ places: [Place], named written: String, pool: Int, dueAt: Instant?, round: RoundID?,
    householdTube: Bool = false
  ) throws -> ScreeningRound {
    let policy = try policy(ScreeningPolicy.self)
    let name = written.trimmingWhitespace()
    guard !name.isEmpty else { throw Refusal.missing("name") }
    guard name.count <= 100 else {
      throw Refusal(
        .invalid, "round.nameLong",
        Words("轮次名称最多 100 个字，请缩短", "The name has at most 100 characters; shorten it"), field: "name"
      )
    }
    try policy.require(pool: pool)
    if householdTube { try policy.requireHouseholdTube(pool: pool) }
    let due = dueAt ?? now + .hours(policy.sizing.finishHours)
    guard due > now else {
      throw Refusal(
        .invalid, "round.dueInPast",
        Words("完成时限早于现在，请更正", "It would be due in the past; correct the time"),
        field: "due_at")
    }
    let store = ScreeningRoundStore(transaction)
    if let round, try store.find(round) != nil {
      throw Refusal(
        .conflict, "round.known",
        Words("该轮次编号已存在，请换一个编号", "A round has this number already; use another one"),
        field: "round")
    }
    let place = try self.place(holding: places)
    let opened = ScreeningRound(
      id: round ?? newID(), name: name, area: place.id, path: place.path,
      areas: places.map(\.path), pool: pool, openedAt: now, openedBy: authority.sender.text,
      dueAt: due, cursor: nil, frozenAt: nil, listed: 0, closedAt: nil,
      householdTube: householdTube)
    try store.insert(opened)
    try record(RoundOpened(round: opened.id, area: place.id, pool: pool, dueAt: due))
    return opened
  }

  /// Places that were named by identifier or code, by path; those inside others fall away.
  func places(_ names: [PlaceID], field: String) throws -> [Place] {
    guard !names.isEmpty else { throw Refusal.missing(field) }
    let store = PlacesStore(transaction)
    let found = try names.map { name in
      guard let place = try store.find(name) ?? store.find(code: name.text) else {
        throw Refusal.notFound(Words("地点", "place"), name.text, field: field)
      }
      return place
    }
    var kept: [Place] = []
    for place in found.sorted(by: { $0.path < $1.path })
    where !kept.contains(where: { $0.path.holds(place.path) }) { kept.append(place) }
    return kept
  }

  /// The lowest place that holds all of some.
  func place(holding places: [Place]) throws -> Place {
    guard places.count > 1, let first = places.first else { return places[0] }
    let common = first.path.ancestors.first { path in
      places.allSatisfy { path.holds($0.path) }
    }
    guard let common, let place = try PlacesStore(transaction).find(path: common) else {
      throw Refusal(
        .invalid, "round.areas",
        Words("各范围须在同一城市内；跨城市的分开开轮", "The areas must lie in one city; open a round for each"),
        field: "areas")
    }
    return place
  }
}

/// Freezes the next part of a round's list. Sent by the clock until all of it is.
package struct FreezeRound: Command {
  package static let name = "screening.freeze"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = .clockOnly
  package let round: RoundID

  package init(round: RoundID) { self.round = round }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let round = try ScreeningRoundStore(work.transaction).get(round)
    guard round.frozenAt == nil else { return Done() }
    var freezing = try RosterFreezing(work, round)
    _ = try freezing.freeze()
    return Done()
  }
}

/// Ends a round: no desk registers in it any more; what devices have done before still comes in.
package struct CloseRound: Command {
  package static let name = "screening.close"
  package static let duty: Duty = OpenRound.duty
  package let round: RoundID
  /// Whether it ends although some on its list have neither a swab nor a reason.
  package let confirmed: Bool?

  package init(round: RoundID, confirmed: Bool? = nil) {
    self.round = round
    self.confirmed = confirmed
  }

  package func area(in work: Work) throws -> Area {
    .path(try ScreeningRoundStore(work.transaction).get(round).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = ScreeningRoundStore(work.transaction)
    var found = try store.get(round)
    guard found.closedAt == nil else { return Done() }
    guard found.frozenAt != nil else {
      throw Refusal(
        .conflict, "round.freezing",
        Words("应检名单仍在生成，请稍后再结束", "The list is still being frozen; close it later"),
        field: "round")
    }
    let left = try RosterStore(work.transaction).counts(of: found.id, in: found.path).unanswered
    guard left == 0 || confirmed == true else {
      throw Refusal(
        .conflict, "round.unanswered",
        Words(
          "名单上还有 \(left) 人既没采样也没登记原因；先处理未采名单，确要结束请勾选确认（confirmed）",
          "\(left) on the list have neither a swab nor a reason: go through the untested first, or confirm that it ends all the same (confirmed)"
        ), field: "confirmed")
    }
    found.closedAt = work.now
    try store.update(found)
    try work.record(RoundClosed(round: found.id, unanswered: left))
    // Nobody has to knock at its doors any more.
    try work.send(TendScreening())
    return Done()
  }
}

/// Says where and when a point samples; the same identifier again puts it right.
package struct SetPoint: Command {
  package static let name = "screening.setPoint"
  package static let duty: Duty = OpenRound.duty
  package let point: PointID
  package let name: String
  package let place: PlaceID
  package let kind: SamplingPoint.Kind
  package let opens: String?
  package let closes: String?
  package let latitude: Double?
  package let longitude: Double?
  package let samplers: Int?
  /// More than any point has; what they get through in an hour is counted with it.
  static let mostSamplers = 10_000
  private static let mostCharacters = 100

  package init(
    point: PointID, name: String, place: PlaceID, kind: SamplingPoint.Kind = .fixed,
    opens: String? = nil, closes: String? = nil, latitude: Double? = nil,
    longitude: Double? = nil, samplers: Int? = nil
  ) {
    self.point = point
    self.name = name
    self.place = place
    self.kind = kind
    self.opens = opens
    self.closes = closes
    self.latitude = latitude
    self.longitude = longitude
    self.samplers = samplers
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Done {
    let place = try PlacesStore(work.transaction).get(place)
    let store = ScreeningRoundStore(work.transaction)
    if let known = try store.point(point) { try work.require(Self.duty, at: known.path) }
    for (time, field) in [(opens, "opens"), (closes, "closes")] {
      guard let time, time.wholeMatch(of: /([01]\d|2[0-3]):[0-5]\d/) == nil,
        !(field == "closes" && time == "24:00")
      else { continue }
      throw Refusal.malformed(
        field, time,
        expected: Words(
          "00:00 到 23:59 的时刻，如 07:00；关门可写 24:00",
          "a time from 00:00 to 23:59, such as 07:00; it may close at 24:00"))
    }
    guard (latitude == nil) == (longitude == nil), (-90...90).contains(latitude ?? 0),
      (-180...180).contains(longitude ?? 0)
    else {
      throw Refusal(
        .invalid, "point.position",
        Words(
          "经纬度须成对且在范围内，如 36.0903 和 120.3712；不填则两项都空",
          "Latitude and longitude come together, such as 36.0903 and 120.3712, or both stay empty"),
        field: "latitude")
    }
    let name = name.trimmingWhitespace()
    guard !name.isEmpty else { throw Refusal.missing("name") }
    guard name.count <= Self.mostCharacters else {
      throw Refusal(
        .invalid, "point.nameLong",
        Words(
          "采样点名称最多 \(Self.mostCharacters) 个字，请缩短",
          "The name has at most \(Self.mostCharacters) characters; shorten it"), field: "name")
    }
    if let samplers, !(1...Self.mostSamplers).contains(samplers) {
      throw Refusal.malformed(
        "samplers", String(samplers),
        expected: Words("1–\(Self.mostSamplers) 名采样员", "1 to \(Self.mostSamplers) samplers"))
    }
    try store.save(
      SamplingPoint(
        id: point, name: name, place: place.id, path: place.path, kind: kind, opens: opens,
        closes: closes, latitude: latitude, longitude: longitude,
        samplers: samplers ?? 1))
    try work.record(PointSet(point: point, place: place.id, kind: kind.rawValue))
    return Done()
  }
}

/// Says why somebody on a list is not swabbed: exempt, away or refused, with a reason; or that they cannot
/// come to a point (`missing`, `homebound`), so that a team goes to them.
package struct NoteStanding: Command {
  package static let name = "screening.note"
  package static let duty: Duty = "screening.note"
  package let round: RoundID
  package let person: PersonID
  package let standing: Standing
  package let reason: StandingReason
  /// When it was found out, on the clock of the device; now when nothing is said.
  package let at: Instant?

  package init(
    round: RoundID, person: PersonID, standing: Standing, reason: StandingReason,
    at: Instant? = nil
  ) {
    self.round = round
    self.person = person
    self.standing = standing
    self.reason = reason
    self.at = at
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Done {
    switch standing {
    case .missing:
      guard reason == .none || reason == .homebound else {
        throw Refusal.malformed(
          "reason", reason.rawValue,
          expected: Words(
            "none 或 homebound（须上门采）", "none, or homebound for whoever is swabbed at home"))
      }
    case .exempt, .away, .refused:
      if reason == .none || reason == .homebound { throw Refusal.missing("reason") }
    case .reswab, .sampled, .tested:
      throw Refusal.malformed(
        "standing", standing.rawValue,
        expected: Words("missing | exempt | away | refused", "missing | exempt | away | refused"))
    }
    let round = try ScreeningRoundStore(work.transaction).frozen(round)
    let resident = try ResidentsStore(work.transaction).survivor(of: person)
    let book = RosterBook(work.transaction)
    guard let spot = try book.spot(of: resident, in: round) else {
      throw Refusal(
        .notFound, "roster.unlisted",
        Words("此人不在本轮应检名单中，无需登记原因", "This person is not on the round's list; no reason is needed"),
        field: "person")
    }
    // A clock that is further ahead would outdo whatever anybody says afterwards.
    let ahead = try work.policy(ScreeningPolicy.self).clocks.clockAheadMinutes
    let note = StandingNote(
      person: spot.listed, stand: Stand(standing, reason),
      at: at.map { $0 > work.now + .minutes(ahead) ? work.now : $0 } ?? work.now,
      claim: work.command.text)
    try ScreeningRoundStore(work.transaction).add(
      note, of: round.id, by: work.authority.sender.text)
    try work.settle(resident.id, at: spot, in: round, book)
    try work.oweAgain(resident, at: spot, in: round, book)
    try book.save()
    try work.record(
      StandingNoted(
        round: round.id, person: spot.listed, standing: standing.rawValue,
        reason: reason.rawValue))
    return Done()
  }
}
