import Kernel

/// What a bulletin's own list of case numbers adds up to.
package struct BulletinBreakdown: Sendable {
  /// Case numbers in a row that share district and source.
  package struct Entry: Hashable, Sendable {
    package let kind: PublishedKind
    package let numbers: ClosedRange<Int>
    /// Nil when the text gives no residence.
    package var district: String?
    package var source: PublishedSource
  }

  /// How a residence that the text does not give is called in a breakdown.
  package static let unknownDistrict = "unknown"

  package let entries: [Entry]
  /// Ranges that run backwards, by kind, as first and last number; counted nowhere.
  package let reversed: [PublishedKind: [[Int]]]

  init(_ tokens: [BulletinToken]) {
    var assembly = BulletinAssembly()
    for token in tokens { assembly.take(token) }
    assembly.endGroup()
    entries = Self.withFullNames(assembly.finished)
    reversed = assembly.reversed
  }

  /// How many cases of a kind were found in one way.
  package func total(_ kind: PublishedKind, _ source: PublishedSource) -> Int {
    bySource(kind)[source] ?? 0
  }

  /// How many cases of a kind were found in each way; ways that found none are left out.
  package func bySource(_ kind: PublishedKind) -> [PublishedSource: Int] {
    sums(kind, by: \.source)
  }

  /// How many cases of a kind live in each district.
  package func byDistrict(_ kind: PublishedKind) -> [String: Int] {
    sums(kind) { $0.district ?? Self.unknownDistrict }
  }

  private func sums<Key: Hashable>(_ kind: PublishedKind, by key: (Entry) -> Key) -> [Key: Int] {
    var sums: [Key: Int] = [:]
    for entry in entries where entry.kind == kind {
      sums[key(entry), default: 0] += entry.numbers.count
    }
    return sums
  }

  /// `浦东` and `浦东五莲路…` are counted as `浦东新区` when that is the only district of the text whose
  /// name begins so.
  private static func withFullNames(_ entries: [Entry]) -> [Entry] {
    let names = Set(entries.compactMap(\.district))
    let full = names.filter { "区县市旗".contains($0.last ?? " ") }
    var alias: [String: String] = [:]
    for name in names.subtracting(full) {
      let candidates = full.filter { name.hasPrefix(stem($0)) }
      if candidates.count == 1 { alias[name] = candidates.first }
    }
    return entries.map { entry in
      var entry = entry
      entry.district = entry.district.map { alias[$0] ?? $0 }
      return entry
    }
  }

  /// A district's name without `新区`, `区`, `县` and the like.
  private static func stem(_ district: String) -> String {
    let short = district.hasSuffix("新区") ? district.dropLast(2) : district.dropLast()
    return short.count > 1 ? String(short) : district
  }
}

/// Puts tokens together into entries.
///
/// Numbers are listed first, each with its residence; a sentence behind the group then tells how
/// all of it was found, and `诊断为…` ends it.
private struct BulletinAssembly {
  var finished: [BulletinBreakdown.Entry] = []
  var reversed: [PublishedKind: [[Int]]] = [:]
  private var isLocal = false
  private var group: [BulletinBreakdown.Entry] = []
  /// Where the cases begin that still wait for a residence.
  private var waiting = 0
  /// The cases of the group that the next source is about, when they were taken up by number.
  private var subject: [Int]?
  private var isSourceKnown: Bool { group.allSatisfy { $0.source != .unknown } }

  mutating func take(_ token: BulletinToken) {
    switch token {
    case .local:
      endGroup()
      isLocal = true
    case .elsewhere:
      endGroup()
      isLocal = false
    case .cases(let run): if isLocal { list(run) }
    case .residence(let district):
      for index in group.indices.dropFirst(waiting) { group[index].district = district }
      waiting = group.count
    case .source(let source):
      for index in subject ?? Array(group.indices) where group[index].source == .unknown {
        group[index].source = source
      }
    case .diagnosis: endGroup()
    }
  }

  mutating func endGroup() {
    finished += group
    group = []
    waiting = 0
    subject = nil
  }

  private mutating func list(_ run: BulletinCaseRun) {
    if run.isSubject, let again = listed(run) {
      subject = again
      return
    }
    if isSourceKnown { endGroup() }
    subject = nil
    reversed[run.kind, default: []] += run.reversed
    waiting = group.count
    group += run.ranges.map {
      BulletinBreakdown.Entry(kind: run.kind, numbers: $0, district: nil, source: .unknown)
    }
  }

  /// The places in the group of cases that a run takes up again; nil when it names others.
  private func listed(_ run: BulletinCaseRun) -> [Int]? {
    let mine = group.indices.filter { index in
      group[index].kind == run.kind
        && run.ranges.contains { $0.overlaps(group[index].numbers) }
    }
    let listed = mine.reduce(0) { $0 + group[$1].numbers.count }
    let named = run.ranges.reduce(0) { $0 + $1.count }
    return listed == named && named > 0 ? mine : nil
  }
}
