import Foundation
import Kernel
import Registry
import Synchronization
import Town

@testable import Server

/// Walks the authorisation matrix against a running server.
///
/// What somebody may do is rehearsed, so that nothing of the walk changes what follows; what they may not
/// do is sent as it would be.
final class MatrixWalk: Sendable {
  /// Somebody who asks: an account with one office, without any, a resident, or nobody.
  struct Asker: Sendable {
    let name: String
    /// The role's duties; nil for whoever holds no office.
    let duties: Set<Duty>
    let isSignedIn: Bool
    let isResident: Bool
    /// The place of the office, and one outside it; nil where there is none.
    let own: PlaceID?
    let neighbour: PlaceID?
    let token: [(String, String)]
    let browser: [(String, String)]
  }

  private let here: TownServer
  private let askers: Mutex<[Asker]> = Mutex([])
  let faults = Mutex<[String]>([])
  private let counter = Mutex(0)
  private let turn = Mutex(0)

  init(_ here: TownServer) async throws { self.here = here }

  // MARK: Who asks

  /// Everybody who asks.
  var everybody: [Asker] { askers.withLock { $0 } }

  /// Opens an account for each role of the policy, with one office.
  func settle() async throws {
    let policy = try await here.town.read(as: "admin") { try $0.policy(OfficesPolicy.self) }
    var found: [Asker] = []
    for (name, role) in policy.roles.sorted(by: { $0.key < $1.key }) {
      let account = "m-\(name)".replacing("_", with: "-")
      let (own, neighbour) = Self.places(role.level)
      try await here.town.submit(
        OpenAccount(account: AccountID(trusted: account), title: account), as: "admin")
      try await here.town.submit(
        GrantOffice(account: AccountID(trusted: account), role: name, place: own), as: "admin")
      found.append(
        Asker(
          name: name, duties: role.held, isSignedIn: true, isResident: false, own: own,
          neighbour: neighbour, token: try await here.token(account),
          browser: try await here.browser(account)))
    }
    try await here.town.submit(
      OpenAccount(account: AccountID(trusted: "m-idle"), title: "idle"), as: "admin")
    found.append(
      Asker(
        name: "no office", duties: [], isSignedIn: true, isResident: false, own: nil,
        neighbour: nil, token: try await here.token("m-idle"),
        browser: try await here.browser("m-idle")))
    try await here.town.submit(
      EnrolResident(
        person: PersonID(trusted: "p1"), home: Town.Spot.door101.id,
        form: PersonForm(name: "测试甲")), as: "leader")
    let slip = [
      ("Cookie", "denghuo_slip=\(TownServer.slip)"), ("Sec-Fetch-Site", "same-origin"),
      ("Accept-Language", "en"),
    ]
    found.append(
      Asker(
        name: "a resident", duties: [], isSignedIn: false, isResident: true, own: nil,
        neighbour: nil, token: slip, browser: slip))
    let nothing = [("Sec-Fetch-Site", "same-origin"), ("Accept-Language", "en")]
    found.append(
      Asker(
        name: "nobody", duties: [], isSignedIn: false, isResident: false, own: nil,
        neighbour: nil, token: nothing, browser: nothing))
    let settled = found
    askers.withLock { $0 = settled }
  }

  /// A place of a level, and one beside it.
  private static func places(_ level: PlaceLevel) -> (PlaceID, PlaceID?) {
    switch level {
    case .city: (Offices.everywhere, nil)
    case .district: (Town.Spot.district.id, Town.Spot.otherDistrict.id)
    case .street: (Town.Spot.street.id, Town.Spot.otherDistrict.id)
    case .community: (Town.Spot.community.id, Town.Spot.otherCommunity.id)
    case .estate, .grid: (Town.Spot.grid.id, Town.Spot.otherGrid.id)
    case .building, .entrance, .household: (Town.Spot.building.id, Town.Spot.otherBuilding.id)
    }
  }

  // MARK: What is expected

  private enum Expected: Equatable {
    /// Nobody is signed in.
    case signIn
    /// The duty is not held.
    case notHeld
    /// The duty is held, not there.
    case outside
    /// Whatever the answer is, it is not one of these.
    case letIn
  }

  private func expected(
    _ duty: Duty?, _ reach: Reach?, _ asker: Asker, at place: PlaceID?
  ) -> Expected {
    guard let duty, duty != .anyone else { return .letIn }
    if duty == .ownFile { return asker.isResident ? .letIn : asker.isSignedIn ? .notHeld : .signIn }
    if asker.isResident || !asker.isSignedIn { return asker.isResident ? .notHeld : .signIn }
    if duty == .clockOnly { return .notHeld }
    if duty == .ownAccount { return .letIn }
    guard asker.duties.contains(duty) else { return .notHeld }
    switch reach {
    case .everywhere: return asker.own == Offices.everywhere ? .letIn : .outside
    case .place:
      return place == asker.own || asker.own == Offices.everywhere ? .letIn : .outside
    case .own, .thing, .eachChecked, nil: return .letIn
    }
  }

  private func met(_ expected: Expected, _ status: Int, _ code: String?) -> Bool {
    switch expected {
    case .signIn: status == 401
    case .notHeld:
      // A resident is nobody where an account is asked for.
      code == "duty.notHeld" || status == 401
    case .outside: code == "duty.outsideArea"
    case .letIn: status != 401 && code != "duty.notHeld"
    }
  }

  private func note(
    _ what: String, _ asker: Asker, _ place: String, _ expected: Expected, _ answer: RawAnswer
  ) {
    faults.withLock {
      $0.append(
        "\(what) by \(asker.name)\(place): expected \(expected), got \(answer.status) \(answer.code ?? answer.body.prefix(160).description)"
      )
    }
  }

