import Detection
import Gazette
import Kernel
import Registry

extension WendengDay {
  private static let enrolledAtOnce = 5_000

  /// Puts people into the register before the day is played; told how many are in it.
  package static func enrol(
    _ residents: [SampleResident], _ script: Script, progress: @Sendable (Int) -> Void
  ) async throws {
    // As rows they take far more room than as people: a part at a time.
    for start in stride(from: 0, to: residents.count, by: enrolledAtOnce) {
      let part = residents[start..<min(start + enrolledAtOnce, residents.count)]
      try await script.send(rows: part.map(\.fields), to: "residents.import", as: "admin")
      progress(start + part.count)
    }
  }

  /// Fills the offices, and sets up points, teams and laboratories.
  func prepare() async throws {
    openedAt = time.now
    let codes = communities.map(\.code)
    let county = Self.county
    let found = try await script.desk.storage.read { transaction in
      let store = PlacesStore(transaction)
      guard let district = try store.find(code: county) else {
        throw Refusal.notFound(Words("区县", "district"), county)
      }
      let places = try codes.map { code in
        guard let place = try store.find(code: code),
          let street = try store.line(to: place.path).first(where: { $0.level == .street })
        else { throw Refusal.notFound(Words("社区", "community"), code) }
        let grids = try store.inside(place.path, level: .grid).map(\.id)
        return (id: place.id, street: street.id, grids: grids)
      }
      return (district: district.id, places: places)
    }
    district = found.district
    var streets: [PlaceID: Int] = [:]
    homes = found.places.map { place in
      let street = streets[place.street] ?? streets.count
      streets[place.street] = street
      return (place.id, street)
    }
    let districtID = found.district
    try await appoint("duty", "command_duty", [districtID])
    for (street, number) in streets.sorted(by: { $0.value < $1.value }) {
      try await appoint("sampler-\(number)", "sampler", [street])
    }
    for number in 0..<size.couriers {
      try await appoint("courier-\(number)", "courier", [districtID])
    }
    for number in 0..<size.laboratories {
      try await appoint(Self.laboratory(number), "laboratory", [districtID])
      try await script.perform(
        SetLaboratory(
          laboratory: Self.laboratoryID(number), name: Self.laboratory(number),
          key: laboratories[number].key), as: "admin")
    }
    for (number, place) in found.places.enumerated() {
      try await appoint("worker-\(number)", "grid_worker", place.grids)
    }
    for number in 0..<size.points {
      try await set(Self.point(number), .fixed, at: community(of: number))
    }
    for number in 0..<size.teams {
      let first = people.atDoors[number].first ?? 0
      try await set(Self.team(number), .home, at: people.members[first].community)
    }
  }

  private func appoint(_ account: String, _ role: String, _ places: [PlaceID]) async throws {
    try await script.perform(
      OpenAccount(account: AccountID(trusted: account), title: account), as: "admin")
    for place in places {
      try await script.perform(
        GrantOffice(account: AccountID(trusted: account), role: role, place: place), as: "admin")
    }
  }

  private func set(
    _ point: PointID, _ kind: SamplingPoint.Kind, at community: Int
  ) async throws {
    try await script.perform(
      SetPoint(
        point: point, name: point.text, place: homes[community].id, kind: kind, opens: "07:00",
        closes: "17:00", samplers: 2), as: "duty")
  }

  /// Opens the round; the list is everybody who lives here, at this moment.
  func open() async throws {
    try await step("freeze") {
      let answer = try await script.perform(
        OpenRound(
          areas: [district], name: "全区全员核酸", pool: WendengSize.pool,
          dueAt: opened + .hours(36), round: round), as: "duty")
      try await script.pump.turn()
      let count = try await coverage(.street)
      require(count.frozen, "the list was not frozen by itself")
      require(
        count.listed == people.members.count,
        "\(count.listed) are listed, \(people.members.count) live here")
      require(
        count.exempt == people.count(.exempt),
        "\(count.exempt) are exempt, \(people.count(.exempt)) are too young")
      return max(answer.listed, count.listed)
    }
  }

  /// Asks for the coverage by a level, takes the time, and adds it up.
  @discardableResult
  func coverage(_ level: PlaceLevel) async throws -> CountRound.Answer {
    let start = stopwatch()
    let count = try await script.ask(
      CountRound(round: round, by: level), for: .supervision, as: "duty")
    report.slowestCoverage = max(report.slowestCoverage, stopwatch() - start)
    let parts =
      count.tested + count.sampled + count.missing + count.exempt + count.away + count.refused
      + count.reswab
    require(parts == count.listed, "the list does not add up: \(parts) of \(count.listed)")
    require(
      count.by.reduce(0) { $0 + $1.listed } == count.listed
        && count.by.reduce(0) { $0 + $1.tested } == count.tested,
      "coverage by \(level.rawValue) does not add up")
    require(count.coverage <= 1, "coverage is \(count.coverage)")
    return count
  }

  /// What the wall asks for, again and again.
  func watch() async throws {
    for level in [PlaceLevel.street, .community, .grid, .building] { try await coverage(level) }
  }
}
