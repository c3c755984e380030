import Foundation
import Kernel

/// What devices ask at the door.
extension Doorkeeping {
  /// A browser as commands name it: by the fingerprint of its secret.
  func mark(_ device: Device?) -> OpenSession.DeviceMark? {
    device.map {
      OpenSession.DeviceMark(
        fingerprint: desk.vault.fingerprint(of: $0.secret.revealed),
        name: String($0.name.prefix(60)))
    }
  }

  /// How a browser stands: its key goes only to a session that was opened in it, and the keys of
  /// earlier devices only to a session of the same account.
  func standing(
    _ showing: Doorkeeper.Showing, holding held: [String]
  ) async throws -> DeviceStanding {
    let now = desk.clock.now()
    let today = Day(of: now, in: desk.rules.zone)
    let policy = try desk.rules.policies.section(DevicesPolicy.self, on: today).section
    let vault = desk.vault
    let marks = Marks(showing, vault, try FactorDuty(desk.rules.policies, at: now))
    return try await register.ask { transaction in
      let store = DevicesStore(transaction)
      let session = try marks.openSession(transaction, now)
      var current: DeviceStanding.Current?
      if let session, let browser = marks.device,
        let id = try CredentialsStore(transaction).device(of: session.id),
        try store.isOf(browser, id), try store.find(id)?.revokedAt == nil
      {
        current = DeviceStanding.Current(
          device: id.text, account: session.account, key: Redacted(vault.key(ofDevice: id.text)),
          until: session.until, attempts: policy.wrongPasswords)
      }
      var revoked = try marks.device.map { try store.revoked(fingerprint: $0) } ?? []
      var earlier: [DeviceStanding.Earlier] = []
      for id in held.prefix(20).map({ DeviceID(trusted: $0) }) where id.text != current?.device {
        guard let session, let found = try store.find(id), found.account == session.account
        else { continue }
        if found.revokedAt == nil {
          earlier.append(
            DeviceStanding.Earlier(device: id.text, key: Redacted(vault.key(ofDevice: id.text))))
        } else if !revoked.contains(id) {
          revoked.append(id)
        }
      }
      return DeviceStanding(
        current: current, revoked: revoked.map(\.text), earlier: current == nil ? [] : earlier)
    }
  }

  /// Takes what a revoked device holds, if the browser or the session is the device's own.
  func takeOver(from showing: Doorkeeper.Showing, _ remains: DeviceRemains) async throws {
    let id = try DeviceID(remains.device, field: "device")
    let now = desk.clock.now()
    let marks = Marks(showing, desk.vault, try FactorDuty(desk.rules.policies, at: now))
    let isOwn = try await register.ask { transaction in
      let store = DevicesStore(transaction)
      if let browser = marks.device, try store.isOf(browser, id) { return true }
      let account = try marks.openSession(transaction, now)?.account
      return try account != nil && store.find(id)?.account == account
    }
    guard isOwn else {
      throw Refusal.notFound(Words("设备", "device"), id.text, field: "device")
    }
    try await desk.submit(
      TakeOverRemains(
        device: id,
        entries: remains.entries.map {
          TakeOverRemains.Entry(
            id: CommandID(trusted: $0.id), sealed: Data($0.sealed).base64EncodedString())
        }, isLast: remains.isLast),
      id: desk.newCommandID(), as: .clock)
  }
}

/// The fingerprints of what a browser shows.
private struct Marks: Sendable {
  let session: String?
  let device: String?

  private let rule: FactorDuty

  init(_ showing: Doorkeeper.Showing, _ vault: Vault, _ rule: FactorDuty) {
    self.rule = rule
    session = showing.session.map { vault.fingerprint(of: $0.revealed) }
    device = showing.device.map { vault.fingerprint(of: $0.revealed) }
  }

  /// The session, if it lets somebody in at a moment: one that owes its second factor does not.
  func openSession(_ transaction: any Transaction, _ now: Instant) throws -> Credential? {
    guard let session else { return nil }
    let found = try CredentialsStore(transaction).session(
      fingerprint: session, at: now, rule)
    guard let found, found.session.isOpen(at: now), !found.isOwed else { return nil }
    return found.session
  }
}
