import Kernel

/// A division that residents are put into.
package struct SampleCommunity: Sendable {
  /// The 12-digit code.
  package let code: String
  package let name: String

  package init(code: String, name: String) {
    self.code = code
    self.name = name
  }
}

/// Somebody made up, as one row of a residents' file.
package struct SampleResident: Sendable {
  package let person: String
  package let household: String
  package let community: String
  package let estate: String
  package let building: String
  package let entrance: String
  package let floor: Int
  package let room: String
  package let name: String
  package let isFemale: Bool
  package let birth: Day
  package let identity: String
  package let phone: String
  package let tags: [String]

  /// The columns of a residents' file.
  package var fields: Fields {
    .object([
      "person": .text(person), "name": .text(name), "sex": .text(isFemale ? "female" : "male"),
      "birth_date": .text(birth.text),
      "identity_kind": .text(identity.isEmpty ? "none" : "resident_id"),
      "identity_number": .text(identity), "phone": .text(phone), "household": .text(household),
      "community_code": .text(community), "estate": .text(estate), "building": .text(building),
      "entrance": .text(entrance), "floor": .integer(Int64(floor)), "room": .text(room),
      "tags": .text(tags.joined(separator: "|")),
    ])
  }
}

/// Made-up households behind made-up doors of real communities.
package struct SampleDistrict: Sendable {
  package let residents: [SampleResident]

  /// The shape of an estate: buildings of two entrances, six floors, two doors a landing.
  private static let floors = 6
  private static let entrances = 2
  private static let doors = 2

  /// Fills communities until there are at least so many residents.
  ///
  /// - Parameters:
  ///   - county: the six-digit code that identity numbers begin with.
  ///   - today: the day on which ages are counted.
  package init(
    communities: [SampleCommunity], county: String, atLeast population: Int, today: Day,
    seed: UInt64
  ) {
    var chance = Chance(seed: seed)
    var made: [SampleResident] = []
    made.reserveCapacity(population + 200)
    var births: [Day: Int] = [:]
    var building = 0
    while made.count < population && !communities.isEmpty {
      building += 1
      for community in communities where made.count < population {
        let builder = BuildingBuilder(
          community: community, county: county, number: building, today: today)
        builder.fill(&made, births: &births, chance: &chance)
      }
    }
    residents = made
  }

  /// Fills one building.
  private struct BuildingBuilder {
    let community: SampleCommunity
    let county: String
    let number: Int
    let today: Day

    func fill(
      _ made: inout [SampleResident], births: inout [Day: Int], chance: inout Chance
    ) {
      for entrance in 1...SampleDistrict.entrances {
        for floor in 1...SampleDistrict.floors {
          for door in 1...SampleDistrict.doors where !chance.happens(0.04) {
            household(
              entrance: entrance, floor: floor, door: door, made: &made, births: &births,
              chance: &chance)
          }
        }
      }
    }

    private func household(
      entrance: Int, floor: Int, door: Int, made: inout [SampleResident],
      births: inout [Day: Int], chance: inout Chance
    ) {
      let ages = ages(&chance)
      let surname = SampleNames.surname(&chance)
      let room = "\(floor)0\(door)"
      let household = "\(community.code)-\(number)-\(entrance)-\(room)"
      for (index, age) in ages.enumerated() {
        let isFemale = index == 1 || (index != 0 && chance.happens(0.5))
        let own = index == 1 ? SampleNames.surname(&chance) : surname
        let birth = today - (age * 365 + chance.number(5...350))
        // Numbers of one day are told apart by their order; telephones by the order of all.
        let order = births[birth, default: 0]
        births[birth] = order + 1
        // The youngest have no number yet.
        let identity =
          age == 0
          ? ""
          : SampleIdentity.number(
            county: county, birth: birth, isFemale: isFemale, order: order)
        made.append(
          SampleResident(
            person: "\(household)-\(index + 1)", household: household, community: community.code,
            estate: "\(shortName)小区", building: "\(number)号楼", entrance: "\(entrance)单元",
            floor: floor, room: room,
            name: SampleNames.name(isFemale: isFemale, surname: own, chance: &chance),
            isFemale: isFemale, birth: birth, identity: identity,
            phone: age < 12 ? "" : SampleIdentity.phone(made.count),
            tags: tags(age: age, isFemale: isFemale, isAlone: ages.count == 1, &chance)))
      }
    }

    private var shortName: String {
      for suffix in ["社区居民委员会", "社区居委会", "居委会", "社区"] where community.name.hasSuffix(suffix) {
        return String(community.name.dropLast(suffix.count))
      }
      return community.name
    }

    /// Who lives behind a door: alone, a couple, with children, with grandparents.
    private func ages(_ chance: inout Chance) -> [Int] {
      switch chance.number(1...10) {
      case 1: [chance.number(24...38)]
      case 2: [chance.number(68...96)]
      case 3, 4: [chance.number(60...84), chance.number(58...82)]
      case 5, 6: [chance.number(26...58), chance.number(25...56)]
      case 7, 8: [chance.number(30...46), chance.number(29...44), chance.number(0...16)]
      case 9:
        [
          chance.number(32...45), chance.number(30...43), chance.number(5...16),
          chance.number(0...8),
        ]
      default:
        [
          chance.number(34...48), chance.number(32...46), chance.number(3...16),
          chance.number(62...80),
        ]
      }
    }

    private func tags(
      age: Int, isFemale: Bool, isAlone: Bool, _ chance: inout Chance
    ) -> [String] {
      var tags: [String] = []
      if age >= 70 && isAlone { tags.append("alone") }
      if age >= 45 && chance.happens(0.004) { tags.append("dialysis") }
      if age >= 40 && chance.happens(0.006) { tags.append("tumour") }
      if age >= 55 && chance.happens(0.02) { tags.append("heart") }
      if isFemale && (22...42).contains(age) && chance.happens(0.025) { tags.append("pregnant") }
      if chance.happens(0.008) { tags.append("disabled") }
      // The oldest of the made-up people are those whom a team has to go to.
      if age >= 78 { tags.append("bedridden") }
      return tags
    }
  }
}
