import Kernel
import Look
import Registry

/// What the sites of an area have reported.
package struct ListCapacity: Query {
  package struct Answer: Codable, Sendable {
    package let reports: [CapacityReport]
    /// Where the next page begins, nil after the last.
    package let after: String?
  }

  package static let name = "capacity.list"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  package let place: PlaceID?
  package let after: String?
  package let limit: Int?

  package init(place: PlaceID?, after: String? = nil, limit: Int? = nil) {
    self.place = place
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 200, 1), 1_000)
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? .everywhere
    let found = try CapacityStore(reading.transaction)
      .reports(in: path, after: cursor(), limit: limit)
    return Answer(reports: found.reports, after: found.end?.text)
  }

  private func cursor() throws(Refusal) -> CapacityStore.Cursor? {
    guard let after else { return nil }
    let parts = after.split(separator: "/", maxSplits: 2).map(String.init)
    guard parts.count == 3 else {
      throw .malformed(
        "after", after, expected: Words("上一页给出的值", "the value that the page before gave"))
    }
    return CapacityStore.Cursor(kind: parts[0], path: parts[1], site: parts[2])
  }
}

/// The same in the form in which it is imported.
package struct ExportCapacity: Query {
  package static let name = "capacity.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListCapacity.duty
  package static let purposes: [Purpose] = []
  private static let page = 1_000
  package let place: PlaceID?
  package let after: String?

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let page = try reading.ask(ListCapacity(place: place, after: after, limit: Self.page))
    let places = try PlacesStore(reading.transaction).find(Set(page.reports.map(\.place)))
    let codes = Dictionary(places.map { ($0.id, $0.code) }) { first, _ in first }
    return ExportAnswer(
      rows: page.reports.map { report in
        [
          report.site, report.kind.rawValue, (codes[report.place] ?? nil) ?? "",
          String(report.total), String(report.used),
        ]
      }, after: page.after)
  }
}

/// What the wall says of it: how much is taken, how much is left.
enum CapacityTallies {
  /// From so old a report on, the wall says how old it is.
  private static let stale = Duration.days(1)

  static let all = CapacityOf.allCases.enumerated().map { index, kind in
    TallyKind(
      "capacity.\(kind.rawValue)", kind.words, duty: ListCapacity.duty, order: 50 + index
    ) { place, path, reading in
      guard
        let sum = try CapacityStore(reading.transaction).sum(of: kind, in: path, at: reading.now)
      else {
        return nil
      }
      let isOld = reading.now - sum.oldest > stale
      let age = (reading.now - sum.oldest).inSeconds / 3_600
      let look = Look(reading)
      let left = look.number(sum.free)
      let note =
        isOld
        ? Words("最早一报已过 \(age) 小时", "oldest report \(age) h ago")
        : Words("\(sum.sites) 处上报", look.count(sum.sites, "处", "site", "sites"))
      let query = place.map { "?place=\($0.text)" } ?? ""
      return Tally(
        sum.used, of: sum.total, beside: Words("空 \(left)", "\(left) free"), note: note,
        isLate: sum.free == 0 && sum.total > 0, address: "/capacity\(query)")
    }
  }
}
