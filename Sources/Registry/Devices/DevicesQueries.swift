import Kernel

/// The devices of the sender's own account, the latest seen first.
package struct OwnDevices: Query {
  package static let name = "devices.own"
  package static let duty: Duty = .ownAccount
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> [RegisteredDevice] {
    let own = try reading.authority.account()
    return try DevicesStore(reading.transaction).all(of: own, limit: 50)
  }
}

/// The devices of those who hold an office inside an area, those with work waiting first.
package struct ListDevices: Query {
  package static let name = "devices.list"
  package static let duty: Duty = "devices.supervise"
  package static let purposes: [Purpose] = []
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> [RegisteredDevice] {
    var found: [RegisteredDevice] = []
    for path in try reading.supervised(place) {
      found += try DevicesStore(reading.transaction)
        .inUse(inside: path, at: reading.now, limit: 500)
    }
    var seen: Set<DeviceID> = []
    return found.filter { seen.insert($0.id).inserted }
  }
}

extension Reading {
  /// The areas that a supervisor of devices asks about, none inside another.
  func supervised(_ place: PlaceID?) throws -> [PlacePath] {
    if let place { return try jurisdiction.path(place, transaction).map { [$0] } ?? [] }
    return authority.widestAreas(for: ListDevices.duty)
  }
}
