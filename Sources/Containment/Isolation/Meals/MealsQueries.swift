import Kernel
import Registry

/// What the kitchen of a site cooks: portions by floor and diet, and door by door. It names nobody.
package struct KitchenList: Query {
  /// How many portions of a diet.
  package struct Portions: Codable, Sendable {
    package let diet: String
    package let people: Int
  }

  /// A floor with its portions.
  package struct Floor: Codable, Sendable {
    package let floor: Int
    package let portions: [Portions]
  }

  /// A door with its portions.
  package struct Door: Codable, Sendable {
    package let number: String
    package let floor: Int
    package let portions: [Portions]
  }

  package struct Answer: Codable, Sendable {
    package let name: String
    package let at: Instant
    /// For how many the kitchen cooks.
    package let people: Int
    /// Who is there and gets no portion.
    package let uncooked: Int
    package let total: [Portions]
    package let floors: [Floor]
    package let doors: [Door]
    /// The meals of today and tomorrow that are owed or were served.
    package let meals: [SiteMeal]
  }

  package static let name = "isolation.kitchen"
  package static let duty: Duty = ListSites.duty
  package static let purposes: [Purpose] = []
  package let site: PlaceID

  package init(site: PlaceID) { self.site = site }

  package func area(in reading: Reading) -> Area { .place(site) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try SitesStore(reading.transaction).get(site)
    let policy = try reading.policy(IsolationPolicy.self).meals
    let store = MealsStore(reading.transaction)
    let guests = try store.guests(of: site)
    let fed = MealsRules.people(guests, policy)
    func portions(_ guests: [MealGuest]) -> [Portions] {
      policy.diets.compactMap { diet in
        let people = guests.count { policy.diet($0.diet)?.code == diet.code }
        return people == 0 ? nil : Portions(diet: diet.code, people: people)
      }
    }
    let byRoom = Dictionary(grouping: fed, by: \.room)
    let rooms = try SitesStore(reading.transaction).rooms(of: site)
    let floors = Dictionary(grouping: rooms, by: \.floor).sorted { $0.key > $1.key }
    return Answer(
      name: try reading.shortAddress(of: found.path), at: reading.now, people: fed.count,
      uncooked: guests.count - fed.count, total: portions(fed),
      floors: floors.compactMap { floor, rooms in
        let inside = portions(rooms.flatMap { byRoom[$0.id] ?? [] })
        return inside.isEmpty ? nil : Floor(floor: floor, portions: inside)
      },
      doors: floors.flatMap { _, rooms in
        rooms.compactMap { room in
          guard let inside = byRoom[room.id] else { return nil }
          return Door(number: room.number, floor: room.floor, portions: portions(inside))
        }
      },
      meals: try store.meals(
        of: site, from: reading.today.start(in: reading.zone),
        to: (reading.today + 1).end(in: reading.zone)))
  }
}
