import Kernel

/// Seconds on the clock of the district, counted from 1970, in which scans are kept.
package struct ScanTime: Sendable {
  package static let day: UInt32 = 86_400
  private let offset: Int64

  package init(_ zone: Zone) { offset = Int64(zone.secondsFromUTC) }

  /// The whole second of an instant; nil before 1970 and after 2106.
  package func second(of instant: Instant) -> UInt32? {
    UInt32(exactly: (instant.milliseconds + offset * 1_000).floored(by: 1_000))
  }

  /// The seconds that a span touches.
  package func seconds(of span: TimeSpan) -> ScanSpan {
    func clamped(_ milliseconds: Int64) -> UInt32 {
      UInt32(clamping: (milliseconds + offset * 1_000).floored(by: 1_000))
    }
    return ScanSpan(
      clamped(span.from.milliseconds), clamped(span.to.milliseconds.addingClamped(999)))
  }

  /// The instant at which a second begins.
  package func instant(of second: UInt32) -> Instant {
    Instant(milliseconds: (Int64(second) - offset) * 1_000)
  }

  /// A span of seconds as instants.
  package func span(_ from: UInt32, _ to: UInt32) -> TimeSpan {
    TimeSpan(instant(of: from), instant(of: to))
  }
}

extension Int64 {
  fileprivate func floored(by divisor: Int64) -> Int64 {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }

  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}

/// From one second up to, not including, another.
package struct ScanSpan: Hashable, Sendable {
  package var from: UInt32
  package var to: UInt32

  package init(_ from: UInt32, _ to: UInt32) {
    self.from = from
    self.to = to
  }

  /// The days that have a second in it.
  package var days: ClosedRange<Int> {
    let first = Int(from / ScanTime.day)
    return first...max(first, Int((max(to, 1) - 1) / ScanTime.day))
  }
}

