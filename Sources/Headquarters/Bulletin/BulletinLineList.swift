import Gazette
import Kernel

/// Keeps the bulletin's line list beside the cases, in the transaction that changes them.
///
/// Headquarters never looks into Detection's tables: the facts carry how a case stands, and the
/// list keeps each version with the journal's entries between which it stood. So any published
/// bulletin can be counted again, and opened to its rows, as it was.
enum BulletinLineList {
  static func reported(_ fact: CaseReported, in work: Work) throws {
    let entry = try Self.entry(in: work)
    try LineListStore(work.transaction)
      .open(fact.infection, of: fact.person, fact.standing, at: entry)
    guard try BulletinStore(work.transaction).isPublished(at: fact.reportedAt) else { return }
    try note(.late, fact.infection, field: nil, was: nil, now: fact.standing, entry, in: work)
  }

  static func converted(_ fact: CaseConverted, in work: Work) throws {
    let entry = try Self.entry(in: work)
    let was = try replace(fact.infection, of: fact.person, fact.standing, entry, in: work)
    guard try BulletinStore(work.transaction).isPublished(at: fact.at) else { return }
    try note(
      .late, fact.infection, field: "converted_at", was: was, now: fact.standing, entry, in: work)
  }

  static func corrected(_ fact: CaseCorrected, in work: Work) throws {
    guard let standing = fact.standing else { return }
    let entry = try Self.entry(in: work)
    let was = try replace(fact.infection, of: fact.person, standing, entry, in: work)
    try note(
      .corrected, fact.infection, field: fact.field, was: was, now: standing, entry, in: work)
  }

  static func withdrawn(_ fact: CaseWithdrawn, in work: Work) throws {
    let entry = try Self.entry(in: work)
    let store = LineListStore(work.transaction)
    let was = try store.live(fact.infection)?.standing
    try store.close(fact.infection, at: entry)
    try note(.withdrawn, fact.infection, field: nil, was: was, now: nil, entry, in: work)
  }

  private static func replace(
    _ infection: CaseID, of person: PersonID, _ standing: CaseStanding, _ entry: Int,
    in work: Work
  ) throws -> CaseStanding? {
    let store = LineListStore(work.transaction)
    let was = try store.live(infection)?.standing
    try store.close(infection, at: entry)
    try store.open(infection, of: person, standing, at: entry)
    return was
  }

  private static func note(
    _ what: CorrectionLine.What, _ infection: CaseID, field: String?, was: CaseStanding?,
    now: CaseStanding?, _ entry: Int, in work: Work
  ) throws {
    let store = BulletinStore(work.transaction)
    let counted = [was, now].compactMap { $0 }.flatMap { [$0.reportedAt, $0.convertedAt] }
    let isPublished = try counted.compactMap { $0 }.contains { try store.isPublished(at: $0) }
    try store.add(
      CorrectionRecord(
        entry: entry, infection: infection, recordedAt: work.now, what: what, field: field,
        wasAt: was?.reportedAt, nowAt: now?.reportedAt, isPublished: isPublished))
  }

  /// The journal's entry that told the fact: the youngest one.
  private static func entry(in work: Work) throws -> Int {
    try JournalStore(transaction: work.transaction).youngest(limit: 1).first?.sequence ?? 0
  }
}
