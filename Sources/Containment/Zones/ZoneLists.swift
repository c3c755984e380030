import Kernel

/// One line of a published list, as files have it.
package struct ZoneListRow: Codable, Sendable {
  package static let columns = ["as_of", "city_code", "county", "area", "level"]

  package let asOf: String
  package let cityCode: String
  package let county: String?
  package let area: String
  package let level: String

  private enum CodingKeys: String, CodingKey {
    case county
    case area
    case level
    case asOf = "as_of"
    case cityCode = "city_code"
  }

  package init(asOf: String, cityCode: String, county: String?, area: String, level: String) {
    self.asOf = asOf
    self.cityCode = cityCode
    self.county = county
    self.area = area
    self.level = level
  }

  /// What the line says.
  package func listing(in zone: Zone) throws(Refusal) -> ZoneListing {
    guard let moment = Day(asOf)?.start(in: zone) ?? Instant(asOf, in: zone) else {
      throw .malformed(
        "as_of", asOf,
        expected: Words("时间，如 2022-04-15 20:00", "a time such as 2022-04-15 20:00"))
    }
    let city = cityCode.trimmingWhitespace()
    let area = self.area.trimmingWhitespace()
    guard !city.isEmpty else { throw .missing("city_code") }
    guard !area.isEmpty else { throw .missing("area") }
    guard let level = ZoneLevel(written: level.trimmingWhitespace()) else {
      let known = ZoneLevel.allCases.map(\.rawValue).joined(separator: " | ")
      throw .malformed("level", self.level, expected: Words("高、中、低风险区等：\(known)", known))
    }
    return ZoneListing(
      asOf: moment,
      zone: ListedZone(city: city, county: (county ?? "").trimmingWhitespace(), area: area),
      level: level)
  }
}

/// Takes in published lists of zones as they are. A zone that one list names at two levels is kept
/// at both: contradictions are shown, never lost.
package struct ImportZoneLists: Command {
  package static let name = "zones.import"
  package static let duty: Duty = "zones.import"
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package static let kind = ImportKind(
    kind: "zones",
    columns: [
      ExchangeColumn("as_of", "发布时间", "截至", required: true),
      ExchangeColumn("city_code", "城市代码", required: true), ExchangeColumn("county", "区县"),
      ExchangeColumn("area", "区域", "范围", required: true),
      ExchangeColumn("level", "等级", "风险等级", required: true),
    ], command: name)

  // What was published names areas in words, not places of this district.
  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    let store = ZoneListsStore(work.transaction)
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(ZoneListRow.self, strict: false)
        if try store.insert(row.listing(in: work.zone)) {
          answer.accepted += 1
        } else {
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "zones.listed",
              words: Words("这一行已在册", "This line is known already")))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    if answer.accepted > 0 {
      try work.record(ZoneListsImported(run: run, lines: answer.accepted))
    }
    return answer
  }
}

/// Published lists with the headers by which they came in.
package struct ExportZoneLists: Query {
  package static let name = "zones.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "zones.read"
  package static let purposes: [Purpose] = []
  private static let page = 5_000

  package let after: String?

  package init(after: String? = nil) { self.after = after }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let start = after.flatMap { Int($0) } ?? 0
    let found = try ZoneListsStore(reading.transaction).listings(
      skipping: start, limit: Self.page)
    return ExportAnswer(
      rows: found.map { listing in
        [
          listing.asOf.text(in: reading.zone), listing.zone.city, listing.zone.county,
          listing.zone.area, listing.level.rawValue,
        ]
      }, after: found.count == Self.page ? String(start + Self.page) : nil)
  }
}

/// What became of the zones of the published lists that were imported.
package struct ListedZoneHistory: Query {
  package static let name = "zones.listedHistory"
  package static let duty: Duty = ExportZoneLists.duty
  package static let purposes: [Purpose] = []
  private static let most = 1_000_000

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> ZoneHistory {
    ZoneHistory(
      try ZoneListsStore(reading.transaction).listings(skipping: 0, limit: Self.most),
      zone: reading.zone)
  }
}
