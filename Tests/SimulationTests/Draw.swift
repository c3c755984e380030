import Kernel
import Simulator
import Town

/// Chance, and what it may choose from in one town: the rows that are there at that moment.
struct Draw {
  /// A command before anybody has put an identifier on it.
  struct Letter {
    let name: String
    let body: [String: Fields]
    let sender: Sender
  }

  var chance: Chance
  let town: Town
  /// Numbers people, cases and commands.
  private(set) var count = 0

  init(seed: UInt64, town: Town) {
    chance = Chance(seed: seed)
    self.town = town
  }

  mutating func nextNumber() -> Int {
    count += 1
    return count
  }

  /// The first column of a row that a statement brings, nil when it brings none.
  mutating func one(_ statement: SQL) async throws -> String? {
    let rows = try await town.rows(statement)
    return rows.isEmpty ? nil : chance.pick(rows).text(0)
  }

  /// Up to so many of the rows that a statement brings.
  mutating func several(_ most: Int, _ statement: SQL) async throws -> [String] {
    let rows = try await town.rows(statement).map { $0.text(0) }
    return Array(rows.shuffled(using: &chance).prefix(chance.number(1...most)))
  }

  /// Anybody who is in the register, merged files among them; now and then somebody unknown.
  mutating func person() async throws -> String {
    if chance.happens(0.06) { return "stranger-\(chance.number(1...4))" }
    return try await one("SELECT id FROM person ORDER BY id") ?? "stranger-1"
  }

  mutating func spot(_ spots: Town.Spot...) -> Fields { .text(chance.pick(spots).rawValue) }

  /// A moment that lies minutes before now, rarely after it.
  mutating func past(_ minutes: ClosedRange<Int>) -> Instant {
    let ago = chance.number(minutes)
    return chance.happens(0.03) ? town.now + .minutes(ago) : town.now - .minutes(ago)
  }

  /// One of the accounts that mostly do this; now and then anybody.
  mutating func sender(_ usual: String...) async throws -> Sender {
    guard chance.happens(0.12) else { return .account(AccountID(trusted: chance.pick(usual))) }
    let anybody = try await one("SELECT id FROM account ORDER BY id") ?? "duty"
    return .account(AccountID(trusted: anybody))
  }

  func letter(_ name: String, _ body: [String: Fields], _ sender: Sender) -> Letter {
    Letter(name: name, body: body, sender: sender)
  }
}

extension Fields {
  static func time(_ instant: Instant) -> Fields { .text(instant.text(in: .china)) }
  static func texts(_ texts: [String]) -> Fields { .list(texts.map(Fields.text)) }
}
