import Kernel

/// Finds identity and telephone numbers in texts where none may be (I-56).
package enum PersonalNumbers {
  /// Whether a text holds what looks like a mobile number or a citizen identity number: eleven
  /// digits from 13 to 19 on, or eighteen characters whose check character fits, standing alone.
  package static func isIn(_ text: String) -> Bool {
    var run: [UInt8] = []
    for byte in text.utf8 {
      if isLetterOrDigit(byte) {
        run.append(byte)
      } else {
        if isPersonal(run[...]) { return true }
        run.removeAll(keepingCapacity: true)
      }
    }
    return isPersonal(run[...])
  }

  private static func isPersonal(_ run: ArraySlice<UInt8>) -> Bool {
    switch run.count {
    case 11:
      return run[0] == UInt8(ascii: "1") && run[1] >= UInt8(ascii: "3")
        && run.allSatisfy(IdentityCheck.isDigit)
    case 18:
      let last = run[17] == UInt8(ascii: "x") ? UInt8(ascii: "X") : run[17]
      return run.prefix(17).allSatisfy(IdentityCheck.isDigit)
        && IdentityCheck.checkCharacter(run.prefix(17)) == last
    default: return false
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    IdentityCheck.isDigit(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
