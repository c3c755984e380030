import Kernel
import Registry

/// One look at somebody's data, as an auditor sees it.
package struct AuditedReading: Codable, Sendable {
  package let id: String
  package let at: Instant
  /// The account, `resident:` and the person, or the clock.
  package let sender: String
  package let purpose: Purpose
  /// The question or the page.
  package let question: String
  /// Whose data it was; nil when it was a list of an area.
  package let person: PersonID?
  /// The area whose list it was.
  package let area: PlacePath?
}

/// One fact of the journal, as an auditor sees it.
package struct AuditedDeed: Codable, Sendable {
  package let sequence: Int
  package let at: Instant
  package let name: String
  /// What happened in words; nil when nothing is called so any more.
  package let what: Words?
  package let sender: String
  /// The command with which it happened, and what such a command is called.
  package let command: String
  package let order: String?
  package let policy: String
  package let subject: String
  /// Nil when its time of keeping has ended.
  package let payload: String?
}

/// Who read what, the youngest first: of a person, for a purpose, by an account or by the holders of an
/// office, between two days. The people whose data was looked at see that an auditor looked at that.
package struct ListReadings: Query {
  package struct Answer: Codable, Sendable {
    package let readings: [AuditedReading]
    /// Where the next page begins, nil after the last.
    package let after: String?
  }

  package static let name = "audit.readings"
  package static let duty: Duty = "audit.read"
  package static let purposes: [Purpose] = [.audit]
  package let person: PersonID?
  package let account: AccountID?
  package let reason: Purpose?
  package let role: String?
  package let from: Day?
  package let until: Day?
  package let after: String?
  package let limit: Int?

  package init(
    person: PersonID? = nil, account: AccountID? = nil, reason: Purpose? = nil,
    role: String? = nil, from: Day? = nil, until: Day? = nil, after: String? = nil,
    limit: Int? = nil
  ) {
    self.person = person
    self.account = account
    self.reason = reason
    self.role = role
    self.from = from
    self.until = until
    self.after = after
    self.limit = limit
  }

  // The log knows no areas: whoever audits reads all of it, and that stands in it.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 100, 1), 500)
    let store = AuditStore(reading.transaction, try reading.policy(ShiftsPolicy.self))
    let found = try store.readings(
      AuditFilter(
        person: person, sender: account?.text, purpose: reason, role: role,
        from: from?.start(in: reading.zone), until: until.map { ($0 + 1).start(in: reading.zone) }),
      before: after, limit: limit)
    for one in found {
      if let person = one.person { reading.disclose(person) }
      if let area = one.area { reading.disclose(everybodyIn: area) }
    }
    // That nobody had looked is an answer about somebody, too.
    if let person { reading.disclose(person) }
    return Answer(readings: found, after: found.count == limit ? found.last?.id : nil)
  }
}

/// The same as a list to take away.
package struct ExportReadings: Query {
  package static let name = "audit.exportReadings"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListReadings.duty
  package static let purposes: [Purpose] = [.audit]
  package let person: PersonID?
  package let account: AccountID?
  package let reason: Purpose?
  package let role: String?
  package let from: Day?
  package let until: Day?
  package let after: String?

  package static let columns = [
    "at", "sender", "purpose", "question", "person", "area",
  ]

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let answer = try reading.ask(
      ListReadings(
        person: person, account: account, reason: reason, role: role, from: from, until: until,
        after: after, limit: 500))
    return ExportAnswer(
      rows: answer.readings.map { one in
        [
          one.at.text(in: reading.zone), one.sender, one.purpose.rawValue, one.question,
          one.person?.text ?? "", one.area.map { $0 == .everywhere ? "everywhere" : $0.text } ?? "",
        ]
      }, after: answer.after)
  }
}

/// Who did what, the youngest first, from the journal: all of it, or what happened of one kind, about
/// one thing, by one account or the holders of an office, between two days.
package struct ListDeeds: Query {
  package struct Answer: Codable, Sendable {
    package let deeds: [AuditedDeed]
    package let after: Int?
  }

  package static let name = "audit.deeds"
  package static let duty: Duty = "journal.read"
  package static let purposes: [Purpose] = []
  package let subject: String?
  /// The name of a fact, such as `contacts.confirmed`.
  package let kind: String?
  package let account: AccountID?
  package let role: String?
  package let from: Day?
  package let until: Day?
  package let after: Int?
  package let limit: Int?

  package init(
    subject: String? = nil, kind: String? = nil, account: AccountID? = nil, role: String? = nil,
    from: Day? = nil, until: Day? = nil, after: Int? = nil, limit: Int? = nil
  ) {
    self.subject = subject
    self.kind = kind
    self.account = account
    self.role = role
    self.from = from
    self.until = until
    self.after = after
    self.limit = limit
  }

  // The journal knows no areas: whoever reads it reads all of it.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 100, 1), 500)
    let store = AuditStore(reading.transaction, try reading.policy(ShiftsPolicy.self))
    let found = try store.deeds(
      AuditFilter(
        sender: account?.text, role: role, from: from?.start(in: reading.zone),
        until: until.map { ($0 + 1).start(in: reading.zone) }), subject: subject, kind: kind,
      before: after, limit: limit, facts: reading.assembly.facts)
    return Answer(deeds: found, after: found.count == limit ? found.last?.sequence : nil)
  }
}
