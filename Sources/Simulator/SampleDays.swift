import Kernel

/// A made-up stay of a made-up person, as one row of a visits' file.
package struct SampleVisit: Sendable {
  package let person: Int
  package let venue: Int
  package let from: Instant
  package let to: Instant
}

/// A made-up infection.
package struct SampleInfection: Sendable {
  package let person: Int
  package let infectedOn: Day
  /// Nil for one without symptoms.
  package let onset: Day?
  package let reportedAt: Instant
  /// A code of the policy's list of sources.
  package let source: String
  package let district: String

  /// The same infection, reported at another moment.
  func reported(at moment: Instant) -> SampleInfection {
    SampleInfection(
      person: person, infectedOn: infectedOn, onset: onset, reportedAt: moment, source: source,
      district: district)
  }
}

/// Two weeks of going about: who was where, and whom the infection reached.
///
/// The spread is simple on purpose (household and shared venue, fixed chances): it feeds the
/// product with plausible days and is no model of any disease.
package struct SampleDays: Sendable {
  package let venues: [String]
  package let visits: [SampleVisit]
  package let infections: [SampleInfection]

  private static let zone = Zone.china
  private static let mostSeeds = 5
  private static let peopleToASeed = 4_000

  /// With how many infections a district's outbreak begins: with more in a small town everybody
  /// would be somebody's contact within two weeks.
  package static func seeds(among residents: Int) -> Int {
    min(mostSeeds, max(1, residents / peopleToASeed))
  }

  /// Plays days from `first` to `last` for the people of a district.
  package init(
    district: SampleDistrict, code: String, first: Day, last: Day, seeds: Int, seed: UInt64
  ) {
    var days = DayPlayer(district: district, code: code, chance: Chance(seed: seed))
    days.infect(seeds: seeds, on: first)
    for number in first.number...last.number { days.play(Day(number: number)) }
    venues = days.venues
    visits = days.visits
    infections = days.infections.values.sorted {
      ($0.reportedAt, $0.person) < ($1.reportedAt, $1.person)
    }
    .filter { $0.reportedAt < last.end(in: Self.zone) }
  }

  /// The columns of a visits' file.
  package func fields(of visit: SampleVisit, in district: SampleDistrict) -> Fields {
    .object([
      "person": .text(district.residents[visit.person].person),
      "venue": .text(venues[visit.venue]), "from": .text(visit.from.text(in: Self.zone)),
      "to": .text(visit.to.text(in: Self.zone)), "source": .text("venue_code"),
    ])
  }

  /// The columns of a cases' file; the number is the case's.
  package func fields(
    of infection: SampleInfection, number: Int, in district: SampleDistrict
  ) -> Fields {
    let resident = district.residents[infection.person]
    var members: [String: Fields] = [
      "case": .text("C\(number)"), "person": .text(resident.person),
      "kind": .text(infection.onset == nil ? "asymptomatic" : "confirmed"),
      "source": .text(infection.source), "district": .text(infection.district),
      "found_in": .text(infection.district),
      "reported_at": .text(infection.reportedAt.text(in: Self.zone)),
      "sampled_at": .text((infection.reportedAt - .hours(7)).text(in: Self.zone)),
    ]
    if let onset = infection.onset { members["onset_on"] = .text(onset.text) }
    return .object(members)
  }
}

/// Plays one day after another.
private struct DayPlayer {
  let district: SampleDistrict
  let code: String
  var chance: Chance
  var venues: [String] = []
  var visits: [SampleVisit] = []
  var infections: [Int: SampleInfection] = [:]
  private var habits: [[Int]] = []
  private var households: [String: [Int]] = [:]

  private static let kinds = ["农贸市场", "超市", "餐馆", "小学", "写字楼", "药店", "地铁口"]
  private static let peoplePerVenue = 30
  /// When venues are open, in minutes of the day, and how long their busy hours are.
  private static let open = 420...1_140
  private static let busyMinutes = 120
  private static let inBusyHours = 0.7
  /// Chances of infection in a day: at home with a case, and at a venue at the same time.
  private static let atHome = 0.18
  private static let atVenue = 0.22

  init(district: SampleDistrict, code: String, chance: Chance) {
    self.district = district
    self.code = code
    self.chance = chance
    let count = max(8, district.residents.count / Self.peoplePerVenue)
    venues = (0..<count).map { index in
      "\(code)-\(Self.kinds[index % Self.kinds.count])\(index / Self.kinds.count + 1)"
    }
    for (index, resident) in district.residents.enumerated() {
      households[resident.household, default: []].append(index)
      // People go where they live: venues near their own place in the list, one now and then far.
      let near = index * count / district.residents.count
      habits.append([near, (near + index % 5) % count, self.chance.number(0...(count - 1))])
    }
  }

  mutating func infect(seeds: Int, on day: Day) {
    for _ in 0..<seeds {
      infect(chance.number(0...(district.residents.count - 1)), on: day, source: "clinic")
    }
  }

  private mutating func infect(_ person: Int, on day: Day, source: String) {
    guard infections[person] == nil else { return }
    let symptoms = chance.happens(0.6)
    let onset = day + chance.number(2...5)
    let reported = onset.start(in: .china) + .minutes(chance.number(360...1_380))
    infections[person] = SampleInfection(
      person: person, infectedOn: day, onset: symptoms ? onset : nil, reportedAt: reported,
      source: source, district: code)
  }

  mutating func play(_ day: Day) {
    let start = day.start(in: .china)
    var present: [Int: [SampleVisit]] = [:]
    for person in district.residents.indices where chance.happens(0.55) {
      if isIsolated(person, on: day) { continue }
      let venue = habits[person][chance.number(0...2)]
      let from = start + .minutes(arrival(at: venue))
      let visit = SampleVisit(
        person: person, venue: venue, from: from, to: from + .minutes(chance.number(8...60)))
      visits.append(visit)
      present[venue, default: []].append(visit)
    }
    spread(on: day, present: present)
  }

  /// Most come in the venue's busy hours: the market's are in the morning, the restaurant's at noon.
  private mutating func arrival(at venue: Int) -> Int {
    guard chance.happens(Self.inBusyHours) else { return chance.number(Self.open) }
    let busy = Self.open.lowerBound + venue * 97 % (Self.open.count - Self.busyMinutes)
    return chance.number(busy...(busy + Self.busyMinutes))
  }

  private func isIsolated(_ person: Int, on day: Day) -> Bool {
    infections[person].map { $0.reportedAt < day.start(in: .china) } ?? false
  }

  private mutating func spread(on day: Day, present: [Int: [SampleVisit]]) {
    let infectious = infections.values.filter {
      day - $0.infectedOn >= 2 && $0.reportedAt > day.start(in: .china)
    }
    .sorted { $0.person < $1.person }
    for one in infectious {
      for other in households[district.residents[one.person].household] ?? []
      where other != one.person && chance.happens(Self.atHome) {
        infect(other, on: day, source: "isolation")
      }
      for (_, stays) in present.sorted(by: { $0.key < $1.key }) {
        guard let own = stays.first(where: { $0.person == one.person }) else { continue }
        for stay in stays
        where stay.person != one.person && stay.from < own.to && own.from < stay.to {
          if chance.happens(Self.atVenue) {
            infect(stay.person, on: day, source: found())
          }
        }
      }
    }
  }

  private mutating func found() -> String {
    chance.pick(["isolation", "isolation", "isolation", "community_screening", "contact_screening"])
  }
}
