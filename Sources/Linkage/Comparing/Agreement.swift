/// How two people agree in each aspect, as codes of five bits.
///
/// Code 0 is unknown, 1 to 6 are the levels that are not the same, and from 7 on stand equal
/// values, the rare ones first: that two people share a rare surname says more.
enum AgreementCode {
  static let count = 32
  static let bits = 5
  static let firstSame = 7
  /// Steps of frequency for each doubling.
  private static let steps = 1.25

  /// The code of a level other than the same.
  @inline(__always)
  static func of(level: Int) -> Int { level == Level.unknown ? 0 : level - 1 }

  /// The code of equal values that so many rows have.
  static func ofSame(rows: UInt32) -> Int {
    let step = Int(steps * Double.log2(of: max(rows, 2))) - 1
    return min(firstSame + step, count - 1)
  }
}

extension Double {
  /// The binary logarithm of a count, by its bits and a straight line between two powers.
  fileprivate static func log2(of count: UInt32) -> Double {
    let whole = UInt32.bitWidth - 1 - count.leadingZeroBitCount
    return Double(whole) + Double(count) / Double(1 << whole) - 1
  }
}

/// Compares people of a list.
struct Agreement: Sendable {
  private let values: [UInt32]
  private let store: ValueStore
  private let surnameOfGiven: [UInt32]
  /// The codes that each row has where the other has the same value, one byte for each aspect.
  private let sameCodes: [UInt64]
  private let names: NameComparison
  private let surnames: NameComparison
  private let addresses: AddressComparison

  init(_ people: PeopleList) {
    values = people.values
    store = ValueStore(people.tables)
    surnameOfGiven = people.surnameOfGiven
    sameCodes = Self.sameCodes(people)
    names = NameComparison(readings: Self.readings(people.tables, ofSurnames: false))
    surnames = NameComparison(readings: Self.readings(people.tables, ofSurnames: true))
    addresses = AddressComparison(people.tables[Aspect.address.rawValue])
  }

  private static func sameCodes(_ people: PeopleList) -> [UInt64] {
    var codes = [UInt64](repeating: 0, count: people.count)
    for slot in 0..<Aspect.count {
      let table = people.tables[slot].counts.map { UInt64(AgreementCode.ofSame(rows: $0)) }
      for row in codes.indices {
        codes[row] |= table[Int(people.values[row * Slot.count + slot])] << UInt64(8 * slot)
      }
    }
    return codes
  }

  private static func readings(_ tables: [ValueTable], ofSurnames: Bool) -> HanReadings {
    var readings = HanReadings(ofSurnames: ofSurnames)
    for aspect in [Aspect.given, .surname] { readings.learn(tables[aspect.rawValue].symbols[...]) }
    return readings
  }

  /// The code of an aspect when no text has to be looked at, -1 otherwise.
  @inline(__always)
  func quickCode(_ aspect: Int, _ first: Int, _ second: Int) -> Int {
    let one = values[first &* Slot.count &+ aspect]
    let other = values[second &* Slot.count &+ aspect]
    if one == 0 || other == 0 { return 0 }
    return one == other ? Int(sameCodes[first] >> UInt64(8 &* aspect) & 0xFF) : -1
  }

  /// The code of an aspect in which two people have different values.
  func code(
    _ aspect: Aspect, _ first: Int, _ second: Int, _ similarity: inout Similarity
  ) -> Int {
    AgreementCode.of(level: level(aspect, first, second, &similarity))
  }

  /// All codes of two people in one number.
  func codes(_ first: Int, _ second: Int, _ similarity: inout Similarity) -> UInt64 {
    var codes: UInt64 = 0
    for place in 0..<Aspect.count {
      var code = quickCode(place, first, second)
      if code < 0, let aspect = Aspect(rawValue: place) {
        code = self.code(aspect, first, second, &similarity)
      }
      codes |= UInt64(code) << UInt64(place * AgreementCode.bits)
    }
    return codes
  }

