import Kernel
import Registry

/// What an audit looks for.
struct AuditFilter: Sendable {
  var person: PersonID?
  /// The account that looked or acted.
  var sender: String?
  var purpose: Purpose?
  /// The role of an office that the sender held at that time, themself or for a colleague.
  var role: String?
  var from: Instant?
  var until: Instant?
}

/// Statements about who read and did what.
struct AuditStore {
  let transaction: any Transaction
  private let offices: PastOfficesStore

  init(_ transaction: any Transaction, _ policy: ShiftsPolicy) {
    self.transaction = transaction
    offices = PastOfficesStore(transaction, policy)
  }

  /// What was read, the youngest first; identifiers begin with the time, so that they order.
  func readings(
    _ filter: AuditFilter, before: String?, limit: Int
  ) throws -> [AuditedReading] {
    let person: SQL = filter.person.map { "disclosure.person = \($0)" } ?? "1 = 1"
    // An auditor's own looks would soon be all that the log shows; they are asked for by name.
    let others: SQL =
      filter.person == nil ? "purpose <> \(Purpose.audit.rawValue)" : "1 = 1"
    let purpose: SQL = filter.purpose.map { "purpose = \($0.rawValue)" } ?? others
    let earlier: SQL = before.map { "disclosure.id < \($0)" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT disclosure.id, disclosure.at, disclosure.sender, disclosure.purpose,
        disclosure.question, disclosure.person, disclosure.area
      FROM disclosure
      WHERE \(person) AND \(purpose) AND \(earlier) AND \(sent(filter, "disclosure"))
      ORDER BY disclosure.id DESC
      LIMIT \(limit)
      """
    ).map { row in
      AuditedReading(
        id: row.text(0), at: row.instant(1), sender: row.text(2),
        purpose: Purpose(rawValue: row.text(3)) ?? .audit, question: row.text(4),
        person: row.optionalID(5), area: row.optionalText(6).map { PlacePath($0) })
    }
  }

  /// What was done, the youngest first.
  func deeds(
    _ filter: AuditFilter, subject: String?, kind: String? = nil, before: Int?, limit: Int,
    facts: [String: any Fact.Type] = [:]
  ) throws -> [AuditedDeed] {
    let about: SQL = subject.map { "journal.subject = \($0)" } ?? "1 = 1"
    let named: SQL = kind.map { "journal.name = \($0)" } ?? "1 = 1"
    let earlier: SQL = before.map { "journal.sequence < \($0)" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT journal.sequence, journal.at, journal.name, journal.sender, journal.policy,
        journal.subject, journal.payload, journal.command,
        (SELECT receipt.name FROM receipt WHERE receipt.command = journal.command)
      FROM journal
      WHERE \(about) AND \(named) AND \(earlier) AND \(sent(filter, "journal"))
      ORDER BY journal.sequence DESC
      LIMIT \(limit)
      """
    ).map { row in
      AuditedDeed(
        sequence: row.integer(0), at: row.instant(1), name: row.text(2),
        what: facts[row.text(2)]?.words, sender: row.text(3), command: row.text(7),
        order: row.optionalText(8), policy: row.text(4), subject: row.text(5),
        payload: row.optionalText(6))
    }
  }

  /// Who sent it when, and by which office.
  private func sent(_ filter: AuditFilter, _ table: SQL) -> SQL {
    let sender: SQL = filter.sender.map { "\(table).sender = \($0)" } ?? "1 = 1"
    let from: SQL = filter.from.map { "\(table).at >= \($0)" } ?? "1 = 1"
    let until: SQL = filter.until.map { "\(table).at < \($0)" } ?? "1 = 1"
    let role: SQL =
      filter.role.map { offices.held($0, by: "\(table).sender", at: "\(table).at") } ?? "1 = 1"
    return "\(sender) AND \(from) AND \(until) AND \(role)"
  }
}
