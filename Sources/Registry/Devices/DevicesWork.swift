import Kernel

/// Something that did not go in, as it is to be kept.
struct UnsentReport {
  let entry: CommandID
  let device: DeviceID?
  let account: AccountID
  let command: String
  let cause: UnsentEntry.Cause
  let code: String
  let subject: String?
  let place: PlaceID?
  let doneAt: Instant?
  /// What it says, as JSON.
  let content: [UInt8]?

  /// The longest content that is kept; a photograph stays on the paper trail of its own command.
  static let mostBytes = 64 << 10
}

extension Work {
  /// A device of the sender's own that was not revoked.
  func ownDevice(_ device: DeviceID) throws -> RegisteredDevice {
    let account = try authority.account()
    guard let found = try DevicesStore(transaction).find(device), found.account == account else {
      throw Refusal.notFound(Words("设备", "device"), device.text, field: "device")
    }
    guard found.revokedAt == nil else {
      throw Refusal(
        .forbidden, "device.revoked",
        Words("这台设备已被撤销，请重新登录", "This device was revoked; sign in again"), field: "device")
    }
    return found
  }

  /// The device of an account in a browser; a new one for the first sign-in, and after revoking.
  func device(_ mark: OpenSession.DeviceMark, of account: AccountID) throws -> DeviceID {
    let store = DevicesStore(transaction)
    if let known = try store.inUse(by: account, fingerprint: mark.fingerprint) {
      try store.note(known.id, seenAt: now)
      return known.id
    }
    let id: DeviceID = newID()
    try store.insert(
      id, account: account, fingerprint: mark.fingerprint, name: mark.name, at: now)
    try record(DeviceRegistered(device: id, account: account))
    return id
  }

  /// Revokes a device and ends what lets somebody in through it.
  func revoke(_ device: RegisteredDevice) throws {
    let ended = try CredentialsStore(transaction).endAll(on: device.id, at: now)
    if ended > 0 { try record(CredentialsRevoked(account: device.account, count: ended)) }
    guard device.revokedAt == nil else { return }
    try DevicesStore(transaction).revoke(device.id, at: now)
    try record(
      DeviceRevoked(device: device.id, account: device.account, waiting: device.waiting))
  }

  /// Revokes all devices of an account.
  func revokeDevices(of account: AccountID) throws {
    for device in try DevicesStore(transaction).all(of: account, limit: 1_000)
    where device.revokedAt == nil { try revoke(device) }
  }

  /// The paths of the offices that an account holds; everywhere when it holds none.
  func officePaths(of account: AccountID) throws -> [PlacePath] {
    let held = try OfficesStore(transaction).offices(of: account, at: now)
    return held.isEmpty ? [.everywhere] : held.map(\.path)
  }

  /// Keeps what did not go in, and makes somebody look at it. What is known already stays as it is.
  func keepUnsent(_ report: UnsentReport) throws {
    let store = UnsentStore(transaction)
    // A device whose answer was lost may think that something did not go in that has.
    guard try store.find(report.entry) == nil, try !store.isDone(report.entry) else { return }
    let spot = try spot(of: report)
    let content = try report.content.flatMap { bytes -> [UInt8]? in
      guard bytes.count <= UnsentReport.mostBytes else { return nil }
      return try vault.lock(
        String(decoding: bytes, as: UTF8.self), place: Self.contentPlace(report.entry))
    }
    try store.insert(
      UnsentEntry(
        id: report.entry, device: report.device, account: report.account,
        command: Self.brief(report.command), cause: report.cause, code: Self.brief(report.code),
        subject: report.subject.map(Self.brief), place: spot?.id, path: spot?.path ?? .everywhere,
        doneAt: report.doneAt, reportedAt: now, settledAt: nil, settledBy: nil, outcome: nil),
      content: content)
    try record(
      EntryUnsent(
        entry: report.entry, account: report.account, command: Self.brief(report.command),
        cause: report.cause, code: Self.brief(report.code),
        about: report.subject.map(Self.brief)))
    guard let spot else { return }
    let owed = try ObligationStore(transaction)
      .owed(Devices.look.name, about: report.account.text)
    if owed.isEmpty {
      let minutes = try policy(DevicesPolicy.self).lookMinutes
      try oblige(
        Devices.look, about: report.account.text, at: spot.id, by: now + .minutes(minutes))
    }
  }

  /// Where what an entry says is locked.
  static func contentPlace(_ entry: CommandID) -> String { "unsent|content|\(entry.text)" }

  /// Codes and identifiers as far as they are some: a device may write anything.
  private static func brief(_ text: String) -> String {
    let isCode = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: ".")
    }
    return isCode ? String(text.prefix(100)) : ""
  }

  /// Where it was done: where what it is about lies, else where it says, else the account's office.
  private func spot(of report: UnsentReport) throws -> Place? {
    let places = PlacesStore(transaction)
    if let subject = report.subject,
      let obligation = try ObligationStore(transaction).find(ObligationID(trusted: subject)),
      let place = try places.find(obligation.place)
    {
      return place
    }
    if let place = try report.place.flatMap({ try places.find($0) }) { return place }
    for path in try officePaths(of: report.account) where path != .everywhere {
      if let place = try places.find(path: path) { return place }
    }
    return try places.children(of: nil).first
  }
}
