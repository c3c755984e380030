import Gazette
import Kernel

/// A bulletin in words, in the register of a health commission, and as a table.
struct BulletinWording: Sendable {
  let figures: BulletinFigures
  let rules: BulletinRules
  /// The bulletin's place in its chain, nil when the window was not published.
  let published: PublishedBulletin?
  let zone: Zone

  /// `2022年11月29日0—15时`; over several days with both ends.
  var chineseWindow: String {
    let from = figures.from.clock(in: zone)
    let to = figures.to.clock(in: zone)
    let hours = (figures.to - from.day.start(in: zone)).inSeconds
    if hours <= 86_400 {
      let end = to.day == from.day ? Self.time(to.minutes) : "24"
      return "\(Self.day(from.day))\(Self.time(from.minutes))—\(end)时"
    }
    return "\(Self.day(from.day))\(Self.time(from.minutes))时至\(Self.day(to.day))"
      + "\(Self.time(to.minutes))时"
  }

  private static func day(_ day: Day) -> String {
    let (year, month, date) = day.parts
    return "\(year)年\(month)月\(date)日"
  }

  /// `15` or `15:30`.
  private static func time(_ minutes: Int) -> String {
    minutes % 60 == 0
      ? String(minutes / 60) : "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
  }

  var chinese: String {
    let confirmed = figures.confirmed
    let asymptomatic = figures.asymptomatic
    var parts = ["\(chineseWindow)，新增本土新冠肺炎确诊病例\(confirmed)例和无症状感染者\(asymptomatic)例"]
    let converted = figures.converted
    var ways = converted == 0 ? [] : ["\(converted)例确诊病例为此前无症状感染者转归"]
    for (source, first, second) in found(by: { $0.phrase.chinese }) {
      let counts = [("确诊病例", first), ("无症状感染者", second)].filter { $0.1 > 0 }
      ways.append(counts.map { "\($0.1)例\($0.0)" }.joined(separator: "和") + source)
    }
    if !ways.isEmpty { parts.append("其中" + ways.joined(separator: "，")) }
    var lines = [parts.joined(separator: "，") + "。"]
    if figures.total > 0 {
      let rows = districts { _ in true }.map { "\($0.name)\($0.count)例" }
      lines.append("按现住区县：\(rows.joined(separator: "、"))。")
    }
    lines += chineseListing(.confirmed) + chineseListing(.asymptomatic)
    if let corrections = chineseCorrections { lines.append(corrections) }
    if let published {
      lines.append(
        "累计报告感染者\(published.cumulative)例（前期\(published.carried)例，新增"
          + "\(published.newInfections)例，订正\(published.change)例）。")
      lines.append("留痕：\(published.mark)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `病例1—病例20，居住于香坊区，…`: case numbers that run on over sources and districts, as the
  /// commissions list them.
  private func chineseListing(_ kind: InfectionKind) -> [String] {
    let total = rules.count { $0.kind == kind }
    guard total > 0 else { return [] }
    let label = kind == .confirmed ? "病例" : "无症状感染者"
    let name = kind == .confirmed ? "新冠肺炎确诊病例" : "无症状感染者"
    var lines = ["\(chineseWindow)，新增本土\(name)\(total)例。"]
    var number = 1
    for (phrase, condition) in paragraphs(kind) {
      let runs = districts(condition).map { row in
        let first = number
        number += row.count
        let last = number - 1
        let range = first == last ? "\(label)\(first)" : "\(label)\(first)—\(label)\(last)"
        return "\(range)，居住于\(row.name)"
      }
      if runs.isEmpty { continue }
      let diagnosis = kind == .confirmed ? "诊断为确诊病例" : "诊断为无症状感染者"
      lines.append("\(runs.joined(separator: "，"))，\(phrase)，\(diagnosis)。")
    }
    return lines
  }

  private func paragraphs(
    _ kind: InfectionKind
  ) -> [(phrase: String, condition: (LineGroup) -> Bool)] {
    let tested = "新冠病毒核酸检测结果异常，经疾控中心复核结果为阳性"
    var paragraphs: [(String, (LineGroup) -> Bool)] = []
    for source in rules.policy.sources {
      let phrase =
        source.isInIsolation
        ? "均为本市闭环隔离管控人员，其间\(tested)" : "\(source.phrase.chinese)\(tested)"
      paragraphs.append(
        (phrase, { $0.kind == kind && !$0.isConverted && $0.source == source.code }))
    }
    paragraphs.append(("为此前报告的本土无症状感染者", { $0.kind == kind && $0.isConverted }))
    return paragraphs
  }

  private var chineseCorrections: String? {
    let lines = figures.corrections
    guard !lines.isEmpty else { return nil }
    let counts = Dictionary(grouping: lines, by: \.what).mapValues(\.count)
    let words: [(CorrectionLine.What, String)] = [
      (.withdrawn, "撤销"), (.late, "补报"), (.corrected, "更正"),
    ]
    let parts = words.compactMap { what, word in counts[what].map { "\(word)\($0)例" } }
    return "订正此前通报：\(parts.joined(separator: "、"))。"
  }

  var english: String {
    let from = figures.from.shortText(in: zone)
    let to = figures.to.shortText(in: zone)
    var lines = [
      "\(from) to \(to): \(figures.total) new local infections, \(figures.confirmed) confirmed and "
        + "\(figures.asymptomatic) asymptomatic; \(figures.converted) of the confirmed had been "
        + "reported as asymptomatic before."
    ]
    for (phrase, first, second) in found(by: { $0.phrase.english }) {
      lines.append("\(first) confirmed and \(second) asymptomatic were \(phrase).")
    }
    if figures.total > 0 {
      let rows = districts { _ in true }.map { "\($0.name) \($0.count)" }
      lines.append("By district of residence: \(rows.joined(separator: ", ")).")
    }
    if !figures.corrections.isEmpty {
      lines.append("Corrections of earlier bulletins: \(figures.corrections.count).")
    }
    if let published {
      lines.append(
        "All infections so far: \(published.cumulative) = \(published.carried) before + "
          + "\(published.newInfections) new, corrected by \(published.change).")
      lines.append("Journal: \(published.mark)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `breakdown,key,count`, one number a line.
  var table: [[String]] {
    var rows = [
      ["total", "", String(figures.total)], ["confirmed", "", String(figures.confirmed)],
      ["asymptomatic", "", String(figures.asymptomatic)],
      ["converted", "", String(figures.converted)],
    ]
    for kind in [InfectionKind.confirmed, .asymptomatic] {
      if let count = figures.byKind[kind.rawValue] {
        rows.append(["by_kind", kind.rawValue, String(count)])
      }
    }
    for source in rules.policy.sources {
      if let count = figures.bySource[source.code] {
        rows.append(["by_source", source.code, String(count)])
      }
    }
    rows += districts { _ in true }.map { ["by_district", $0.name, String($0.count)] }
    rows += figures.corrections.map { line in
      ["corrections", "\(line.infection.text) \(line.what.rawValue)", String(line.change)]
    }
    return rows
  }

  /// How many of each kind each source found, those that were converted left out.
  private func found(
    by phrase: (CasePolicy.Source) -> String
  ) -> [(phrase: String, confirmed: Int, asymptomatic: Int)] {
    rules.policy.sources.compactMap { source in
      let groups = rules.groups.filter { !$0.isConverted && $0.source == source.code }
      let confirmed = groups.filter { $0.kind == .confirmed }.reduce(0) { $0 + $1.count }
      let asymptomatic = groups.filter { $0.kind == .asymptomatic }.reduce(0) { $0 + $1.count }
      return confirmed + asymptomatic == 0 ? nil : (phrase(source), confirmed, asymptomatic)
    }
  }

  /// Districts with their counts, the largest first.
  private func districts(_ condition: (LineGroup) -> Bool) -> [(name: String, count: Int)] {
    var counts: [PlaceID: Int] = [:]
    for group in rules.groups where condition(group) {
      counts[group.district, default: 0] += group.count
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { (rules.names[$0.key] ?? $0.key.text, $0.value) }
  }
}

/// The bulletin of a window in words and as a table, for people.
package struct WordBulletin: Query {
  package struct Answer: Codable, Sendable {
    package let chinese: String
    package let english: String
    /// `breakdown,key,count`, the header first.
    package let table: [[String]]
    package let figures: BulletinFigures
    package let published: PublishedBulletin?

    private enum CodingKeys: String, CodingKey {
      case table
      case figures
      case published
      case chinese = "zh"
      case english = "en"
    }
  }

  package static let name = "bulletin.text"
  package static let duty: Duty = "bulletin.read"
  package static let purposes: [Purpose] = []
  package let from: Instant
  package let to: Instant
  package let place: PlaceID?

  package init(from: Instant, to: Instant, place: PlaceID? = nil) {
    self.from = from
    self.to = to
    self.place = place
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let window = try BulletinWindow(from: from, to: to)
    let composition = try reading.composition(window, place: place)
    let figures = try reading.ask(ComposeBulletin(from: from, to: to, place: place))
    let published =
      place == nil ? try BulletinStore(reading.transaction).published(window) : nil
    let wording = BulletinWording(
      figures: figures, rules: composition.rules, published: published, zone: reading.zone)
    return Answer(
      chinese: wording.chinese, english: wording.english,
      table: [["breakdown", "key", "count"]] + wording.table, figures: figures,
      published: published)
  }
}
