/// An XLSX workbook: its sheets, shared texts and date styles.
struct Workbook {
  /// A sheet as the workbook lists it.
  struct Sheet {
    let name: String
    let isVisible: Bool
    let part: String
  }

  private let archive: Archive
  private let limits: ReadingLimits
  private var folder = ""
  private var relations = Relations()
  private(set) var sheets: [Sheet] = []
  private var startsIn1904 = false

  init(_ source: ByteSource, limits: ReadingLimits) throws(SpreadsheetFault) {
    self.limits = limits
    archive = try Archive(source, limits: limits)
    let root = try Relations(archive.entry("_rels/.rels"), in: archive, folder: "")
    let main = root.part(ofType: "officeDocument") ?? "xl/workbook.xml"
    if main.hasSuffix(".bin") { throw SpreadsheetFault(.binaryWorkbook) }
    guard main.hasSuffix(".xml"), let entry = archive.entry(main) else {
      let isBinary = archive.entry("xl/workbook.bin") != nil
      throw SpreadsheetFault(isBinary ? .binaryWorkbook : .notWorkbook)
    }
    var pieces = main.split(separator: "/")
    let file = pieces.popLast() ?? ""
    folder = pieces.joined(separator: "/")
    let list = folder.isEmpty ? "_rels/\(file).rels" : "\(folder)/_rels/\(file).rels"
    relations = try Relations(archive.entry(list), in: archive, folder: folder)
    try readOutline(entry)
    guard !sheets.isEmpty else { throw SpreadsheetFault(.notWorkbook) }
  }

  private mutating func readOutline(_ entry: Archive.Entry) throws(SpreadsheetFault) {
    var markup = MarkupReader(try archive.open(entry, most: limits.heldBytes))
    while let token = try markup.next() {
      guard case .start(let tag) = token else { continue }
      if tag.name == "workbookPr" {
        startsIn1904 = ["1", "true", "on"].contains(tag.value("date1904") ?? "")
      }
      guard tag.name == "sheet", let name = tag.value("name"), let id = tag.value("id"),
        let relation = relations.byID[id], relation.type.hasSuffix("/worksheet")
      else { continue }
      let isVisible = (tag.value("state") ?? "visible") == "visible"
      sheets.append(Sheet(name: name, isVisible: isVisible, part: relation.part))
    }
  }

  /// The sheet of this name, or the first that people see.
  func sheet(named name: String?) throws(SpreadsheetFault) -> Sheet {
    guard let name else { return sheets.first(where: \.isVisible) ?? sheets[0] }
    let exact = sheets.first { $0.name == name }
    let wanted = HeaderName.comparable(name)
    guard let found = exact ?? sheets.first(where: { HeaderName.comparable($0.name) == wanted })
    else {
      throw SpreadsheetFault(.sheetMissing, names: [name], present: sheets.map(\.name))
    }
    return found
  }

  /// Begins to read a sheet.
  func read(_ sheet: Sheet) throws(SpreadsheetFault) -> SheetReader {
    guard let entry = archive.entry(sheet.part) else { throw SpreadsheetFault(.archiveDamaged) }
    let stream = try archive.open(entry, most: limits.streamedBytes)
    return SheetReader(
      MarkupReader(stream), texts: try sharedTexts(), styles: try styles(), limits: limits)
  }

  private func sharedTexts() throws(SpreadsheetFault) -> [String] {
    guard let part = relations.part(ofType: "sharedStrings"), let entry = archive.entry(part)
    else { return [] }
    var markup = MarkupReader(try archive.open(entry, most: limits.heldBytes))
    var texts: [String] = []
    while let token = try markup.next() {
      guard case .start(let tag) = token, tag.name == "si" else { continue }
      guard texts.count < limits.sharedTexts else { throw SpreadsheetFault(.archiveTooLarge) }
      texts.append(try RichText.read(&markup, until: "si", limits: limits))
    }
    return texts
  }

  private func styles() throws(SpreadsheetFault) -> CellStyles {
    guard let part = relations.part(ofType: "styles"), let entry = archive.entry(part) else {
      return CellStyles(startsIn1904: startsIn1904)
    }
    var styles = CellStyles(startsIn1904: startsIn1904)
    var markup = MarkupReader(try archive.open(entry, most: limits.heldBytes))
    try styles.read(&markup)
    return styles
  }
}

/// Which part of a workbook stands for which id.
struct Relations {
  private(set) var byID: [String: (type: String, part: String)] = [:]

  init() {}

  init(_ entry: Archive.Entry?, in archive: Archive, folder: String) throws(SpreadsheetFault) {
    guard let entry else { return }
    var markup = MarkupReader(try archive.open(entry, most: archive.limits.heldBytes))
    while let token = try markup.next() {
      guard case .start(let tag) = token, tag.name == "Relationship",
        let id = tag.value("Id"), let type = tag.value("Type"), let target = tag.value("Target"),
        tag.value("TargetMode") != "External"
      else { continue }
      byID[id] = (type, Self.part(target, in: folder))
    }
  }

  /// The name inside the archive that a target means; names are only looked up there.
  private static func part(_ target: String, in folder: String) -> String {
    if target.hasPrefix("/") { return String(target.dropFirst()) }
    var pieces = folder.split(separator: "/")
    for piece in target.split(separator: "/") where piece != "." {
      if piece == ".." {
        _ = pieces.popLast()
      } else {
        pieces.append(piece)
      }
    }
    return pieces.joined(separator: "/")
  }

  func part(ofType type: String) -> String? {
    byID.values.first { $0.type.hasSuffix("/\(type)") }?.part
  }
}

/// Texts made of runs; readings above the characters are left out.
enum RichText {
  static func read(
    _ markup: inout MarkupReader, until name: String, limits: ReadingLimits
  ) throws(SpreadsheetFault) -> String {
    var text = ""
    var isText = false
    var reading = 0
    try markup.inside(name) { token throws(SpreadsheetFault) in
      switch token {
      case .start(let tag):
        if tag.name == "rPh" { reading += 1 }
        isText = tag.name == "t" && reading == 0
      case .end(let tag):
        if tag == "rPh" { reading -= 1 }
        isText = false
      case .text(let piece):
        guard isText else { return }
        text += piece
        guard text.utf8.count <= limits.fieldBytes else { throw SpreadsheetFault(.fieldTooLong) }
      }
    }
    return FormulaGuard.removed(from: MarkupText.unescaped(text))
  }
}
