import Gazette
import Kernel
import Registry

/// Whom an edition changes and how, before it takes effect: what is asked under each clause before and
/// after, how many will run under it at the moment of the change, and where they live.
package struct PreviewEdition: Query {
  /// One child of the place.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    /// How many are free at the moment of the change: their clause is no longer there.
    package let ending: Int
    /// How many go on as they were decided: a decision keeps the version that made it.
    package let staying: Int
  }

  package struct Answer: Codable, Sendable {
    package let comparison: EditionComparison
    package let changesAt: Instant
    package let ending: Int
    package let staying: Int
    package let parts: [Part]
  }

  package static let name = "restrictions.previewEdition"
  package static let duty: Duty = CountRestrictions.duty
  package static let purposes: [Purpose] = []
  /// An edition such as `cn-9`; the one in force when there is none.
  package let from: String?
  /// The edition that follows; the next to take effect when there is none.
  package let to: String?
  package let place: PlaceID?

  package init(from: String? = nil, to: String? = nil, place: PlaceID? = nil) {
    self.from = from
    self.to = to
    self.place = place
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let calendar = EditionCalendar(reading)
    guard let before = try reading.edition(from, "from") ?? calendar.inForce else {
      throw Refusal.noEdition("from")
    }
    guard let after = try reading.edition(to, "to") ?? calendar.next else {
      throw Refusal.noEdition("to")
    }
    let moment = max(reading.now, after.head.effectiveFrom.start(in: reading.zone))
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    var comparison = EditionComparison(before, after)
    let children = try PlacesStore(reading.transaction).children(of: place)
    let counted = try Self.running(
      in: [path ?? .everywhere] + children.map(\.path), under: after, reading)
    let running = counted[path ?? .everywhere] ?? [:]
    for index in comparison.clauses.indices {
      comparison.clauses[index].running = running[comparison.clauses[index].clause] ?? 0
    }
    let zones = Dictionary(
      grouping: try ZonesStore(reading.transaction).list(
        .standing, in: path ?? .everywhere, limit: 5_000), by: \.level.rawValue)
    for index in comparison.levels.indices {
      comparison.levels[index].standing = zones[comparison.levels[index].level]?.count ?? 0
    }
    let kept = Set(comparison.clauses.filter { $0.after != nil }.map(\.clause))
    let parts = children.filter { reading.authority.may(Self.duty, at: $0.path) }
      .map { child in
        let counts = counted[child.path] ?? [:]
        return Part(
          place: child.id, name: child.name, ending: Self.sum(counts) { !kept.contains($0) },
          staying: Self.sum(counts, kept.contains))
      }
    return Answer(
      comparison: comparison, changesAt: moment, ending: Self.sum(running) { !kept.contains($0) },
      staying: Self.sum(running, kept.contains), parts: parts)
  }

  /// How many in each area will run under each clause when an edition takes effect.
  private static func running(
    in paths: [PlacePath], under edition: PolicyEdition, _ reading: Reading
  ) throws -> [PlacePath: [String: Int]] {
    let from = edition.head.effectiveFrom
    let what = "\(name) \(from.text) \(paths.map(\.text).joined(separator: " "))"
    return try reading.counted(what) { reading in
      let store = RestrictionsStore(reading.transaction)
      let moment = max(reading.now, from.start(in: reading.zone))
      let counts = try Set(paths).sorted().map { path in
        (path, try store.runningByClause(in: path, at: moment).map { ($0.clause, $0.count) })
      }
      return Dictionary(
        uniqueKeysWithValues: counts.map { ($0, Dictionary(uniqueKeysWithValues: $1)) })
    }
  }

  private static func sum(_ counts: [String: Int], _ isCounted: (String) -> Bool) -> Int {
    counts.filter { isCounted($0.key) }.reduce(0) { $0 + $1.value }
  }
}

extension Reading {
  /// The edition that somebody names; nil when none is named.
  ///
  /// - Throws: a refusal naming the field when there is no such edition.
  func edition(_ name: String?, _ field: String) throws(Refusal) -> PolicyEdition? {
    guard let name, !name.isEmpty else { return nil }
    guard let found = rules.policies.edition(name) else {
      throw Refusal.notFound(Words("政策", "policy"), name, field: field)
    }
    return found
  }
}

extension Refusal {
  /// There is no edition to compare with, and none was named.
  fileprivate static func noEdition(_ field: String) -> Refusal {
    Refusal(
      .notFound, "edition.none",
      Words(
        "没有尚未生效的政策版本，请选择要比较的版本",
        "No edition waits to take effect; choose which to compare"), field: field)
  }
}

/// The editions that say something of restrictions, in the order in which they take effect.
struct EditionCalendar {
  let all: [PolicyEdition]
  let today: Day

  init(_ reading: Reading) {
    all = reading.rules.policies.editions.filter {
      $0.sections[RestrictionsPolicy.key] is RestrictionsPolicy
    }
    today = reading.today
  }

  /// The youngest that is in force; nil when none is.
  var inForce: PolicyEdition? { all.last { $0.isInForce(on: today) } }
  /// The first that is not in force yet.
  var next: PolicyEdition? { all.first { $0.head.effectiveFrom > today } }
}
