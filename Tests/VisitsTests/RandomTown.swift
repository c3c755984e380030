@testable import Visits

/// Visits with everything that can be odd about them.
struct RandomTown {
  var visits: [Visit] = []
  let people: UInt32
  let venues: UInt32
  static let begin: UInt32 = 19_000 * 86_400

  init(seed: UInt64, count: Int, people: UInt32, venues: UInt32, days: UInt32) {
    var seed = Seed(seed)
    self.people = people
    self.venues = venues
    for _ in 0..<count {
      var from = Self.begin + UInt32.random(in: 0..<days * 86_400, using: &seed)
      // Many begin on the hour, so that clocks tie.
      if Bool.random(using: &seed) { from = from / 3_600 * 3_600 }
      let length: UInt32
      switch UInt32.random(in: 0..<20, using: &seed) {
      case 0: length = 0
      case 1: length = UInt32.random(in: 30_000...40_000, using: &seed)
      case 2: length = UInt32.random(in: 80_000...200_000, using: &seed)
      case 3: length = 3_600
      default: length = UInt32.random(in: 1...9_000, using: &seed)
      }
      var visit = Visit(
        person: .random(in: 0..<people, using: &seed),
        venue: .random(in: 0..<venues, using: &seed), from: from, to: from + length,
        source: .random(in: 0..<3, using: &seed))
      if UInt32.random(in: 0..<30, using: &seed) == 0 { swap(&visit.from, &visit.to) }
      visits.append(visit)
      if UInt32.random(in: 0..<10, using: &seed) == 0 { visits.append(visit) }
      if UInt32.random(in: 0..<10, using: &seed) == 0 {
        visit.venue = .random(in: 0..<venues, using: &seed)
        visits.append(visit)
      }
    }
  }

  /// The segments of all visits, put in as so many parts one after another.
  func inquiry(parts: Int) throws -> Inquiry {
    var segments: [Segment] = []
    for part in 0..<parts {
      let rows = DayRows()
      for (index, visit) in visits.enumerated() where index % parts == part { rows.add(visit) }
      segments += try rows.segments()
    }
    return Inquiry(segments)
  }
}

extension CompanionTable {
  /// All rows by person.
  var rows: [Companion] { (0..<count).map { self[$0] }.sorted { $0.person < $1.person } }
}
