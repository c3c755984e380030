import Gazette
import Kernel

/// Counts what others say.
enum FiguresReactions {
  static let all: [Reaction] = [
    .on(RestrictionStarted.self) { fact, work in try work.count(.started, fact.clause) },
    .on(RestrictionEnded.self) { fact, work in
      try work.count(.ended, fact.reason)
      guard fact.reason == EndReason.expired.rawValue,
        let end = try RestrictionsStore(work.transaction).find(fact.restriction)?.end
      else { return }
      try work.count(.delay, String(FiguresRules.minutes(from: end, to: work.now)))
    },
    .on(ObjectionRaised.self) { _, work in try work.count(.objectionRaised) },
    .on(ObjectionDecided.self) { fact, work in
      try work.count(fact.upheld ? .objectionUpheld : .objectionRejected)
    },
    .on(ObjectionLapsed.self) { _, work in try work.count(.objectionLapsed) },
    .on(ManyDecided.self) { fact, work in
      try work.count(fact.approved ? .approved : .declined, fact.what)
    },
    .on(RestrictionAlarm.self) { _, work in try work.count(.alarm) },
    .on(ClockAccepted.self) { _, work in try work.count(.alarm) },
  ]
}

extension Work {
  fileprivate func count(_ kind: FigureKind, _ about: String = "") throws {
    try FiguresStore(transaction).count(kind, about, on: today)
  }
}

/// Arithmetic of the public figures, without any row.
package enum FiguresRules {
  /// The whole minutes from an end until it was taken down; never less than none.
  package static func minutes(from end: Instant, to now: Instant) -> Int {
    max(0, Int((now - end).inSeconds) / 60)
  }

  /// The middle one of numbers that occur so often; nil when there are none.
  package static func median(_ counts: [Int: Int]) -> Int? {
    let all = counts.values.reduce(0, +)
    var seen = 0
    for (value, count) in counts.sorted(by: { $0.key < $1.key }) {
      seen += count
      if seen * 2 >= all, all > 0 { return value }
    }
    return nil
  }

  /// A share in whole per cent, rounded to the nearest; nil of nothing.
  package static func percent(_ part: Int, of whole: Int) -> Int? {
    whole == 0 ? nil : (part * 200 + whole) / (2 * whole)
  }
}
