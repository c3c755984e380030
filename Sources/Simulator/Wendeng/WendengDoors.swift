import Detection
import Gazette
import Kernel
import Registry

extension WendengDay {
  /// Whoever was not sampled is looked for: the list goes to the grid workers by building, who swab those
  /// who are at home and note why the others are not.
  func sweep(_ turn: String) async throws -> [Filled] {
    time.move(to: time.now + .minutes(30))
    try await step("the untested given to the grids, \(turn)") {
      let buildings = try await script.perform(OweUntested(round: round), as: "duty").buildings
      // The others are given out by errands.
      return buildings + (try await script.pump.turn())
    }
    let left = try await missing()
    time.move(to: time.now + .hours(2))
    var filled: [Filled] = []
    try await step("people found at the door, \(turn)") {
      var waiting: [Int: [Int]] = [:]
      for person in left {
        guard let place = people.places[person] else {
          require(false, "\(person) is looked for and does not live here")
          continue
        }
        let member = people.members[place]
        switch member.part {
        case .away: try await note(member, .away, .travelling)
        case .refused: try await note(member, .refused, .unwilling)
        case .late, .point, .team: waiting[member.community, default: []].append(place)
        case .exempt: require(false, "\(person) is looked for and exempt")
        }
      }
      for (community, members) in waiting.sorted(by: { $0.key < $1.key }) {
        for part in members.chunks(of: WendengSize.pool) {
          filled.append(try await swab(Array(part), at: community))
        }
      }
      return left.count
    }
    try await script.pump.turn()
    return filled
  }

  private func note(
    _ member: WendengPeople.Member, _ standing: Standing, _ reason: StandingReason
  ) async throws {
    try await script.perform(
      NoteStanding(
        round: round, person: member.person, standing: standing, reason: reason),
      as: "worker-\(member.community)")
  }

  private func swab(_ members: [Int], at community: Int) async throws -> Filled {
    let code = try await nextCode()
    let device = "worker-phone-\(community)"
    let worker = "worker-\(community)"
    for member in members {
      try await script.perform(
        RegisterSwab(
          SwabRow(
            round: round, person: people.members[member].person, tube: code,
            sampledAt: time.now - .minutes(5)), device: device), as: worker)
    }
    try await script.perform(
      SealTube(
        tube: code, round: round, at: time.now, count: members.count, device: device),
      as: worker)
    // A point of the street packs what its grid workers bring.
    let street = homes[community].street
    let point =
      (0..<size.points).first { homes[self.community(of: $0)].street == street } ?? 0
    return Filled(
      code: code, point: Self.point(point), account: sampler(of: point), members: members)
  }

  /// Who is on the list without a swab and without a reason, by building and door.
  private func missing() async throws -> [PersonID] {
    try await lines(exempt: false).filter {
      [Standing.missing.rawValue, Standing.reswab.rawValue].contains($0.reason)
    }.map(\.person)
  }

  private func lines(exempt: Bool) async throws -> [ListUntested.Line] {
    var found: [ListUntested.Line] = []
    var after: String?
    repeat {
      let page = try await script.ask(
        ListUntested(round: round, after: after, exempt: exempt), for: .fieldwork, as: "duty")
      found += page.lines
      after = page.after
    } while after != nil
    return found
  }

  // MARK: The end

  /// Everybody is tested or stands on the list with a reason, and every rule of the district holds.
  func settle() async throws {
    try await script.pump.turn()
    let count = try await coverage(.building)
    try await watch()
    require(count.missing == 0, "\(count.missing) were missed")
    require(count.reswab == 0, "\(count.reswab) wait for another swab")
    require(count.sampled == 0, "\(count.sampled) wait for a result")
    require(count.unlistedTested == 0, "\(count.unlistedTested) are tested and not listed")
    require(
      count.tested + count.exempt + count.away + count.refused == count.listed,
      "the list is not complete")
    require(count.away == people.count(.away), "\(count.away) are away")
    require(count.refused == people.count(.refused), "\(count.refused) refused")
    try await step("the list of those without a result") {
      let lines = try await lines(exempt: true)
      for line in lines {
        let isRight =
          switch people.member(line.person)?.part {
          case .exempt: line.reason == "exempt:age"
          case .away: line.reason == "away:travelling"
          case .refused: line.reason == "refused:unwilling"
          case .point, .team, .late, nil: false
          }
        require(isRight, "\(line.person) has no result: \(line.reason)")
      }
      require(
        lines.count == count.listed - count.tested,
        "\(lines.count) names for \(count.listed - count.tested) people without a result")
      return lines.count
    }
    try await recalled()
    try await script.perform(CloseRound(round: round), as: "duty")
    try await script.pump.turn()
    try await step("rules of the district looked at") {
      let found = try await script.desk.violations()
      for (rule, finding) in found.sorted(by: { $0.key < $1.key }) {
        require(false, "\(rule) \(finding.sentence): \(finding.violations.prefix(3))")
      }
      return script.desk.assembly.invariants.count
    }
    report.listed = count.listed
    report.tested = count.tested
    report.exempt = count.exempt
    report.away = count.away
    report.refused = count.refused
  }

  /// Every recall is decided, each by the tube of the person alone.
  private func recalled() async throws {
    var lines: [ListRecalls.Line] = []
    var after: String?
    repeat {
      let page = try await script.ask(
        ListRecalls(round: round, after: after), for: .containment, as: "duty")
      lines += page.lines
      after = page.after
    } while after != nil
    require(Set(lines.map(\.tube)).count == size.positivePools, "other tubes are not negative")
    require(lines.count == report.recalled, "\(lines.count) recalls, \(report.recalled) people")
    for line in lines {
      require(line.state != "held", "\(line.person) is held for ever")
      require(line.singleTube != nil, "\(line.person) is decided without an own tube")
    }
    report.released = lines.count { $0.state == "released" }
    report.cases = lines.count { $0.state == "case" }
    require(report.released == negative.count, "\(report.released) released")
    require(report.cases == infected.count, "\(report.cases) cases")
  }
}
