import Kernel
import Simulator
import Town

extension NaiveChecks {
  /// A case as its row says it.
  private struct CaseRow {
    let kind: String
    let source: String?
    let district: String
    let reportedAt: Instant
    let convertedAt: Instant?

    init(_ row: Row) {
      kind = row.text(0)
      source = row.optionalText(1)
      district = row.text(2)
      reportedAt = row.instant(3)
      convertedAt = row.optionalInstant(4)
    }
  }

  /// Numbers counted from the cases themselves, and the chain of what was published (I-31).
  func bulletins() async throws -> [String] {
    let cases = try await town.rows(
      """
      SELECT kind, source, place.name, reported_at, converted_at
      FROM infection
      JOIN place ON place.id = infection.district
      WHERE withdrawn_at IS NULL
      """
    ).map(CaseRow.init)
    let published = Set(
      try await town.rows("SELECT from_at, to_at FROM bulletin").map {
        "\($0.integer(0))-\($0.integer(1))"
      })
    let today = Day(of: now, in: .china)
    let windows = [
      (today.start(in: .china), today.end(in: .china)),
      ((today - 1).start(in: .china), today.start(in: .china)),
      ((today - 20).start(in: .china), today.end(in: .china) - .hours(5)),
    ]
    var faults: [String] = []
    for (from, to) in windows {
      let figures = try await ask(
        "bulletin.compose", ["from": .time(from), "to": .time(to)], for: .bulletin)
      let isFinal = published.contains("\(from.milliseconds)-\(to.milliseconds)")
      // What was published stays as it was; only its own sums are looked at.
      faults += isFinal ? sums(figures) : self.figures(figures, of: cases, from, to)
    }
    return try await faults + chain(cases)
  }

  private func figures(
    _ figures: Fields, of cases: [CaseRow], _ from: Instant, _ to: Instant
  ) -> [String] {
    func isInside(_ instant: Instant?) -> Bool { instant.map { from <= $0 && $0 < to } ?? false }
    let counted = cases.filter { isInside($0.reportedAt) || isInside($0.convertedAt) }
    let confirmed = counted.filter { $0.kind != "asymptomatic" || isInside($0.convertedAt) }
    let converted = counted.filter { $0.kind == "converted" || isInside($0.convertedAt) }
    var faults: [String] = []
    func compare(_ field: String, _ said: Int, _ number: Int) {
      if said != number { faults.append("I-31: \(field) is \(said), counted are \(number)") }
    }
    compare("total", figures["total"].whole, counted.count)
    compare("confirmed", figures["confirmed"].whole, confirmed.count)
    compare("asymptomatic", figures["asymptomatic"].whole, counted.count - confirmed.count)
    compare("converted", figures["converted"].whole, converted.count)
    for source in Set(counted.compactMap(\.source)) {
      compare(
        "by_source \(source)", figures["by_source"][source].whole,
        counted.filter { $0.source == source }.count)
    }
    for district in Set(counted.map(\.district)) {
      compare(
        "by_district \(district)", figures["by_district"][district].whole,
        counted.filter { $0.district == district }.count)
    }
    return faults
  }

  private func sums(_ figures: Fields) -> [String] {
    ["by_kind", "by_source", "by_district"].filter { breakdown in
      guard case .object(let rows) = figures[breakdown] else { return true }
      return rows.values.reduce(0) { $0 + $1.whole } != figures["total"].whole
    }.map { "I-31: \($0) does not add up" }
  }

  /// Each day's sum is the one before, the new ones and the corrections; the youngest one is what
  /// the cases say when nothing was changed since its window ended.
  private func chain(_ cases: [CaseRow]) async throws -> [String] {
    let rows = try await town.rows(
      """
      SELECT id, previous, from_at, to_at, new_infections, change, cumulative, carried
      FROM bulletin
      ORDER BY to_at, from_at
      """)
    let known = Dictionary(rows.map { ($0.text(0), $0) }) { first, _ in first }
    var faults: [String] = []
    for row in rows {
      let before = row.optionalText(1).flatMap { known[$0] }
      let sum = before?.integer(6) ?? row.integer(7)
      if row.integer(6) != sum + row.integer(4) + row.integer(5) {
        faults.append("I-31: the bulletin \(row.text(0)) is not the previous one and the new")
      }
      if let before, before.integer(3) != row.integer(2) {
        faults.append("I-31: the bulletin \(row.text(0)) follows one that ended elsewhere")
      }
    }
    guard let last = rows.last else { return faults }
    let changed = try await town.rows(
      """
      SELECT recorded_at FROM infection WHERE recorded_at >= \(last.instant(3))
      UNION ALL
      SELECT withdrawn_at FROM infection WHERE withdrawn_at >= \(last.instant(3))
      UNION ALL
      SELECT at FROM infection_change WHERE at >= \(last.instant(3))
      """)
    let counted = cases.filter { $0.reportedAt < last.instant(3) }.count
    if changed.isEmpty && counted != last.integer(6) {
      faults.append("I-31: published are \(last.integer(6)) in all, counted \(counted)")
    }
    return faults
  }
}
