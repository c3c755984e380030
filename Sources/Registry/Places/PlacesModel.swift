import Kernel

/// The levels of the tree of places, from the city down to one door.
package enum PlaceLevel: String, Codable, CaseIterable, Sendable {
  case city
  case district
  case street
  case community
  case estate
  case grid
  case building
  case entrance
  case household

  /// Where it stands, the city at 0.
  package var depth: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The level directly above, nil for the city.
  package var above: PlaceLevel? { depth == 0 ? nil : Self.allCases[depth - 1] }

  /// The level directly below, nil for the household.
  package var below: PlaceLevel? {
    depth + 1 < Self.allCases.count ? Self.allCases[depth + 1] : nil
  }

  package var words: Words {
    switch self {
    case .city: Words("市", "City")
    case .district: Words("区县", "District")
    case .street: Words("街道", "Street office")
    case .community: Words("社区", "Community")
    case .estate: Words("小区", "Estate")
    case .grid: Words("网格", "Grid")
    case .building: Words("楼栋", "Building")
    case .entrance: Words("单元", "Entrance")
    case .household: Words("户", "Household")
    }
  }
}

/// A place in the tree. Its identifier never changes; name and code may.
package struct Place: Codable, Sendable {
  package let id: PlaceID
  package let level: PlaceLevel
  /// The statistical code (GB/T 2260 and its extension to 9 and 12 digits), where there is one.
  package let code: String?
  package let name: String
  package let parent: PlaceID?
  package let path: PlacePath
  /// The storey of a household's door, the ground floor being 1.
  package let floor: Int?

  package init(
    id: PlaceID, level: PlaceLevel, code: String?, name: String, parent: PlaceID?,
    path: PlacePath, floor: Int? = nil
  ) {
    self.id = id
    self.level = level
    self.code = code
    self.name = name
    self.parent = parent
    self.path = path
    self.floor = floor
  }
}

/// What a place was called, and how it was coded, during a span.
package struct PlaceNaming: Codable, Sendable {
  package let name: String
  package let code: String?
  package let from: Instant
  package let until: Instant?
}
