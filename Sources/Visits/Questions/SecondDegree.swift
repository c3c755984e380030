/// Someone who met a contact after that contact first met a case, and through whom it came.
package struct SecondDegree: Hashable, Sendable {
  package var through: UInt32
  package var companion: Companion
}

extension Inquiry {
  /// Contacts of contacts with the contact through whom it came first; where several came at once,
  /// the one who stands before the others. The figures count what the two had in common from then
  /// on when that contact had first met a case.
  ///
  /// - Parameter precedes: the order of people by their identifiers.
  package func secondDegree(
    through carriers: [Carrier], never: [UInt32], joinsTouching: Bool = true,
    precedes: (UInt32, UInt32) -> Bool
  ) -> [SecondDegree] {
    let found = Spread(self).onward(from: carriers, never: never)
    let known = CarrierTable(carriers, persons: persons)
    var pairs = found.compactMap { onward -> (carrier: Carrier, person: UInt32)? in
      carrier(of: onward, among: known, precedes: precedes).map { ($0, onward.person) }
    }
    // One after another for each carrier, whose own stays are then looked up once.
    pairs.sort { ($0.carrier.person, $0.person) < ($1.carrier.person, $1.person) }
    let rule = MeetingRule(minimumTotal: 1, joinsTouching: joinsTouching)
    var theirs: [CaseStay] = []
    var last: UInt32?
    var result: [SecondDegree] = []
    for (carrier, person) in pairs {
      if carrier.person != last {
        findStays(of: carrier.person, in: SecondSpan(carrier.since, carrier.until))
        theirs = stays.sorted { ($0.day, $0.venue) < ($1.day, $1.venue) }
        last = carrier.person
      }
      if let companion = common(of: person, with: carrier, theirs, rule) {
        result.append(SecondDegree(through: carrier.person, companion: companion))
      }
    }
    return result
  }

  /// Carriers by person, for many look-ups.
  private struct CarrierTable {
    private var places: [UInt32]
    private let carriers: [Carrier]

    init(_ carriers: [Carrier], persons: Int) {
      self.carriers = carriers
      places = [UInt32](repeating: 0, count: persons)
      for (place, carrier) in carriers.enumerated() where Int(carrier.person) < persons {
        places[Int(carrier.person)] = UInt32(place + 1)
      }
    }

    subscript(person: UInt32) -> Carrier? {
      let place = Int(places[Int(person)])
      return place > 0 ? carriers[place - 1] : nil
    }
  }

  /// The carrier who was with a person in the first second of exposure.
  private func carrier(
    of onward: Onward, among known: CarrierTable, precedes: (UInt32, UInt32) -> Bool
  ) -> Carrier? {
    var best: Carrier?
    let second = SecondSpan(onward.first, onward.first + 1)
    findStays(of: onward.person, in: second)
    for stay in stays where stay.enter < stay.leave {
      hits.clear()
      for segment in days[stay.day].segments {
        look(in: segment, at: stay.venue, enter: stay.enter, leave: stay.leave)
      }
      for index in 0..<hits.count {
        guard let carrier = known[hits.person[index]], carrier.since <= onward.first,
          onward.first < carrier.until
        else { continue }
        if let other = best, !precedes(carrier.person, other.person) { continue }
        best = carrier
      }
    }
    return best
  }

  /// What a person and a carrier had in common in the carrier's time.
  private func common(
    of person: UInt32, with carrier: Carrier, _ theirs: [CaseStay], _ rule: MeetingRule
  ) -> Companion? {
    findStays(of: person, in: SecondSpan(carrier.since, carrier.until))
    var spans: [SpanGroups.Span] = []
    for stay in stays {
      var low = 0
      var high = theirs.count
      while low < high {
        let middle = (low + high) / 2
        let other = theirs[middle]
        if (other.day, other.venue) < (stay.day, stay.venue) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      while low < theirs.count, theirs[low].day == stay.day, theirs[low].venue == stay.venue {
        let start = max(theirs[low].enter, stay.enter)
        let end = min(theirs[low].leave, stay.leave)
        let begin = days[stay.day].begin
        if start < end {
          spans.append(
            SpanGroups.Span(
              person: person, venue: UInt32(stay.venue), start: start + begin, end: end + begin))
        }
        low += 1
      }
    }
    return spans.withUnsafeMutableBufferPointer { group in
      group.isEmpty ? nil : SpanGroups.joined(group, rule)
    }
  }
}
