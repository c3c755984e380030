import District
import Foundation
import Kernel
import Storage

/// A district opened in this process; the folder's lock is held as long as the door lives.
struct FolderDoor: Door {
  let district: District
  private let lock: FolderLock
  private let sender: Sender
  private let voice: Voice
  private let folder: DataFolder

  init(_ folder: DataFolder, account: String, voice: Voice) async throws {
    let opened = try await folder.open(machine: BoundedClock.machine)
    (district, lock) = (opened.district, opened.lock)
    sender = .account(AccountID(trusted: account))
    self.voice = voice
    self.folder = folder
  }

  func backUp(to file: String, for key: BackupKey) async throws -> BackupSummary {
    try await folder.backUp(
      district.desk.storage, to: file, for: key, at: Clock.machine.now())
  }

  func submit(_ name: String, _ body: Fields) async throws -> Receipt {
    try await district.desk.submit(envelope(name, body))
  }

  // What follows from commands is done before the command line ends.
  func followUp() async throws {
    try await district.pump.turn()
    await JournalKeeper(district.desk).end(district.desk, voice)
  }

  func rehearse(_ commands: [(name: String, body: Fields)]) async throws -> [[UInt8]] {
    try await district.desk.rehearse(commands.map { envelope($0.name, $0.body) }).map(\.answer)
  }

  func ask(_ name: String, _ body: Fields, purpose: Purpose) async throws -> [UInt8] {
    let look = Desk.Look(
      sender: sender, purpose: purpose, language: voice.language, question: name)
    return try await district.desk.ask(name, body, look)
  }

  private func envelope(_ name: String, _ body: Fields) -> Envelope {
    Envelope(
      id: CommandID(trusted: UUID().uuidString.lowercased()), name: name, body: body,
      sender: sender)
  }
}

extension BoundedClock {
  /// What this machine says of the time. Its running time goes on while it sleeps.
  @Sendable static func machine() -> Reading {
    Reading(
      wall: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)),
      running: ContinuousClock.now - start)
  }

  private static let start = ContinuousClock.now
}

extension Clock {
  /// The machine's clock. It never goes back within one process (invariant I-62).
  static var machine: Clock {
    let floor = ClockFloor()
    return Clock {
      floor.raise(to: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)))
    }
  }
}
