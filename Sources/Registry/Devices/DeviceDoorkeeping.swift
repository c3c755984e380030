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

  /// How a browser stands: its key goes only to a session that was opened in it.
  func standing(
    session: Redacted<String>?, device: Redacted<String>
  ) async throws -> DeviceStanding {
    let now = desk.clock.now()
    let today = Day(of: now, in: desk.rules.zone)
    let policy = try desk.rules.policies.section(DevicesPolicy.self, on: today).section
    let fingerprint = desk.vault.fingerprint(of: device.revealed)
    let shown = session.map { desk.vault.fingerprint(of: $0.revealed) }
    let vault = desk.vault
    return try await register.ask { transaction in
      let store = DevicesStore(transaction)
      var current: DeviceStanding.Current?
      if let shown,
        let found = try CredentialsStore(transaction).find(.session, fingerprint: shown),
        found.isOpen(at: now),
        let id = try CredentialsStore(transaction).device(of: found.id),
        try store.isOf(fingerprint, id), try store.find(id)?.revokedAt == nil
      {
        current = DeviceStanding.Current(
          device: id.text, account: found.account, key: Redacted(vault.key(ofDevice: id.text)),
          until: found.until, attempts: policy.wrongPasswords)
      }
      return DeviceStanding(
        current: current, revoked: try store.revoked(fingerprint: fingerprint).map(\.text))
    }
  }

  /// Takes what a revoked device holds, if the browser is the device's own.
  func takeOver(from device: Redacted<String>, _ remains: DeviceRemains) async throws {
    let fingerprint = desk.vault.fingerprint(of: device.revealed)
    let id = try DeviceID(remains.device, field: "device")
    guard try await register.ask({ try DevicesStore($0).isOf(fingerprint, id) }) else {
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
