import Kernel
import Registry

/// The venues of an area that have a code.
package struct ListVenueCodes: Query {
  /// One venue.
  package struct Line: Codable, Sendable {
    package let number: Int
    package let title: String
    package let kind: Words
    package let place: String
    /// The place by its identifier.
    package let at: PlaceID
    package let ended: Bool
    /// The address of its screen, to be opened at the venue; nobody else is to have it.
    package let screen: String
    /// The code to be printed, weak from the start.
    package let printed: String
  }

  package struct Answer: Codable, Sendable {
    package let venues: [Line]
  }

  package static let name = "venues.list"
  package static let duty: Duty = MakeVenueCode.duty
  package static let purposes: [Purpose] = []
  private static let most = 500
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let store = VenueCodesStore(reading.transaction)
    let policy = try reading.policy(VenueCodesPolicy.self)
    let areas =
      try place.map { [try PlacesStore(reading.transaction).get($0).path] }
      ?? reading.authority.widestAreas(for: Self.duty)
    let venues = try areas.flatMap { try store.list(in: $0, limit: Self.most) }
    return Answer(
      venues: venues.map { venue in
        Line(
          number: venue.number, title: venue.name,
          kind: policy.kind(venue.kind)?.words ?? Words(venue.kind, venue.kind),
          place: venue.placeName, at: venue.place, ended: venue.endedAt != nil,
          screen: "/venues/screen/"
            + VenueCode.screenKey(venue.number, venue.generation, by: reading.vault),
          printed: VenueCode(
            number: venue.number, generation: venue.generation, form: .printed
          ).text(by: reading.vault))
      })
  }
}

/// The codes that a venue's screen shows now and in the next minutes. Whoever has the screen's address
/// may ask: it was given to the venue alone.
package struct VenueScreenCodes: Query {
  /// One step of the clock.
  package struct Step: Codable, Sendable {
    package let code: String
    package let from: Instant
    package let until: Instant
  }

  package struct Answer: Codable, Sendable {
    package let title: String
    package let place: String
    package let steps: [Step]
    package let at: Instant
  }

  package static let name = "venues.screen"
  package static let duty: Duty = .anyone
  package static let purposes: [Purpose] = []
  package let key: String

  package init(key: String) { self.key = key }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let policy = try reading.policy(VenueCodesPolicy.self)
    let number = key.split(separator: "-").first.flatMap { Int($0) }
    guard policy.inUse, let number,
      let venue = try VenueCodesStore(reading.transaction).find(number), venue.endedAt == nil,
      VenueCode.screenKey(number, venue.generation, by: reading.vault) == key
    else {
      // The same answer whether the venue is there or not.
      throw Refusal(
        .notFound, "venues.noScreen",
        Words(
          "这个屏幕地址已失效，请向社区索取新的",
          "This address of a screen is worth nothing any more; ask the community for the new one"))
    }
    let seconds = policy.stepSeconds
    let first = VenueCodesRules.step(at: reading.now, seconds: seconds)
    let steps = (first..<first + policy.stepsAhead).map { step in
      Step(
        code: VenueCode(number: number, generation: venue.generation, form: .screen(step: step))
          .text(by: reading.vault),
        from: Instant(seconds: Int64(step * seconds)),
        until: Instant(seconds: Int64((step + 1) * seconds)))
    }
    return Answer(title: venue.name, place: venue.placeName, steps: steps, at: reading.now)
  }
}

/// What a scanned code of a venue is, before somebody is registered there.
package struct ReadVenueCode: Query {
  package struct Answer: Codable, Sendable {
    package let title: String
    package let place: String
    package let strength: ScanStrength
    package let words: Words
  }

  package static let name = "venues.read"
  package static let duty: Duty = .anyone
  package static let purposes: [Purpose] = []
  package let code: String

  package init(code: String) { self.code = code }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let (venue, strength, reason, _) = try VenueCodesWork.read(
      code, at: reading.now, policy: reading.policy(VenueCodesPolicy.self),
      store: VenueCodesStore(reading.transaction), vault: reading.vault)
    return Answer(
      title: venue.name, place: venue.placeName, strength: strength, words: reason.words)
  }
}

/// One scan, as whoever asks the person reads it.
package struct VenueScanLine: Codable, Sendable {
  package let at: Instant
  package let title: String
  package let place: String
  package let strength: ScanStrength
  package let words: Words
}

/// Where a person scanned a venue's code, strong and weak, each as what it is.
package struct VenueScansOfPerson: Query {
  package struct Answer: Codable, Sendable {
    package let scans: [VenueScanLine]
  }

  package static let name = "venues.scansOfPerson"
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.investigation]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let resident = try ResidentsStore(reading.transaction).survivor(of: person)
    reading.disclose(resident.id)
    return Answer(scans: try reading.venueScans(of: resident.id))
  }
}

/// Where I scanned a venue's code.
package struct OwnVenueScans: Query {
  package static let name = "venues.ownScans"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> VenueScansOfPerson.Answer {
    guard case .resident(let person) = reading.authority.sender else { throw Refusal.notSignedIn }
    return VenueScansOfPerson.Answer(scans: try reading.venueScans(of: person))
  }
}

extension Reading {
  fileprivate func venueScans(of person: PersonID) throws -> [VenueScanLine] {
    let store = VenueCodesStore(transaction)
    let files = try ResidentsStore(transaction).identifiers(of: person)
    return try store.scans(of: files, limit: 100).compactMap { scan in
      guard let venue = try store.find(scan.number) else { return nil }
      return VenueScanLine(
        at: scan.at, title: venue.name, place: venue.placeName, strength: scan.strength,
        words: scan.reason.words)
    }
  }
}