/// Many scans with the identifiers that they use, as they are packed in the database.
package struct ScanBatch: Equatable, Sendable {
  /// One scan: the person and the venue as places in the lists of the batch.
  package struct Scan: Hashable, Sendable {
    package var person: UInt32
    package var venue: UInt32
    package var from: UInt32
    package var to: UInt32
    package var source: VisitSource
    /// Whether it is the rest of one that was cut at midnight.
    package var continues = false

    package init(
      person: UInt32, venue: UInt32, from: UInt32, to: UInt32, source: VisitSource,
      continues: Bool = false
    ) {
      self.person = person
      self.venue = venue
      self.from = from
      self.to = to
      self.source = source
      self.continues = continues
    }

    package var span: ScanSpan { ScanSpan(from, to) }
  }

  package private(set) var persons: [String] = []
  package private(set) var venues: [String] = []
  package private(set) var scans: [Scan] = []
  // By identifiers, because texts compare letters and not bytes.
  private var personPlaces: [VenueID: UInt32] = [:]
  private var venuePlaces: [VenueID: UInt32] = [:]

  package init() {}

  package init(persons: [String], venues: [String], scans: [Scan]) {
    self.persons = persons
    self.venues = venues
    self.scans = scans
  }

  package static func == (left: ScanBatch, right: ScanBatch) -> Bool {
    left.persons == right.persons && left.venues == right.venues && left.scans == right.scans
  }

  /// The place of a person in the list.
  package mutating func place(ofPerson person: String) -> UInt32 {
    Self.place(of: person, in: &persons, &personPlaces)
  }

  /// The place of a venue in the list.
  package mutating func place(ofVenue venue: String) -> UInt32 {
    Self.place(of: venue, in: &venues, &venuePlaces)
  }

  private static func place(
    of name: String, in names: inout [String], _ places: inout [VenueID: UInt32]
  ) -> UInt32 {
    let key = VenueID(trusted: name)
    if let known = places[key] { return known }
    let place = UInt32(names.count)
    names.append(name)
    places[key] = place
    return place
  }

  /// Adds a scan whose person and venue stand in the lists.
  package mutating func add(_ scan: Scan) { scans.append(scan) }

  /// The same scans at venues of other names.
  package func renamingVenues(_ rename: (String) throws -> String) rethrows -> ScanBatch {
    ScanBatch(persons: persons, venues: try venues.map(rename), scans: scans)
  }

  /// The scans day by day; one that passes midnight is several that touch, so that a day can be
  /// deleted with exactly its seconds.
  package func byDay() -> [(day: Int, batch: ScanBatch)] {
    func day(_ scan: Scan) -> ClosedRange<Int> { scan.span.days }
    let first = scans.first.map { day($0).lowerBound }
    guard scans.contains(where: { day($0) != first.map { $0...$0 } }) else {
      return first.map { [($0, self)] } ?? []
    }
    var days: [Int: ScanBatch] = [:]
    for scan in scans {
      for day in day(scan) {
        let begin = UInt32(day) * ScanTime.day
        var part = scan
        part.from = max(scan.from, begin)
        part.to = min(scan.to, UInt32(min(UInt64(begin) + 86_400, UInt64(UInt32.max))))
        part.continues = scan.continues || scan.from < begin
        part.person = days[day, default: ScanBatch()].place(
          ofPerson: persons[Int(scan.person)])
        part.venue = days[day, default: ScanBatch()].place(ofVenue: venues[Int(scan.venue)])
        days[day, default: ScanBatch()].add(part)
      }
    }
    return days.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

// MARK: - Packing

extension ScanBatch {
  private static let mark: [UInt8] = Array("scans1".utf8)
  private static let continuing: UInt8 = 0x80

  /// The batch as bytes: the identifiers once, then a dozen bytes a scan.
  package var packed: [UInt8] {
    var bytes = Self.mark
    bytes.reserveCapacity(64 + (persons.count + venues.count) * 28 + scans.count * 13)
    for names in [persons, venues] {
      Self.append(UInt32(names.count), to: &bytes)
      for name in names {
        Self.append(UInt32(name.utf8.count), to: &bytes)
        bytes += name.utf8
      }
    }
    let base = scans.map(\.from).min() ?? 0
    Self.append(UInt32(scans.count), to: &bytes)
    Self.append(base, to: &bytes)
    for scan in scans {
      Self.append(scan.person, to: &bytes)
      Self.append(scan.venue, to: &bytes)
      Self.append(scan.from - base, to: &bytes)
      Self.append(scan.to - scan.from, to: &bytes)
      bytes.append(scan.source.number | (scan.continues ? Self.continuing : 0))
    }
    return bytes
  }

  private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Reads a batch back; nil when the bytes are none.
  package init?(packed bytes: [UInt8]) {
    let read = bytes.withUnsafeBufferPointer { ScanReader($0).batch() }
    guard let read else { return nil }
    self = read
  }

  /// Takes a batch apart from the front.
  private struct ScanReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func batch() -> ScanBatch? {
      var reader = self
      return reader.read()
    }

    private mutating func read() -> ScanBatch? {
      guard bytes.starts(with: ScanBatch.mark) else { return nil }
      at = ScanBatch.mark.count
      guard let persons = names(), let venues = names(), let count = number(),
        let base = number(), Int(count) <= bytes.count
      else { return nil }
      var scans: [Scan] = []
      scans.reserveCapacity(Int(count))
      for _ in 0..<count {
        guard let person = number(), Int(person) < persons.count, let venue = number(),
          Int(venue) < venues.count, let offset = number(), let length = number(), at < bytes.count,
          let source = VisitSource(number: bytes[at] & ~ScanBatch.continuing)
        else { return nil }
        let (from, isLate) = base.addingReportingOverflow(offset)
        let (to, isLong) = from.addingReportingOverflow(length)
        if isLate || isLong { return nil }
        scans.append(
          Scan(
            person: person, venue: venue, from: from, to: to, source: source,
            continues: bytes[at] & ScanBatch.continuing != 0))
        at += 1
      }
      return at == bytes.count
        ? ScanBatch(persons: persons, venues: venues, scans: scans) : nil
    }

    private mutating func names() -> [String]? {
      guard let count = number(), Int(count) <= bytes.count else { return nil }
      var names: [String] = []
      names.reserveCapacity(Int(count))
      for _ in 0..<count {
        guard let length = number(), Int(length) <= bytes.count - at,
          let name = String(
            validating: UnsafeBufferPointer(rebasing: bytes[at..<at + Int(length)]),
            as: UTF8.self)
        else { return nil }
        names.append(name)
        at += Int(length)
      }
      return names
    }

    private mutating func number() -> UInt32? {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while at < bytes.count, shift < 35 {
        let byte = bytes[at]
        at += 1
        number |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return UInt32(exactly: number) }
        shift += 7
      }
      return nil
    }
  }
}

extension VisitSource {
  /// How it is written in packed scans; never changed.
  package var number: UInt8 {
    switch self {
    case .interview: 0
    case .venueCode: 1
    case .location: 2
    case .checkpoint: 3
    case .work: 4
    }
  }

  package init?(number: UInt8) {
    guard let found = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = found
  }
}
