import Gazette
import Kernel
import Registry

/// Who of an area came from an area of risk, the youngest record first; names with stars.
package struct ListEntries: Query {
  package struct Entry: Codable, Sendable {
    package let entry: EntryID
    package let person: PersonID
    /// The name with all but its first character hidden.
    package let name: String
    package let place: PlaceID
    package let areaCode: String
    package let level: EntryLevel
    package let leftOn: Day
    package let arrivedOn: Day
    package let source: String
    package let notedAt: Instant
    package let isWithdrawn: Bool

    private enum CodingKeys: String, CodingKey {
      case entry
      case person
      case name
      case place
      case level
      case source
      case areaCode = "area_code"
      case leftOn = "left_on"
      case arrivedOn = "arrived_on"
      case notedAt = "noted_at"
      case isWithdrawn = "withdrawn"
    }
  }

  package struct Answer: Codable, Sendable {
    package let entries: [Entry]
    package let after: String?
  }

  package static let name = "entries.list"
  package static let duty: Duty = "entries.read"
  package static let purposes: [Purpose] = [.containment, .investigation, .supervision, .exchange]
  package let place: PlaceID?
  package let after: String?
  package let limit: Int?

  package init(place: PlaceID? = nil, after: String? = nil, limit: Int? = nil) {
    self.place = place
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let limit = min(max(limit ?? 100, 1), 1_000)
    let found = try EntriesStore(reading.transaction).list(
      in: path ?? .everywhere, after: try cursor(), limit: limit)
    let residents = try ResidentsStore(reading.transaction).current(Set(found.map(\.person)))
    let entries = found.map { record in
      let resident = residents[record.person]
      reading.disclose(resident?.id ?? record.person)
      return Entry(
        entry: record.id, person: resident?.id ?? record.person,
        name: resident?.name.map { Mask.name($0.revealed) } ?? "", place: record.place,
        areaCode: record.area, level: record.level, leftOn: record.leftOn,
        arrivedOn: record.arrivedOn, source: record.source, notedAt: record.notedAt,
        isWithdrawn: record.withdrawnAt != nil)
    }
    let after =
      found.count == limit ? found.last.map { "\($0.notedAt.milliseconds) \($0.id)" } : nil
    return Answer(entries: entries, after: after)
  }

  private func cursor() throws(Refusal) -> (at: Instant, id: EntryID)? {
    guard let after else { return nil }
    let parts = after.split(separator: " ")
    guard parts.count == 2, let at = Int64(parts[0]) else {
      throw .malformed(
        "after", after, expected: Words("上一页的 after", "the after of the page before"))
    }
    return (Instant(milliseconds: at), EntryID(trusted: String(parts[1])))
  }
}

/// The same with the headers by which a file comes in; people by number.
package struct ExportEntries: Query {
  package static let name = "entries.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListEntries.duty
  package static let purposes: [Purpose] = ListEntries.purposes
  package let place: PlaceID?
  package let after: String?

  package init(place: PlaceID? = nil, after: String? = nil) {
    self.place = place
    self.after = after
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let answer = try reading.ask(ListEntries(place: place, after: after, limit: 1_000))
    let rows = answer.entries.filter { !$0.isWithdrawn }.map { entry in
      [
        entry.entry.text, entry.person.text, "", entry.areaCode, entry.level.rawValue,
        entry.leftOn.text, entry.arrivedOn.text, entry.source,
      ]
    }
    return ExportAnswer(rows: rows, after: answer.after)
  }
}
