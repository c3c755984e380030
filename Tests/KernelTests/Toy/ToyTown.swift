import Cryptography
import Engines
import Foundation
import Kernel
import Synchronization

/// A desk over the toy slice on a real database, with a clock that the test moves.
final class ToyTown: Sendable {
  let desk: Desk
  let pump: Pump
  let storage: any Storage
  private let hands: ToyTime
  private let changes = ToyCounter()
  private let names = ToyCounter()

  static let start = Instant(milliseconds: 1_669_680_000_000)

  /// - Parameter editions: the policies; by default one that has no rule for `toy.orphan`.
  init(
    storage: (any Storage)? = nil, editions: [PolicyEdition]? = nil,
    counts: KeptCounts = KeptCounts()
  ) async throws {
    let time = ToyTime(Self.start)
    let changes = self.changes
    let assembly = Assembly([Toy.slice])
    let storage =
      if let storage { storage } else { try await TestStorage.open(assembly.migrations) }
    try await storage.migrate(assembly.migrations)
    let day = Day(of: Self.start, in: .china)
    let rules = Rulebook(
      policies: PolicyLibrary(try editions ?? [Self.edition()]),
      calendar: WorkingCalendar(covered: day...(day + 30), exceptions: [:]), zone: .china)
    self.storage = storage
    self.hands = time
    desk = Desk(
      storage: storage, assembly: assembly, jurisdiction: .toy, rules: rules,
      vault: Vault(
        suite: OpenSSLSuite(), secret: Array(repeating: 3, count: 32), entropy: .system),
      clock: Clock { time.now }, counts: counts, changed: { changes.add() })
    pump = Pump(desk: desk)
  }

  var now: Instant { hands.now }
  /// How often the desk said that something changed.
  var changed: Int { changes.value }

  func pass(_ span: Duration) { hands.move(by: span) }

  /// One turn of the clock; the tick that always fails makes it throw, which is looked at apart.
  func turn() async throws {
    do {
      try await pump.turn()
    } catch let refusal as Refusal where refusal.code == "toy.never" {}
  }

  @discardableResult
  func submit<C: Command>(
    _ command: C, id: String? = nil, as account: String = "worker"
  ) async throws -> Receipt {
    try await desk.submit(
      command, id: CommandID(trusted: id ?? "toy-\(names.add())"),
      as: .account(AccountID(trusted: account)))
  }

  func look(
    _ query: some Query, for purpose: Purpose = .investigation, as account: String = "worker"
  ) async throws -> [UInt8] {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: purpose, language: .english,
      question: "toy")
    let name = type(of: query).name
    return try await desk.ask(name, Fields.json(Fields.jsonBytes(query)), look)
  }

  func rows(_ statement: SQL) async throws -> [Row] {
    try await storage.read { try $0.rows(statement) }
  }

  func number(_ statement: SQL) async throws -> Int {
    try await rows(statement).first?.integer(0) ?? -1
  }

  /// What was marked, in the order in which it was.
  func marked() async throws -> [String] {
    try await rows("SELECT subject FROM journal WHERE name = 'toy.marked' ORDER BY sequence")
      .map { $0.text(0) }
  }

  /// What is wrong with the journal.
  func faults() async throws -> [String] {
    let suite = desk.vault.suite
    return try await storage.read { try JournalVerification.faults(in: $0, suite: suite) }
  }

  /// Obligation rules as a policy file says them: chores owed by the grid, told to the community
  /// after an hour and to the command after two.
  static func edition(
    _ id: String = "toy", version: Int = 1, from: String = "2020-01-01", to: String? = nil,
    chore: String? = """
    {"owner": {"role": "worker", "level": "grid"}, "ladder": [
      {"after_minutes": 60, "role": "leader", "level": "community"},
      {"after_minutes": 120, "role": "command", "level": "district"}]}
    """
  ) throws -> PolicyEdition {
    let kinds = chore.map { "{\"toy.chore\": \($0)}" }
    let obligations = kinds.map {
      ", \"obligations\": {\"command_role\": \"command\", \"kinds\": \($0)}"
    }
    let journal = """
      "journal": {"checkpoint_minutes": 5, "checkpoint_entries": 20, "ship_seconds": 2,
        "segment_megabytes": 1, "keep_days": 14}
      """
    let end = to.map { "\"effective_to\": \"\($0)\"," } ?? ""
    let text = """
      {"id": "\(id)", "version": \(version), "title": {"zh": "玩具", "en": "Toy"}, "source": [],
       "effective_from": "\(from)", \(end) "sections": {\(journal)\(obligations ?? "")}}
      """
    return try PolicyEdition(
      fields: Fields.json(Array(text.utf8)), text: text, digest: "",
      sections: [ObligationPolicy.self, JournalPolicy.self])
  }
}

extension Jurisdiction {
  /// `worker` works everywhere, `neighbour` in 1.2 only, `idle` holds nothing, others are unknown.
  /// A place `p:1.2` lies at 1.2.
  static let toy = Jurisdiction(
    authority: { sender, _, _, _ in
      guard case .account(let account) = sender else {
        return Authority(sender: sender, offices: [])
      }
      let duties: Set<Duty> = [
        "toy.work", "toy.read", "obligations.work", "obligations.read", "obligations.supervise",
        "journal.read",
      ]
      func office(_ path: PlacePath) -> HeldOffice {
        HeldOffice(role: "worker", place: "p:\(path.text)".place, path: path, duties: duties)
      }
      switch account.text {
      case "worker", "colleague":
        return Authority(sender: sender, offices: [office(.everywhere)])
      case "neighbour": return Authority(sender: sender, offices: [office(PlacePath("1.2"))])
      case "idle": return Authority(sender: sender, offices: [])
      default:
        throw Refusal(.unknownSender, "account.unknown", Words("没有", "None"))
      }
    },
    path: { place, _ in
      place.text.hasPrefix("p:") ? PlacePath(String(place.text.dropFirst(2))) : nil
    },
    seat: { rule, place, _ in
      guard place.text.hasPrefix("p:") else {
        throw Refusal.notFound(Words("地点", "place"), place.text)
      }
      return Seat(role: rule.role, place: "p:1".place)
    })
}

extension String {
  var place: PlaceID { PlaceID(trusted: self) }
  var fields: Fields { get throws { try Fields.json(Array(utf8)) } }
}

/// A clock's hands.
final class ToyTime: Sendable {
  private let hands: Mutex<Instant>

  init(_ instant: Instant) { hands = Mutex(instant) }

  var now: Instant { hands.withLock { $0 } }

  func move(by span: Duration) { hands.withLock { $0 = $0 + span } }
}

/// A number that goes up.
final class ToyCounter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  @discardableResult func add() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}

/// A folder of its own that goes when the test ends.
final class ToyFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "denghuo-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
