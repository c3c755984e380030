import Kernel

/// A resident gets a slip of paper that opens their own page.
///
/// The sender makes the secret on the slip and sends its fingerprint only: secrets never enter
/// commands, receipts or the journal. A new slip ends the earlier ones.
package struct IssueSlip: Command {
  package struct Answer: Codable, Sendable {
    package let expiresAt: Instant

    private enum CodingKeys: String, CodingKey { case expiresAt = "expires_at" }
  }

  package static let name = "residents.issueSlip"
  package static let duty: Duty = "residents.issueSlip"
  package let person: PersonID
  /// The fingerprint of the slip's secret, 64 hexadecimal digits.
  package let fingerprint: String

  package init(person: PersonID, fingerprint: String) {
    self.person = person
    self.fingerprint = fingerprint
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).get(person).path)
  }

  package func perform(in work: Work) throws -> Answer {
    _ = try ResidentsStore(work.transaction).live(person)
    guard let bytes = Hex.bytes(fingerprint), bytes.count == 32 else {
      throw Refusal(
        .invalid, "slip.fingerprint",
        Words("纸条指纹应为 64 位十六进制", "The fingerprint of a slip has 64 hexadecimal digits"),
        field: "fingerprint")
    }
    let slips = SlipsStore(work.transaction)
    guard try !slips.isKnown(fingerprint.lowercased()) else {
      throw Refusal(
        .conflict, "slip.known",
        Words("该纸条已签发，请重新生成", "This slip was issued already; make a new one"),
        field: "fingerprint")
    }
    let policy: RegistryPolicy = try work.policy()
    let expiresAt = work.now + .days(policy.slipDays)
    try slips.revokeAll(of: person, at: work.now)
    try slips.insert(
      fingerprint.lowercased(), person: person, issuedAt: work.now, expiresAt: expiresAt)
    try work.record(SlipIssued(person: person, expiresAt: expiresAt))
    return Answer(expiresAt: expiresAt)
  }
}

/// A slip was lost or seen by others: none of the person's slips opens anything from now on.
package struct RevokeSlips: Command {
  package static let name = "residents.revokeSlips"
  package static let duty: Duty = "residents.issueSlip"
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).get(person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let revoked = try SlipsStore(work.transaction).revokeAll(of: person, at: work.now)
    if revoked > 0 { try work.record(SlipsRevoked(person: person)) }
    return Done()
  }
}

/// A resident got a slip.
package struct SlipIssued: Fact {
  package static let name = "residents.slipIssued"
  package static let words = Words("居民凭条已发放", "Slip given to a resident")
  package static let about = Matter.person
  package let person: PersonID
  package let expiresAt: Instant
  package var subject: String { person.text }
}

/// The slips of a resident were made void.
package struct SlipsRevoked: Fact {
  package static let name = "residents.slipsRevoked"
  package static let words = Words("居民凭条已作废", "Slips of a resident made void")
  package static let about = Matter.person
  package let person: PersonID
  package var subject: String { person.text }
}
