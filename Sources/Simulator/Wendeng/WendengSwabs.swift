import Detection
import Gazette
import Kernel
import Registry

extension WendengDay {
  /// Of so many tubes one leaks; of few tubes a few.
  private var leakEvery: Int { min(2_000, max(20, size.tubes / 4)) }
  private static let mostRows = 500

  /// An hour at all points: whoever is due comes, tubes are filled and sealed, some leak.
  func swab(hour: Int, of hours: Int) async throws -> [Filled] {
    let start = opened + .hours(2 + hour)
    time.move(to: start + .hours(1))
    var filled: [Filled] = []
    try await step("swabs at points") {
      for point in 0..<size.points {
        filled += try await swab(
          point, from: start, tubes: tubes(of: point), part: hour, of: hours)
      }
      return filled.reduce(0) { $0 + $1.members.count }
    }
    return try await leak(filled)
  }

  /// How many tubes a point fills: its share of those that the teams leave.
  private func tubes(of point: Int) -> Int {
    let all = people.atPoints.reduce(0) { $0 + $1.count }
    let left = max(1, size.tubes - people.atDoors.reduce(0) { $0 + homeTubes($1.count) })
    let own = people.atPoints[point].count
    let share = (own * left + all / 2) / max(1, all)
    return max(share, (own + WendengSize.pool - 1) / WendengSize.pool)
  }

  private func homeTubes(_ people: Int) -> Int {
    (people + WendengSize.homeTube - 1) / WendengSize.homeTube
  }

  private func swab(
    _ point: Int, from start: Instant, tubes: Int, part: Int, of parts: Int
  ) async throws -> [Filled] {
    let all = people.atPoints[point]
    let own = part * tubes / parts..<(part + 1) * tubes / parts
    var filled: [Filled] = []
    var rows: [Fields] = []
    for (turn, tube) in own.enumerated() {
      let members = Array(all[tube * all.count / tubes..<(tube + 1) * all.count / tubes])
      if members.isEmpty { continue }
      let code = try await nextCode()
      let at = start + .seconds(3_500 * turn / own.count)
      rows += members.enumerated().map { place, member in
        .object([
          "round": .text(round.text), "person": .text(people.members[member].person.text),
          "tube": .text(code.text), "point": .text(Self.point(point).text),
          "sampled_at": .text((at + .seconds(3 * place)).text(in: Self.zone)),
        ])
      }
      filled.append(
        Filled(
          code: code, point: Self.point(point), account: sampler(of: point), members: members))
      if rows.count >= Self.mostRows {
        try await script.send(
          rows: rows, to: ImportSwabs.name, as: sampler(of: point))
        rows = []
      }
    }
    if !rows.isEmpty {
      try await script.send(rows: rows, to: ImportSwabs.name, as: sampler(of: point))
    }
    for tube in filled {
      try await script.perform(
        SealTube(tube: tube.code, round: round, count: tube.members.count),
        as: sampler(of: point))
    }
    return filled
  }

  /// Some tubes leak: everyone in them has to be sampled again. Answers the others.
  private func leak(_ filled: [Filled]) async throws -> [Filled] {
    var good: [Filled] = []
    for tube in filled {
      sealed += 1
      guard sealed % leakEvery == 7 else {
        good.append(tube)
        continue
      }
      let answer = try await script.perform(
        VoidTube(tube: tube.code, round: round, reason: .leaking), as: tube.account)
      require(
        answer.members == tube.members.count,
        "\(answer.members) of \(tube.members.count) in a tube that leaks are sampled again")
      report.voidTubes += 1
    }
    return good
  }

  /// Half of the doors of those who cannot come. The teams' phones have no network: what they did comes
  /// in all at once, in any order, and a third of it twice.
  func teams(half: Int) async throws -> [Filled] {
    var filled: [Filled] = []
    try await step("swabs at home, without network") {
      for team in 0..<size.teams {
        let all = people.atDoors[team]
        let own = Array(all[half * all.count / 2..<(half + 1) * all.count / 2])
        for start in stride(from: 0, to: own.count, by: WendengSize.homeTube) {
          let members = Array(own[start..<min(start + WendengSize.homeTube, own.count)])
          let tube = Filled(
            code: try await nextCode(), point: Self.team(team), account: sampler(ofTeam: team),
            members: members)
          try await upload(tube, of: team)
          filled.append(tube)
        }
      }
      return filled.reduce(0) { $0 + $1.members.count }
    }
    return filled
  }

  private func sampler(ofTeam team: Int) -> String {
    let first = people.atDoors[team].first.map { people.members[$0].community } ?? 0
    return "sampler-\(homes[first].street)"
  }

  private func upload(_ tube: Filled, of team: Int) async throws {
    var chance = Chance(seed: Self.seed &+ UInt64(team) &* 7_919 &+ UInt64(tube.members[0]))
    let start = time.now - .hours(4)
    let rows = tube.members.enumerated().map { place, member in
      SwabRow(
        round: round, person: people.members[member].person, tube: tube.code,
        point: Self.team(team), sampledAt: start + .minutes(7 * place))
    }
    let account = tube.account
    let device = "phone-\(team)"
    let sealing = SealTube(
      tube: tube.code, round: round, at: start + .minutes(40), count: rows.count,
      device: device)
    let sealsFirst = chance.happens(0.3)
    if sealsFirst { try await script.perform(sealing, as: account) }
    let doubled = rows.filter { _ in chance.happens(0.3) }
    for row in (rows + doubled).shuffled(using: &chance) {
      try await script.perform(RegisterSwab(row, device: device), as: account)
    }
    if !sealsFirst { try await script.perform(sealing, as: account) }
  }
}
