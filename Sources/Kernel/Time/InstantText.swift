extension Instant: CustomStringConvertible {
  /// ISO 8601 in a zone, to the second or, when there are some, the millisecond:
  /// `2022-11-29T08:30:00+08:00`.
  package func text(in zone: Zone) -> String {
    let local = clock(in: zone)
    let fraction = local.millisecond == 0 ? "" : ".\(Day.padded(local.millisecond, 3))"
    return "\(local.day.text)T\(local.time):\(Day.padded(local.second, 2))\(fraction)\(zone.text)"
  }

  /// `2022-11-29 08:30`, for people.
  package func shortText(in zone: Zone) -> String {
    let local = clock(in: zone)
    return "\(local.day.text) \(local.time)"
  }

  package var description: String { text(in: .china) }

  /// What a clock on the wall shows: the day, `HH:MM`, the seconds and what is below.
  package func clock(
    in zone: Zone
  ) -> (day: Day, time: String, minutes: Int, second: Int, millisecond: Int) {
    let day = Day(of: self, in: zone)
    let inside = Int(milliseconds - day.start(in: zone).milliseconds)
    let minutes = inside / 60_000
    let time = "\(Day.padded(minutes / 60, 2)):\(Day.padded(minutes % 60, 2))"
    return (day, time, minutes, inside / 1_000 % 60, inside % 1_000)
  }

  /// An instant as ISO 8601 (`T` or a space between day and time; without offset in `zone`), a day
  /// alone (its 00:00) or whole seconds since 1970; nil when it is none of them.
  package init?(_ written: String, in zone: Zone) {
    let text = Array(written.trimmingWhitespace().utf8)
    if text.count != 8, let seconds = Self.epoch(text) {
      self.init(seconds: seconds)
      guard isWritable else { return nil }
      return
    }
    guard let gap = text.firstIndex(where: { Self.isGap($0) }) else {
      guard let day = Day(written) else { return nil }
      self = day.start(in: zone)
      return
    }
    guard let day = Day(String(decoding: text[..<gap], as: UTF8.self)) else { return nil }
    var rest = text[(gap + 1)...].drop { $0 == UInt8(ascii: " ") }
    let offset: Zone
    if rest.last == UInt8(ascii: "Z") || rest.last == UInt8(ascii: "z") {
      rest = rest.dropLast()
      offset = Zone(secondsFromUTC: 0)
    } else if let sign = rest.firstIndex(where: {
      $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
    }) {
      guard let read = Zone(Array(rest[sign...])) else { return nil }
      offset = read
      rest = rest[..<sign]
      while rest.last == UInt8(ascii: " ") { rest = rest.dropLast() }
    } else {
      offset = zone
    }
    guard let time = Self.timeOfDay(rest) else { return nil }
    self = Instant(milliseconds: day.start(in: offset).milliseconds + time)
    guard isWritable else { return nil }
  }

  /// Whether its day has a year of four digits in every zone, so that what is written reads back.
  private var isWritable: Bool {
    (-62_135_510_400_000..<253_402_214_400_000).contains(milliseconds)
  }

  private static func isGap(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "T") || byte == UInt8(ascii: "t") || byte == UInt8(ascii: " ")
  }

  private static func epoch(_ text: [UInt8]) -> Int64? {
    let negative = text.first == UInt8(ascii: "-")
    let digits = negative ? text[1...] : text[...]
    guard digits.count <= 12, let number = Day.number(digits) else { return nil }
    return Int64(negative ? -number : number)
  }

  /// Milliseconds since 00:00 of `HH:MM[:SS[.fff]]`; 24:00 is the end of the day.
  private static func timeOfDay(_ text: ArraySlice<UInt8>) -> Int64? {
    let whole = text.prefix { $0 != UInt8(ascii: ".") }
    let parts = whole.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.count) }) else {
      return nil
    }
    let numbers = parts.compactMap(Day.number)
    guard numbers.count == parts.count else { return nil }
    let second = numbers.count == 3 ? numbers[2] : 0
    guard numbers[1] < 60, second < 60,
      numbers[0] < 24 || numbers == [24, 0] || numbers == [24, 0, 0]
    else { return nil }
    var time = Int64(numbers[0] * 3_600 + numbers[1] * 60 + second) * 1_000
    if whole.count < text.count {
      guard numbers[0] < 24 else { return nil }
      let fraction = text.dropFirst(whole.count + 1)
      guard (1...9).contains(fraction.count), let value = Day.number(fraction) else { return nil }
      var scaled = Double(value) * 1_000
      for _ in fraction { scaled /= 10 }
      time += Int64(scaled)
    }
    return time
  }
}

extension Zone {
  /// `+08:00`.
  package var text: String {
    let minutes = abs(secondsFromUTC) / 60
    let sign = secondsFromUTC < 0 ? "-" : "+"
    return "\(sign)\(Day.padded(minutes / 60, 2)):\(Day.padded(minutes % 60, 2))"
  }

  /// `+08:00`, `+0800` or `+08`.
  fileprivate init?(_ text: [UInt8]) {
    var digits = Array(text.dropFirst())
    if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
    guard digits.count == 2 || digits.count == 4, let number = Day.number(digits[...]) else {
      return nil
    }
    let minutes = digits.count == 2 ? number * 60 : number / 100 * 60 + number % 100
    guard minutes <= 18 * 60, digits.count == 2 || number % 100 < 60 else { return nil }
    self.init(secondsFromUTC: (text.first == UInt8(ascii: "-") ? -60 : 60) * minutes)
  }
}

extension Instant: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let instant = Instant(text, in: .china) else {
      throw Refusal.malformed(
        decoder.codingPath.fieldName, text,
        expected: Words(
          "时间，如 2022-11-29T08:30+08:00", "a time such as 2022-11-29T08:30+08:00"))
    }
    self = instant
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text(in: .china))
  }
}
