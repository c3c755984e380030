import Gazette
import Kernel

/// Whether what follows from a case waits for a second person, or one has declined it.
package enum CaseDoubt: String, Sendable {
  case waits
  case declined
}

/// A case that one account told beyond its limit is a claim until a second person has looked: its
/// contacts are found and shown, and it lengthens nobody's time and ends nobody's clock (decision 30).
enum CaseDoubts {
  static let column = Migration(
    "investigation-0003", "ALTER TABLE investigation ADD COLUMN doubt TEXT",
    """
    CREATE INDEX investigation_doubt ON investigation (infection) WHERE doubt IS NOT NULL
    """)

  static let reactions: [Reaction] = [
    .on(CaseHeld.self) { fact, work in
      try InvestigationStore(work.transaction).setDoubt(.waits, of: fact.infection)
      // What the person was a contact of before holds on: at once, before anybody finds them anew.
      try work.returnContact(of: fact.person)
    },
    .on(CaseSettled.self) { fact, work in
      let store = InvestigationStore(work.transaction)
      guard try store.doubt(of: fact.infection) != nil else { return }
      try store.setDoubt(fact.approved ? nil : .declined, of: fact.infection)
      guard fact.approved, try store.find(fact.infection)?.withdrawnAt == nil else { return }
      try work.closeContact(of: fact.person)
      // What it means for others counts from now on.
      for contact in try ContactsStore(work.transaction).ofCase(fact.infection)
      where contact.state.isLive {
        try work.refresh(contact)
      }
    },
  ]
}

extension InvestigationStore {
  func setDoubt(_ doubt: CaseDoubt?, of infection: CaseID) throws {
    try transaction.execute(
      "UPDATE investigation SET doubt = \(doubt?.rawValue) WHERE infection = \(infection)")
  }

  /// What is doubtful about a case; nil when nothing is.
  func doubt(of infection: CaseID) throws -> CaseDoubt? {
    try transaction.row("SELECT doubt FROM investigation WHERE infection = \(infection)")
      .flatMap { $0.optionalText(0) }.flatMap(CaseDoubt.init)
  }

  /// Those of these cases that are doubtful.
  func doubtful(among infections: Set<CaseID>) throws -> Set<CaseID> {
    if infections.isEmpty { return [] }
    let rows = try transaction.rows(
      """
      SELECT infection
      FROM investigation
      WHERE doubt IS NOT NULL AND infection IN (\(SQL.list(infections.sorted())))
      ORDER BY infection
      LIMIT 1000
      """)
    return Set(rows.map { $0.id(0) })
  }
}

extension InvestigationStore {
  /// Exposures to cases that are not in doubt.
  func credible(_ exposures: [Exposure]) throws -> [Exposure] {
    let doubtful = try doubtful(among: Set(exposures.map(\.infection)))
    return doubtful.isEmpty ? exposures : exposures.filter { !doubtful.contains($0.infection) }
  }

  /// The same of many contacts at once.
  func credible(_ exposures: [ContactID: [Exposure]]) throws -> [ContactID: [Exposure]] {
    let doubtful = try doubtful(among: Set(exposures.values.joined().map(\.infection)))
    if doubtful.isEmpty { return exposures }
    return exposures.mapValues { $0.filter { !doubtful.contains($0.infection) } }
  }
}

extension Work {
  /// What others may act on: what stands by itself, and leads to a case that is one.
  func standing(_ exposures: [Exposure]) throws -> [Exposure] {
    try InvestigationStore(transaction).credible(ContactsRules.standing(exposures))
  }
}
