/// Whole days put in at once, for whoever keeps the visits elsewhere too and makes the store from them.
extension VisitStore {
  /// The number of the last entries that are in the segment of a day; 0 without one.
  package func sequence(of day: UInt32) -> UInt64 { sealed[day]?.form.sequence ?? 0 }

  /// How many bytes wait in the log.
  package var logBytes: Int { log?.size ?? 0 }

  /// Makes all identifiers durable, before a segment that uses them.
  package func keepNames() throws(VisitFault) {
    try folder.keep(persons: persons, venues: venues)
  }

  /// Writes the segment of a day with all its visits, in the place of an earlier one. It is not asked
  /// before ``adopt(day:)``; the identifiers' numbers are those of this store, and are kept.
  ///
  /// - Parameter number: the last entries that are in it.
  package static func write(
    _ visits: [Visit], of day: UInt32, as number: UInt64, in folder: VisitFolder
  ) throws(VisitFault) {
    let rows = DayRows()
    for visit in visits { rows.add(visit) }
    let memory = GrowingMemory<StayRow>()
    let scratch = GrowingMemory<StayRow>()
    let (region, _) = try rows.segment(of: day, in: memory, scratch, sequence: number)
    try DurableFile.write(
      region.bytes(0..<region.count), to: folder.segmentPath(of: day))
    try DurableFile.syncFolder(folder.path)
  }

  /// Uses the segment of a day that was written, in the place of all that is here of it.
  package func adopt(day: UInt32) throws(VisitFault) {
    current = nil
    sealed[day] = try Segment(path: folder.segmentPath(of: day))
    fresh.forget(day)
    rewritten.remove(day)
  }

  /// Notes that everything up to a number is here.
  package func note(_ number: UInt64) throws(VisitFault) {
    guard number > sequence else { return }
    _ = try log?.append([], as: number)
  }

  /// What tells whether two stores hold the same visits of a day: how many stays, and a sum over them
  /// that does not depend on their order.
  package func contents(of day: UInt32) -> DayContents {
    var contents = DayContents()
    let personHashes = (0..<UInt32(persons.count)).map { DayContents.hash(persons.bytes(of: $0)) }
    let venueHashes = (0..<UInt32(venues.count)).map { DayContents.hash(venues.bytes(of: $0)) }
    let add = { (row: StayRow) in
      contents.add(
        person: personHashes[Int(row.person)], venue: venueHashes[Int(row.venue)],
        from: Stay.enter(row.stay), to: Stay.leave(row.stay))
    }
    if let segment = sealed[day] {
      for venue in 0..<segment.venues {
        for row in segment.rows(of: venue) { add(segment.stayRow(row, venue: venue)) }
      }
    }
    for row in fresh.rows(of: day) { add(row) }
    return contents
  }
}

/// How many stays a day has and a sum over them.
package struct DayContents: Equatable, Sendable {
  package private(set) var stays = 0
  package private(set) var sum: UInt64 = 0

  package init() {}

  /// Adds a visit that lies inside the day, as the stays as which it is kept.
  package mutating func add(_ visit: Visit, person: UInt64, venue: UInt64) {
    StayRow.pieces(of: visit) { _, row in
      add(person: person, venue: venue, from: Stay.enter(row.stay), to: Stay.leave(row.stay))
    }
  }

  mutating func add(person: UInt64, venue: UInt64, from: UInt32, to: UInt32) {
    stays += 1
    let span = UInt64(from) << 32 | UInt64(to)
    sum &+= Self.mixed(Self.mixed(person ^ 0x9E37_79B9_7F4A_7C15) ^ venue ^ Self.mixed(span))
  }

  /// The part of an identifier in the sum.
  package static func hash(_ name: String) -> UInt64 {
    var name = name
    return name.withUTF8 { hash($0) }
  }

  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    let (high, low) = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low ^ word
  }
}
