import Gazette
import Kernel
import Registry

/// How a bulletin is counted from its line list and compared with what somebody declared.
package struct BulletinRules: Sendable {
  package let groups: [LineGroup]
  package let policy: CasePolicy
  /// The names of the registry's districts; a district that is none is missing.
  package let names: [PlaceID: String]

  package init(groups: [LineGroup], policy: CasePolicy, places: [PlaceID: Place]) {
    self.groups = groups
    self.policy = policy
    let districts = places.values.filter { $0.level == .district }
    let shared = Dictionary(grouping: districts, by: \.name).filter { $0.value.count > 1 }
    names = Dictionary(
      districts.map { place in
        // Two cities may each have a district of one name.
        (place.id, shared[place.name] == nil ? place.name : "\(place.name)（\(place.code ?? "")）")
      }, uniquingKeysWith: { first, _ in first })
    codes = Dictionary(
      districts.compactMap { place in place.code.map { ($0, place.id) } },
      uniquingKeysWith: { first, _ in first })
  }

  private let codes: [String: PlaceID]

  package var total: Int { count { _ in true } }
  package var confirmed: Int { count { $0.kind == .confirmed } }
  package var asymptomatic: Int { count { $0.kind == .asymptomatic } }
  package var converted: Int { count { $0.isConverted } }

  /// By what each is counted as.
  package var byKind: [String: Int] { tally { $0.kind.rawValue } }
  /// By the codes of the policy's list; what is not on it is left out, and so does not add up.
  package var bySource: [String: Int] {
    tally { group in policy.sources.first { $0.code == group.source }?.code }
  }
  /// By the names of the registry's districts.
  package var byDistrict: [String: Int] { tally { names[$0.district] } }

  /// How many the groups count that meet a condition.
  package func count(_ condition: (LineGroup) -> Bool) -> Int {
    groups.reduce(0) { $0 + (condition($1) ? $1.count : 0) }
  }

  private func tally(_ key: (LineGroup) -> String?) -> [String: Int] {
    var counts: [String: Int] = [:]
    for group in groups {
      if let key = key(group) { counts[key, default: 0] += group.count }
    }
    return counts
  }

  /// The groups that no row of a breakdown holds, by breakdown.
  package var broken: [(breakdown: String, group: LineGroup)] {
    groups.filter { group in !policy.sources.contains { $0.code == group.source } }
      .map { ("by_source", $0) }
      + groups.filter { names[$0.district] == nil }
      .map { ("by_district", $0) }
  }

  /// What a breakdown lacks because rows are broken.
  static func difference(
    _ breakdown: String, of group: LineGroup, cases: [CaseID]
  ) -> ReconciliationDifference {
    let key = breakdown == "by_source" ? group.source : group.district.text
    let shown = cases.map(\.text).joined(separator: ", ")
    let words: Words
    if breakdown == "by_source" && group.source == nil {
      words = Words(
        "\(group.count) 例未填发现途径：\(shown)；请更正 source",
        "\(group.count) without a source: \(shown); correct their source")
    } else if breakdown == "by_source" {
      words = Words(
        "\(group.count) 例的发现途径“\(key ?? "")”不在政策清单中：\(shown)；请更正 source",
        "\(group.count) with the source “\(key ?? "")”, which is not on the policy's list: \(shown)"
      )
    } else {
      words = Words(
        "\(group.count) 例的现住区县“\(key ?? "")”不在册：\(shown)；请更正 district",
        "\(group.count) in the district “\(key ?? "")”, which is not in the registry: \(shown)")
    }
    return ReconciliationDifference(
      breakdown: breakdown, key: key, counted: group.count, declared: nil, cases: cases,
      words: words)
  }

  /// Where a declared number is not the counted one, row by row.
  ///
  /// - Parameter cases: brings the first cases behind a row of a breakdown.
  package func differences(
    from declared: DeclaredBreakdown,
    cases: (_ breakdown: String, _ key: String) throws -> [CaseID]
  ) rethrows -> [ReconciliationDifference] {
    var found: [ReconciliationDifference] = []
    let numbers = [
      ("total", declared.total, total), ("confirmed", declared.confirmed, confirmed),
      ("asymptomatic", declared.asymptomatic, asymptomatic),
      ("converted", declared.converted, converted),
    ]
    for (name, said, counted) in numbers {
      if let said, said != counted { found.append(Self.row(name, nil, said, counted, [])) }
    }
    let breakdowns = [
      ("by_kind", declared.byKind, byKind),
      ("by_source", renamed(declared.bySource) { policy.source($0)?.code }, bySource),
      ("by_district", renamed(declared.byDistrict) { codes[$0].flatMap { names[$0] } }, byDistrict),
    ]
    for (name, said, counted) in breakdowns {
      guard let said else { continue }
      for key in Set(said.keys).union(counted.keys).sorted() where said[key] != counted[key] {
        if (said[key] ?? 0) == (counted[key] ?? 0) { continue }
        found.append(
          Self.row(name, key, said[key] ?? 0, counted[key] ?? 0, try cases(name, key)))
      }
      let sum = said.values.reduce(0, +)
      if sum != total { found.append(Self.sum(name, sum, total)) }
    }
    return found
  }

  /// Two rows that mean the same are added, so that no number is lost.
  private func renamed(
    _ declared: [String: Int]?, _ key: (String) -> String?
  ) -> [String: Int]? {
    declared.map { declared in
      Dictionary(declared.map { (key($0.key) ?? $0.key, $0.value) }, uniquingKeysWith: +)
    }
  }

  private static func row(
    _ breakdown: String, _ key: String?, _ declared: Int, _ counted: Int, _ cases: [CaseID]
  ) -> ReconciliationDifference {
    let name = key.map { "\(breakdown) · \($0)" } ?? breakdown
    return ReconciliationDifference(
      breakdown: breakdown, key: key, counted: counted, declared: declared, cases: cases,
      words: Words(
        "\(name)：填报 \(declared)，逐例清单为 \(counted)",
        "\(name): declared \(declared), the line list has \(counted)"))
  }

  private static func sum(
    _ breakdown: String, _ declared: Int, _ total: Int
  ) -> ReconciliationDifference {
    ReconciliationDifference(
      breakdown: breakdown, key: nil, counted: total, declared: declared, cases: [],
      words: Words(
        "\(breakdown)：填报各项之和为 \(declared)，总数为 \(total)",
        "\(breakdown): the declared rows add up to \(declared), the total is \(total)"))
  }
}
