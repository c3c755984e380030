import Kernel
import Synchronization
import Testing

@Suite("A clock that is not believed when it jumps") struct BoundedClockTests {
  /// A machine whose clock and running time are set by hand.
  private final class Machine: Sendable {
    private let reading: Mutex<BoundedClock.Reading>
    static let start = Instant(seconds: 1_670_000_000)

    init() { reading = Mutex(BoundedClock.Reading(wall: Self.start, running: .zero)) }

    var now: BoundedClock.Reading { reading.withLock { $0 } }

    /// Lets time pass, and sets the clock by some on top of it.
    func pass(_ time: Duration, set shift: Duration = .zero) {
      reading.withLock { reading in
        reading = BoundedClock.Reading(
          wall: reading.wall + time + shift, running: reading.running + time)
      }
    }
  }

  private let machine = Machine()

  private func bounded() -> BoundedClock {
    let machine = self.machine
    return BoundedClock(bounds: .init(back: .seconds(5), ahead: .seconds(3_600))) { machine.now }
  }

  @Test(
    "is believed up to the bounds and not beyond them",
    arguments: [
      (-86_400_000, false), (-5_001, false), (-5_000, true), (-1, true), (0, true), (1, true),
      (3_600_000, true), (3_600_001, false), (400 * 86_400_000, false),
    ])
  func bounds(shift: Int, isBelieved: Bool) {
    let bounded = bounded()
    machine.pass(.seconds(60), set: .milliseconds(shift))
    let fault = bounded.clock.fault()
    #expect((fault == nil) == isBelieved)
    #expect(fault.map { $0.shift == .milliseconds(shift) } ?? true)
    let expected = Machine.start + .seconds(60)
    let isFollowed = isBelieved && shift > 0
    #expect(bounded.clock.now() >= Machine.start)
    if isFollowed { #expect(bounded.clock.now() == expected + .milliseconds(shift)) }
    if !isBelieved { #expect(bounded.clock.now() == expected) }
  }

  @Test("never goes back, and goes on by the running time while it is not believed")
  func neverBack() {
    let bounded = bounded()
    machine.pass(.seconds(10), set: .seconds(-3))
    let first = bounded.clock.now()
    machine.pass(.zero, set: .seconds(-1))
    #expect(bounded.clock.now() == first && bounded.clock.fault() == nil)
    machine.pass(.zero, set: .seconds(-1_000))
    let stopped = bounded.clock.now()
    #expect(bounded.clock.fault() != nil && stopped >= first)
    machine.pass(.seconds(7))
    #expect(bounded.clock.now() == stopped + .seconds(7))
  }

  @Test("small steps back do not add up unseen, and a clock that stands still is seen")
  func steps() {
    let bounded = bounded()
    for _ in 0..<5 {
      #expect(bounded.clock.fault() == nil)
      machine.pass(.seconds(1), set: .seconds(-1))
    }
    #expect(bounded.clock.fault() == nil)
    machine.pass(.seconds(1), set: .seconds(-1))
    #expect(bounded.clock.fault() != nil)
  }

  @Test(
    "many small jumps are believed no further than one is, within a day of running time",
    arguments: [(Duration.minutes(59), 30), (.minutes(10), 200), (.seconds(30), 2_000)])
  func sums(jump: Duration, times: Int) {
    let bounded = bounded()
    for _ in 0..<times {
      machine.pass(.seconds(1), set: jump)
      _ = bounded.clock.now()
    }
    let ahead = bounded.clock.now() - Machine.start - .seconds(times)
    #expect(ahead <= .hours(1) && bounded.clock.fault() != nil)
    // What a day has believed is believed anew on the next one, and no more than that.
    #expect(bounded.accept() != nil && bounded.clock.fault() == nil)
  }

  @Test("a clock that runs a little wrong for days goes on being believed")
  func drifts() {
    let bounded = bounded()
    for hour in 0..<240 {
      machine.pass(.hours(1), set: .seconds(hour % 2 == 0 ? 90 : 30))
      #expect(bounded.clock.fault() == nil, "\(hour)")
    }
    // In one hour as much as in two days is too much.
    machine.pass(.hours(1), set: .minutes(50))
    #expect(bounded.clock.fault() != nil)
  }

  @Test("small steps back add up to a minute a day and no further")
  func stepsBack() {
    let bounded = bounded()
    for _ in 0..<12 {
      machine.pass(.seconds(60), set: .seconds(-5))
      #expect(bounded.clock.fault() == nil)
    }
    machine.pass(.seconds(60), set: .seconds(-5))
    #expect(bounded.clock.fault()?.shift == .seconds(-65))
  }

  @Test("is believed again when the machine's clock is back")
  func back() {
    let bounded = bounded()
    machine.pass(.seconds(1), set: .hours(-2))
    #expect(bounded.clock.fault() != nil)
    machine.pass(.seconds(30), set: .hours(2))
    #expect(bounded.clock.fault() == nil)
    #expect(bounded.clock.now() == Machine.start + .seconds(31))
  }

  @Test("is believed as it stands when somebody accepts it, in both directions")
  func accepted() {
    let bounded = bounded()
    #expect(bounded.accept() == nil)
    machine.pass(.seconds(1), set: .hours(3))
    #expect(bounded.clock.fault() != nil)
    #expect(bounded.accept() == .hours(3))
    #expect(bounded.clock.fault() == nil)
    #expect(bounded.clock.now() == Machine.start + .seconds(1) + .hours(3))
    machine.pass(.seconds(1), set: .hours(-3))
    #expect(bounded.accept() == .hours(-3))
    #expect(bounded.clock.now() == Machine.start + .seconds(2))
  }

  @Test("does not use time that was used up before it started")
  func usedUp() {
    let near = bounded()
    near.start(after: Machine.start + .seconds(4))
    #expect(near.clock.fault() == nil)
    #expect(near.clock.now() == Machine.start + .seconds(4))
    let far = bounded()
    far.start(after: Machine.start + .days(1))
    #expect(far.clock.fault()?.shift == .days(-1))
    #expect(far.clock.now() == Machine.start + .days(1))
    let old = bounded()
    old.start(after: Machine.start - .days(400))
    #expect(old.clock.fault() == nil && old.clock.now() == Machine.start)
  }
}
