import Kernel
import Simulator
import Town

/// The files of people who turned out to be one person, followed by hand.
struct NaiveFiles: Sendable {
  private let mergedInto: [String: String]

  init(of town: Town) async throws {
    let rows = try await town.rows(
      "SELECT id, merged_into FROM person WHERE merged_into IS NOT NULL")
    mergedInto = Dictionary(rows.map { ($0.text(0), $0.text(1)) }) { first, _ in first }
  }

  /// The one file in which a person lives on.
  func current(_ person: String) -> String {
    var person = person
    while let next = mergedInto[person] { person = next }
    return person
  }
}

extension NaiveChecks {
  /// People counted by walking from their door up the links of places (I-1).
  func people() async throws -> [String] {
    var parents: [String: String] = [:]
    for row in try await town.rows("SELECT id, parent FROM place") {
      parents[row.text(0)] = row.optionalText(1)
    }
    var counts: [String: Int] = [:]
    var away: [String: Int] = [:]
    for row in try await town.rows(
      "SELECT home, away_since FROM person WHERE merged_into IS NULL")
    {
      var place: String? = row.text(0)
      while let here = place {
        counts[here, default: 0] += 1
        if row.optionalInstant(1) != nil { away[here, default: 0] += 1 }
        place = parents[here]
      }
    }
    var faults: [String] = []
    // The city each day, and in turn two of the levels below it.
    let below: [Town.Spot] = [
      .district, .street, .community, .otherCommunity, .estate, .grid, .building, .entrance,
    ]
    let turn = Day(of: now, in: .china).number % (below.count / 2)
    let levels: [Town.Spot] = [.city, below[turn], below[turn + below.count / 2]]
    for spot in levels {
      let answer = try await ask(
        "residents.counts", ["place": .text(spot.rawValue)], for: .supervision)
      let children = answer["children"].items
      let total = answer["total"]["residents"].whole
      if total != counts[spot.rawValue] ?? 0
        || answer["total"]["away"].whole != away[spot.rawValue] ?? 0
      {
        faults.append("I-1: \(spot) says \(total), there are \(counts[spot.rawValue] ?? 0)")
      }
      let sum = children.reduce(answer["directly"].whole) { $0 + $1["residents"].whole }
      if sum != total { faults.append("I-1: the parts of \(spot) add up to \(sum), not \(total)") }
    }
    return faults
  }

  /// One contact per person with all evidence, never of oneself, never without a case (I-33, I-34).
  func contacts() async throws -> [String] {
    let files = try await NaiveFiles(of: town)
    var faults: [String] = []
    var live: [String: String] = [:]
    let contacts = try await town.rows("SELECT id, person, state FROM contact ORDER BY id")
    let exposures = Dictionary(
      grouping: try await town.rows(
        """
        SELECT exposure.contact, exposure.person, exposure.via, exposure.degree, exposure.kind,
          exposure.from_at, exposure.to_at, investigation.person, exposure.infection
        FROM exposure
        LEFT JOIN investigation ON investigation.infection = exposure.infection
        ORDER BY exposure.contact, exposure.from_at
        """)
    ) { $0.text(0) }
    for contact in contacts where ["proposed", "confirmed"].contains(contact.text(2)) {
      let (id, person) = (contact.text(0), files.current(contact.text(1)))
      if let other = live.updateValue(id, forKey: person) {
        faults.append("I-34: \(person) is two contacts, \(other) and \(id)")
      }
      let mine = exposures[id] ?? []
      if mine.isEmpty { faults.append("I-34: the contact \(id) rests on nothing") }
      for exposure in mine {
        let exposed = files.current(exposure.text(1))
        if exposed != person { faults.append("I-34: \(id) holds the exposure of somebody else") }
        if exposure.optionalText(7) == nil { faults.append("I-33: \(id) was exposed to no case") }
        if exposed == files.current(exposure.text(7)) || exposed == exposure.optionalText(2) {
          faults.append("I-33: \(id) is a contact of itself")
        }
        if exposure.instant(6) > now { faults.append("I-33: \(id) was exposed in the future") }
      }
    }
    return faults
  }
}

extension Fields {
  /// The whole number, 0 when it is none.
  var whole: Int { if case .integer(let number) = self { Int(number) } else { 0 } }
}
