import Foundation

/// What a file is by its first bytes; its name is not trusted.
enum FileForm: Equatable {
  case text
  case archive

  /// Recognises the form, and refuses what cannot be a table.
  static func recognise(_ source: ByteSource) throws(SpreadsheetFault) -> FileForm {
    guard source.size > 0 else { throw SpreadsheetFault(.fileEmpty) }
    let head = try source.bytes(at: 0, count: 512)
    if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
      return .archive
    }
    if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      throw SpreadsheetFault(try isEncryptedPackage(source) ? .encrypted : .oldExcel)
    }
    if foreign.contains(where: { head.starts(with: $0) }) || isMarkup(head) {
      throw SpreadsheetFault(.notTable)
    }
    return .text
  }

  /// PDF, gzip, PNG, JPEG, RAR, 7z, GIF, BMP of a scanner, ELF.
  private static let foreign: [[UInt8]] = [
    Array("%PDF".utf8), [0x1F, 0x8B], [0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF],
    Array("Rar!".utf8), [0x37, 0x7A, 0xBC, 0xAF], Array("GIF8".utf8), [0x7F, 0x45, 0x4C, 0x46],
  ]

  /// Web pages that are named `.xls`, and other markup.
  private static func isMarkup(_ head: [UInt8]) -> Bool {
    let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    let begin = text.drop { $0 == 0x20 || (9...13).contains($0) }
    guard begin.first == UInt8(ascii: "<"), let second = begin.dropFirst().first else {
      return false
    }
    return second == UInt8(ascii: "?") || second == UInt8(ascii: "!")
      || (0x41...0x5A).contains(second) || (0x61...0x7A).contains(second)
  }

  /// An encrypted workbook is an old-style container with a stream of this name.
  private static func isEncryptedPackage(_ source: ByteSource) throws(SpreadsheetFault) -> Bool {
    let name = Data("EncryptedPackage".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), 0] })
    let piece = 1 << 20
    var offset = 0
    while offset < source.size {
      let bytes = try source.bytes(at: offset, count: piece + name.count)
      if Data(bytes).range(of: name) != nil { return true }
      offset += piece
    }
    return false
  }
}
