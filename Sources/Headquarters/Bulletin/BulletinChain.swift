import Kernel

/// A bulletin that was published, without its figures.
package struct PublishedBulletin: Codable, Sendable {
  package let id: BulletinID
  package let from: Instant
  package let to: Instant
  package let publishedAt: Instant
  package let total: Int
  /// Infections of the window that no earlier window knew.
  package let newInfections: Int
  /// What corrections of earlier windows add or take away.
  package let change: Int
  package let previous: BulletinID?
  /// All infections before the window, by the previous bulletin or, for the first, by the list.
  package let carried: Int
  package let cumulative: Int
  /// The last entry of the journal that it counted, and the journal's head there.
  package let entry: Int
  package let head: String
  package let policy: String

  /// The journal that it counted, as people copy it: a bulletin on a wall holds the journal to it.
  package var mark: String { JournalMark.text(entries: entry, head: head) }

  private enum CodingKeys: String, CodingKey {
    case id
    case from
    case to
    case total
    case change
    case previous
    case carried
    case cumulative
    case entry
    case head
    case policy
    case publishedAt = "published_at"
    case newInfections = "new_infections"
  }
}

/// What a bulletin's identifier names.
package enum BulletinTag {}
package typealias BulletinID = ID<BulletinTag>

/// A change of the line list, as it was recorded.
struct CorrectionRecord: Sendable {
  let entry: Int
  let infection: CaseID
  let recordedAt: Instant
  let what: CorrectionLine.What
  let field: String?
  /// When the case counted as reported before and after the change; nil when it did not count.
  let wasAt: Instant?
  let nowAt: Instant?
  /// Whether a window that counts the case had been published when it was recorded.
  let isPublished: Bool
}

/// The published bulletins before a window, each beginning where the one before it ended.
///
/// A change that was recorded before the bulletin that counts its case was published went into that
/// bulletin's own numbers; only what came after stands as a correction later on.
struct BulletinChain: Sendable {
  /// From the first to the one that ends where the window begins.
  let bulletins: [PublishedBulletin]

  /// The lines that a window shows.
  func lines(of records: [CorrectionRecord], before from: Instant) -> [CorrectionLine] {
    records.compactMap { record in
      let was = record.wasAt.map { isOpen(record, at: $0, before: from) } ?? false
      let now = record.nowAt.map { isOpen(record, at: $0, before: from) } ?? false
      // Inside the window itself the numbers are right already; that a part of the day was
      // published with others before is told all the same.
      let time = record.wasAt ?? record.nowAt ?? from
      guard was || now || (record.isPublished && time >= from) else { return nil }
      return CorrectionLine(
        infection: record.infection, what: record.what, field: record.field,
        recordedAt: record.recordedAt, reportedAt: time,
        change: (now ? 1 : 0) - (was ? 1 : 0))
    }
  }

  /// Whether a change of what counts at an instant was still to be told when the window began.
  private func isOpen(_ record: CorrectionRecord, at time: Instant, before from: Instant) -> Bool {
    guard time < from else { return false }
    let counting = bulletins.first { $0.from <= time && time < $0.to } ?? bulletins.first
    return counting.map { record.entry > $0.entry } ?? true
  }
}
