/// Gives each identifier of a file or feed a number, in order of appearance, and gives it back.
///
/// Where all identifiers are small numbers they can stand for themselves: nothing is kept then.
package final class Names {
  /// Whether identifiers are numbers that stand for themselves.
  package let isPlain: Bool
  /// Whether an identifier came that is no small number although all should be.
  package private(set) var wasNotPlain = false
  /// Identifiers that are plain numbers below this are found without a hash.
  private static let directLimit: UInt64 = 1 << 24
  private let text = GrowingMemory<UInt8>(capacity: 1 << 16)
  private var textCount = 0
  /// Where each identifier begins; one more at the end.
  private let starts = GrowingMemory<UInt64>(capacity: 1 << 12)
  /// For small numbers: the id plus 1, or 0.
  private let direct = GrowingMemory<UInt32>(capacity: 1 << 12)
  private var directCount = 0
  /// Open addressing: the upper half of the hash, and the id plus 1, or 0.
  private var slots: GrowingMemory<UInt64>
  private var slotMask: Int
  private var hashed = 0
  package private(set) var count = 0

  package init(plain isPlain: Bool = false, count: Int = 0) {
    self.isPlain = isPlain
    self.count = count
    let slotCount = 1 << 10
    slots = GrowingMemory(capacity: slotCount)
    slots.base.update(repeating: 0, count: slotCount)
    slotMask = slotCount - 1
    starts.base[0] = 0
  }

  /// The number of an identifier; a new one when it was not seen before.
  @inline(__always)
  func id(for field: FieldText) -> UInt32 {
    if let number = field.number, number < Self.directLimit, field.isCanonicalNumber {
      if isPlain {
        count = max(count, Int(number) &+ 1)
        return UInt32(truncatingIfNeeded: number)
      }
      return directID(Int(number), field)
    }
    return hashedID(field.bytes, adding: true) ?? 0
  }

  /// The number of an identifier; a new one when it was not seen before.
  package func id(for name: String) -> UInt32 {
    var name = name
    return name.withUTF8 { id(for: $0) }
  }

  /// The number of an identifier; a new one when it was not seen before.
  func id(for bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    if let number = Self.smallNumber(bytes) {
      if isPlain {
        count = max(count, number + 1)
        return UInt32(number)
      }
      return directID(number, bytes)
    }
    return hashedID(bytes, adding: true) ?? 0
  }

  /// The number of an identifier that was seen.
  @inline(__always)
  func known(_ field: FieldText) -> UInt32? {
    if let number = field.number, number < Self.directLimit, field.isCanonicalNumber, !isPlain {
      let known = Int(number) < directCount ? direct.base[Int(number)] : 0
      return known > 0 ? known &- 1 : nil
    }
    return known(field.bytes)
  }

  /// The number of an identifier that was seen.
  package func known(_ name: String) -> UInt32? {
    var name = name
    return name.withUTF8 { known($0) }
  }

  private func known(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
    if let number = Self.smallNumber(bytes) {
      if isPlain { return number < count ? UInt32(number) : nil }
      return number < directCount && direct.base[number] > 0 ? direct.base[number] - 1 : nil
    }
    return hashedID(bytes, adding: false)
  }

  /// Whether one identifier stands before another, byte by byte.
  package func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
    if isPlain { return "\(left)" < "\(right)" }
    return bytes(of: left).lexicographicallyPrecedes(bytes(of: right))
  }

  /// The identifier of a number.
  package subscript(id: UInt32) -> String {
    isPlain ? "\(id)" : String(decoding: bytes(of: id), as: UTF8.self)
  }

  /// The bytes of the identifier of a number; ids are compared as bytes.
  package func bytes(of id: UInt32) -> UnsafeBufferPointer<UInt8> {
    let start = Int(starts.base[Int(id)])
    return UnsafeBufferPointer(
      start: text.base.advanced(by: start), count: Int(starts.base[Int(id) + 1]) - start)
  }

  private static func smallNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard (1...8).contains(bytes.count), bytes.count == 1 || bytes[0] != 0x30 else { return nil }
    var number = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number < Int(directLimit) ? number : nil
  }

  @inline(__always)
  private func directID(_ number: Int, _ field: FieldText) -> UInt32 {
    if number < directCount {
      let known = direct.base[number]
      if known > 0 { return known &- 1 }
    }
    return directID(number, field.bytes)
  }

  @inline(never)
  private func directID(_ number: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    if number >= directCount {
      direct.reserve(number + 1, keeping: directCount)
      let added = direct.capacity - directCount
      direct.base.advanced(by: directCount).update(repeating: 0, count: added)
      directCount = direct.capacity
    }
    if direct.base[number] == 0 { direct.base[number] = append(bytes) + 1 }
    return direct.base[number] - 1
  }

  /// Takes a number for an identifier that nobody uses any more; it is never found again.
  func skip() { _ = append(UnsafeBufferPointer(start: nil, count: 0)) }

  /// The same numbers without the identifiers that nobody uses any more.
  func keeping(_ isUsed: (UInt32) -> Bool) -> Names {
    guard !isPlain else { return self }
    let kept = Names()
    for id in 0..<UInt32(count) {
      if isUsed(id) { _ = kept.id(for: bytes(of: id)) } else { kept.skip() }
    }
    return kept
  }

  private func append(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    text.reserve(textCount + bytes.count, keeping: textCount)
    if let source = bytes.baseAddress {
      text.base.advanced(by: textCount).update(from: source, count: bytes.count)
    }
    textCount += bytes.count
    count += 1
    starts.reserve(count + 1, keeping: count)
    starts.base[count] = UInt64(textCount)
    return UInt32(count - 1)
  }

  private func hashedID(_ bytes: UnsafeBufferPointer<UInt8>, adding: Bool) -> UInt32? {
    if isPlain {
      wasNotPlain = wasNotPlain || adding
      return nil
    }
    let hash = Self.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let entry = slots.base[slot]
      if entry == 0 { break }
      if entry >> 32 == hash >> 32, isEqual(UInt32(truncatingIfNeeded: entry) &- 1, bytes) {
        return UInt32(truncatingIfNeeded: entry) &- 1
      }
      slot = (slot &+ 1) & slotMask
    }
    guard adding else { return nil }
    let id = append(bytes)
    slots.base[slot] = (hash & ~0xFFFF_FFFF) | UInt64(id + 1)
    hashed += 1
    if hashed * 2 > slotMask { rehash() }
    return id
  }

  private func isEqual(_ id: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let own = self.bytes(of: id)
    guard own.count == bytes.count else { return false }
    for index in 0..<own.count where own[index] != bytes[index] { return false }
    return true
  }

  private func rehash() {
    let larger = (slotMask + 1) * 2
    let fresh = GrowingMemory<UInt64>(capacity: larger)
    fresh.base.update(repeating: 0, count: larger)
    for old in 0...slotMask {
      let entry = slots.base[old]
      guard entry != 0 else { continue }
      let hash = Self.hash(bytes(of: UInt32(truncatingIfNeeded: entry) - 1))
      var slot = Int(truncatingIfNeeded: hash) & (larger - 1)
      while fresh.base[slot] != 0 { slot = (slot + 1) & (larger - 1) }
      fresh.base[slot] = entry
    }
    slots = fresh
    slotMask = larger - 1
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var state = UInt64(raw.count) &* 0x9E37_79B9_7F4A_7C15
    var at = 0
    while at &+ 8 <= raw.count {
      state = mixed(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at &+= 8
    }
    var rest: UInt64 = 0
    while at < raw.count {
      rest = rest << 8 | UInt64(raw[at])
      at &+= 1
    }
    return mixed(mixed(state ^ rest))
  }

  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    let (high, low) = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low ^ word
  }
}
