import Gazette
import Kernel

/// A bulletin was published; its figures are kept under its identifier.
package struct BulletinPublished: Fact {
  package static let name = "bulletins.published"
  package static let words = Words("疫情通报已发布", "Bulletin published")
  package static let about = Matter.bulletin
  package let bulletin: BulletinID
  package let from: Instant
  package let to: Instant
  package let total: Int
  package let confirmed: Int
  package let asymptomatic: Int
  package let converted: Int
  package let cumulative: Int
  package var subject: String { bulletin.text }
}

/// Publishes the numbers of a window for ever, when every breakdown adds up.
package struct PublishBulletin: Command {
  package static let name = "bulletin.publish"
  package static let duty: Duty = "bulletin.publish"
  package let from: Instant
  package let to: Instant
  /// Breakdowns that districts typed, to be compared with the line list before it goes out.
  package let declared: DeclaredBreakdown?

  package init(from: Instant, to: Instant, declared: DeclaredBreakdown? = nil) {
    self.from = from
    self.to = to
    self.declared = declared
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> PublishedBulletin {
    let window = try BulletinWindow(from: from, to: to)
    guard to <= work.now else {
      throw Refusal(
        .conflict, "bulletin.notOver",
        Words("时间窗尚未结束，不能发布", "The window is not over yet; publish when it is"),
        field: "to")
    }
    let store = BulletinStore(work.transaction)
    if let published = try store.published(window) {
      throw Refusal(
        .conflict, "bulletin.published",
        Words(
          "该时段的通报已发布（\(published.id.text)）；后来的更正写入其记录时段的通报",
          "This window was published as \(published.id.text); later corrections stand in the "
            + "bulletin of the window in which they are recorded"),
        field: "from")
    }
    let composition = try BulletinComposition(
      window, policy: work.policy(), transaction: work.transaction)
    let figures = try composition.figures(declared: declared)
    guard figures.reconciles else { throw Refusal.notReconciled(figures.differences) }
    let bulletin = try bulletin(composition, figures, in: work)
    let text = String(decoding: try Fields.jsonBytes(figures), as: UTF8.self)
    try store.insert(bulletin, figures: text, sender: work.authority.sender.text)
    try work.record(
      BulletinPublished(
        bulletin: bulletin.id, from: from, to: to, total: figures.total,
        confirmed: figures.confirmed, asymptomatic: figures.asymptomatic,
        converted: figures.converted, cumulative: bulletin.cumulative))
    return bulletin
  }

  private func bulletin(
    _ composition: BulletinComposition, _ figures: BulletinFigures, in work: Work
  ) throws -> PublishedBulletin {
    let lines = LineListStore(work.transaction)
    let last = try JournalStore(transaction: work.transaction).youngest(limit: 1).first
    let previous = composition.chain.bulletins.last
    let new = try lines.reported(from: from, to: to)
    // The first bulletin of a chain takes over what the list held before it.
    let carried = try previous?.cumulative ?? lines.reported(from: nil, to: from)
    let change = previous == nil ? 0 : figures.corrections.reduce(0) { $0 + $1.change }
    return PublishedBulletin(
      id: work.newID(), from: from, to: to, publishedAt: work.now, total: figures.total,
      newInfections: new, change: change, previous: previous?.id, carried: carried,
      cumulative: carried + new + change, entry: last?.sequence ?? 0,
      head: last?.head ?? JournalChain.origin, policy: work.policyText)
  }
}

extension Refusal {
  /// Something does not add up; the rows are named.
  static func notReconciled(_ differences: [ReconciliationDifference]) -> Refusal {
    let named = 5
    let shown = differences.prefix(named).map(\.words)
    let more = differences.count - shown.count
    let chinese = shown.map(\.chinese).joined(separator: "；")
    let english = shown.map(\.english).joined(separator: "; ")
    let first = differences.first
    return Refusal(
      .conflict, "bulletin.notReconciled",
      Words(
        "分项之和与总数不一致，不能发布：\(chinese)\(more > 0 ? "；另有 \(more) 处" : "")",
        "The breakdowns do not add up, nothing is published: \(english)"
          + (more > 0 ? "; \(more) more" : "")),
      field: first.map { [$0.breakdown, $0.key].compactMap { $0 }.joined(separator: ".") })
  }
}

extension Matter {
  package static let bulletin = Matter(
    Words("疫情通报", "Bulletin"), page: "/bulletin/:bulletin")
}
