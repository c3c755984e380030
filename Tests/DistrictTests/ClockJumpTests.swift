import District
import Foundation
import Kernel
import Synchronization
import Testing

@Suite("A district whose machine's clock jumps") struct ClockJumpTests {
  /// A machine whose clock is set by hand.
  private final class Machine: Sendable {
    private let reading: Mutex<BoundedClock.Reading>

    init(_ wall: Instant) {
      reading = Mutex(BoundedClock.Reading(wall: wall, running: .zero))
    }

    var now: BoundedClock.Reading { reading.withLock { $0 } }

    func set(by shift: Duration) {
      reading.withLock { $0 = .init(wall: $0.wall + shift, running: $0.running) }
    }
  }

  private static let start = Instant(seconds: 1_670_000_000)
  private static let body = #"""
    {"rows":[{"code":"2301","name":"哈尔滨市"}]}
    """#

  private func folder() throws -> DataFolder {
    let folder = DataFolder(NSTemporaryDirectory() + "denghuo-clock-\(UUID().uuidString)")
    try folder.make()
    return folder
  }

  /// A turn of the clock's work records at least who owes what; the first one leaves its time behind.
  private func submit(_ opened: DataFolder.Opened, _ id: String) async throws {
    let made = try await opened.district.desk.storage.write { transaction in
      try transaction.execute(
        """
        INSERT INTO outbox (command, name, body, due_at, attempts, failure, failed_at)
        VALUES (\(id), 'no.such.command', '{}', 0, 0, NULL, NULL)
        """)
    }
    #expect(made == 1)
    try await opened.district.pump.turn()
  }

  @Test("issues nothing by it, reads, and goes on when it is back or accepted")
  func jumps() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let machine = Machine(Self.start)
    let opened = try await folder.open(machine: { machine.now })
    let desk = opened.district.desk
    try await opened.district.pump.turn()
    for shift in [Duration.seconds(-6), .hours(-24), .seconds(3_601), .days(400)] {
      machine.set(by: shift)
      #expect(desk.standstill as? ClockFault == ClockFault(shift: shift))
      await #expect(throws: ClockFault.self) { try await opened.district.pump.turn() }
      let envelope = Envelope(
        id: CommandID(trusted: "jump"), name: "places.import",
        body: try Fields.json(Array(Self.body.utf8)), sender: .clock)
      await #expect(throws: ClockFault.self) { try await desk.submit(envelope) }
      #expect(try await desk.violations().isEmpty)
      machine.set(by: .zero - shift)
      #expect(desk.standstill == nil)
      try await opened.district.pump.turn()
    }
    machine.set(by: .days(1))
    #expect(opened.clock.accept() == .days(1) && desk.standstill == nil)
    try await opened.district.pump.turn()
  }

  @Test("what waits in the outbox is not given up for it")
  func errands() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let machine = Machine(Self.start)
    let opened = try await folder.open(machine: { machine.now })
    machine.set(by: .hours(-1))
    await #expect(throws: ClockFault.self) { try await submit(opened, "waiting") }
    func attempts() async throws -> [Row] {
      try await opened.district.desk.storage.read {
        try $0.rows("SELECT attempts, failed_at IS NULL FROM outbox")
      }
    }
    let waiting = try await attempts()
    #expect(waiting.count == 1 && waiting[0].integer(0) == 0 && waiting[0].integer(1) == 1)
    machine.set(by: .hours(1))
    // It is performed now, and only now found to be nothing.
    try await opened.district.pump.turn()
    #expect(try await attempts()[0].integer(1) == 0)
  }

  @Test("is looked at when it starts: time that was written down is not used again")
  func startsBehind() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    do {
      let opened = try await folder.open(clock: .stopped(at: Self.start))
      try await opened.district.desk.storage.write { transaction in
        _ = try transaction.execute(
          """
          INSERT INTO journal
            (sequence, at, name, command, sender, policy, subject, payload, salt, leaf, head)
          VALUES (1, \(Self.start), 'a', 'a', 'a', '', 'a', NULL, NULL, 'a', 'a')
          """)
      }
      withExtendedLifetime(opened.lock) {}
    }
    for (behind, isBelieved) in [(5, true), (6, false)] {
      let machine = Machine(Self.start - .seconds(behind))
      let opened = try await folder.open(machine: { machine.now })
      #expect((opened.district.desk.standstill == nil) == isBelieved)
      #expect(opened.clock.clock.now() == Self.start)
    }
  }
}
