import Kernel
import Registry

/// Says how much a site has and how much of it is taken.
package struct ReportCapacity: Command {
  package static let name = "capacity.report"
  package static let duty: Duty = WaiveObligation.duty
  /// The site's name, as people call it.
  package let site: String
  package let kind: CapacityOf
  package let place: PlaceID
  package let total: Int
  package let used: Int

  package init(site: String, kind: CapacityOf, place: PlaceID, total: Int, used: Int) {
    self.site = site
    self.kind = kind
    self.place = place
    self.total = total
    self.used = used
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Done {
    let path = try PlacesStore(work.transaction).get(place).path
    guard try kind != .rooms || !CapacityStore(work.transaction).isCounted(site, in: path) else {
      throw Refusal(
        .conflict, "capacity.counted",
        Words(
          "该隔离点的房间由系统自动统计，无需填报", "This site's rooms are counted by themselves; do not report them"),
        field: "site")
    }
    let report = CapacityReport(
      site: try CapacityRules.site(site), kind: kind, place: place,
      total: try CapacityRules.count(total, field: "total"),
      used: try CapacityRules.count(used, field: "used"), at: work.now, isCounted: false)
    try CapacityStore(work.transaction).put(report, path: path)
    try work.record(
      CapacityReported(place: place, kind: kind.rawValue, total: report.total, used: report.used))
    return Done()
  }
}

/// Takes in a list of sites.
package struct ImportCapacity: Command {
  package static let name = "capacity.import"
  package static let duty: Duty = ReportCapacity.duty
  package let rows: [Fields]
  package let run: String?

  package func area(in work: Work) -> Area { .eachChecked }

  private struct Row: Decodable {
    let site: String
    let kind: CapacityOf
    let placeCode: String
    let total: Int
    let used: Int

    private enum CodingKeys: String, CodingKey {
      case site
      case kind
      case total
      case used
      case placeCode = "place_code"
    }
  }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(Row.self, strict: false)
        guard let place = try PlacesStore(work.transaction).find(code: row.placeCode) else {
          throw Refusal.notFound(
            Words("区划代码", "place code"), row.placeCode, field: "place_code")
        }
        try work.require(Self.duty, at: place.path)
        _ = try ReportCapacity(
          site: row.site, kind: row.kind, place: place.id, total: row.total, used: row.used
        ).perform(in: work)
        answer.accepted += 1
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    return answer
  }
}

/// What a report may say.
enum CapacityRules {
  private static let most = 10_000_000

  static func site(_ text: String) throws(Refusal) -> String {
    let name = text.trimmingWhitespace()
    if name.isEmpty { throw .missing("site") }
    return try ResidentsRules.plain(name, field: "site")
  }

  static func count(_ number: Int, field: String) throws(Refusal) -> Int {
    guard (0...most).contains(number) else {
      throw .malformed(field, String(number), expected: Words("不小于 0 的整数", "a number from 0 on"))
    }
    return number
  }
}
