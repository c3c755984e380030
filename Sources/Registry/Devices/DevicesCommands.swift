import Foundation
import Kernel

/// A device says how it fares: that it is there, and how much waits on it.
package struct TellDevice: Command {
  package static let name = "devices.tell"
  package static let duty: Duty = .ownAccount
  package let device: DeviceID
  package let waiting: Int
  /// When the oldest of what waits was done, by the device's own clock.
  package let oldestAt: Instant?

  package init(device: DeviceID, waiting: Int, oldestAt: Instant?) {
    self.device = device
    self.waiting = waiting
    self.oldestAt = oldestAt
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let found = try work.ownDevice(device)
    guard waiting >= 0 else {
      throw Refusal.malformed("waiting", "\(waiting)", expected: Words("0 或以上", "0 or more"))
    }
    try DevicesStore(work.transaction).note(
      found.id, seenAt: work.now, waiting: waiting, oldestAt: waiting == 0 ? nil : oldestAt)
    return Done()
  }
}

/// Revokes a device from afar: one's own, or of somebody for whose offices one answers.
package struct RevokeDevice: Command {
  package static let name = "devices.revoke"
  package static let duty: Duty = .ownAccount
  package let device: DeviceID

  package init(device: DeviceID) { self.device = device }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    guard let found = try DevicesStore(work.transaction).find(device) else {
      throw Refusal.notFound(Words("设备", "device"), device.text, field: "device")
    }
    if work.authority.sender != .account(found.account) {
      for path in try work.officePaths(of: found.account) {
        try work.require(ListDevices.duty, at: path)
      }
    }
    try work.revoke(found)
    return Done()
  }
}

/// A device reports what it sent and the district refused.
package struct ReportUnsent: Command {
  package static let name = "devices.reportUnsent"
  package static let duty: Duty = .ownAccount
  /// The identifier of the command that was refused.
  package let entry: CommandID
  package let device: DeviceID?
  package let command: String
  /// The refusal's code.
  package let code: String
  package let doneAt: Instant?
  package let subject: String?
  package let place: PlaceID?
  /// What it says, as the device has it.
  package let content: Fields

  package init(
    entry: CommandID, device: DeviceID?, command: String, code: String, doneAt: Instant?,
    subject: String?, place: PlaceID?, content: Fields
  ) {
    self.entry = entry
    self.device = device
    self.command = command
    self.code = code
    self.doneAt = doneAt
    self.subject = subject
    self.place = place
    self.content = content
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let account = try work.authority.account()
    if let device { _ = try work.ownDevice(device) }
    try work.keepUnsent(
      UnsentReport(
        entry: entry, device: device, account: account, command: command, cause: .refused,
        code: code, subject: subject, place: place, doneAt: doneAt,
        content: try Fields.jsonBytes(content)))
    return Done()
  }
}

/// What a revoked device holds comes in sealed, through the edge; the district opens it for the
/// supervisor. Nothing of it is carried out: whoever has the device may have written it.
package struct TakeOverRemains: Command {
  package struct Entry: Codable, Sendable {
    package let id: CommandID
    /// As the device sealed it, in base64.
    package let sealed: String

    package init(id: CommandID, sealed: String) {
      self.id = id
      self.sealed = sealed
    }
  }

  package static let name = "devices.takeOver"
  package static let duty: Duty = .clockOnly
  package let device: DeviceID
  package let entries: [Entry]
  package let isLast: Bool

  package init(device: DeviceID, entries: [Entry], isLast: Bool) {
    self.device = device
    self.entries = entries
    self.isLast = isLast
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Int {
    let store = DevicesStore(work.transaction)
    guard let found = try store.find(device), found.revokedAt != nil else {
      throw Refusal.notFound(Words("设备", "device"), device.text, field: "device")
    }
    for entry in entries { try work.keepUnsent(report(of: entry, on: found, work)) }
    if isLast && found.emptiedAt == nil {
      try store.empty(found.id, at: work.now)
      try work.record(DeviceEmptied(device: found.id, account: found.account))
    }
    return entries.count
  }

  private func report(
    of entry: Entry, on found: RegisteredDevice, _ work: Work
  ) -> UnsentReport {
    let opened = Data(base64Encoded: entry.sealed).flatMap { sealed in
      try? work.vault.suite.open(
        Array(sealed), key: work.vault.key(ofDevice: found.id.text),
        context: Array("\(found.id.text)|\(entry.id.text)".utf8))
    }
    let content = opened.flatMap {
      try? Fields.json($0).decoded(EntryContent.self, strict: false)
    }
    return UnsentReport(
      entry: entry.id, device: found.id, account: found.account, command: content?.name ?? "",
      cause: content == nil ? .unreadable : .revoked, code: "", subject: content?.subject,
      place: content?.place.map { PlaceID(trusted: $0) },
      doneAt: content?.doneAt.flatMap { Instant($0, in: work.zone) },
      content: content == nil ? nil : opened)
  }
}

/// A supervisor says what became of something that did not go in.
package struct SettleUnsent: Command {
  package static let name = "devices.settle"
  package static let duty: Duty = ListDevices.duty
  package let entry: CommandID
  package let outcome: UnsentEntry.Outcome

  package init(entry: CommandID, outcome: UnsentEntry.Outcome) {
    self.entry = entry
    self.outcome = outcome
  }

  package func area(in work: Work) throws -> Area { .path(try found(work).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try found(work)
    guard found.settledAt == nil else {
      throw Refusal(
        .conflict, "unsent.settled",
        Words("这一条已有人处理", "Somebody has settled this already"), field: "entry")
    }
    let store = UnsentStore(work.transaction)
    try store.settle(
      found.id, outcome: outcome, by: work.authority.sender.text, at: work.now)
    try work.record(UnsentSettled(entry: found.id, outcome: outcome))
    if try store.open(of: found.account) == 0 {
      try work.discharge(
        Devices.look, about: found.account.text, proof: ["outcome": outcome.rawValue])
    }
    return Done()
  }

  private func found(_ work: Work) throws -> UnsentEntry {
    guard let found = try UnsentStore(work.transaction).find(entry) else {
      throw Refusal.notFound(Words("现场条目", "entry"), entry.text, field: "entry")
    }
    return found
  }
}

/// The clock's command: deletes what entries say that were settled long enough ago.
package struct ForgetUnsent: Command {
  package static let name = "devices.forget"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were emptied.
  package func perform(in work: Work) throws -> Int {
    let keepDays = try work.policy(DevicesPolicy.self).keepDays
    return try UnsentStore(work.transaction)
      .forgetContents(settledBefore: work.now - .days(keepDays))
  }
}
