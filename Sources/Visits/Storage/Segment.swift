/// The stays of one day, ordered by venue and begin, with the row numbers of each person.
///
/// It never changes. It lies in memory or is a mapped file; the size does not matter for opening.
package final class Segment {
  let region: Region
  let form: SegmentForm
  package let path: String
  /// The first second of the day.
  let begin: UInt32
  let rows: Int
  let persons: Int
  let venues: Int
  let venueStart: UnsafeMutablePointer<UInt32>
  let stay: UnsafeMutablePointer<UInt32>
  let person: PackedColumn
  let rowOf: PackedColumn
  private let longest: UnsafeMutablePointer<UInt8>
  private let venueOfBlock: UnsafeMutablePointer<UInt32>
  private let personBase: UnsafeMutablePointer<UInt32>
  private let personBits: UnsafeMutablePointer<UInt64>
  private let sources: UnsafeMutablePointer<UInt8>

  /// Maps a file; its header is checked here, its columns by ``verify()``.
  package convenience init(path: String) throws(VisitFault) {
    let region = try Region(mapping: path)
    self.init(region, try SegmentForm(reading: region, path: path), path: path)
  }

  init(_ region: Region, _ form: SegmentForm, path: String = "") {
    self.region = region
    self.form = form
    self.path = path
    begin = form.day * Stay.day
    (rows, persons, venues) = (form.rows, form.persons, form.venues)
    let offset = { (column: SegmentColumn) in form.offsets[column.rawValue] }
    venueStart = region.pointer(at: offset(.venueStart), as: UInt32.self)
    stay = region.pointer(at: offset(.stay), as: UInt32.self)
    person = PackedColumn(base: region.base + offset(.person), width: form.personWidth)
    rowOf = PackedColumn(base: region.base + offset(.rowOf), width: form.rowWidth)
    longest = region.pointer(at: offset(.longest), as: UInt8.self)
    venueOfBlock = region.pointer(at: offset(.venueOfBlock), as: UInt32.self)
    personBase = region.pointer(at: offset(.personBase), as: UInt32.self)
    personBits = region.pointer(at: offset(.personBits), as: UInt64.self)
    sources = region.pointer(at: offset(.source), as: UInt8.self)
  }

  /// The day, counted from 1970.
  package var day: UInt32 { form.day }

  /// How many stays it holds.
  package var count: Int { rows }

  /// Its size on the disk.
  package var bytes: Int { region.count }

  /// Reads everything and compares the checksum of each column.
  ///
  /// - Throws: the file and the column that is damaged.
  package func verify() throws(VisitFault) {
    for column in SegmentColumn.allCases {
      let sum = Checksum.of(region.bytes(form.range(column)))
      guard sum == form.sums[column.rawValue] else {
        throw VisitFault(.damaged, at: path, part: "\(column)")
      }
    }
  }

  /// Where the row numbers of a person stand in ``rowOf``.
  @inline(__always)
  func places(of person: UInt32) -> Range<Int> {
    let number = Int(person)
    guard number < persons else { return 0..<0 }
    let group = number / SegmentForm.personGroup
    var before = number % SegmentForm.personGroup
    var at = Int(personBase[group]) &+ group &* SegmentForm.personGroup
    // Skips the end marks of the people before, a word at a time.
    var word = at >> 6
    var bits = personBits[word] & (.max << UInt64(at & 63))
    if before > 0 {
      var marks = bits.nonzeroBitCount
      while marks < before {
        before &-= marks
        word &+= 1
        bits = personBits[word]
        marks = bits.nonzeroBitCount
      }
      for _ in 1..<before { bits &= bits &- 1 }
      at = (word << 6) &+ bits.trailingZeroBitCount &+ 1
      bits &= bits &- 1
    }
    while bits == 0 {
      word &+= 1
      bits = personBits[word]
    }
    let end = (word << 6) &+ bits.trailingZeroBitCount
    return at &- number..<end &- number
  }

  /// The venue of a row.
  @inline(__always)
  func venue(of row: Int) -> Int {
    var venue = Int(venueOfBlock[row / SegmentForm.blockRows])
    while Int(venueStart[venue &+ 1]) <= row { venue &+= 1 }
    return venue
  }

  /// Touches what ``venue(of:)`` will read, so that the memory of many rows is fetched at once.
  @inline(__always)
  func touch(row: Int) -> UInt32 {
    let place = rowOf[row]
    return stay[Int(place)] ^ venueOfBlock[Int(place) / SegmentForm.blockRows]
      ^ person[Int(place)]
  }

  /// The rows of a venue.
  @inline(__always)
  func rows(of venue: Int) -> Range<Int> {
    guard venue < venues else { return 0..<0 }
    return Int(venueStart[venue])..<Int(venueStart[venue &+ 1])
  }

  /// No stay at the venue is as long as this.
  @inline(__always)
  func lengthBound(of venue: Int) -> UInt32 { (UInt32(longest[venue]) &+ 1) << 7 }

  /// The first row of a range whose stay begins at or after a second.
  @inline(__always)
  func firstRow(in range: Range<Int>, from second: UInt32) -> Int {
    var low = range.lowerBound
    var size = range.count
    let bound = Stay.make(enter: min(second, Stay.day), length: 0)
    while size > 0 {
      let half = size >> 1
      let isBefore = stay[low &+ half] < bound
      low = isBefore ? low &+ half &+ 1 : low
      size = isBefore ? size &- half &- 1 : half
    }
    return low
  }

  /// The source of a row, with the mark that it continues another.
  func source(of row: Int) -> UInt32 {
    form.source == SegmentForm.perRow ? UInt32(sources[row]) : form.source
  }

  /// The row as it was put in.
  func stayRow(_ row: Int, venue: Int) -> StayRow {
    StayRow(
      venue: UInt32(venue), stay: stay[row], person: person[row], source: source(of: row))
  }
}
