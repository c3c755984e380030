import Kernel

/// What a bulletin says at its head: the day and the numbers of new local infections.
package struct BulletinHeadline: Sendable {
  package private(set) var date: Day?
  package private(set) var count: [PublishedKind: Int] = [:]
  /// Confirmed cases that were reported as asymptomatic before; they are among the confirmed.
  package private(set) var converted = 0
  /// How many were found in isolation; empty when the text does not say how infections were found.
  package private(set) var isolation: [PublishedKind: Int] = [:]
  package private(set) var disagreements: [BulletinDifference] = []

  /// Words that end what a sentence says of new local infections.
  private static let ends = ["境外", "解除", "累计", "截至", "尚在", "治愈", "出院", "死亡"]

  init(_ sentences: [String]) {
    let local = sentences.compactMap(Self.localPart)
    let parts = local.map(\.text)
    date = Self.date(in: local.map(\.lead), year: sentences.lazy.compactMap(Self.year).first)
    var said: [PublishedKind: [Int]] = [:]
    var converted: [Int] = []
    for part in parts {
      for kind in PublishedKind.allCases {
        if let number = Self.count(of: kind, in: part) { said[kind, default: []].append(number) }
      }
      if let number = Self.converted(in: part) { converted.append(number) }
    }
    for kind in PublishedKind.allCases {
      count[kind] = said[kind]?.first
      note(said[kind] ?? [], as: kind.rawValue)
    }
    self.converted = converted.first ?? 0
    note(converted, as: "converted")
    for part in parts where isolation.isEmpty { isolation = foundInIsolation(part) ?? [:] }
  }

  private mutating func note(_ numbers: [Int], as name: String) {
    if Set(numbers).count > 1 { disagreements.append(.disagreement(name, numbers)) }
  }

  /// The part of a sentence about new local infections, from its `新增` on; nil when there is none.
  private static func localPart(_ sentence: String) -> (lead: String, text: String)? {
    guard let local = sentence.firstRange(of: "本土"),
      let new = sentence[..<local.lowerBound].ranges(of: "新增").last
    else { return nil }
    let isNone = sentence[..<new.lowerBound].last == "无"
    let start = isNone ? sentence.index(before: new.lowerBound) : new.lowerBound
    let behind = sentence[start...]
    let end = ends.compactMap { behind.firstRange(of: $0)?.lowerBound }.min() ?? behind.endIndex
    return (String(sentence[..<start]), String(behind[..<end]))
  }

  /// The day of the first sentence that gives one: `2022年3月28日`, or `4月18日` with the year from
  /// elsewhere in the text.
  private static func date(in leads: [String], year: Int?) -> Day? {
    for lead in leads {
      if let match = lead.firstMatch(of: #/(\d{4})年(\d{1,2})月(\d{1,2})日/#),
        let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
      {
        return Day(year: year, month: month, day: day)
      }
    }
    for lead in leads {
      if let match = lead.firstMatch(of: #/(\d{1,2})月(\d{1,2})日/#), let year,
        let month = Int(match.1), let day = Int(match.2)
      {
        return Day(year: year, month: month, day: day)
      }
    }
    return nil
  }

  private static func year(in sentence: String) -> Int? {
    sentence.firstMatch(of: #/(20\d{2})[年-]/#).flatMap { Int($0.1) }
  }

  /// `确诊病例96例`, `96例本土…确诊病例`, `无新增本土…确诊病例`.
  private static func count(of kind: PublishedKind, in part: String) -> Int? {
    let word = kind == .confirmed ? "确诊病例" : "无症状感染者"
    if let number = numberBehind(word, in: part) { return number }
    let clauses = part.split(whereSeparator: { ",;()".contains($0) })
    if let clause = clauses.first(where: { $0.contains("新增") && $0.contains(word) }) {
      if let match = clause.firstMatch(of: #/新增(\d+)例?(?:本土)?/#) { return Int(match.1) }
      if clause.contains("无新增") { return 0 }
    }
    return nil
  }

  /// The first number that stands directly behind a word, unless it is a glued day.
  private static func numberBehind(_ word: String, in part: String) -> Int? {
    var rest = part[...]
    while let found = rest.firstRange(of: word) {
      rest = rest[found.upperBound...]
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      let isDay = rest.dropFirst(digits.count).first == "-"
      if let number = Int(digits), !isDay { return number }
    }
    return nil
  }

  /// `其中21例确诊病例为此前无症状感染者转归`, `含既往无症状感染者转为确诊病例974例`.
  private static func converted(in part: some StringProtocol) -> Int? {
    for clause in part.split(whereSeparator: { ",;()".contains($0) })
    where ["转归", "转为", "转确诊", "转化"].contains(where: { clause.contains($0) }) {
      if let match = String(clause).firstMatch(of: #/(\d+)例/#) { return Int(match.1) }
    }
    return nil
  }

  /// How many of each kind a sentence says were found in isolation: by number, or as all (`均在`)
  /// or as the rest (`其余`) of those that it does not account for otherwise.
  private func foundInIsolation(_ part: String) -> [PublishedKind: Int]? {
    var open: [PublishedKind: Int] = [:]
    var accounted: [PublishedKind: Int] = [:]
    var isolation: [PublishedKind: Int]?
    for clause in part.split(whereSeparator: { ",;()".contains($0) }) where !clause.contains("新增") {
      if let number = Self.converted(in: clause) {
        accounted[.confirmed, default: 0] += number
        continue
      }
      for match in clause.matches(of: #/(\d+)例(?:本土)?(?:新冠肺炎)?(确诊病例|病例|无症状感染者)/#) {
        let kind: PublishedKind = match.2 == "无症状感染者" ? .asymptomatic : .confirmed
        open[kind, default: 0] += Int(match.1) ?? 0
      }
      guard clause.contains("发现") else { continue }
      if clause.contains("隔离") { isolation = open.isEmpty ? rest(accounted) : open }
      accounted.merge(open) { $0 + $1 }
      open = [:]
    }
    guard let isolation else { return nil }
    return [
      .confirmed: isolation[.confirmed] ?? 0, .asymptomatic: isolation[.asymptomatic] ?? 0,
    ]
  }

  private func rest(_ accounted: [PublishedKind: Int]) -> [PublishedKind: Int] {
    count.merging(accounted) { $0 - $1 }
  }
}
