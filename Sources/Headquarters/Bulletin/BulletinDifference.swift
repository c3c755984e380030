import Kernel

/// One thing in which a bulletin's headline and its own list disagree.
package enum BulletinDifference: Hashable, Sendable {
  case noDate
  case noHeadline(PublishedKind)
  /// Numbers that the list leaves out.
  case missing(PublishedKind, [ClosedRange<Int>])
  /// Numbers that the list covers more than once.
  case doubled(PublishedKind, [ClosedRange<Int>])
  /// Numbers above the headline's count.
  case beyond(PublishedKind, [ClosedRange<Int>])
  /// A range that runs backwards.
  case reversed(PublishedKind, first: Int, last: Int)
  case source(PublishedSource, PublishedKind, published: Int, rebuilt: Int)
  /// The title and the text give different counts; the first is used.
  case disagreement(String, [Int])

  /// A disagreement between two headlines does not touch the list.
  var breaksReconciliation: Bool {
    switch self {
    case .noDate, .disagreement: false
    case .noHeadline, .missing, .doubled, .beyond, .reversed, .source: true
    }
  }

  /// A stable code for programs.
  package var code: String {
    switch self {
    case .noDate: "no_date"
    case .noHeadline: "no_headline"
    case .missing: "missing"
    case .doubled: "doubled"
    case .beyond: "beyond"
    case .reversed: "reversed"
    case .source(let source, _, _, _): source.rawValue
    case .disagreement: "headlines_disagree"
    }
  }

  package var words: Words {
    switch self {
    case .noDate: return Words("正文里没有找到日期", "The text gives no date")
    case .noHeadline(let kind):
      return Words(
        "没有找到新增本土\(kind.words.chinese)的总数",
        "The number of new local \(kind.words.english) was not found")
    case .missing(let kind, let ranges):
      return Self.numbers(kind, ranges, Words("未列出", "are not listed"))
    case .doubled(let kind, let ranges):
      return Self.numbers(kind, ranges, Words("重复列出", "are listed more than once"))
    case .beyond(let kind, let ranges):
      return Self.numbers(kind, ranges, Words("超出总数", "are above the headline's number"))
    case .reversed(let kind, let first, let last):
      return Words(
        "\(kind.words.chinese)的编号区间 \(first)—\(last) 前后颠倒",
        "The range \(first)–\(last) of \(kind.words.english) runs backwards")
    case .source(let source, let kind, let published, let rebuilt):
      let how =
        source == .converted ? Words("转归", "converted") : Words("隔离管控中发现", "found in isolation")
      return Words(
        "\(kind.words.chinese)中\(how.chinese)：总述 \(published)，明细 \(rebuilt)",
        "\(kind.words.english), \(how.english): \(published) in the headline, \(rebuilt) in the list"
      )
    case .disagreement(let what, let values):
      let all = values.map(String.init).joined(separator: ", ")
      return Words("各处所写的 \(what) 不一致：\(all)", "The text gives several numbers for \(what): \(all)")
    }
  }

  private static func numbers(
    _ kind: PublishedKind, _ ranges: [ClosedRange<Int>], _ what: Words
  ) -> Words {
    let all = ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
    }.joined(separator: ", ")
    return Words(
      "\(kind.words.chinese) \(all) \(what.chinese)",
      "Of the \(kind.words.english), \(all) \(what.english)")
  }
}

extension BulletinDifference: Encodable {
  private enum CodingKeys: String, CodingKey {
    case code, kind, numbers, published, rebuilt, words
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(code, forKey: .code)
    try container.encode(words, forKey: .words)
    switch self {
    case .noDate: break
    case .noHeadline(let kind): try container.encode(kind, forKey: .kind)
    case .missing(let kind, let ranges), .doubled(let kind, let ranges),
      .beyond(let kind, let ranges):
      try container.encode(kind, forKey: .kind)
      try container.encode(ranges.map { [$0.lowerBound, $0.upperBound] }, forKey: .numbers)
    case .reversed(let kind, let first, let last):
      try container.encode(kind, forKey: .kind)
      try container.encode([[first, last]], forKey: .numbers)
    case .source(_, let kind, let published, let rebuilt):
      try container.encode(kind, forKey: .kind)
      try container.encode(published, forKey: .published)
      try container.encode(rebuilt, forKey: .rebuilt)
    case .disagreement(_, let values): try container.encode(values, forKey: .numbers)
    }
  }
}

extension BulletinBreakdown {
  /// What is wrong with the numbers of a kind, each of which should stand once from 1 to `count`.
  func coverageDifferences(of kind: PublishedKind, upTo count: Int) -> [BulletinDifference] {
    var edges: [Int: Int] = [1: 0]
    edges[count + 1, default: 0] += 0
    for entry in entries where entry.kind == kind {
      edges[entry.numbers.lowerBound, default: 0] += 1
      edges[entry.numbers.upperBound + 1, default: 0] -= 1
    }
    var missing: [ClosedRange<Int>] = []
    var doubled: [ClosedRange<Int>] = []
    var beyond: [ClosedRange<Int>] = []
    var times = 0
    let places = edges.keys.sorted()
    for (place, next) in zip(places, places.dropFirst()) {
      times += edges[place] ?? 0
      let stretch = place...(next - 1)
      let isInside = place >= 1 && place <= count
      if times == 0, isInside { missing.append(stretch) }
      if times > 1, isInside { doubled.append(stretch) }
      if times > 0, !isInside { beyond.append(stretch) }
    }
    var differences: [BulletinDifference] = []
    if !missing.isEmpty { differences.append(.missing(kind, missing)) }
    if !doubled.isEmpty { differences.append(.doubled(kind, doubled)) }
    if !beyond.isEmpty { differences.append(.beyond(kind, beyond)) }
    return differences
      + (reversed[kind] ?? []).map { .reversed(kind, first: $0[0], last: $0[1]) }
  }
}
