/// Two bits for each person: was found, and was found again or needs a closer look.
///
/// An eighth of a megabyte for a million people stays in the nearest caches, which an accumulator
/// for each person does not.
final class PersonMarks {
  private let words: GrowingMemory<UInt64>
  private let pairs: Int

  init(persons: Int) {
    pairs = persons / 64 + 1
    words = GrowingMemory(capacity: pairs * 2)
    words.base.update(repeating: 0, count: pairs * 2)
  }

  /// Marks all of them as found, those found before as found again.
  @inline(__always)
  func mark(_ persons: UnsafeMutablePointer<UInt32>, count: Int) {
    let words = words.base
    for index in 0..<count {
      let person = persons[index]
      let pair = Int(person >> 6) &* 2
      let bit = UInt64(1) << UInt64(person & 63)
      let seen = words[pair]
      words[pair &+ 1] |= seen & bit
      words[pair] = seen | bit
    }
  }

  @inline(__always)
  func needsCloserLook(_ person: UInt32) -> Bool {
    words.base[Int(person >> 6) &* 2 &+ 1] >> UInt64(person & 63) & 1 != 0
  }

  /// Asks for a closer look at a person.
  @inline(__always)
  func flag(_ person: UInt32) {
    words.base[Int(person >> 6) &* 2 &+ 1] |= UInt64(1) << UInt64(person & 63)
  }

  /// Takes all marks of these people away, and of some of their neighbours.
  func clear(_ persons: UnsafeMutablePointer<UInt32>, count: Int) {
    let words = words.base
    if count > pairs {
      words.update(repeating: 0, count: pairs * 2)
      return
    }
    for index in 0..<count {
      let pair = Int(persons[index] >> 6) &* 2
      words[pair] = 0
      words[pair &+ 1] = 0
    }
  }
}
