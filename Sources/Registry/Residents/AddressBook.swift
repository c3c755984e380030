import Kernel

/// Finds the doors that rows of one command name and makes those that are not there yet.
///
/// It remembers what it has found: a file brings hundreds of rows of the same few buildings.
struct AddressBook {
  private let work: Work
  private let store: PlacesStore
  private let buildingsPerGrid: Int
  private var communities: [String: Place] = [:]
  private var siblings: [PlaceID: Siblings] = [:]
  private var buildings: [PlaceID: [String: Place]] = [:]
  private var households: [PlaceID: Place] = [:]
  private var askedHouseholds: Set<PlaceID> = []
  /// How many places were made.
  private(set) var made = 0

  /// The children of one place.
  private struct Siblings {
    var byName: [String: Place] = [:]
    var inOrder: [Place] = []

    static func key(_ level: PlaceLevel, _ name: String) -> String { "\(level.rawValue)/\(name)" }
  }

  init(_ work: Work, buildingsPerGrid: Int) {
    self.work = work
    self.buildingsPerGrid = buildingsPerGrid
    store = PlacesStore(work.transaction)
  }

  /// Looks several doors up at once, before their rows are taken.
  mutating func expect(households ids: Set<PlaceID>) throws {
    let new = ids.subtracting(askedHouseholds)
    for place in try store.find(new) { households[place.id] = place }
    askedHouseholds.formUnion(new)
  }

  /// The community of a code.
  mutating func community(_ code: String) throws -> Place {
    if let known = communities[code] { return known }
    guard let found = try store.find(code: code), found.level == .community else {
      throw Refusal(
        .invalid, "community.unknown",
        Words(
          "没有这个代码的社区，请先导入地点或更正社区代码",
          "No community has this code; import the places first or correct the code"),
        field: "community_code")
    }
    communities[code] = found
    return found
  }

  /// The door of an address if it is there, nothing is made.
  ///
  /// - Throws: a refusal when the household stands elsewhere.
  mutating func find(_ address: DoorAddress) throws -> Place? {
    let above = try placeAbove(address, making: false)
    if let id = address.household, let known = try household(id) {
      guard known.level == .household, let above, known.parent == above.id,
        address.room == nil || known.name == address.room || known.name == id.text
      else { throw Self.elsewhere }
      return known
    }
    guard let above else { return nil }
    guard address.household != nil || address.room != nil else { return above }
    if address.household != nil { return nil }
    return try child(.household, address.room ?? "", of: above)
  }

  /// The door of an address, made with everything above it when it is not there.
  mutating func place(_ address: DoorAddress) throws -> Place {
    if let known = try find(address) { return known }
    guard let above = try placeAbove(address, making: true) else { throw Self.elsewhere }
    guard let name = address.room ?? address.household?.text else { return above }
    let door = try make(
      .household, name, under: above, id: address.household, floor: address.floor)
    households[door.id] = door
    return door
  }

  private mutating func household(_ id: PlaceID) throws -> Place? {
    if let known = households[id] { return known }
    if askedHouseholds.insert(id).inserted, let found = try store.find(id) {
      households[id] = found
    }
    return households[id]
  }

  /// The place in which the door of an address stands: nil when it is not there and not made.
  private mutating func placeAbove(_ address: DoorAddress, making: Bool) throws -> Place? {
    let community = try community(address.communityCode)
    guard let name = address.estate else { return community }
    guard let estate = try step(.estate, name, under: community, making: making) else { return nil }
    guard let name = address.building else { return estate }
    guard let building = try building(name, in: estate, making: making) else { return nil }
    guard let name = address.entrance else { return building }
    return try step(.entrance, name, under: building, making: making)
  }

  private mutating func step(
    _ level: PlaceLevel, _ name: String, under parent: Place, making: Bool
  ) throws -> Place? {
    if let known = try child(level, name, of: parent) { return known }
    return making ? try make(level, name, under: parent) : nil
  }

  /// A building of an estate, whichever of its grids holds it.
  private mutating func building(
    _ name: String, in estate: Place, making: Bool
  ) throws -> Place? {
    if buildings[estate.id] == nil {
      let found = try store.inside(estate.path, level: .building, limit: 100_000)
      buildings[estate.id] = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
    }
    if let known = buildings[estate.id]?[name] { return known }
    guard making else { return nil }
    let building = try make(.building, name, under: grid(withRoomIn: estate))
    buildings[estate.id]?[name] = building
    return building
  }

  /// The youngest grid of an estate while it has room for a building, otherwise a new one.
  private mutating func grid(withRoomIn estate: Place) throws -> Place {
    let grids = try children(of: estate).inOrder.filter { $0.level == .grid }
    if let last = grids.last {
      let held = buildings[estate.id]?.values.filter { $0.parent == last.id }.count ?? 0
      if held < buildingsPerGrid { return last }
    }
    return try make(.grid, "第\(grids.count + 1)网格", under: estate)
  }

  private mutating func child(
    _ level: PlaceLevel, _ name: String, of parent: Place
  ) throws -> Place? {
    try children(of: parent).byName[Siblings.key(level, name)]
  }

  private mutating func children(of parent: Place) throws -> Siblings {
    if let known = siblings[parent.id] { return known }
    var found = Siblings()
    for place in try store.children(of: parent.id, limit: 100_000) {
      found.byName[Siblings.key(place.level, place.name)] = place
      found.inOrder.append(place)
    }
    siblings[parent.id] = found
    return found
  }

  private mutating func make(
    _ level: PlaceLevel, _ name: String, under parent: Place, id: PlaceID? = nil,
    floor: Int? = nil
  ) throws -> Place {
    let last = try children(of: parent).inOrder.last?.path.ordinal ?? 0
    let place = try work.makePlace(
      level, named: name, under: parent, id: id, floor: floor, ordinal: last + 1)
    siblings[parent.id]?.byName[Siblings.key(level, name)] = place
    siblings[parent.id]?.inOrder.append(place)
    if siblings[place.id] == nil { siblings[place.id] = Siblings() }
    made += 1
    return place
  }

  private static let elsewhere = Refusal(
    .conflict, "household.elsewhere",
    Words(
      "该户编号已登记在别处，请核对地址或更换户编号",
      "This household identifier stands at another address; check the address or use another one"),
    field: "household")
}
