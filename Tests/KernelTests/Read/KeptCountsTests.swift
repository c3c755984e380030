import Synchronization
import Testing

@testable import Kernel

@Suite("Kept counts") struct KeptCountsTests {
  /// A running time that the test moves, and that goes on by a step whenever somebody looks.
  private final class Stopwatch: Sendable {
    private let state = Mutex(ContinuousClock.now)
    private let step: Duration

    init(step: Duration = .milliseconds(100)) { self.step = step }

    func pass(_ span: Duration) { state.withLock { $0 += span } }

    @Sendable func look() -> ContinuousClock.Instant {
      state.withLock {
        $0 += step
        return $0
      }
    }
  }

  private static func counts(
    _ watch: Stopwatch, storeBytes: Int = 0, counting: Duration = .milliseconds(50)
  ) -> KeptCounts {
    KeptCounts(
      limits: KeptCounts.Limits(storeBytes: storeBytes, counting: counting),
      moment: { watch.look() })
  }

  /// How many marks a page shows, and as of when.
  private static func page(
    _ town: ToyTown, as account: String = "worker"
  ) async throws -> (marks: Int, asOf: Instant) {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: .supervision, language: .english,
      question: "/toy", takesKeptCounts: true)
    return try await town.desk.read(look) { reading in
      (try reading.ask(HowMany()), reading.countedAt)
    }
  }

  @Test("what took long to count is given again, and says as of when it was counted")
  func kept() async throws {
    let town = try await ToyTown(counts: Self.counts(Stopwatch()))
    let start = town.now
    #expect(try await Self.page(town) == (0, start))
    try await town.submit(Mark(mark: "one"))
    town.pass(.seconds(5))
    #expect(try await Self.page(town) == (0, start))
    // Programs are told what is.
    #expect(try await town.look(HowMany()) == Array("1".utf8))
  }

  @Test("a small store and a quick count are counted anew", arguments: [true, false])
  func anew(isSmall: Bool) async throws {
    let counts =
      isSmall
      ? Self.counts(Stopwatch(), storeBytes: 1 << 40)
      : Self.counts(Stopwatch(), counting: .seconds(1))
    let town = try await ToyTown(counts: counts)
    #expect(try await Self.page(town).marks == 0)
    try await town.submit(Mark(mark: "one"))
    #expect(try await Self.page(town) == (1, town.now) && counts.count == 0)
  }

  @Test("it is made anew behind people's backs once something changed, and open pages are told")
  func renewed() async throws {
    let watch = Stopwatch()
    let town = try await ToyTown(counts: Self.counts(watch))
    _ = try await Self.page(town)
    watch.pass(.seconds(10))
    // Nothing has changed.
    #expect(try await town.desk.renewCount() == nil)
    try await town.submit(Mark(mark: "one"))
    town.pass(.seconds(7))
    let told = town.changed
    #expect(try await town.desk.renewCount() != nil && town.changed == told + 1)
    #expect(try await Self.page(town) == (1, town.now))
    // Counting takes a twentieth of the time, however much changes.
    try await town.submit(Mark(mark: "two"))
    #expect(try await town.desk.renewCount() == nil)
    watch.pass(.seconds(2))
    #expect(try await town.desk.renewCount() != nil)
    #expect(try await Self.page(town).marks == 2)
  }

  @Test(
    "deadlines pass by themselves: what is a minute old is made anew, and nobody need ask again")
  func old() async throws {
    let watch = Stopwatch()
    let town = try await ToyTown(counts: Self.counts(watch))
    _ = try await Self.page(town)
    watch.pass(.seconds(61))
    let told = town.changed
    #expect(try await town.desk.renewCount() != nil && town.changed == told)
  }

  @Test("what is three minutes old, or of another day, is given to nobody")
  func tooOld() async throws {
    let watch = Stopwatch()
    let town = try await ToyTown(counts: Self.counts(watch))
    _ = try await Self.page(town)
    try await town.submit(Mark(mark: "one"))
    watch.pass(.seconds(180))
    #expect(try await Self.page(town) == (1, town.now))
    try await town.submit(Mark(mark: "two"))
    town.pass(.days(1))
    #expect(try await Self.page(town) == (2, town.now))
  }

  @Test("what nobody asks for is forgotten, and so is what cannot be counted any more")
  func forgotten() async throws {
    let watch = Stopwatch()
    let counts = Self.counts(watch)
    let town = try await ToyTown(counts: counts)
    _ = try await Self.page(town)
    #expect(counts.count == 1)
    watch.pass(.seconds(601))
    #expect(try await town.desk.renewCount() == nil && counts.count == 0)
    _ = try await Self.page(town)
    watch.pass(.seconds(61))
    try await town.storage.write { _ = try $0.execute("ALTER TABLE mark RENAME TO gone") }
    await #expect(throws: StorageFailure.self) { try await town.desk.renewCount() }
    await #expect(throws: StorageFailure.self) { try await Self.page(town) }
  }

  @Test("the area and the duty are asked for each time, whatever is kept")
  func judged() async throws {
    let town = try await ToyTown(counts: Self.counts(Stopwatch()))
    _ = try await Self.page(town)
    await #expect(throws: Refusal.self) { try await Self.page(town, as: "idle") }
    await #expect(throws: Refusal.self) { try await Self.page(town, as: "neighbour") }
  }

  @Test("a count that names people is a defect: they would not see who was shown them")
  func namesNobody() async throws {
    let town = try await ToyTown(counts: Self.counts(Stopwatch()))
    let look = Desk.Look(
      sender: .account(AccountID(trusted: "worker")), purpose: .investigation,
      language: .english, question: "/toy", takesKeptCounts: true)
    await #expect(throws: Defect.self) {
      try await town.desk.read(look) { reading in
        try reading.counted("ann") { reading in
          try reading.ask(LookAt(person: PersonID(trusted: "ann")))
        }
      }
    }
  }
}
