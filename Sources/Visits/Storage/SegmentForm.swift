/// The columns of a segment, in their order in the file.
enum SegmentColumn: Int, CaseIterable {
  /// Per venue: the first of its rows; one more at the end.
  case venueStart
  /// Per row, by venue and then begin: begin and length.
  case stay
  /// Per row: who.
  case person
  /// By person: the numbers of their rows.
  case rowOf
  /// Per venue: the longest stay, in units of 128 seconds, rounded down.
  case longest
  /// Per 128 rows: the venue of the first.
  case venueOfBlock
  /// Per 64 people: how many rows the people before them have.
  case personBase
  /// A 0 for each row of a person, then a 1; for one person after another.
  case personBits
  /// Per row: the source; left out when all rows have the same.
  case source
}

/// The first bytes of a segment: what it holds and where each column lies.
struct SegmentForm {
  var day: UInt32 = 0
  var rows = 0
  var persons = 0
  var venues = 0
  var personWidth = 4
  var rowWidth = 4
  /// The source of all rows, or ``perRow``.
  var source: UInt32 = 0
  /// The last entry of the log that is in it, so that none is taken in twice.
  var sequence: UInt64 = 0
  var offsets = [Int](repeating: 0, count: SegmentColumn.allCases.count)
  var lengths = [Int](repeating: 0, count: SegmentColumn.allCases.count)
  var sums = [UInt64](repeating: 0, count: SegmentColumn.allCases.count)

  static let perRow: UInt32 = 256
  static let headerBytes = 512
  static let blockRows = 128
  static let personGroup = 64
  private static let magic: UInt64 = 0x3254_4953_4956_4844
  private static let alignment = 64

  /// The whole size; a margin at the end makes wide loads harmless.
  var fileBytes: Int { (offsets.last ?? 0) + (lengths.last ?? 0) + Region.margin }

  /// Lays the columns one behind the other.
  mutating func arrange() {
    let words = (rows + persons + 63) / 64
    let groups = (persons + Self.personGroup - 1) / Self.personGroup
    lengths = SegmentColumn.allCases.map { column in
      switch column {
      case .venueStart: (venues + 1) * 4
      case .stay: rows * 4
      case .person: rows * personWidth
      case .rowOf: rows * rowWidth
      case .longest: venues
      case .venueOfBlock: (rows + Self.blockRows - 1) / Self.blockRows * 4
      case .personBase: (groups + 1) * 4
      case .personBits: (words + 1) * 8
      case .source: source == Self.perRow ? rows : 0
      }
    }
    var at = Self.headerBytes
    for column in SegmentColumn.allCases {
      offsets[column.rawValue] = at
      // The last number of a packed column is loaded with bytes behind it.
      at =
        (at + lengths[column.rawValue] + 4 + Self.alignment - 1) / Self.alignment * Self.alignment
    }
  }

  func range(_ column: SegmentColumn) -> Range<Int> {
    let offset = offsets[column.rawValue]
    return offset..<offset + lengths[column.rawValue]
  }

  /// Writes the header with the checksums of all columns.
  mutating func seal(_ region: Region) {
    for column in SegmentColumn.allCases {
      sums[column.rawValue] = Checksum.of(region.bytes(range(column)))
    }
    let words = region.pointer(at: 0, as: UInt64.self)
    for (index, word) in headerWords.enumerated() { words[index] = word.littleEndian }
    let last = Self.headerBytes / 8 - 1
    words[last] = Checksum.of(region.bytes(0..<last * 8)).littleEndian
  }

  private var headerWords: [UInt64] {
    let head = [
      Self.magic, UInt64(day), UInt64(rows), UInt64(persons), UInt64(venues),
      UInt64(personWidth), UInt64(rowWidth), UInt64(source), UInt64(fileBytes), sequence,
    ]
    return head + offsets.map(UInt64.init) + lengths.map(UInt64.init) + sums
  }

  /// Reads and checks the header; the columns are checked by ``Segment/verify()``.
  init(reading region: Region, path: String) throws(VisitFault) {
    guard region.count >= Self.headerBytes else { throw VisitFault(.torn, at: path) }
    let words = region.pointer(at: 0, as: UInt64.self)
    guard UInt64(littleEndian: words[0]) == Self.magic else {
      throw VisitFault(.notASegment, at: path)
    }
    let last = Self.headerBytes / 8 - 1
    guard UInt64(littleEndian: words[last]) == Checksum.of(region.bytes(0..<last * 8)) else {
      throw VisitFault(.damaged, at: path, part: "header")
    }
    let word = { (index: Int) in UInt64(littleEndian: words[index]) }
    day = UInt32(truncatingIfNeeded: word(1))
    (rows, persons, venues) = (Int(word(2)), Int(word(3)), Int(word(4)))
    (personWidth, rowWidth) = (Int(word(5)), Int(word(6)))
    source = UInt32(truncatingIfNeeded: word(7))
    sequence = word(9)
    let columns = SegmentColumn.allCases.count
    for index in 0..<columns {
      offsets[index] = Int(word(10 + index))
      lengths[index] = Int(word(10 + columns + index))
      sums[index] = word(10 + 2 * columns + index)
    }
    guard Int(word(8)) == region.count else { throw VisitFault(.torn, at: path) }
  }

  init() {}
}
