import Kernel

@testable import Detection

/// The visit finder as slowly and plainly as it can be: looks at every pair. The oracle of the
/// tests (I-36).
struct NaiveVisits: VisitFinder {
  let visits: [Visit]
  let encounters: [Encounter]

  func crossings(of person: PersonID, in span: TimeSpan) throws -> [Crossing] {
    var found: [Crossing] = []
    for own in visits where own.person == person {
      for theirs in visits where theirs.person != person && theirs.spot == own.spot {
        let from = max(own.span.from, theirs.span.from, span.from)
        let to = min(own.span.to, theirs.span.to, span.to)
        guard from < to else { continue }
        found.append(
          Crossing(
            other: theirs.person, spot: own.spot, venue: own.venue, venueKind: .unknown,
            span: TimeSpan(from, to), source: theirs.source.rawValue))
      }
    }
    for encounter in encounters where [encounter.personA, encounter.personB].contains(person) {
      let from = max(encounter.at - .seconds(encounter.seconds), span.from)
      let to = min(encounter.at, span.to)
      guard from < to else { continue }
      let other = encounter.personA == person ? encounter.personB : encounter.personA
      found.append(
        Crossing(
          other: other, spot: "", venue: nil, venueKind: .encounter, span: TimeSpan(from, to),
          source: "encounter"))
    }
    return found
  }
}

/// Chance that follows from a seed (SplitMix64).
struct SeededChance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