  private func level(
    _ aspect: Aspect, _ first: Int, _ second: Int, _ similarity: inout Similarity
  ) -> Int {
    let one = values[first &* Slot.count &+ aspect.rawValue]
    let other = values[second &* Slot.count &+ aspect.rawValue]
    switch aspect {
    case .sex: return Level.different
    case .area: return area(first, second, &similarity)
    case .identity: return identity(first, second)
    case .surname, .given:
      // That they changed places is one event and speaks once.
      if isCrossed(first, second) { return aspect == .given ? Level.crossed : Level.unknown }
    case .phone:
      guard mayBeOneSlip(Slot.phoneCounts, first, second) else { return Level.different }
    case .birth, .address: break
    }
    let symbols = store.symbols.span
    let range = store.range(aspect.rawValue, one)
    let otherRange = store.range(aspect.rawValue, other)
    switch aspect {
    case .surname: return surnames.level(symbols, range, otherRange, &similarity)
    case .given: return names.level(symbols, range, otherRange, &similarity)
    case .birth: return DayComparison.level(symbols, range, otherRange)
    case .address:
      return addresses.level(symbols, (one, range), (other, otherRange), &similarity)
    case .phone, .identity, .sex, .area:
      return Similarity.isOneSlip(symbols, range, otherRange) ? Level.close : Level.different
    }
  }

  /// Whether two people have identity numbers that are both right and not the same.
  func isContradicted(_ first: Int, _ second: Int) -> Bool {
    let one = values[first &* Slot.count &+ Aspect.identity.rawValue]
    let other = values[second &* Slot.count &+ Aspect.identity.rawValue]
    return one != 0 && other != 0 && one != other
      && DigitCounts.areBothValid(
        counts(Slot.identityCounts, first), counts(Slot.identityCounts, second))
  }

  /// Two numbers whose check digits are both right are no slip of each other.
  private func identity(_ first: Int, _ second: Int) -> Int {
    let one = counts(Slot.identityCounts, first)
    let other = counts(Slot.identityCounts, second)
    if DigitCounts.areBothValid(one, other) { return Level.related }
    guard DigitCounts.mayBeOneSlip(one, other) else { return Level.different }
    let slot = Aspect.identity.rawValue
    let isSlip = Similarity.isOneSlip(
      store.symbols.span, store.range(slot, values[first &* Slot.count &+ slot]),
      store.range(slot, values[second &* Slot.count &+ slot]))
    return isSlip ? Level.close : Level.different
  }

  @inline(__always)
  private func counts(_ slot: Int, _ row: Int) -> UInt32 { values[row &* Slot.count &+ slot] }

  @inline(__always)
  private func mayBeOneSlip(_ slot: Int, _ first: Int, _ second: Int) -> Bool {
    DigitCounts.mayBeOneSlip(counts(slot, first), counts(slot, second))
  }

  /// Whether surname and given name have changed places.
  private func isCrossed(_ first: Int, _ second: Int) -> Bool {
    let surname = values[first &* Slot.count &+ Aspect.surname.rawValue]
    let otherSurname = values[second &* Slot.count &+ Aspect.surname.rawValue]
    let given = surnameOfGiven[Int(values[first &* Slot.count &+ Aspect.given.rawValue])]
    let otherGiven = surnameOfGiven[Int(values[second &* Slot.count &+ Aspect.given.rawValue])]
    return given != 0 && given == otherSurname && otherGiven != 0 && otherGiven == surname
  }

  private func area(_ first: Int, _ second: Int, _ similarity: inout Similarity) -> Int {
    let locality = part(Slot.locality, first, second) { one, other in
      similarity.jaroWinkler(store.symbols.span, one, other) >= Self.closeLocality
    }
    let postcode = part(Slot.postcode, first, second) { one, other in
      Similarity.isOneSlip(store.symbols.span, one, other)
    }
    return AreaComparison.level(locality: locality, postcode: postcode)
  }

  private static let closeLocality: Float = 0.9

  private func part(
    _ slot: Int, _ first: Int, _ second: Int,
    isClose: (Range<Int>, Range<Int>) -> Bool
  ) -> Int {
    let one = values[first &* Slot.count &+ slot]
    let other = values[second &* Slot.count &+ slot]
    if one == 0 || other == 0 { return Level.unknown }
    if one == other { return Level.same }
    return isClose(store.range(slot, one), store.range(slot, other))
      ? Level.close : Level.different
  }
}
