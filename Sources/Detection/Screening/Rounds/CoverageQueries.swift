import Gazette
import Kernel
import Registry

/// How much of a round's list is tested, as a whole and by each place of a level. Shows nobody's data.
package struct CountRound: Query {
  /// One place.
  package struct Line: Codable, Sendable {
    /// The statistical code, or the identifier; nil for whoever is known by no place of the level.
    package let code: String?
    package let name: String
    package let listed: Int
    package let exempt: Int
    package let tested: Int
    package let untested: Int
    /// Whose swab was taken, with a result or without.
    package let swabbed: Int
  }

  package struct Answer: Codable, Sendable {
    package let round: RoundID
    package let listed: Int
    package let exempt: Int
    package let away: Int
    package let refused: Int
    package let reswab: Int
    package let sampled: Int
    package let tested: Int
    package let missing: Int
    package let coverage: Double
    /// Who was swabbed and stands on no list, counted apart.
    package let unlistedSwabbed: Int
    package let unlistedTested: Int
    /// Who was swabbed in the area before, is on no list, and of whom nobody knows where they live.
    package let withoutHome: Int
    package let frozen: Bool
    package let by: [Line]

    private enum CodingKeys: String, CodingKey {
      case round
      case listed
      case exempt
      case away
      case refused
      case reswab
      case sampled
      case tested
      case missing
      case coverage
      case frozen
      case by
      case unlistedSwabbed = "unlisted_swabbed"
      case unlistedTested = "unlisted_tested"
      case withoutHome = "without_home"
    }
  }

  package static let name = "screening.coverage"
  package static let duty: Duty = "screening.count"
  package static let purposes: [Purpose] = []
  package let round: RoundID
  package let by: PlaceLevel?
  /// A part of the round's area; all of it when nothing is said.
  package let place: PlaceID?

  package init(round: RoundID, by: PlaceLevel? = nil, place: PlaceID? = nil) {
    self.round = round
    self.by = by
    self.place = place
  }

  package func area(in reading: Reading) throws -> Area {
    if let place { return .place(place) }
    return .path(try ScreeningRoundStore(reading.transaction).get(round).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let round = try ScreeningRoundStore(reading.transaction).get(round)
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? round.path
    let roster = RosterStore(reading.transaction)
    var all = RosterCounts()
    var parts: [Line] = []
    if let by {
      // Every cell is read for the parts: what they come to is the whole.
      (parts, all) = try lines(by: by, in: path, of: round, reading)
    } else if round.erasedAt == nil {
      all = try roster.counts(of: round.id, in: path)
    } else {
      try roster.eachTotal(of: round.id, in: path) { all += $1 }
    }
    let unlisted = try SwabsStore(reading.transaction).unlisted(in: round.id)
    return Answer(
      round: round.id, listed: all.listed, exempt: all.exempt, away: all.away,
      refused: all.refused, reswab: all.reswab, sampled: all.sampled, tested: all.tested,
      missing: all.missing, coverage: all.coverage,
      unlistedSwabbed: unlisted.swabbed, unlistedTested: unlisted.tested,
      withoutHome: round.withoutHome, frozen: round.frozenAt != nil, by: parts)
  }

  private func lines(
    by level: PlaceLevel, in path: PlacePath, of round: ScreeningRound, _ reading: Reading
  ) throws -> (lines: [Line], all: RosterCounts) {
    let places = PlacesStore(reading.transaction)
    // A round over a community has no streets inside it: then the places above stand for it.
    let inside = try places.inside(path, level: level, limit: 200_000)
    let above = try inside.isEmpty ? places.line(to: path).filter { $0.level == level } : []
    let known = Dictionary((inside + above).map { ($0.path, $0) }) { first, _ in first }
    var counts: [PlacePath: RosterCounts] = [:]
    var elsewhere = RosterCounts()
    var all = RosterCounts()
    let roster = RosterStore(reading.transaction)
    let each = round.erasedAt == nil ? roster.eachCount : roster.eachTotal
    try each(round.id, path) { cell, count in
      all += count
      if known[cell] != nil {
        counts[cell, default: RosterCounts()] += count
      } else if let place = cell.ancestors.first(where: { known[$0] != nil }) {
        counts[place, default: RosterCounts()] += count
      } else {
        elsewhere += count
      }
    }
    var lines = counts.sorted { $0.key < $1.key }.compactMap { path, count in
      known[path].map { Self.line($0.code ?? $0.id.text, $0.name, count) }
    }
    if elsewhere.listed > 0 {
      lines.append(
        Self.line(nil, Words("未细分到该层级", "not known by this level")(reading.language), elsewhere))
    }
    return (lines, all)
  }

  private static func line(_ code: String?, _ name: String, _ counts: RosterCounts) -> Line {
    Line(
      code: code, name: name, listed: counts.listed, exempt: counts.exempt,
      tested: counts.tested, untested: counts.untested,
      swabbed: counts.sampled + counts.tested)
  }
}

/// Who should have been tested and has no result, by building and door, with the reason where there is
/// one.
package struct ListUntested: Query {
  /// One person.
  package struct Line: Codable, Sendable {
    package let person: PersonID
    package let name: String?
    package let community: String?
    package let building: String?
    package let entrance: String?
    package let floor: String?
    package let room: String?
    /// `missing`, `away`, `refused`, `reswab` or `sampled`, with the reason behind a colon.
    package let reason: String
    /// Why the person is on the list: `resident`, `named`, `contact`, `need`, `unreached` or `repeated`.
    package let listed: String

    /// By community, building and door.
    fileprivate var order: (String, String, String, String, PersonID) {
      (community ?? "", building ?? "", entrance ?? "", room ?? "", person)
    }
  }

  package struct Answer: Codable, Sendable {
    package let lines: [Line]
    /// Where the next page begins; nil after the last.
    package let after: String?
  }

  package static let name = "screening.untested"
  package static let duty: Duty = "screening.read"
  package static let purposes: [Purpose] = [.fieldwork, .containment, .supervision, .exchange]
  private static let cellsPerPage = 100
  package let round: RoundID
  package let place: PlaceID?
  package let after: String?
  /// Whether those who need not be tested are in it, too, with the reason.
  package let exempt: Bool?

  package init(
    round: RoundID, place: PlaceID? = nil, after: String? = nil, exempt: Bool = false
  ) {
    self.round = round
    self.place = place
    self.after = after
    self.exempt = exempt
  }

  package func area(in reading: Reading) throws -> Area {
    if let place { return .place(place) }
    return .path(try ScreeningRoundStore(reading.transaction).get(round).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let round = try ScreeningRoundStore(reading.transaction).get(round)
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? round.path
    let cells = try RosterStore(reading.transaction).unfinished(
      of: round.id, in: path, withExempt: exempt == true, after: Self.key(after),
      limit: Self.cellsPerPage)
    let members = cells.flatMap { cell in
      cell.members.filter {
        $0.now.standing != .tested && ($0.now.standing != .exempt || exempt == true)
      }
    }
    let residents = try ResidentsStore(reading.transaction).current(Set(members.map(\.person)))
    var doors = DoorNames(reading)
    let found = try members.map { member in
      try line(member, residents[member.person], &doors)
    }
    if place == nil {
      reading.disclose(everybodyIn: path)
    } else {
      for member in members { reading.disclose(member.person) }
    }
    let last = cells.count == Self.cellsPerPage ? cells.last?.key : nil
    return Answer(
      lines: found.sorted {
        $0.order < $1.order
      }, after: last.map { "\($0.number)/\($0.path.text)" })
  }

  private static func key(_ text: String?) -> RosterCell.Key? {
    guard let text, let slash = text.firstIndex(of: "/"), let number = Int(text[..<slash]) else {
      return nil
    }
    return RosterCell.Key(
      path: PlacePath(String(text[text.index(after: slash)...])), number: number)
  }

  private func line(
    _ member: RosterMember, _ resident: Resident?, _ doors: inout DoorNames
  ) throws -> Line {
    let door = try doors.door(resident?.path)
    let stand = member.now
    let reason =
      stand.reason == .none
      ? stand.standing.rawValue : "\(stand.standing.rawValue):\(stand.reason.rawValue)"
    return Line(
      person: member.person, name: resident?.name.map { Mask.name($0.revealed) },
      community: door[.community]?.code ?? door[.community]?.name,
      building: door[.building]?.name, entrance: door[.entrance]?.name,
      floor: door[.household]?.floor.map(String.init),
      room: door[.household]?.name, reason: reason, listed: member.listing.rawValue)
  }
}

/// What the places above doors are called, each looked up once.
struct DoorNames {
  private let store: PlacesStore
  private var known: [PlacePath: [PlaceLevel: Place]] = [:]

  init(_ reading: Reading) { store = PlacesStore(reading.transaction) }

  /// The places from the city down to a home, by level.
  mutating func door(_ path: PlacePath?) throws -> [PlaceLevel: Place] {
    guard let path else { return [:] }
    if let door = known[path] { return door }
    let line = try store.line(to: path)
    let door = Dictionary(line.map { ($0.level, $0) }) { _, last in last }
    known[path] = door
    return door
  }
}
