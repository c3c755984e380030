import Kernel
import Registry

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
    let moment = try Self.moment(asOf, "as_of", in: zone)
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

extension ZoneListRow {
  /// When a list was published, as it is written.
  static func moment(_ written: String, _ field: String, in zone: Zone) throws(Refusal) -> Instant {
    // A bare number is a moment to programs; on a published list it is a slip.
    let isNumber = Day(written) == nil && written.utf8.allSatisfy { (48...57).contains($0) }
    if !isNumber, let moment = Day(written)?.start(in: zone) ?? Instant(written, in: zone) {
      return moment
    }
    throw .malformed(
      field, written,
      expected: Words("时间，如 2022-04-15 20:00", "a time such as 2022-04-15 20:00"))
  }
}

extension ZoneListing {
  /// Refuses what was published by no city, after now, or before the first policy that the program
  /// knows: whatever it is, it is no list of this outbreak.
  func requirePlausible(in work: Work) throws(Refusal) {
    let first = work.rules.policies.editions.map(\.head.effectiveFrom).min()
    let earliest = first.map { $0.start(in: work.zone) } ?? asOf
    guard asOf >= earliest && asOf <= work.now else {
      let from = Day(of: earliest, in: work.zone).text
      throw .malformed(
        "as_of", Day(of: asOf, in: work.zone).text,
        expected: Words("\(from) 至现在的时间", "a time from \(from) until now"))
    }
    let areas = try work.rules.reference(AreaCodes.self)
    // The cities directly under the state are known by the code of their province.
    let codes = [zone.city, "\(zone.city)00", "\(zone.city.prefix(2))0000"]
    let isMunicipality = ["11", "12", "31", "50"].contains(zone.city.prefix(2))
    let length = zone.city.utf8.count
    guard length == 4 || length == 6,
      zone.city.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      codes.prefix(isMunicipality ? 3 : 2).contains(where: { !areas.records(of: $0).isEmpty })
    else {
      throw .malformed(
        "city_code", zone.city,
        expected: Words(
          "区划代码中城市的 4 位代码，如 3702", "the 4 digits of a city in the area codes, such as 3702"))
    }
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
        let listing = try row.listing(in: work.zone)
        try listing.requirePlausible(in: work)
        if try store.insert(
          listing, at: work.now, by: work.authority.sender.text)
        {
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

/// Takes a list out that should not have been imported: all lines of one city and one moment. They
/// stay, marked, and who took them out and why stays known; the same line imported again is back, and that
/// is known too.
package struct TakeOutZoneList: Command {
  package struct Answer: Codable, Sendable {
    /// How many lines it had.
    package let lines: Int
  }

  package static let name = "zones.takeOutList"
  package static let duty: Duty = ImportZoneLists.duty
  private static let longestReason = 500
  /// When it was published, as the file has it.
  package let asOf: String
  package let city: String
  package let reason: String

  package init(asOf: String, city: String, reason: String) {
    self.asOf = asOf
    self.city = city
    self.reason = reason
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Answer {
    let moment = try ZoneListRow.moment(asOf.trimmingWhitespace(), "asOf", in: work.zone)
    let reason = self.reason.trimmingWhitespace()
    guard !reason.isEmpty else { throw Refusal.missing("reason") }
    guard reason.count <= Self.longestReason else {
      throw Refusal(
        .invalid, "zones.reasonLong",
        Words(
          "原因最多 \(Self.longestReason) 字，现有 \(reason.count) 字，请写得更短",
          "A reason has at most \(Self.longestReason) characters; this one has \(reason.count)"),
        field: "reason")
    }
    let city = self.city.trimmingWhitespace()
    let store = ZoneListsStore(work.transaction)
    let lines = try store.takeOut(
      asOf: moment, city: city, at: work.now, by: work.authority.sender.text, because: reason)
    guard lines > 0 else {
      let near = try store.moments(of: city, near: moment)
        .map { $0.shortText(in: work.zone) }.joined(separator: ", ")
      throw Refusal(
        .notFound, "zones.noList",
        Words(
          "没有 \(city) 在 \(moment.shortText(in: work.zone)) 的清单"
            + (near.isEmpty ? "，请核对城市代码" : "，最近的：\(near)"),
          "There is no list of \(city) of \(moment.shortText(in: work.zone))"
            + (near.isEmpty ? "; check the city's code" : "; the nearest: \(near)")),
        field: "asOf")
    }
    try work.record(ZoneListTakenOut(asOf: moment, city: city, lines: lines, reason: reason))
    return Answer(lines: lines)
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