  /// Whether a cell is walked: in `make test` every third, so that each way is asked by a third of
  /// everybody, another third than the way before it; with `DENGHUO_MATRIX=whole` each.
  private func isTurn() -> Bool {
    turn.withLock {
      $0 += 1
      return $0 % Self.step == 0
    }
  }

  static let step =
    ProcessInfo.processInfo.environment["DENGHUO_MATRIX"] == "whole" ? 1 : 3

  private func everyone() -> [Asker] { askers.withLock { $0 } }

  private func key() -> String {
    counter.withLock {
      $0 += 1
      return "matrix-\($0)-key"
    }
  }

  // MARK: Commands and questions

  /// The places at which an asker asks: nil when it does not matter.
  private func spots(_ asker: Asker, _ reach: Reach) -> [PlaceID?] {
    guard reach == .place, let own = asker.own else { return [nil] }
    return [own] + (asker.neighbour.map { [$0] } ?? [])
  }

  /// The fields by which commands and questions name the place at which they take effect.
  private static let placeFields = ["place", "home", "parent", "site"]

  private static func body(_ shape: Shape, _ place: PlaceID?) -> Fields {
    guard case .object(var fields) = shape.example else { return .object([:]) }
    for name in placeFields where shape.member(name) != nil {
      if let place { fields[name] = .text(place.text) }
    }
    return .object(fields)
  }

  private static func text(_ fields: Fields) throws -> String {
    String(decoding: try Fields.jsonBytes(fields), as: UTF8.self)
  }

  /// Asks a command of everybody; answers how many cells that were.
  func command(_ kind: CommandKind) async throws -> Int {
    let reach = try await here.desk.reach(of: kind)
    var cells = 0
    for asker in everyone() {
      for spot in spots(asker, reach) where isTurn() {
        cells += 1
        let place = spot ?? asker.own
        let body = Self.body(kind.shapes().body, place)
        let expected = expected(kind.duty, reach, asker, at: place)
        let answer: RawAnswer
        if expected == .letIn {
          let entry = Fields.object([
            "name": .text(kind.name), "id": .text(key()), "command": body,
          ])
          answer = await here.client.send(
            "POST", "/api/rehearse",
            headers: asker.token + [("Content-Type", "application/json")],
            body: try Self.text(.list([entry])))
        } else {
          answer = await here.command(
            try Self.text(body), key: key(), asker.token, name: kind.name)
        }
        if !met(expected, answer.status, answer.code) {
          note(kind.name, asker, place.map { " at \($0)" } ?? "", expected, answer)
        }
      }
    }
    return cells
  }

  func question(_ kind: QueryKind) async throws -> Int {
    let reach = try await here.desk.reach(of: kind)
    let purpose = kind.purposes.first.map { "?purpose=\($0.rawValue)" } ?? ""
    var cells = 0
    for asker in everyone() {
      for spot in spots(asker, reach) where isTurn() {
        cells += 1
        let place = spot ?? asker.own
        let expected = expected(kind.duty, reach, asker, at: place)
        let answer = await here.client.send(
          "POST", "/api/queries/\(kind.name)\(purpose)",
          headers: asker.token + [("Content-Type", "application/json")],
          body: try Self.text(Self.body(kind.shapes().body, place)))
        if !met(expected, answer.status, answer.code) {
          note(kind.name, asker, place.map { " at \($0)" } ?? "", expected, answer)
        }
      }
    }
    return cells
  }

  // MARK: Pages and lists

  func page(_ screen: Screen) async throws -> Int {
    let path = screen.path.split(separator: "/").map { $0.hasPrefix(":") ? "01none" : String($0) }
      .joined(separator: "/")
    var cells = 0
    for asker in everyone() where isTurn() {
      cells += 1
      let expected = expected(screen.duty, nil, asker, at: nil)
      let answer = await here.client.send("GET", "/\(path)", headers: asker.browser)
      let isAway =
        answer.header("location")?.hasPrefix("/sign-in") ?? false
        // The first page sends whoever may not open it to the first that they may.
        || screen.path == "/" && answer.status == 303
      let isRight =
        switch expected {
        case .letIn: answer.status != 401 && answer.status != 500 && !isAway
        case .signIn: answer.status == 401 || isAway
        case .notHeld, .outside: answer.status == 403 || answer.status == 401 || isAway
        }
      if !isRight { note(screen.path, asker, "", expected, answer) }
    }
    return cells
  }

  func list(_ kind: ExportKind) async throws -> Int {
    guard let query = here.desk.assembly.queries[kind.query] else { return 0 }
    let reach = try await here.desk.reach(of: query)
    var cells = 0
    for asker in everyone() {
      for spot in spots(asker, reach) where isTurn() {
        cells += 1
        let place = spot ?? asker.own
        let expected = expected(query.duty, reach, asker, at: place)
        let about = query.shapes().body.member("place") == nil ? nil : place
        let answer = await here.client.send(
          "GET", "/export/\(kind.kind).csv\(about.map { "?place=\($0.text)" } ?? "")",
          headers: asker.browser)
        let isAway = answer.header("location")?.hasPrefix("/sign-in") ?? false
        let isRight =
          switch expected {
          case .letIn: !isAway && answer.status != 403
          case .signIn: isAway || answer.status == 401
          case .notHeld, .outside: answer.status == 403 || isAway
          }
        if !isRight { note(kind.kind, asker, place.map { " at \($0)" } ?? "", expected, answer) }
      }
    }
    return cells
  }
}
