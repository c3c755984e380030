import Kernel

/// What must hold of the public figures.
enum FiguresInvariants {
  static let started = Invariant(
    "I-11", "the public figures name as many restrictions of today as began today"
  ) { context in
    let today = Day(of: context.now, in: context.rules.zone)
    let store = FiguresStore(context.transaction)
    // Before figures were kept nothing was counted.
    guard let first = try store.firstDay(), first < today else { return [] }
    let counted = try store.lines(from: today, to: today).filter { $0.kind == .started }
      .map(\.count).reduce(0, +)
    let there = try RestrictionsStore(context.transaction).begun(
      since: today.start(in: context.rules.zone))
    return counted == there ? [] : ["\(counted) counted, \(there) there"]
  }
}
