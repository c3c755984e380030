/// One look at the data by one sender for one purpose, on an unchanging view.
package final class Reading {
  package let now: Instant
  package let authority: Authority
  package let purpose: Purpose
  package let language: Language
  package let transaction: any Transaction
  package let vault: Vault
  package let assembly: Assembly
  package let jurisdiction: Jurisdiction
  private let policies: PolicyReader
  /// What is kept of earlier counts; nil when everything is counted anew.
  let kept: KeptCounts.View?
  /// As of when the oldest figure is that was given: ``now`` unless it was kept.
  package internal(set) var countedAt: Instant
  private(set) var disclosed: Set<Disclosed> = []

  init(
    now: Instant, authority: Authority, purpose: Purpose, language: Language,
    transaction: any Transaction, vault: Vault, assembly: Assembly, jurisdiction: Jurisdiction,
    rules: Rulebook, kept: KeptCounts.View? = nil
  ) {
    self.now = now
    self.authority = authority
    self.purpose = purpose
    self.language = language
    self.transaction = transaction
    self.vault = vault
    self.assembly = assembly
    self.jurisdiction = jurisdiction
    self.kept = kept
    countedAt = now
    policies = PolicyReader(rules, today: Day(of: now, in: rules.zone))
  }

  package var rules: Rulebook { policies.rules }
  package var zone: Zone { policies.rules.zone }
  package var today: Day { policies.today }

  /// The section in force today, or on another day.
  package func policy<Section: PolicySection>(
    _ type: Section.Type = Section.self, on day: Day? = nil
  ) throws(Refusal) -> Section { try policies.section(type, on: day).section }

  /// The section in force and the edition it stands in.
  package func edition<Section: PolicySection>(
    _ type: Section.Type = Section.self, on day: Day? = nil
  ) throws(Refusal) -> (section: Section, edition: PolicyEdition) {
    try policies.section(type, on: day)
  }

  /// Asks a question of the same sender for the same purpose, with its duty and area checked.
  package func ask<Q: Query>(_ query: Q) throws -> Q.Answer {
    if !Q.purposes.isEmpty && !Q.purposes.contains(purpose) {
      throw Refusal.purpose(purpose, allowed: Q.purposes)
    }
    try authority.require(Q.duty)
    try jurisdiction.require(
      Q.duty, over: query.area(in: self), of: authority, in: transaction)
    guard Q.isCount, kept != nil else { return try query.answer(in: self) }
    let asked = try Fields.json(Fields.jsonBytes(query)).canonicalBytes(name: Q.name)
    return try counted(String(decoding: asked, as: UTF8.self)) { try query.answer(in: $0) }
  }

  /// Notes that a person's data is part of the answer; the person will see it.
  package func disclose(_ person: PersonID) { disclosed.insert(.person(person)) }

  /// Notes that the data of everybody in an area is part of the answer (a list, an export).
  package func disclose(everybodyIn path: PlacePath) { disclosed.insert(.area(path)) }
}

/// Whose data was read.
enum Disclosed: Hashable, Sendable {
  case person(PersonID)
  case area(PlacePath)
}

extension Refusal {
  /// The stated purpose does not allow this question.
  static func purpose(_ purpose: Purpose, allowed: [Purpose]) -> Refusal {
    let chinese = allowed.map { "\($0.rawValue)（\($0.words.chinese)）" }.joined(separator: "、")
    let english = allowed.map(\.rawValue).joined(separator: ", ")
    return Refusal(
      .forbidden, "purpose.notAllowed",
      Words("此查询须说明用途，可用：\(chinese)", "This question needs a purpose, one of: \(english)"),
      field: "purpose")
  }
}
