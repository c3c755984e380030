import Kernel
import Registry

/// A venue that has a code, as the office that answers for it sees it.
package struct VenueCodeLine: Codable, Sendable {
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

  init(_ venue: CodedVenue, in reading: Reading) throws {
    let kind = try reading.policy(VenueCodesPolicy.self).kind(venue.kind)
    number = venue.number
    title = venue.name
    self.kind = kind?.words ?? Words(venue.kind, venue.kind)
    place = venue.placeName
    at = venue.place
    ended = venue.endedAt != nil
    screen =
      "/venues/screen/"
      + VenueCode.screenKey(venue.number, venue.generation, by: reading.vault)
    printed = VenueCode(number: venue.number, generation: venue.generation, form: .printed)
      .text(by: reading.vault)
  }
}

/// The venues of an area that have a code, by their places.
package struct ListVenueCodes: Query {
  package struct Answer: Codable, Sendable {
    package let venues: [VenueCodeLine]
    /// Where the next page begins; nil on the last one.
    package let after: String?
  }

  package static let name = "venues.list"
  package static let duty: Duty = MakeVenueCode.duty
  package static let purposes: [Purpose] = []
  package static let most = 100
  package let place: PlaceID?
  /// What a page before gave; nil for the first.
  package let after: String?

  package init(place: PlaceID? = nil, after: String? = nil) {
    self.place = place
    self.after = after
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let store = VenueCodesStore(reading.transaction)
    let mark = try mark
    let areas =
      try place.map { [try PlacesStore(reading.transaction).get($0).path] }
      ?? reading.authority.widestAreas(for: Self.duty)
    var venues: [CodedVenue] = []
    // In the order of their paths no area reaches into the next one.
    for area in areas.sorted() where venues.count <= Self.most {
      venues += try store.list(in: area, after: mark, limit: Self.most + 1 - venues.count)
    }
    let shown = venues.prefix(Self.most)
    let next = venues.count > shown.count ? shown.last : nil
    return Answer(
      venues: try shown.map { try VenueCodeLine($0, in: reading) },
      after: next.map { "\($0.path.text) \($0.number)" })
  }

  private var mark: VenueCodesStore.Mark? {
    get throws(Refusal) {
      guard let after else { return nil }
      let parts = after.split(separator: " ").map(String.init)
      guard parts.count == 2, let number = Int(parts[1]) else {
        throw .malformed(
          "after", after, expected: Words("上一页给出的位置", "what the page before gave"))
      }
      return VenueCodesStore.Mark(path: PlacePath(parts[0]), number: number)
    }
  }
}

/// One venue with its codes.
package struct ShowVenueCode: Query {
  package struct Answer: Codable, Sendable {
    package let venue: VenueCodeLine
    /// From the city down.
    package let address: [String]
  }

  package static let name = "venues.show"
  package static let duty: Duty = MakeVenueCode.duty
  package static let purposes: [Purpose] = []
  package let number: Int

  package init(number: Int) { self.number = number }

  package func area(in reading: Reading) throws -> Area {
    .path(try VenueCodesStore(reading.transaction).get(number).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let venue = try VenueCodesStore(reading.transaction).get(number)
    return Answer(
      venue: try VenueCodeLine(venue, in: reading),
      address: try PlacesStore(reading.transaction).line(to: venue.path).map(\.name))
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
    let scans = try store.scans(of: files, limit: 100)
    let venues = try store.find(Set(scans.map(\.number)))
    return scans.compactMap { scan in
      guard let venue = venues[scan.number] else { return nil }
      return VenueScanLine(
        at: scan.at, title: venue.name, place: venue.placeName, strength: scan.strength,
        words: scan.reason.words)
    }
  }
}
