import Kernel

/// The devices of the sender's own account, the latest seen first.
package struct OwnDevices: Query {
  package static let name = "devices.own"
  package static let duty: Duty = .ownAccount
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> [RegisteredDevice] {
    guard case .account(let own) = reading.authority.sender else {
      throw Refusal(.unknownSender, "sender.unknown", Words("请先登录", "Sign in first"))
    }
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

/// What did not go in from the field and nobody has settled, the oldest first.
package struct ListUnsent: Query {
  /// An entry and what it says.
  package struct Line: Codable, Sendable {
    package let entry: UnsentEntry
    /// In the words of the page on which it was done; nil when it cannot be read.
    package let words: String?
    /// Why it was refused, as the worker read it.
    package let why: String?
    /// The fields that were filled in.
    package let values: Fields
    /// Whom it concerns.
    package let person: PersonID?
  }

  package static let name = "devices.unsent"
  package static let duty: Duty = ListDevices.duty
  package static let purposes: [Purpose] = [.supervision]
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> [Line] {
    let store = UnsentStore(reading.transaction)
    var lines: [Line] = []
    for path in try reading.supervised(place) {
      for entry in try store.open(inside: path, limit: 500)
      where !lines.contains(where: { $0.entry.id == entry.id }) {
        lines.append(try line(entry, store, reading))
      }
    }
    for person in lines.compactMap(\.person) { reading.disclose(person) }
    return lines
  }

  private func line(
    _ entry: UnsentEntry, _ store: UnsentStore, _ reading: Reading
  ) throws -> Line {
    let text = try store.content(of: entry.id).map {
      try reading.vault.unlock($0, place: Work.contentPlace(entry.id))
    }
    let content = text.flatMap {
      try? Fields.json(Array($0.utf8)).decoded(EntryContent.self, strict: false)
    }
    let obligation = try entry.subject.flatMap {
      try ObligationStore(reading.transaction).find(ObligationID(trusted: $0))
    }
    return Line(
      entry: entry, words: content?.words, why: content?.why,
      values: content?.form ?? content?.command ?? .null,
      person: obligation?.person)
  }
}

extension Reading {
  /// The areas that a supervisor of devices asks about.
  fileprivate func supervised(_ place: PlaceID?) throws -> [PlacePath] {
    if let place { return try jurisdiction.path(place, transaction).map { [$0] } ?? [] }
    return Set(authority.areas(for: ListDevices.duty)).sorted()
  }
}
