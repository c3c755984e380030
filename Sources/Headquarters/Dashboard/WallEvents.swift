import Gazette
import Kernel
import Look
import Registry

/// The journal's youngest entries about an area, in words; alike ones of one minute stand as one.
struct WallEvents {
  let reading: Reading
  let look: Look
  let place: Place?

  private var path: PlacePath { place?.path ?? .everywhere }

  /// How far back the journal is read for one page, and how many of its entries are looked at.
  private static let read = 20_000
  private static let looked = 400
  private static let names = [
    ObligationEscalated.name, ObligationDone.name, CaseReported.name, ContactConfirmed.name,
    RestrictionStarted.name, RestrictionEnded.name,
  ]

  func events(limit: Int) throws -> [Look.Event] {
    var events: [(event: Look.Event, key: String, count: Int)] = []
    let store = JournalStore(transaction: reading.transaction)
    let entries = try store.youngest(named: Self.names, among: Self.read, limit: Self.looked)
    for entry in entries {
      guard let told = try told(entry), self.path.holds(told.path) else { continue }
      let key = "\(entry.at.milliseconds / 60_000)/\(told.event.text)"
      if let same = events.firstIndex(where: { $0.key == key }) {
        events[same].count += 1
      } else {
        if events.count == limit { break }
        events.append((told.event, key, 1))
      }
    }
    return events.map { event, _, count in
      count == 1
        ? event
        : Look.Event(
          at: event.at, "\(event.text) × \(count)", note: event.note, address: event.address,
          tone: event.tone)
    }
  }

  private func told(_ entry: JournalEntry) throws -> (event: Look.Event, path: PlacePath)? {
    guard let payload = entry.payload else { return nil }
    let fields = try Fields.json(Array(payload.utf8))
    switch entry.name {
    case ObligationEscalated.name: return try escalated(entry, fields)
    case ObligationDone.name: return try done(entry, fields)
    case CaseReported.name: return try reported(entry, fields)
    case ContactConfirmed.name: return try contact(entry, fields)
    case RestrictionStarted.name:
      return try person(entry, fields, look("管控开始", "Restriction began"), .neutral)
    case RestrictionEnded.name:
      return try person(entry, fields, look("管控解除", "Restriction ended"), .done)
    default: return nil
    }
  }

  private func escalated(
    _ entry: JournalEntry, _ fields: Fields
  ) throws -> (event: Look.Event, path: PlacePath)? {
    guard let obligation = try obligation(fields) else { return nil }
    let role = fields["seat"].text.flatMap(Seat.init)?.role ?? ""
    let seat = try reading.policy(OfficesPolicy.self).roles[role].map { look($0.title) } ?? role
    let what = try words(of: obligation)
    return (
      Look.Event(
        at: entry.at, look("\(what)，提级到\(seat)", "\(what): escalated to \(seat)"),
        address: "/obligations/\(Address.escaped(obligation.id.text))", tone: .late),
      obligation.path
    )
  }

  private func done(
    _ entry: JournalEntry, _ fields: Fields
  ) throws -> (event: Look.Event, path: PlacePath)? {
    let isLate = fields["late"] == .flag(true)
    // What was done in time is news in a community, and noise above it.
    let isNear = place.map { $0.level.depth >= PlaceLevel.community.depth } ?? false
    guard isLate || isNear, let obligation = try obligation(fields) else { return nil }
    let what = try words(of: obligation)
    return (
      Look.Event(
        at: entry.at, what, note: isLate ? look("补办", "done late") : look("已办", "done"),
        tone: isLate ? .soon : .done),
      obligation.path
    )
  }

  private func reported(
    _ entry: JournalEntry, _ fields: Fields
  ) throws -> (event: Look.Event, path: PlacePath)? {
    guard let path = try place(fields["district"].text) else { return nil }
    let kind = fields["kind"].text.flatMap(InfectionKind.init)?.words ?? Words("病例", "case")
    let district = try reading.shortAddress(of: path)
    return (
      Look.Event(
        at: entry.at, look("新增\(kind.chinese) · \(district)", "New: \(kind.english) · \(district)"),
        address: "/cases/\(Address.escaped(entry.subject))", tone: .late),
      path
    )
  }

  private func contact(
    _ entry: JournalEntry, _ fields: Fields
  ) throws -> (event: Look.Event, path: PlacePath)? {
    guard let path = try place(fields["home"].text) else { return nil }
    let kind = fields["kind"].text.flatMap(ContactKind.init)?.words ?? Words("接触者", "contact")
    let home = try part(of: path)
    return (
      Look.Event(
        at: entry.at, look("判定\(kind.chinese) · \(home)", "Confirmed: \(kind.english) · \(home)")),
      path
    )
  }

  private func person(
    _ entry: JournalEntry, _ fields: Fields, _ what: String, _ tone: Look.Tone
  ) throws -> (event: Look.Event, path: PlacePath)? {
    guard let id = fields["person"].text,
      let path = try ResidentsStore(reading.transaction).find(PersonID(trusted: id))?.path
    else { return nil }
    return (Look.Event(at: entry.at, "\(what) · \(try part(of: path))", tone: tone), path)
  }

  private func obligation(_ fields: Fields) throws -> Obligation? {
    guard let id = fields["obligation"].text else { return nil }
    return try ObligationStore(reading.transaction).find(ObligationID(trusted: id))
  }

  private func words(of obligation: Obligation) throws -> String {
    let title = reading.assembly.obligationKinds[obligation.kind]?.title
    return look.dotted([
      title.map { look($0) } ?? obligation.kind, try part(of: obligation.path),
    ])
  }

  private func place(_ id: String?) throws -> PlacePath? {
    guard let id else { return nil }
    return try reading.jurisdiction.path(PlaceID(trusted: id), reading.transaction)
  }

  /// Where it was, one level below the wall's place: an event on a wall names no door.
  private func part(of path: PlacePath) throws -> String {
    let depth = min((place?.level.depth ?? -1) + 1, PlaceLevel.building.depth)
    let line = try PlacesStore(reading.transaction).line(to: path)
    return line.last { $0.level.depth <= max(depth, PlaceLevel.district.depth) }?.spoken ?? ""
  }
}

extension Fields {
  /// The text of a value that is one.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}
