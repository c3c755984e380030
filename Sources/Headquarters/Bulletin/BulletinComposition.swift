import Gazette
import Kernel
import Registry

/// One window, counted: from the line list as it stands, or as it stood at an entry of the journal.
struct BulletinComposition {
  let window: BulletinWindow
  let area: PlacePath
  let entry: Int?
  let rules: BulletinRules
  let chain: BulletinChain
  let corrections: [CorrectionLine]
  private let transaction: any Transaction

  /// How many cases a difference names.
  private static let casesNamed = 20

  init(
    _ window: BulletinWindow, in area: PlacePath = .everywhere, asOf entry: Int? = nil,
    policy: CasePolicy, transaction: any Transaction
  ) throws {
    self.window = window
    self.area = area
    self.entry = entry
    self.transaction = transaction
    let groups = try LineListStore(transaction).groups(window, in: area, asOf: entry)
    var places: [PlaceID: Place] = [:]
    for district in Set(groups.map(\.district)) {
      places[district] = try PlacesStore(transaction).find(district)
    }
    rules = BulletinRules(groups: groups, policy: policy, places: places)
    let store = BulletinStore(transaction)
    chain = try store.chain(endingAt: window.from)
    // Corrections are told of the whole installation: a case may have moved between areas.
    corrections = chain.lines(
      of: try store.corrections(recordedFrom: window.from, to: window.to), before: window.from)
  }

  /// The numbers with everything that does not add up.
  func figures(declared: DeclaredBreakdown? = nil) throws -> BulletinFigures {
    var differences = try broken() + doubled()
    if let declared {
      differences += try rules.differences(from: declared) { breakdown, key in
        try cases(breakdown, key)
      }
    }
    let breakdowns = [rules.byKind, rules.bySource, rules.byDistrict]
    let addUp = breakdowns.allSatisfy { $0.values.reduce(0, +) == rules.total }
    return BulletinFigures(
      from: window.from, to: window.to, total: rules.total, confirmed: rules.confirmed,
      asymptomatic: rules.asymptomatic, converted: rules.converted, byKind: rules.byKind,
      bySource: rules.bySource, byDistrict: rules.byDistrict, corrections: corrections,
      reconciles: addUp && differences.isEmpty, differences: differences)
  }

  private func broken() throws -> [ReconciliationDifference] {
    try rules.broken.map { breakdown, group in
      var filter = LineFilter(kind: group.kind, source: group.source ?? "", area: area)
      filter.district = group.district
      return BulletinRules.difference(breakdown, of: group, cases: try cases(filter))
    }
  }

  private func doubled() throws -> [ReconciliationDifference] {
    let store = LineListStore(transaction)
    return try store.doubled(window, asOf: entry).map { person, count in
      let cases = try store.cases(of: person, in: window, asOf: entry)
      let shown = cases.map(\.text).joined(separator: ", ")
      return ReconciliationDifference(
        breakdown: "total", key: nil, counted: count, declared: 1, cases: cases,
        words: Words(
          "同一人计入 \(count) 次：\(shown)；请撤销重复病例",
          "One person is counted \(count) times: \(shown); withdraw the double"))
    }
  }

  private func cases(_ breakdown: String, _ key: String) throws -> [CaseID] {
    var filter = LineFilter(area: area)
    switch breakdown {
    case "by_kind": filter.kind = InfectionKind(rawValue: key)
    case "by_source": filter.source = key
    case "by_district": filter.district = rules.names.first { $0.value == key }?.key
    default: return []
    }
    // A row that the list does not have has no cases behind it.
    if breakdown == "by_district" && filter.district == nil { return [] }
    return try cases(filter)
  }

  private func cases(_ filter: LineFilter) throws -> [CaseID] {
    try LineListStore(transaction)
      .rows(window, filter, asOf: entry, limit: Self.casesNamed).map(\.infection)
  }
}
