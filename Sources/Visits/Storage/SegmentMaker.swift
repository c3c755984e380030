/// Sorts the stays of a day and lays them out as a segment.
struct SegmentMaker {
  let day: UInt32
  let rows: UnsafeMutablePointer<StayRow>
  let scratch: UnsafeMutablePointer<StayRow>
  let count: Int

  /// One more than the largest ids, over all rows.
  private var persons = 0
  private var venues = 0
  /// The last entry of the log that is among the rows.
  var sequence: UInt64 = 0

  /// Takes rows in any order; both stretches of memory are overwritten.
  init(
    day: UInt32, rows: UnsafeMutablePointer<StayRow>, scratch: UnsafeMutablePointer<StayRow>,
    count: Int
  ) {
    self.day = day
    self.rows = rows
    self.scratch = scratch
    self.count = count
  }

  /// The segment as bytes in memory, with its header.
  mutating func make() throws(VisitFault) -> (region: Region, form: SegmentForm) {
    guard count < Int(Int32.max) else { throw VisitFault(.tooManyRows) }
    var form = surveyed()
    form.arrange()
    let region = try Region(zeroed: form.fileBytes)
    let sorted = byVenue()
    fillVenues(sorted, region, form)
    fillRows(sorted, region, form)
    fillPersons(sorted, other: sorted == rows ? scratch : rows, region, form)
    form.seal(region)
    return (region, form)
  }

  /// Looks at all rows once: the bounds and whether they share a source.
  private mutating func surveyed() -> SegmentForm {
    var form = SegmentForm()
    var person: UInt32 = 0
    var venue: UInt32 = 0
    var source: UInt32 = count > 0 ? rows[0].source : 0
    for index in 0..<count {
      let row = rows[index]
      person = max(person, row.person)
      venue = max(venue, row.venue)
      if row.source != source { source = SegmentForm.perRow }
    }
    persons = count > 0 ? Int(person) + 1 : 0
    venues = count > 0 ? Int(venue) + 1 : 0
    form.day = day
    form.sequence = sequence
    form.rows = count
    (form.persons, form.venues) = (persons, venues)
    form.personWidth = PackedColumn.width(upTo: persons)
    form.rowWidth = PackedColumn.width(upTo: count)
    form.source = source
    return form
  }

  /// Sorts by begin, unless the rows came in that order, and then by venue.
  private func byVenue() -> UnsafeMutablePointer<StayRow> {
    var from = rows
    var to = scratch
    var isInOrder = true
    for index in 1..<max(count, 1) where from[index - 1].stay >> 15 > from[index].stay >> 15 {
      isInOrder = false
      break
    }
    if !isInOrder {
      let moved = RadixSort.sort(
        from, scratch: to, count: count, bits: 15..<32, key: { UInt64($0.stay) })
      if moved { swap(&from, &to) }
    }
    let moved = RadixSort.sort(
      from, scratch: to, count: count, bits: 0..<RadixSort.bits(below: venues),
      key: { UInt64($0.venue) })
    return moved ? to : from
  }

  private func fillVenues(
    _ sorted: UnsafeMutablePointer<StayRow>, _ region: Region, _ form: SegmentForm
  ) {
    let start = region.pointer(at: form.range(.venueStart).lowerBound, as: UInt32.self)
    let longest = region.pointer(at: form.range(.longest).lowerBound, as: UInt8.self)
    var venue = 0
    for index in 0..<count {
      let row = sorted[index]
      while venue < Int(row.venue) {
        venue &+= 1
        start[venue] = UInt32(truncatingIfNeeded: index)
      }
      longest[venue] = max(
        longest[venue], UInt8(truncatingIfNeeded: (row.stay & Stay.lengthMask) >> 7))
    }
    while venue < venues {
      venue &+= 1
      start[venue] = UInt32(truncatingIfNeeded: count)
    }
  }

  private func fillRows(
    _ sorted: UnsafeMutablePointer<StayRow>, _ region: Region, _ form: SegmentForm
  ) {
    let stay = region.pointer(at: form.range(.stay).lowerBound, as: UInt32.self)
    let block = region.pointer(at: form.range(.venueOfBlock).lowerBound, as: UInt32.self)
    let person = PackedColumn(
      base: region.base + form.range(.person).lowerBound, width: form.personWidth)
    for index in 0..<count {
      let row = sorted[index]
      stay[index] = row.stay
      person.set(index, row.person)
    }
    for index in stride(from: 0, to: count, by: SegmentForm.blockRows) {
      block[index / SegmentForm.blockRows] = sorted[index].venue
    }
    guard form.source == SegmentForm.perRow else { return }
    let source = region.pointer(at: form.range(.source).lowerBound, as: UInt8.self)
    for index in 0..<count { source[index] = UInt8(truncatingIfNeeded: sorted[index].source) }
  }

  /// The row numbers by person: rows are in order of venue already, so a stable sort by person.
  private func fillPersons(
    _ sorted: UnsafeMutablePointer<StayRow>, other: UnsafeMutablePointer<StayRow>,
    _ region: Region, _ form: SegmentForm
  ) {
    // The rows are in the region now; their memory serves for pairs of person and row number.
    let capacity = count
    let first = UnsafeMutableRawPointer(other).assumingMemoryBound(to: UInt64.self)
    for index in 0..<count { first[index] = UInt64(sorted[index].person) << 32 | UInt64(index) }
    let second = UnsafeMutableRawPointer(sorted).assumingMemoryBound(to: UInt64.self)
    let moved = RadixSort.sort(
      first, scratch: second, count: capacity, bits: 32..<32 + RadixSort.bits(below: persons),
      key: { $0 })
    let pairs = moved ? second : first
    let rowOf = PackedColumn(
      base: region.base + form.range(.rowOf).lowerBound, width: form.rowWidth)
    for index in 0..<count { rowOf.set(index, UInt32(truncatingIfNeeded: pairs[index])) }
    fillPersonIndex(pairs, region, form)
  }

  private func fillPersonIndex(
    _ pairs: UnsafeMutablePointer<UInt64>, _ region: Region, _ form: SegmentForm
  ) {
    let base = region.pointer(at: form.range(.personBase).lowerBound, as: UInt32.self)
    let bits = region.pointer(at: form.range(.personBits).lowerBound, as: UInt64.self)
    var at = 0
    for person in 0..<persons {
      if person % SegmentForm.personGroup == 0 {
        base[person / SegmentForm.personGroup] = UInt32(truncatingIfNeeded: at)
      }
      while at < count, Int(pairs[at] >> 32) == person { at &+= 1 }
      let mark = at &+ person
      bits[mark >> 6] |= 1 << UInt64(mark & 63)
    }
  }
}
