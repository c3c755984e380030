/// Contacts of contacts: everyone who was near a carrier after that carrier could pass it on.
///
/// Days are taken in order, so that whoever was found on an earlier day need not be looked at
/// again; near the end only the few who are left are looked at.
package final class Spread {
  private let inquiry: Inquiry
  private let persons: Int
  /// For each person: the place in `carriers` plus 1, or 0.
  private let carrierOf: GrowingMemory<UInt32>
  private let first: GrowingMemory<UInt32>
  private let settled: GrowingMemory<UInt64>
  private let found = GrowingMemory<UInt32>()
  private let stretches = GrowingMemory<Stretch>()
  private let scratch = GrowingMemory<Stretch>()
  private let pairs = GrowingMemory<UInt64>()
  private let pairScratch = GrowingMemory<UInt64>()
  private let targets = GrowingMemory<UInt64>()
  private let exposed = GrowingMemory<UInt64>()
  private var carriers: [Carrier] = []
  private var foundCount = 0
  private var left = 0

  /// Seconds of a day at a venue during which some carrier was there.
  struct Stretch {
    var venue: UInt32
    var start: UInt32
    var end: UInt32
  }

  /// A row around which all others are looked at costs about as much as so many looked at in turn.
  private let targetCost: Int

  /// Asks over the segments of an inquiry.
  package init(_ inquiry: Inquiry, targetCost: Int = 400) {
    self.inquiry = inquiry
    self.targetCost = targetCost
    persons = inquiry.persons
    carrierOf = GrowingMemory(capacity: persons + 1)
    first = GrowingMemory(capacity: persons + 1)
    settled = GrowingMemory(capacity: persons / 64 + 1)
  }

  /// Everyone, other than the carriers and those never to be listed, who had a common second with
  /// a carrier inside that carrier's time; each person once, with the first such second.
  package func onward(from carriers: [Carrier], never: [UInt32]) -> [Onward] {
    begin(carriers, never)
    for day in inquiry.days {
      let before = foundCount
      spread(on: day)
      for index in before..<foundCount { settle(found.base[index]) }
    }
    return (0..<foundCount).map { index in
      let person = found.base[index]
      return Onward(person: person, first: first.base[Int(person)])
    }
  }

  private func begin(_ all: [Carrier], _ never: [UInt32]) {
    carrierOf.base.update(repeating: 0, count: persons)
    first.base.update(repeating: .max, count: persons)
    settled.base.update(repeating: 0, count: persons / 64 + 1)
    carriers.removeAll(keepingCapacity: true)
    foundCount = 0
    left = persons
    for carrier in all where Int(carrier.person) < persons {
      let known = Int(carrierOf.base[Int(carrier.person)])
      if known > 0 {
        carriers[known - 1].since = min(carriers[known - 1].since, carrier.since)
        carriers[known - 1].until = max(carriers[known - 1].until, carrier.until)
      } else {
        carriers.append(carrier)
        carrierOf.base[Int(carrier.person)] = UInt32(carriers.count)
        settle(carrier.person)
      }
    }
    for person in never where Int(person) < persons && !isSettled(person) { settle(person) }
  }

  @inline(__always)
  private func isSettled(_ person: UInt32) -> Bool {
    settled.base[Int(person >> 6)] >> UInt64(person & 63) & 1 != 0
  }

  private func settle(_ person: UInt32) {
    settled.base[Int(person >> 6)] |= 1 << UInt64(person & 63)
    left -= 1
  }

  @inline(__always)
  private func expose(_ person: UInt32, at second: UInt32) {
    guard !isSettled(person) else { return }
    let known = first.base[Int(person)]
    if known == .max {
      found.reserve(foundCount &+ 1, keeping: foundCount)
      found.base[foundCount] = person
      foundCount &+= 1
    }
    if second < known { first.base[Int(person)] = second }
  }

  /// One day: either all rows of the venues where carriers were, or only the rows of those left.
  private func spread(on day: Inquiry.DaySegments) {
    let rows = day.segments.reduce(0) { $0 + $1.rows }
    let active = carriers.lazy.filter { carrier in
      UInt64(carrier.since) < UInt64(day.begin) + UInt64(Stay.day) && day.begin < carrier.until
    }.count
    guard active > 0, left > 0 else { return }
    let full = rows + 50 * active * max(rows / max(persons, 1), 1)
    if let targetRows = targetRows(on: day, atMost: full / targetCost) {
      for number in day.segments.indices { lookAtTargets(day, number, targetRows[number]) }
    } else {
      collectStretches(day)
      sweep(day)
    }
  }

  // MARK: - Everyone in the venues of carriers

  /// The stretches of all carriers, by venue.
  private func collectStretches(_ day: Inquiry.DaySegments) {
    stretchCount = 0
    for segment in day.segments {
      var count = 0
      for (index, carrier) in carriers.enumerated()
      where UInt64(carrier.since) < UInt64(day.begin) + UInt64(Stay.day)
        && day.begin < carrier.until
      {
        let places = segment.places(of: carrier.person)
        pairs.reserve(count + places.count, keeping: count)
        for place in places {
          pairs.base[count] = UInt64(segment.rowOf[place]) << 32 | UInt64(index)
          count &+= 1
        }
      }
      addStretches(of: segment, count)
    }
    if day.segments.count > 1 {
      scratch.reserve(stretchCount, keeping: 0)
      let moved = RadixSort.sort(
        stretches.base, scratch: scratch.base, count: stretchCount, bits: 0..<32,
        key: { UInt64($0.venue) })
      if moved { stretches.base.update(from: scratch.base, count: stretchCount) }
    }
  }

  private var stretchCount = 0

  /// Takes the rows in order, so that venues are found by walking on.
  private func addStretches(of segment: Segment, _ count: Int) {
    pairScratch.reserve(count, keeping: 0)
    let moved = RadixSort.sort(
      pairs.base, scratch: pairScratch.base, count: count,
      bits: 32..<32 + RadixSort.bits(below: segment.rows), key: { $0 })
    let sorted = moved ? pairScratch.base : pairs.base
    stretches.reserve(stretchCount + count, keeping: stretchCount)
    var venue = 0
    for index in 0..<count {
      let row = Int(sorted[index] >> 32)
      let carrier = carriers[Int(sorted[index] & 0xFFFF_FFFF)]
      while Int(segment.venueStart[venue &+ 1]) <= row { venue &+= 1 }
      let stay = segment.stay[row]
      let since = carrier.since > segment.begin ? carrier.since &- segment.begin : 0
      let start = max(Stay.enter(stay), since)
      let end = min(Stay.leave(stay), carrier.until &- segment.begin)
      guard start < end else { continue }
      stretches.base[stretchCount] = Stretch(
        venue: UInt32(truncatingIfNeeded: venue), start: start, end: end)
      stretchCount &+= 1
    }
  }

  /// Goes through the stretches of one venue after another.
  private func sweep(_ day: Inquiry.DaySegments) {
    var low = 0
    while low < stretchCount {
      let venue = stretches.base[low].venue
      var high = low &+ 1
      while high < stretchCount, stretches.base[high].venue == venue { high &+= 1 }
      let group = UnsafeMutableBufferPointer(
        start: stretches.base.advanced(by: low), count: high &- low)
      let count = Self.join(group)
      for segment in day.segments { sweep(segment, Int(venue), group, count) }
      low = high
    }
  }

  /// Sorts the stretches of a venue and joins those that touch; gives how many are left.
  private static func join(_ group: UnsafeMutableBufferPointer<Stretch>) -> Int {
    var isInOrder = true
    for index in 1..<max(group.count, 1) where group[index].start < group[index - 1].start {
      isInOrder = false
    }
    if !isInOrder {
      var group = group
      group.sort { $0.start < $1.start }
    }
    var last = 0
    for index in 1..<max(group.count, 1) {
      if group[index].start <= group[last].end {
        group[last].end = max(group[last].end, group[index].end)
      } else {
        last &+= 1
        group[last] = group[index]
      }
    }
    return last + 1
  }

  /// Finds everyone at a venue who has a second in common with a stretch. Rows and stretches are
  /// both in order of begin, so both are walked once.
  private func sweep(
    _ segment: Segment, _ venue: Int, _ group: UnsafeMutableBufferPointer<Stretch>, _ count: Int
  ) {
    let all = segment.rows(of: venue)
    guard !all.isEmpty, let stretch = group.baseAddress else { return }
    let bound = segment.lengthBound(of: venue)
    let from = stretch[0].start > bound ? stretch[0].start &- bound : 0
    let low = segment.firstRow(in: all, from: from)
    let end = Stay.make(enter: min(stretch[count &- 1].end, Stay.day), length: 0)
    exposed.reserve(all.count, keeping: 0)
    let (stays, people, exposed) = (segment.stay, segment.person, exposed.base)
    var number = 0
    var next = 0
    var row = low
    while row < all.upperBound, stays[row] < end {
      let enter = Stay.enter(stays[row])
      while stretch[number].end <= enter, number &+ 1 < count { number &+= 1 }
      let start = max(enter, stretch[number].start)
      exposed[next] = UInt64(people[row]) << 32 | UInt64(start)
      next &+= start < min(Stay.leave(stays[row]), stretch[number].end) ? 1 : 0
      row &+= 1
    }
    for index in 0..<next {
      expose(
        UInt32(truncatingIfNeeded: exposed[index] >> 32),
        at: UInt32(truncatingIfNeeded: exposed[index]) &+ segment.begin)
    }
  }

  // MARK: - Only those who are left

  /// The rows of those not yet found, for each segment; `nil` when they are too many.
  private func targetRows(on day: Inquiry.DaySegments, atMost most: Int) -> [Range<Int>]? {
    guard left <= most else { return nil }
    var ranges: [Range<Int>] = []
    var count = 0
    for segment in day.segments {
      let begin = count
      for word in 0..<(persons + 63) / 64 {
        var open = ~settled.base[word]
        while open != 0 {
          let person = UInt32(word * 64 + open.trailingZeroBitCount)
          open &= open &- 1
          for place in segment.places(of: person) {
            targets.reserve(count + 1, keeping: count)
            targets.base[count] = UInt64(segment.rowOf[place])
            count += 1
          }
        }
        if count > most { return nil }
      }
      ranges.append(begin..<count)
    }
    return ranges
  }

  /// Looks at everyone around the rows of those who are left, for carriers.
  private func lookAtTargets(_ day: Inquiry.DaySegments, _ number: Int, _ range: Range<Int>) {
    let own = day.segments[number]
    for index in range {
      let row = Int(targets.base[index])
      let venue = own.venue(of: row)
      let enter = Stay.enter(own.stay[row])
      let leave = Stay.leave(own.stay[row])
      let person = own.person[row]
      for segment in day.segments {
        let all = segment.rows(of: venue)
        guard !all.isEmpty else { continue }
        let bound = segment.lengthBound(of: venue)
        var other = segment.firstRow(in: all, from: enter > bound ? enter &- bound : 0)
        let end = Stay.make(enter: leave, length: 0)
        while other < all.upperBound, segment.stay[other] < end {
          let known = Int(carrierOf.base[Int(segment.person[other])])
          if known > 0 {
            let carrier = carriers[known &- 1]
            let since = carrier.since > segment.begin ? carrier.since &- segment.begin : 0
            let until = carrier.until > segment.begin ? carrier.until &- segment.begin : 0
            let start = max(Stay.enter(segment.stay[other]), enter, since)
            let stop = min(Stay.leave(segment.stay[other]), leave, until)
            if start < stop { expose(person, at: start &+ segment.begin) }
          }
          other &+= 1
        }
      }
    }
  }
}
