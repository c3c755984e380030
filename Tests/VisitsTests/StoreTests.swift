import Testing

@testable import Visits

@Suite("A store keeps what was written down") struct StoreTests {
  /// Entries of a random town, by names.
  private static func entries(_ seed: UInt64) -> [VisitEntry] {
    let town = RandomTown(seed: seed, count: 150, people: 12, venues: 5, days: 4)
    return town.visits.filter { $0.from <= $0.to }.map {
      VisitEntry(
        person: "P\($0.person)", venue: "V\($0.venue)", from: $0.from, to: $0.to,
        source: $0.source)
    }
  }

  /// The companions that a plain scan finds among entries, by person.
  private static func expected(_ entries: [VisitEntry], of person: String) -> [CompanionLine] {
    let people = Set(entries.map(\.person)).union([person]).sorted()
    let venues = Set(entries.map(\.venue)).sorted()
    let visits = entries.map { entry in
      Visit(
        person: UInt32(people.firstIndex(of: entry.person) ?? 0),
        venue: UInt32(venues.firstIndex(of: entry.venue) ?? 0), from: entry.from, to: entry.to)
    }
    let index = UInt32(people.firstIndex(of: person) ?? 0)
    let rule = MeetingRule(minimumTotal: 1)
    return PlainScan(visits).companions(of: [index], index, rule, .always).map { found in
      var figures = found
      figures.person = 0
      return CompanionLine(
        index: person, person: people[Int(found.person)], degree: 1, figures: figures)
    }
    .sorted { $0.person < $1.person }
  }

  private static func found(_ store: VisitStore, of person: String) throws -> [CompanionLine] {
    guard let id = store.persons.known(person) else { return [] }
    let table = try store.inquiry().companions(of: id, by: MeetingRule(minimumTotal: 1))
    return (0..<table.count).map { row in
      var figures = table[row]
      let name = store.persons[figures.person]
      figures.person = 0
      return CompanionLine(index: person, person: name, degree: 1, figures: figures)
    }
    .sorted { $0.person < $1.person }
  }

  private static func expect(_ store: VisitStore, holds entries: [VisitEntry]) throws {
    for person in ["P0", "P3", "P7"] {
      #expect(try found(store, of: person) == expected(entries, of: person))
    }
  }

  @Test(
    "through late rows, corrections, sealing and reopening in any order", arguments: 1...8)
  func anyOrder(seed: Int) throws {
    let folder = try Folder()
    defer { folder.clear() }
    var seed = Seed(UInt64(seed))
    var waiting = Self.entries(seed.next()).shuffled(using: &seed)
    var held: [VisitEntry] = []
    var store = try VisitStore(path: folder.path)
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(20))
      waiting.removeFirst(batch.count)
      _ = try store.record(batch)
      held += batch
      // A correction: one visit is taken back and written down an hour later.
      if let wrong = held.randomElement(using: &seed), let place = held.firstIndex(of: wrong) {
        var right = wrong
        right.from += 3_600
        right.to += 3_600
        var withdrawal = wrong
        withdrawal.isWithdrawal = true
        _ = try store.record([withdrawal, right])
        held.remove(at: place)
        held.append(right)
      }
      switch Int.random(in: 0..<4, using: &seed) {
      case 0: try store.seal(before: RandomTown.begin / 86_400 + 2)
      case 1: store = try VisitStore(path: folder.path)
      default: break
      }
      try Self.expect(store, holds: held)
    }
    try store.seal(before: .max)
    try store.verify()
    try Self.expect(try VisitStore(path: folder.path), holds: held)
  }

  @Test("a log that was not yet shortened when the power went does not double what was sealed")
  func noDoubles() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let entries = Self.entries(3)
    let store = try VisitStore(path: folder.path)
    _ = try store.record(entries)
    let before = try folder.bytes("visits.log")
    try store.seal(before: RandomTown.begin / 86_400 + 2)
    try folder.put("visits.log", before)
    let again = try VisitStore(path: folder.path)
    try Self.expect(again, holds: entries)
    let rows = try again.inquiry().days.flatMap(\.segments).reduce(0) { $0 + $1.count }
    let once = try store.inquiry().days.flatMap(\.segments).reduce(0) { $0 + $1.count }
    #expect(rows == once)
  }

  @Test("a day that is deleted is gone from every file, with a proof, and takes nothing any more")
  func retention() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let store = try VisitStore(path: folder.path)
    let (first, second) = (19_000 * Stay.day, 19_001 * Stay.day)
    let gone = VisitEntry(person: "OnlyThatDay", venue: "Gone", from: first, to: first + 9)
    let kept = VisitEntry(person: "Kept", venue: "Here", from: second, to: second + 9)
    let late = VisitEntry(person: "LateThatDay", venue: "Gone", from: first, to: first + 5)
    _ = try store.record([gone, kept])
    try store.seal(before: 19_001)
    _ = try store.record([late])
    #expect(try !store.isGone(day: 19_000))
    let proof = try store.drop(day: 19_000, at: second)
    #expect(proof.rows == 2 && proof.at == second && proof.sum != 0)
    for store in [store, try VisitStore(path: folder.path)] {
      #expect(try store.isGone(day: 19_000))
      #expect(store.droppedDays == [proof])
      #expect(store.persons.known("OnlyThatDay") == nil)
      let person = try #require(store.persons.known("Kept"))
      #expect(try store.inquiry().trajectory(of: person).count == 1)
      #expect(throws: VisitFault(.dayDropped, part: "2022-01-08")) { try store.record([late]) }
    }
    for file in folder.files {
      let text = String(decoding: try folder.bytes(file), as: UTF8.self)
      for name in ["OnlyThatDay", "LateThatDay", "Gone"] {
        #expect(!text.contains(name), "\(file)")
      }
    }
  }

  @Test("a reversed visit is refused and nothing of its call is kept")
  func reversed() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let store = try VisitStore(path: folder.path)
    let right = VisitEntry(person: "A", venue: "B", from: 5, to: 9)
    #expect(throws: VisitFault(.reversed)) {
      try store.record([right, VisitEntry(person: "A", venue: "B", from: 9, to: 5)])
    }
    #expect(store.sequence == 0 && store.days == [])
  }

  @Test("many callers share a sync, and each has its visit when it is told so")
  func groupCommit() async throws {
    let folder = try Folder()
    defer { folder.clear() }
    let keeper = try VisitKeeper(path: folder.path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in UInt32(0)..<200 {
        group.addTask {
          let entry = VisitEntry(person: "P\(number)", venue: "V", from: 100, to: 200)
          _ = try await keeper.record([entry])
          #expect(try await keeper.trajectory(of: "P\(number)").count == 1)
        }
      }
      try await group.waitForAll()
    }
    #expect(await keeper.commits < 200)
    let near = try await keeper.companions(of: "P0", by: MeetingRule(minimumTotal: 100))
    #expect(near.count == 199)
  }
}
