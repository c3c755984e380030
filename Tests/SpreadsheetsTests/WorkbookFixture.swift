import CZlib

/// Builds the bytes of small archives and workbooks, honest and otherwise.
struct WorkbookFixture {
  /// One file of an archive and what is wrong with it.
  struct Part {
    var name: String
    var bytes: [UInt8]
    var isDeflated = true
    var flags: UInt16 = 0
    var method: UInt16?
    var claimedSize: Int?
    var checksum: UInt32?
  }

  var parts: [Part]

  static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

  /// A workbook with one sheet whose `sheetData` holds this markup.
  init(rows: String, texts: [String] = [], formats: String = "", is1904: Bool = false) {
    self.init(
      sheet: "<worksheet xmlns=\"\(Self.main)\"><sheetData>\(rows)</sheetData></worksheet>",
      texts: texts, formats: formats, is1904: is1904)
  }

  init(sheet: String, texts: [String] = [], formats: String = "", is1904: Bool = false) {
    let sheets = """
      <sheet name="藏" sheetId="2" state="hidden" r:id="r4"/>
      <sheet name="居民" sheetId="1" r:id="r1"/>
      """
    let shared = texts.map { "<si>\($0)</si>" }.joined()
    parts = [
      Self.part("[Content_Types].xml", "<Types/>"),
      Self.part("_rels/.rels", Self.relations([("r1", "officeDocument", "xl/workbook.xml")])),
      Self.part(
        "xl/workbook.xml",
        "<?xml version=\"1.0\"?><workbook xmlns:r=\"\(Self.office)\">"
          + "<workbookPr date1904=\"\(is1904 ? 1 : 0)\"/><sheets>\(sheets)</sheets></workbook>"),
      Self.part(
        "xl/_rels/workbook.xml.rels",
        Self.relations([
          ("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "texts.xml"),
          ("r3", "styles", "/xl/styles.xml"), ("r4", "worksheet", "worksheets/sheet2.xml"),
        ])),
      Self.part("xl/texts.xml", "<sst>\(shared)</sst>"),
      Self.part("xl/styles.xml", "<styleSheet>\(formats)</styleSheet>"),
      Self.part("xl/worksheets/sheet1.xml", sheet),
      Self.part(
        "xl/worksheets/sheet2.xml",
        "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>person</t></is></c></row>"
          + "</sheetData></worksheet>"),
    ]
  }

  private static func part(_ name: String, _ text: String) -> Part {
    Part(name: name, bytes: Array(text.utf8))
  }

  private static func relations(_ list: [(String, String, String)]) -> String {
    let lines = list.map { id, type, target in
      "<Relationship Id=\"\(id)\" Type=\"\(office)/\(type)\" Target=\"\(target)\"/>"
    }
    return "<Relationships>\(lines.joined())</Relationships>"
  }

  /// Changes the part of this name.
  func changing(_ name: String, _ change: (inout Part) -> Void) -> WorkbookFixture {
    var copy = self
    for index in copy.parts.indices where copy.parts[index].name == name {
      change(&copy.parts[index])
    }
    return copy
  }

  /// Leaves a part out.
  func without(_ name: String) -> WorkbookFixture {
    var copy = self
    copy.parts.removeAll { $0.name == name }
    return copy
  }

  /// The archive's bytes.
  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for part in parts {
      let packed = part.isDeflated ? Self.deflated(part.bytes) : part.bytes
      let method = part.method ?? (part.isDeflated ? 8 : 0)
      let sum = part.checksum ?? UInt32(crc32(0, part.bytes, UInt32(part.bytes.count)))
      let name = Array(part.name.utf8)
      let fields =
        Self.small(part.flags) + Self.small(method) + [0, 0, 0, 0] + Self.large(Int(sum))
        + Self.large(packed.count) + Self.large(part.claimedSize ?? part.bytes.count)
        + Self.small(UInt16(name.count)) + [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + fields
      directory += [UInt8](repeating: 0, count: 10) + Self.large(file.count) + name
      file += [0x50, 0x4B, 3, 4, 20, 0] + fields + name + packed
    }
    let count = Self.small(UInt16(parts.count))
    let end =
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + Self.large(directory.count)
      + Self.large(file.count) + [0, 0]
    return file + directory + end
  }

  private static func small(_ value: UInt16) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8)]
  }

  private static func large(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(value >> ($0 * 8) & 255) }
  }

  /// Raw deflate data: a zlib stream without its 2 bytes in front and 4 behind.
  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    guard compress(&packed, &length, bytes, UInt(bytes.count)) == Z_OK else { return [] }
    return Array(packed[2..<Int(length) - 4])
  }
}
