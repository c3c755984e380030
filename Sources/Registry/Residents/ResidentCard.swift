import Kernel

/// One person as an office sees them: masked, or whole when that was asked for.
package struct ResidentCard: Codable, Sendable {
  package let person: PersonID
  /// Masked unless ``isRevealed``, like identity number, telephone and place of work.
  package let name: String?
  package let sex: Sex?
  /// In whole years.
  package let age: Int?
  /// Nil while masked.
  package let birthDay: Day?
  package let identityKind: IdentityKind?
  package let identityNumber: String?
  package let phone: String?
  package let home: PlaceID
  /// The names from the city down to the door.
  package let address: [String]
  package let floor: Int?
  package let awaySince: Instant?
  package let registeredCode: String?
  package let workPlace: String?
  package let tags: [RegistryPolicy.Tag]
  /// What the file still lacks.
  package let missing: [MissingDetail]
  package let mergedInto: PersonID?
  package let isRevealed: Bool
}

/// Makes cards in one reading; it remembers the places it has named.
struct CardWriter {
  private let reading: Reading
  private let policy: RegistryPolicy
  private let places: PlacesStore
  private var named: [PlacePath: Place] = [:]

  init(_ reading: Reading) throws(Refusal) {
    self.reading = reading
    policy = try reading.policy()
    places = PlacesStore(reading.transaction)
  }

  /// The card of a person, who will see that it was looked at.
  mutating func card(_ resident: Resident, revealed: Bool = false) throws -> ResidentCard {
    reading.disclose(resident.id)
    let line = try line(to: resident.path)
    let number = try open(resident.identity, place: Vault.identityPlace(of: resident.id))
    let phone = try open(resident.phone, place: Vault.phonePlace(of: resident.id))
    return ResidentCard(
      person: resident.id,
      name: resident.name.map { revealed ? $0.revealed : Mask.name($0.revealed) },
      sex: resident.sex, age: resident.birthDay.map { $0.age(on: reading.today) },
      birthDay: revealed ? resident.birthDay : nil, identityKind: resident.identityKind,
      identityNumber: number.map { revealed ? $0 : Mask.identity($0) },
      phone: phone.map { revealed ? $0 : Mask.phone($0) }, home: resident.home,
      address: line.map(\.name), floor: line.last?.floor, awaySince: resident.awaySince,
      registeredCode: resident.registered?.value,
      workPlace: resident.workPlace.map { revealed ? $0.value : Mask.name($0.value) },
      tags: policy.needs(of: resident, on: reading.today).map(policy.need),
      missing: ResidentsRules.missing(in: resident, homeLevel: line.last?.level ?? .city),
      mergedInto: resident.mergedInto, isRevealed: revealed)
  }

  /// The places from the city down to a path.
  mutating func line(to path: PlacePath) throws -> [Place] {
    var line: [Place] = []
    for above in path.ancestors.reversed() + [path] {
      if named[above] == nil { named[above] = try places.find(path: above) }
      if let place = named[above] { line.append(place) }
    }
    return line
  }

  private func open(_ sealed: Sealed?, place: String) throws -> String? {
    try sealed.map { try reading.vault.unlock($0.bytes, place: place) }
  }
}

extension Day {
  /// The age in whole years, on another day, of somebody born on this one.
  package func age(on day: Day) -> Int {
    let born = parts
    let now = day.parts
    let hadBirthday = (now.month, now.day) >= (born.month, born.day)
    return now.year - born.year - (hadBirthday ? 0 : 1)
  }
}

extension Reading {
  /// The whole card of somebody about whom a letter is written; the person sees that it was read.
  /// Who may write it is checked by the question that asks.
  package func revealedCard(of resident: Resident) throws -> ResidentCard {
    var writer = try CardWriter(self)
    return try writer.card(resident, revealed: true)
  }
}
