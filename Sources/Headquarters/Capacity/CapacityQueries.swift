import Kernel
import Look
import Registry

/// What the sites of an area have reported.
package struct ListCapacity: Query {
  package struct Answer: Codable, Sendable {
    package let reports: [CapacityReport]
  }

  package static let name = "capacity.list"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? .everywhere
    return Answer(reports: try CapacityStore(reading.transaction).reports(in: path))
  }
}

/// The same in the form in which it is imported.
package struct ExportCapacity: Query {
  package static let name = "capacity.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListCapacity.duty
  package static let purposes: [Purpose] = []
  package let place: PlaceID?
  package let after: String?

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let reports = try reading.ask(ListCapacity(place: place)).reports
    let places = PlacesStore(reading.transaction)
    return ExportAnswer(
      rows: try reports.map { report in
        [
          report.site, report.kind.rawValue, try places.get(report.place).code ?? "",
          String(report.total), String(report.used),
        ]
      }, after: nil)
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
      let free = max(sum.total - sum.used, 0)
      let isOld = reading.now - sum.oldest > stale
      let age = (reading.now - sum.oldest).inSeconds / 3_600
      let look = Look(reading)
      let left = look.number(free)
      let note =
        isOld
        ? Words("最早一报已过 \(age) 小时", "oldest report \(age) h ago")
        : Words("\(sum.sites) 处上报", look.count(sum.sites, "处", "site", "sites"))
      let query = place.map { "?place=\($0.text)" } ?? ""
      return Tally(
        sum.used, of: sum.total, beside: Words("空 \(left)", "\(left) free"), note: note,
        isLate: free == 0 && sum.total > 0, address: "/capacity\(query)")
    }
  }
}
