import Containment
import Detection
import Gazette
import Kernel
import Registry

extension WendengDay {
  /// From the tubes that are not negative to the last person in them: all are held, each gives a swab of
  /// their own, and each is free by their own tube and not before.
  func recall(_ pools: [(filled: Filled, result: TubeResult)]) async throws {
    let held = pools.flatMap { pool in pool.filled.members.map { people.members[$0].person } }
    if held.isEmpty { return }
    report.recalled += held.count
    try await approve()
    try await check(held: Set(held), "after \(pools.count) tubes that are not negative")
    let singles = try await ownSwabs(pools)
    try await check(held: Set(held), "after their own swabs")
    try await carry(singles.map(\.tube), "own swabs")
    try await check(held: Set(held), "while their own swabs are tested")
    time.move(to: time.now + .minutes(150))
    // The laboratories are through with one half before the other.
    for half in [0, 1] {
      let part = singles.enumerated().filter { $0.offset % 2 == half }.map(\.element)
      let positive = Set(part.filter(\.isPositive).map(\.tube.code))
      try await deliver(part.map(\.tube)) { positive.contains($0.code) ? .positive : .negative }
      for single in part {
        if single.isPositive {
          infected.insert(single.person)
        } else {
          negative.insert(single.person)
        }
      }
      let left = Set(held).subtracting(negative).subtracting(infected)
      try await check(held: left, "after half \(half + 1) of their results")
      time.move(to: time.now + .minutes(40))
    }
  }

  /// One own tube for each; in a pool that was positive the swab of the first is.
  private func ownSwabs(
    _ pools: [(filled: Filled, result: TubeResult)]
  ) async throws -> [(tube: Filled, person: PersonID, isPositive: Bool)] {
    var singles: [(tube: Filled, person: PersonID, isPositive: Bool)] = []
    time.move(to: time.now + .minutes(60))
    try await step("own swabs") {
      for pool in pools {
        for (place, member) in pool.filled.members.enumerated() {
          let person = people.members[member].person
          let tube = Filled(
            code: try await nextCode(), point: pool.filled.point, account: pool.filled.account,
            members: [member])
          let answer = try await script.perform(
            RegisterSwab(
              SwabRow(round: round, person: person, tube: tube.code, point: tube.point)),
            as: tube.account)
          require(
            answer.recheck && answer.capacity == 1, "\(person) is held and shares a tube")
          try await script.perform(
            SealTube(tube: tube.code, round: round, count: 1), as: tube.account)
          singles.append((tube, person, place == 0 && pool.result == .positive))
        }
      }
      return singles.count
    }
    return singles
  }

  /// One account may restrict a hundred people alone: of the others a second person says so.
  private func approve() async throws {
    time.move(to: time.now + .minutes(11))
    for number in 0..<size.laboratories {
      let account = AccountID(trusted: Self.laboratory(number))
      let waiting = try await script.ask(
        HeldRestrictions(account: account), for: .containment, as: "duty")
      if waiting.people == 0 { continue }
      let answer = try await script.perform(
        ApproveHeld(
          account: account, approved: true, expected: waiting.people,
          preview: waiting.preview), as: "duty")
      report.approved += answer.people
    }
    for _ in 0..<3 { try await script.pump.turn() }
  }

  /// Compares who is held and restricted with who has to be: nobody is let go early, nobody is kept.
  private func check(held: Set<PersonID>, _ moment: String) async throws {
    try await script.pump.turn()
    var states: [PersonID: String] = [:]
    var after: String?
    repeat {
      let page = try await script.ask(
        ListRecalls(round: round, after: after), for: .containment, as: "duty")
      for line in page.lines { states[line.person] = line.state }
      after = page.after
    } while after != nil
    let stillHeld = Set(states.filter { $0.value == "held" }.keys)
    tell(held.subtracting(stillHeld), "let go early", moment)
    tell(stillHeld.subtracting(held), "held too long", moment)
    tell(negative.filter { states[$0] != "released" }, "negative and not released", moment)
    tell(infected.filter { states[$0] != "case" }, "positive and no case", moment)
    let restricted = try await restrictedForTubes()
    tell(held.subtracting(restricted), "held and not restricted", moment)
    tell(restricted.intersection(negative), "negative and still restricted", moment)
  }

  private func tell(_ people: Set<PersonID>, _ what: String, _ moment: String) {
    require(
      people.isEmpty,
      "\(moment): \(what): \(people.count), such as \(people.min().map(\.text) ?? "")")
  }

  private func restrictedForTubes() async throws -> Set<PersonID> {
    var found: Set<PersonID> = []
    var after: String?
    repeat {
      let page = try await script.ask(
        ListRestrictions(place: district, clause: "pool", after: after, limit: 1_000),
        for: .containment, as: "duty")
      found.formUnion(page.restrictions.map(\.person))
      after = page.after
    } while after != nil
    return found
  }
}
