import Kernel
import Registry

extension Town {
  /// The places of every town, by what tests call them.
  package enum Spot: String, CaseIterable, Sendable {
    case city = "3702"
    case district = "370203"
    case otherDistrict = "370202"
    case street = "370203030"
    case community = "370203030001"
    case otherCommunity = "370203030002"
    case estate = "town-estate"
    case grid = "town-grid"
    case otherGrid = "town-grid-2"
    case building = "town-building"
    case otherBuilding = "town-building-2"
    case entrance = "town-entrance"
    case door101 = "town-door-101"
    case door102 = "town-door-102"
    case door201 = "town-door-201"
    case otherDoor = "town-door-other"

    package var id: PlaceID { PlaceID(trusted: rawValue) }
  }

  /// The accounts of every town and the office each holds: role and place.
  package static let accounts: [(account: String, role: String, spot: Spot?)] = [
    ("admin", "administrator", nil),
    ("duty", "command_duty", nil),
    ("investigator", "investigator", .district),
    ("reviewer", "reviewer", .district),
    ("street", "street_leader", .street),
    ("leader", "community_leader", .community),
    ("otherLeader", "community_leader", .otherCommunity),
    ("worker", "grid_worker", .grid),
    ("otherWorker", "grid_worker", .otherGrid),
    ("auditor", "auditor", .district),
  ]

  func settle() async throws {
    let command = SettleTown(accounts: Self.accounts.map(\.account))
    let now = self.now
    try await desk.storage.write { transaction in
      try command.settle(in: transaction, at: now)
    }
  }
}

/// Writes the town's places and offices straight into the tables, as given facts of every test.
private struct SettleTown: Sendable {
  let accounts: [String]

  func settle(in transaction: any Transaction, at now: Instant) throws {
    let tree: [(Town.Spot, PlaceLevel, String, Town.Spot?, String)] = [
      (.city, .city, "青岛市", nil, "1"),
      (.district, .district, "市北区", .city, "1.1"),
      (.otherDistrict, .district, "市南区", .city, "1.2"),
      (.street, .street, "水清沟街道", .district, "1.1.1"),
      (.community, .community, "河西社区", .street, "1.1.1.1"),
      (.otherCommunity, .community, "北山社区", .street, "1.1.1.2"),
      (.estate, .estate, "海云小区", .community, "1.1.1.1.1"),
      (.grid, .grid, "第一网格", .estate, "1.1.1.1.1.1"),
      (.otherGrid, .grid, "第二网格", .estate, "1.1.1.1.1.2"),
      (.building, .building, "1号楼", .grid, "1.1.1.1.1.1.1"),
      (.otherBuilding, .building, "2号楼", .otherGrid, "1.1.1.1.1.2.1"),
      (.entrance, .entrance, "1单元", .building, "1.1.1.1.1.1.1.1"),
      (.door101, .household, "101", .entrance, "1.1.1.1.1.1.1.1.1"),
      (.door102, .household, "102", .entrance, "1.1.1.1.1.1.1.1.2"),
      (.door201, .household, "201", .entrance, "1.1.1.1.1.1.1.1.3"),
      (.otherDoor, .household, "101", .otherBuilding, "1.1.1.1.1.2.1.1"),
    ]
    for (spot, level, name, parent, path) in tree {
      let code = level.depth <= PlaceLevel.community.depth ? spot.rawValue : nil
      let floor = level == .household ? (spot == .door201 ? 2 : 1) : nil
      let ordinal = Int(path.split(separator: ".").last ?? "1", radix: 36) ?? 1
      try transaction.execute(
        """
        INSERT INTO place (id, level, code, name, parent, ordinal, path, floor)
        VALUES (\(spot.id), \(level.rawValue), \(code), \(name), \(parent?.id), \(ordinal),
          \(path), \(floor))
        """)
    }
    let store = OfficesStore(transaction)
    for (account, role, spot) in Town.accounts {
      let id = AccountID(trusted: account)
      try store.insertAccount(id, title: account, at: now)
      let place = spot?.id ?? Offices.everywhere
      let path = tree.first { $0.0 == spot }.map { PlacePath($0.4) } ?? .everywhere
      try store.insertOffice(
        Office(account: id, role: role, place: place, path: path, from: now, until: nil))
    }
  }
}
