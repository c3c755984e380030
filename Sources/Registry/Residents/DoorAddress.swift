import Kernel

/// Where somebody lives as a row of a file writes it, from the community down to the door.
package struct DoorAddress: Sendable {
  package let communityCode: String
  package let estate: String?
  package let building: String?
  package let entrance: String?
  package let floor: Int?
  package let room: String?
  /// The door's own identifier, when the file brings one.
  package let household: PlaceID?

  /// No building has more storeys, above or below the ground.
  private static let highestFloor = 200

  /// An address without gaps.
  ///
  /// - Throws: a refusal that names the column to fill.
  package init(_ row: ResidentRow) throws(Refusal) {
    guard let code = row.communityCode else { throw .missing("community_code") }
    communityCode = code
    estate = try Self.name(row.estate, "estate")
    building = try Self.name(row.building, "building")
    entrance = try Self.name(row.entrance, "entrance")
    room = try Self.name(row.room, "room")
    floor = try row.floor.map { text throws(Refusal) in try Self.floor(text) }
    if let id = row.household {
      household = try ResidentsRules.identifier(
        PlaceID(id, field: "household"), field: "household")
    } else {
      household = nil
    }
    if building != nil && estate == nil { throw Self.gap("estate", below: "building") }
    if building == nil {
      for (value, column) in [(entrance, "entrance"), (room, "room"), (row.household, "household")]
      where value != nil {
        throw Self.gap("building", below: column)
      }
    }
  }

  private static func name(_ written: String?, _ field: String) throws(Refusal) -> String? {
    guard let written else { return nil }
    return try ResidentsRules.plain(written, field: field)
  }

  private static func floor(_ written: String) throws(Refusal) -> Int {
    var text = written[...]
    while let last = text.last, "层楼Ff".contains(last) { text.removeLast() }
    guard let floor = Int(text), abs(floor) <= highestFloor else {
      throw Refusal(
        .invalid, "field.malformed",
        Words("“floor”无法识别，应为楼层数，如 3 或 -1", "“floor” should be a storey such as 3 or -1"),
        field: "floor")
    }
    return floor
  }

  private static func gap(_ missing: String, below given: String) -> Refusal {
    Refusal(
      .invalid, "address.gap",
      Words(
        "填写了“\(given)”，请同时填写“\(missing)”", "“\(given)” is given; fill in “\(missing)” as well"),
      field: missing)
  }
}
