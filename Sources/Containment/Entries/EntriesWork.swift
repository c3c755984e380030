import Gazette
import Kernel
import Registry

/// What somebody says of one entry, as it was written.
struct EntryTold {
  let entry: EntryID?
  let person: PersonID
  let area: String
  let level: EntryLevel
  let leftOn: Day
  let arrivedOn: Day
  let source: String
}

extension Work {
  /// Notes what was told, and says so; false when nothing in it is new.
  func note(_ told: EntryTold) throws -> (record: EntryRecord, isNew: Bool) {
    let policy = try policy(EntriesPolicy.self)
    let area = try checked(told, policy)
    let resident = try ResidentsStore(transaction).survivor(of: told.person)
    let id = try told.entry.map { try ResidentsRules.identifier($0, field: "entry") } ?? newID()
    let record = EntryRecord(
      id: id, person: resident.id, place: resident.home, path: resident.path, area: area,
      level: told.level, leftOn: told.leftOn, arrivedOn: told.arrivedOn, source: told.source,
      account: authority.sender.text, notedAt: now, withdrawnAt: nil)
    let store = EntriesStore(transaction)
    if let known = try store.find(id) {
      guard known.withdrawnAt == nil else {
        throw Refusal(
          .conflict, "entry.withdrawn",
          Words("这个编号的登记已撤销，请用新编号登记", "The record of this number was withdrawn; use a new number"),
          field: "entry")
      }
      guard known.isSame(as: record) else {
        throw Refusal(
          .conflict, "entry.differs",
          Words(
            "这个编号已登记了其他内容；有误请先撤销再登记",
            "This number has other content; withdraw that record first if it is wrong"),
          field: "entry")
      }
      return (known, false)
    }
    let people = try ResidentsStore(transaction).identifiers(of: resident.id)
    if let known = try store.standing(of: people).first(where: {
      $0.area == area && $0.leftOn == told.leftOn && $0.level == told.level
    }) {
      return (known, false)
    }
    try store.insert(record)
    try self.record(
      EntryNoted(
        entry: record.id, person: record.person, home: record.place, level: record.level,
        leftOn: record.leftOn))
    return (record, true)
  }

  /// Refuses what cannot be: an area that is none, days out of order, or so long ago that nothing follows.
  private func checked(_ told: EntryTold, _ policy: EntriesPolicy) throws(Refusal) -> String {
    let area = told.area.trimmingWhitespace()
    let areas = try rules.reference(AreaCodes.self)
    guard area.utf8.count == 6, !areas.records(of: area).isEmpty else {
      throw .malformed(
        "area_code", area,
        expected: Words(
          "来源地的 6 位区划代码，如 130102", "the 6 digits of an area in GB/T 2260, such as 130102"))
    }
    guard policy.source(told.source) != nil else {
      let known = policy.sources.map(\.code).joined(separator: " | ")
      throw .malformed("source", told.source, expected: Words(known, known))
    }
    guard told.arrivedOn <= today else {
      throw .malformed(
        "arrived_on", told.arrivedOn.text,
        expected: Words("不晚于今天（\(today.text)）", "a day until today (\(today.text))"))
    }
    guard told.leftOn <= told.arrivedOn else {
      throw .malformed(
        "left_on", told.leftOn.text,
        expected: Words(
          "不晚于抵达日期（\(told.arrivedOn.text)）", "a day until that of arrival (\(told.arrivedOn.text))")
      )
    }
    let oldest = today - policy.oldestDays
    guard told.leftOn >= oldest else {
      throw .malformed(
        "left_on", told.leftOn.text,
        expected: Words(
          "\(policy.oldestDays) 天以内（\(oldest.text) 起）；更早的不再登记",
          "within \(policy.oldestDays) days (from \(oldest.text)); what was earlier is not noted"))
    }
    return area
  }
}
