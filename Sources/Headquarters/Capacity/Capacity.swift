import Gazette
import Kernel
import Registry

/// How many beds, rooms, tubes and vehicles there are and how many are taken, as the sites report it: the
/// command sees on the wall what is left before it sends somebody somewhere.
///
/// Only the latest report of a site counts; one that is older than a day says so. An isolation site that
/// keeps its rooms here counts them itself: nobody reports them a second time. Retention: reports hold no
/// personal data.
package enum Capacity {
  package static let slice = Slice(
    name: "capacity",
    commands: [CommandKind(ReportCapacity.self), CommandKind(ImportCapacity.self)],
    queries: [QueryKind(ListCapacity.self), QueryKind(ExportCapacity.self)],
    facts: [
      CapacityReported.self
    ],
    screens: [CapacityScreens.list], reactions: CapacityReactions.all,
    imports: [
      ImportKind(kind: "capacity", columns: columns, command: ImportCapacity.name)
    ],
    exports: [
      ExportKind(
        kind: "capacity", header: columns.map(\.name), query: ExportCapacity.name)
    ],
    migrations: [
      Migration(
        "capacity-0001",
        """
        CREATE TABLE capacity (
          site TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL,
          total BIGINT NOT NULL, used BIGINT NOT NULL, at BIGINT NOT NULL,
          PRIMARY KEY (path, kind, site), CHECK (total >= 0), CHECK (used >= 0))
        """),
      Migration(
        "capacity-0002", "ALTER TABLE capacity ADD COLUMN counted BIGINT NOT NULL DEFAULT 0"),
    ], tallies: CapacityTallies.all)

  private static let columns = [
    ExchangeColumn("site", "地点名称", "场所", required: true),
    ExchangeColumn("kind", "种类", required: true),
    ExchangeColumn("place_code", "区划代码", "辖区代码", required: true),
    ExchangeColumn("total", "总数", required: true),
    ExchangeColumn("used", "已用", "在用", required: true),
  ]
}

/// What can be full.
package enum CapacityOf: String, Codable, CaseIterable, Sendable {
  case rooms
  case beds
  case laboratory
  case vehicles

  package var words: Words {
    switch self {
    case .rooms: Words("隔离房间", "Isolation rooms")
    case .beds: Words("定点医院床位", "Hospital beds")
    case .laboratory: Words("检测能力（管/日）", "Laboratory, tubes a day")
    case .vehicles: Words("转运车辆", "Vehicles")
    }
  }
}

/// The latest report of a site.
package struct CapacityReport: Codable, Sendable {
  package let site: String
  package let kind: CapacityOf
  package let place: PlaceID
  package let total: Int
  package let used: Int
  package let at: Instant
  /// Whether the site counted it itself, with each change: never old, and not reported by hand.
  package let isCounted: Bool

  /// What is left; never less than nothing, however many were squeezed in.
  package var free: Int { max(total - used, 0) }
}

/// What the sites of an area have of one kind in all.
struct CapacitySum {
  let total: Int
  let used: Int
  let free: Int
  let sites: Int
  /// When the oldest of the reports was made.
  let oldest: Instant
}

/// What follows for capacity from what isolation sites count themselves.
enum CapacityReactions {
  static let all: [Reaction] = [
    .on(SiteRoomsCounted.self) { fact, work in
      let places = PlacesStore(work.transaction)
      let place = try places.get(fact.site)
      let store = CapacityStore(work.transaction)
      // Under the name of today, places are renamed, and instead of what was reported by hand before.
      // Every estate has a building 1: the estate is said, too.
      let name = try places.line(to: place.path).filter { $0.level != .grid }.suffix(2)
        .map(\.name).joined(separator: " ")
      try store.removeCounted(at: place.path)
      guard fact.total > 0 else { return }
      try store.removeReported(name, at: [place.path] + place.path.ancestors)
      try store.put(
        CapacityReport(
          site: name, kind: .rooms, place: place.id, total: fact.total, used: fact.used,
          at: work.now, isCounted: true), path: place.path)
    }
  ]
}

/// A site said what it has.
package struct CapacityReported: Fact {
  package static let name = "capacity.reported"
  package static let words = Words("资源数已上报", "Capacity reported")
  package static let about = Matter.place
  package let place: PlaceID
  package let kind: String
  package let total: Int
  package let used: Int
  package var subject: String { place.text }
}
