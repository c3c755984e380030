/// How instants are written in a file, so that answers are written likewise.
package enum InstantForm: Equatable, Sendable {
  /// Seconds since 1970-01-01T00:00Z.
  case epoch
  /// A day and a time of day; the offset in seconds, `nil` where none is written.
  case clock(separator: UInt8, showsSeconds: Bool, offset: Int?)

  /// An instant, given in seconds since 1970-01-01T00:00Z, in this form.
  package func text(_ seconds: UInt32, zone: Int) -> String {
    guard case .clock(let separator, let showsSeconds, let offset) = self else {
      return "\(seconds)"
    }
    let local = Int(seconds) + (offset ?? zone)
    let day = CivilDay(number: Int((Double(local) / 86_400).rounded(.down)))
    let second = local - day.number * 86_400
    var text = "\(day.text)\(Character(UnicodeScalar(separator)))"
    text += "\(Self.two(second / 3_600)):\(Self.two(second / 60 % 60))"
    if showsSeconds || second % 60 != 0 { text += ":\(Self.two(second % 60))" }
    guard let offset else { return text }
    if offset == 0 { return text + "Z" }
    let minutes = abs(offset) / 60
    return text + (offset < 0 ? "-" : "+") + "\(Self.two(minutes / 60)):\(Self.two(minutes % 60))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A day by its number since 1970 and as year, month and day.
struct CivilDay {
  let number: Int

  init(number: Int) { self.number = number }

  /// The number of a date in the Gregorian calendar (the usual count in eras of 400 years).
  init(year: Int, month: Int, day: Int) {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `2022-11-29`.
  var text: String {
    let shifted = number + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let padding = String(repeating: "0", count: max(0, 4 - "\(year)".count))
    return "\(padding)\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  /// The days of a month.
  static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

/// Reads instants in the forms that programs write; others are for a slower reader.
package struct ClockText {
  /// The seconds by which the clock of instants without an offset goes ahead of UTC.
  let zone: Int
  /// The form of the first instant that was read.
  package private(set) var form: InstantForm?
  private var dateHead: UInt64 = 0
  private var dateTail: UInt16 = 0
  private var dateSeconds = 0

  package init(zone: Int) { self.zone = zone }

  /// Seconds since 1970-01-01T00:00Z; `nil` when the form is another or the time does not fit.
  @inline(__always)
  package mutating func seconds(_ field: FieldText) -> UInt32? {
    if let number = field.number {
      // Eight digits are a day.
      guard field.count != 8, field.count <= 10, number <= UInt64(UInt32.max) else { return nil }
      if form == nil { form = .epoch }
      return UInt32(truncatingIfNeeded: number)
    }
    return clockSeconds(field)
  }

  /// `YYYY-MM-DD`, `T` or a space, `HH:MM`, perhaps `:SS`, perhaps `Z` or `±HH:MM`.
  private mutating func clockSeconds(_ field: FieldText) -> UInt32? {
    let text = field.start
    guard field.count >= 16, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "),
      text[13] == UInt8(ascii: ":"), let hour = Self.two(text + 11), hour < 24,
      let minute = Self.two(text + 14), minute < 60, readDate(text)
    else { return nil }
    var second = 0
    var at = 16
    let showsSeconds = field.count >= 19 && text[16] == UInt8(ascii: ":")
    if showsSeconds {
      guard let read = Self.two(text + 17), read < 60 else { return nil }
      second = read
      at = 19
    }
    var offset: Int?
    if at < field.count {
      guard let read = Self.offset(text + at, field.count - at) else { return nil }
      offset = read
    }
    if form == nil {
      form = .clock(separator: text[10], showsSeconds: showsSeconds, offset: offset)
    }
    let seconds = dateSeconds + hour * 3_600 + minute * 60 + second - (offset ?? zone)
    return UInt32(exactly: seconds)
  }

  /// Neighbouring rows mostly have the same date.
  @inline(__always)
  private mutating func readDate(_ text: UnsafePointer<UInt8>) -> Bool {
    let raw = UnsafeRawPointer(text)
    let head = raw.loadUnaligned(as: UInt64.self)
    let tail = raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    if head == dateHead, tail == dateTail { return true }
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let century = Self.two(text), let year = Self.two(text + 2),
      let month = Self.two(text + 5), let day = Self.two(text + 8), (1...12).contains(month)
    else { return false }
    let wholeYear = century * 100 + year
    guard day >= 1, day <= CivilDay.days(in: month, of: wholeYear) else { return false }
    dateSeconds = CivilDay(year: wholeYear, month: month, day: day).number * 86_400
    (dateHead, dateTail) = (head, tail)
    return true
  }

  @inline(__always)
  private static func two(_ text: UnsafePointer<UInt8>) -> Int? {
    let (high, low) = (text[0] &- 0x30, text[1] &- 0x30)
    return high < 10 && low < 10 ? Int(high) * 10 + Int(low) : nil
  }

  private static func offset(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    if count == 1, text[0] == UInt8(ascii: "Z") { return 0 }
    guard count == 6, text[3] == UInt8(ascii: ":"), let hours = two(text + 1),
      let minutes = two(text + 4), minutes < 60, hours * 60 + minutes <= 18 * 60
    else { return nil }
    let seconds = hours * 3_600 + minutes * 60
    switch text[0] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }
}
