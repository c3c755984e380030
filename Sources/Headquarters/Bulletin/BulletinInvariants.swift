import Gazette
import Kernel

/// What must hold of bulletins at any moment (I-31).
enum BulletinInvariants {
  static let all: [Invariant] = [
    Invariant("I-31", "every published bulletin adds up and can be counted again") { context in
      let store = BulletinStore(context.transaction)
      return try store.latest(limit: 100).compactMap { bulletin in
        guard let figures = try store.figures(of: bulletin.id),
          figures.reconciles, figures.addUp, figures.total == bulletin.total,
          figures.total == figures.confirmed + figures.asymptomatic,
          figures.converted <= figures.confirmed
        else { return bulletin.id.text }
        let window = try BulletinWindow(from: bulletin.from, to: bulletin.to)
        let again = try LineListStore(context.transaction)
          .groups(window, asOf: bulletin.entry).reduce(0) { $0 + $1.count }
        return again == bulletin.total ? nil : bulletin.id.text
      }
    },
    Invariant("I-31", "a bulletin's sum is the previous one's, the new and the corrections") {
      context in
      let bulletins = try BulletinStore(context.transaction).latest(limit: 500)
      let cumulative = Dictionary(
        bulletins.map { ($0.id, $0.cumulative) }, uniquingKeysWith: { first, _ in first })
      return bulletins.filter { bulletin in
        let before = bulletin.previous.flatMap { cumulative[$0] } ?? bulletin.carried
        return before != bulletin.carried
          || bulletin.cumulative != bulletin.carried + bulletin.newInfections + bulletin.change
      }.map(\.id.text)
    },
    Invariant("I-31", "the last bulletin's sum and what was changed since is what the list holds") {
      context in
      let store = BulletinStore(context.transaction)
      guard let last = try store.latest(limit: 1).first else { return [] }
      // What is recorded from the window's end on is told by the next bulletin.
      let chain = try store.chain(endingAt: last.to)
      let pending = chain.lines(
        of: try store.corrections(recordedFrom: last.to, to: nil), before: last.to
      ).reduce(0) { $0 + $1.change }
      let held = try LineListStore(context.transaction).reported(from: nil, to: last.to)
      return held == last.cumulative + pending ? [] : [last.id.text]
    },
  ]
}

extension BulletinFigures {
  /// Whether each breakdown's rows add up to the total.
  var addUp: Bool {
    [byKind, bySource, byDistrict].allSatisfy { $0.values.reduce(0, +) == total }
  }
}
