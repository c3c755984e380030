import Foundation
import Kernel
import Town

/// The few lines of the policy files that the checks need, read without the product's own reader.
enum NaivePolicy {
  /// A step of a ladder.
  struct Rung: Hashable, Sendable {
    let minutes: Int
    let role: String
    let level: String
  }

  /// The duties of each role.
  static let duties: [String: Set<String>] = {
    var found: [String: Set<String>] = [:]
    var role = ""
    for line in lines("base") {
      if let match = line.wholeMatch(of: #/      ([a-z_]+):/#) { role = String(match.1) }
      if let match = line.firstMatch(of: #/^        duties: \[(.*)\]/#) {
        found[role] = Set(match.1.split(separator: ", ").map(String.init))
      }
    }
    return found
  }()

  /// The ladder of each kind of obligation.
  static let ladders: [String: [Rung]] = {
    var found: [String: [Rung]] = [:]
    var kind = ""
    for line in lines("base") {
      if let match = line.wholeMatch(of: #/      ([a-z]+\.[a-zA-Z]+):/#) { kind = String(match.1) }
      let rung = #/after_minutes: (\d+), role: ([a-z_]+), level: ([a-z]+)/#
      if let match = line.firstMatch(of: rung) {
        found[kind, default: []].append(
          Rung(
            minutes: Int(match.1) ?? 0, role: String(match.2), level: String(match.3)))
      }
    }
    return found
  }()

  /// The colour of each clause, by `cn-9@1/close`.
  static let colours: [String: String] = {
    var found: [String: String] = [:]
    for file in files {
      var edition = ""
      var version = ""
      var clause = ""
      for line in lines(file) {
        if line.hasPrefix("id: ") { edition = String(line.dropFirst(4)) }
        if line.hasPrefix("version: ") { version = String(line.dropFirst(9)) }
        if let match = line.firstMatch(of: #/^      - id: (\w+)/#) { clause = String(match.1) }
        if let match = line.firstMatch(of: #/^        colour: (\w+)/#) {
          found["\(edition)@\(version)/\(clause)"] = String(match.1)
        }
      }
    }
    return found
  }()

  /// The editions that a town lives through, in their order.
  private static let files = ["cn-8", "cn-9", "cn-20-measures", "cn-new-10", "cn-off"]

  /// What an edition says of the restrictions of one clause.
  struct Clause: Sendable {
    /// How many days its phases last, one after another.
    var days = 0
    /// How many people one account may cause to be restricted by it within a day.
    var alone = 0
  }

  /// An edition as far as restrictions go.
  struct Edition: Sendable {
    var reference = ""
    var from = Day(number: 0)
    var notice = 0
    var medical = 0
    var fever = 0.0
    var clauses: [String: Clause] = [:]
  }

  /// Each edition, the earliest first.
  static let editions: [Edition] = files.map { file in
    var edition = Edition()
    var alone = 0
    var clause = ""
    for line in lines(file) {
      if line.hasPrefix("id: ") { edition.reference = String(line.dropFirst(4)) }
      if line.hasPrefix("version: ") { edition.reference += "@\(line.dropFirst(9))" }
      if let match = line.wholeMatch(of: #/effective_from: (.+)/#) {
        edition.from = Day(String(match.1)) ?? Day(number: 0)
      }
      if let match = line.firstMatch(of: #/^    alone: \{people: (\d+), hours: 24, cool.*attempts/#)
      {
        alone = Int(match.1) ?? 0
      }
      if let match = line.firstMatch(of: #/^    notice_minutes: (\d+)/#) {
        edition.notice = Int(match.1) ?? 0
      }
      if let match = line.firstMatch(of: #/^    medical_minutes: (\d+)/#) {
        edition.medical = Int(match.1) ?? 0
      }
      if let match = line.firstMatch(of: #/^    fever_celsius: ([0-9.]+)/#) {
        edition.fever = Double(match.1) ?? 0
      }
      if let match = line.firstMatch(of: #/^      - id: (\w+)/#) {
        clause = String(match.1)
        edition.clauses[clause] = Clause(alone: alone)
      }
      if let match = line.firstMatch(of: #/^        alone_people: (\d+)/#) {
        edition.clauses[clause]?.alone = Int(match.1) ?? 0
      }
      if let match = line.firstMatch(of: #/^          - \{kind: \w+, days: (\d+)/#) {
        edition.clauses[clause]?.days += Int(match.1) ?? 0
      }
    }
    return edition
  }

  /// The edition in force at a moment.
  static func edition(at moment: Instant) -> Edition {
    let day = Day(of: moment, in: .china)
    return editions.last { $0.from <= day } ?? Edition()
  }

  private static func lines(_ file: String) -> [String] {
    let bytes = (try? SharedData.repositoryFile("Policies/\(file).yaml")) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// Who may do what, counted from the rows of offices and the duties of roles.
struct NaiveDuties: Sendable {
  /// Whether the sender of a command holds its duty anywhere.
  func mayHold(_ envelope: Envelope, in town: Town) async throws -> Bool {
    guard let duty = town.desk.assembly.commands[envelope.name]?.duty else { return false }
    switch envelope.sender {
    case .clock: return true
    case .nobody: return false
    case .resident: return duty.name == "person.own"
    case .account(let account):
      let now = town.now
      let roles = try await town.rows(
        """
        SELECT office.role
        FROM office
        JOIN account ON account.id = office.account
        WHERE office.account = \(account) AND account.closed_at IS NULL
          AND office.from_at <= \(now) AND (office.until_at IS NULL OR office.until_at > \(now))
        """
      ).map { $0.text(0) }
      return roles.contains { NaivePolicy.duties[$0]?.contains(duty.name) == true }
    }
  }
}
