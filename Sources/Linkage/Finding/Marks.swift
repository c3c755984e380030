/// What people are brought together by: for each mark one column of numbers, 0 where unknown.
///
/// Names are marked by their sound, so that most slips of the pen leave the mark as it is.
struct Marks {
  /// The columns, the most telling first.
  private(set) var columns: [[UInt32]] = []

  init(_ people: PeopleList) {
    let given = Self.sounds(people, .given)
    let surname = Self.sounds(people, .surname)
    let birth = people.tables[Aspect.birth.rawValue]
    add(people, Aspect.identity.rawValue)
    add(people, Aspect.phone.rawValue)
    add(people, Aspect.address.rawValue)
    add(wholeNames(people, given, surname))
    add(people, Aspect.birth.rawValue)
    add(people, Aspect.given.rawValue, given)
    add(people, Aspect.surname.rawValue, surname)
    add(people, Aspect.birth.rawValue, Self.parts(birth, of: 4..<8))
    add(people, Aspect.birth.rawValue, Self.parts(birth, of: 0..<4))
    add(people, Slot.postcode)
    add(people, Slot.locality)
    add(people, Aspect.sex.rawValue)
  }

  private mutating func add(_ people: PeopleList, _ slot: Int, _ marks: [UInt32]? = nil) {
    add(
      (0..<people.count).map { row in
        let value = people.values[row * Slot.count + slot]
        return marks.map { $0[Int(value)] } ?? value
      })
  }

  private mutating func add(_ column: [UInt32]) {
    if column.contains(where: { $0 != 0 }) { columns.append(column) }
  }

  /// Surname and given name together, in either order.
  private func wholeNames(
    _ people: PeopleList, _ given: [UInt32], _ surname: [UInt32]
  ) -> [UInt32] {
    (0..<people.count).map { row in
      let one = given[Int(people.values[row * Slot.count + Aspect.given.rawValue])]
      let other = surname[Int(people.values[row * Slot.count + Aspect.surname.rawValue])]
      guard one != 0, other != 0 else { return 0 }
      return Self.mark(
        Mix.added(UInt64(max(one, other)), to: Mix.added(UInt64(min(one, other)), to: Mix.start)))
    }
  }

  /// A part of each day of birth.
  private static func parts(_ table: ValueTable, of places: Range<Int>) -> [UInt32] {
    (0..<UInt32(table.count)).map { value in
      let range = table.range(of: value)
      guard range.count == 8 else { return 0 }
      var number: UInt32 = 0
      for place in places { number = number * 10 + UInt32(table.symbols[range.lowerBound + place]) }
      return number + 1
    }
  }

  /// The sound of each name of an aspect.
  private static func sounds(_ people: PeopleList, _ aspect: Aspect) -> [UInt32] {
    let table = people.tables[aspect.rawValue]
    var readings = HanReadings(ofSurnames: aspect == .surname)
    readings.learn(table.symbols[...])
    return (0..<UInt32(table.count)).map { value in
      let name = table.symbols[table.range(of: value)]
      guard let first = name.first else { return 0 }
      return TextFolding.isHan(first) ? hanSound(name, readings) : latinSound(name)
    }
  }

  private static func hanSound(_ name: ArraySlice<UInt16>, _ readings: HanReadings) -> UInt32 {
    var mixed = Mix.start
    for unit in name {
      let reading = readings.broad[Int(unit)]
      let letters = readings.letters[Int(reading)]
      if letters.isEmpty { mixed = Mix.added(UInt64(unit), to: mixed) }
      for letter in letters { mixed = Mix.added(UInt64(letter), to: mixed) }
    }
    return mark(mixed)
  }

  /// The groups of consonants that sound alike (Russell 1918), the first letter kept.
  private static func latinSound(_ name: ArraySlice<UInt16>) -> UInt32 {
    guard let first = name.first else { return 0 }
    var code: UInt32 = UInt32(first)
    var digits = 0
    var last = group(first)
    for unit in name.dropFirst() where digits < 3 {
      let group = group(unit)
      if group != 0, group != last {
        code = code * 10 + group
        digits += 1
      }
      if unit != 0x68, unit != 0x77 { last = group }
    }
    while digits < 3 {
      code *= 10
      digits += 1
    }
    return code + 1
  }

  private static func group(_ unit: UInt16) -> UInt32 {
    switch unit {
    case 0x62, 0x66, 0x70, 0x76: 1
    case 0x63, 0x67, 0x6A, 0x6B, 0x71, 0x73, 0x78, 0x7A: 2
    case 0x64, 0x74: 3
    case 0x6C: 4
    case 0x6D, 0x6E: 5
    case 0x72: 6
    default: 0
    }
  }

  private static func mark(_ mixed: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: Mix.finished(mixed) >> 32) | 1
  }
}
