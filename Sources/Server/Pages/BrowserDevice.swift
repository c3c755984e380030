import Kernel

/// The browser that asks, as a device: known by its cookie, or new.
struct BrowserDevice: Sendable {
  let device: Device

  /// Browsers keep a cookie for 400 days at most.
  static let seconds: Int64 = 34_560_000

  init(_ asked: Asked, new secret: () -> String) {
    device = Device(
      secret: Redacted(asked.cookie(CookieName.device) ?? secret()),
      name: Self.name(asked.headers["user-agent"] ?? ""))
  }

  /// What people call it: the system and the browser, no more.
  static func name(_ agent: String) -> String {
    let systems = [
      ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
      ("Mac OS", "Mac"), ("Linux", "Linux"),
    ]
    let browsers = [
      ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"),
      ("HuaweiBrowser", "Huawei"), ("MiuiBrowser", "Xiaomi"), ("Chrome", "Chrome"),
      ("Safari", "Safari"),
    ]
    let found = [systems, browsers].compactMap { known in
      known.first { agent.contains($0.0) }?.1
    }
    return found.isEmpty ? "?" : found.joined(separator: " · ")
  }
}

extension SignIn {
  /// How the browser stands: the key of its queue for whoever is signed in on it, and which devices
  /// of it were revoked.
  func standing(_ asked: Asked) async throws -> Reply {
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    let held = asked.query?.first { $0.name == "held" }?.value ?? ""
    let standing = try await hall.doorkeeper.standing(
      visitor.session, asked.cookie(CookieName.device).map { Redacted($0) },
      holding: held.split(separator: ",").map(String.init))
    var members: [String: Fields] = ["revoked": .list(standing.revoked.map(Fields.text))]
    members["earlier"] = .list(
      standing.earlier.map { earlier in
        .object([
          "device": .text(earlier.device), "key": .text(Hex.text(earlier.key.revealed)),
        ])
      })
    if let current = standing.current {
      members["device"] = .text(current.device)
      members["account"] = .text(current.account.text)
      members["key"] = .text(Hex.text(current.key.revealed))
      members["until"] = .text(current.until.text(in: hall.desk.rules.zone))
      members["attempts"] = .integer(Int64(current.attempts))
    }
    return .json(200, .object(members))
  }

  /// How many entries a device hands over at once.
  private static let mostEntries = 200

  /// Takes what a revoked device holds before it empties itself.
  func takeOver(_ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    let fields = try ProgramsAPI.object(asked)
    guard case .text(let device) = fields["device"] else { throw Refusal.missing("device") }
    guard case .list(let list) = fields["entries"], list.count <= Self.mostEntries else {
      throw Refusal.missing("entries")
    }
    let entries = try list.map { entry in
      guard case .text(let id) = entry["id"], case .text(let sealed) = entry["sealed"],
        let bytes = Hex.bytes(sealed)
      else { throw Refusal.missing("entries") }
      return DeviceRemains.Entry(
        id: try ProgramsAPI.commandID(id, field: "entries").text, sealed: bytes)
    }
    try await hall.doorkeeper.takeOver(
      asked.cookie(CookieName.device).map { Redacted($0) },
      DeviceRemains(device: device, entries: entries, isLast: fields["last"] == .flag(true)),
      by: visitor.session)
    return .json(200, .object([:]))
  }

  /// What a phone shows without network where it has stored nothing, or cannot open it.
  func offline(_ asked: Asked) -> Reply {
    .html(200, SignInScreens(language: asked.language).offline())
  }
}
