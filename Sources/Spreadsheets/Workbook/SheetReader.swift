/// Reads the rows of one sheet.
struct SheetReader: RecordReading {
  private var markup: MarkupReader
  private let texts: [String]
  private let styles: CellStyles
  private let limits: ReadingLimits
  private var number = 0
  private var state = State.beforeData

  private enum State {
    case beforeData
    case inData
    case inRow
    case finished
  }

  let isStrictWidth = false

  init(
    _ markup: MarkupReader, texts: [String], styles: CellStyles, limits: ReadingLimits
  ) {
    self.markup = markup
    self.texts = texts
    self.styles = styles
    self.limits = limits
  }

  var progress: ReadingProgress { markup.progress }

  mutating func next() throws(SpreadsheetFault) -> Record? {
    while state != .finished, let token = try nextToken() {
      switch (state, token) {
      case (.beforeData, .start(let tag)) where tag.name == "sheetData": state = .inData
      case (.inData, .start(let tag)) where tag.name == "row": return try row(tag)
      case (.inData, .end("sheetData")): state = .finished
      default: continue
      }
    }
    state = .finished
    return nil
  }

  private mutating func nextToken() throws(SpreadsheetFault) -> MarkupToken? {
    do throws(SpreadsheetFault) {
      return try markup.next()
    } catch {
      throw placed(error)
    }
  }

  private mutating func richText() throws(SpreadsheetFault) -> String {
    do throws(SpreadsheetFault) {
      return try RichText.read(&markup, until: "is", limits: limits)
    } catch {
      throw placed(error)
    }
  }

  /// Damage inside a sheet is named with the row that was being read, or the one to come.
  private func placed(_ fault: SpreadsheetFault) -> SpreadsheetFault {
    guard state == .inData || state == .inRow else { return fault }
    let row = state == .inRow ? number : number + 1
    return SpreadsheetFault(fault.code, at: SpreadsheetPlace(row: row))
  }

  private mutating func row(_ tag: MarkupTag) throws(SpreadsheetFault) -> Record {
    let own = tag.value("r").map { Int($0) ?? 0 } ?? number + 1
    guard own > number, own <= limits.sheetRows else {
      throw SpreadsheetFault(.markupDamaged, at: SpreadsheetPlace(row: number + 1))
    }
    number = own
    state = .inRow
    var record = Record(number: own, line: own)
    var column = 0
    while let token = try nextToken() {
      switch token {
      case .end("row"):
        state = .inData
        return record
      case .start(let tag) where tag.name == "c":
        column = tag.value("r").map(CellValue.column) ?? column + 1
        try cell(tag, at: column, into: &record)
      case .start, .end, .text: continue
      }
    }
    throw SpreadsheetFault(.markupDamaged, at: SpreadsheetPlace(row: own))
  }

  private mutating func cell(
    _ tag: MarkupTag, at column: Int, into record: inout Record
  ) throws(SpreadsheetFault) {
    let place = SpreadsheetPlace(row: record.number, line: record.line, column: column)
    guard column >= 1, column <= limits.columns else {
      throw SpreadsheetFault(.markupDamaged, at: SpreadsheetPlace(row: record.number))
    }
    var value = CellValue(type: tag.value("t") ?? "n", style: Int(tag.value("s") ?? "") ?? 0)
    try readContent(of: &value, at: place)
    var fault: SpreadsheetFaultCode?
    let (text, kind) = value.resolved(texts: texts, styles: styles, fault: &fault)
    if let fault, record.fault == nil { record.fault = SpreadsheetFault(fault, at: place) }
    // An empty cell that only has a colour does not make the row longer.
    if text.isEmpty, kind == .text, column > record.cells.count { return }
    while record.cells.count < column {
      record.cells.append("")
      record.kinds.append(.text)
    }
    record.cells[column - 1] = text
    record.kinds[column - 1] = kind
  }

  private mutating func readContent(
    of value: inout CellValue, at place: SpreadsheetPlace
  ) throws(SpreadsheetFault) {
    var isValue = false
    while let token = try nextToken() {
      switch token {
      case .end("c"): return
      case .start(let tag):
        isValue = tag.name == "v"
        if isValue { value.hasValue = true }
        if tag.name == "f" { value.hasFormula = true }
        if tag.name == "is" {
          value.hasValue = true
          value.raw = try richText()
        }
      case .end: isValue = false
      case .text(let text):
        guard isValue else { continue }
        value.raw += text
        guard value.raw.utf8.count <= limits.fieldBytes else {
          throw SpreadsheetFault(.fieldTooLong, at: place)
        }
      }
    }
    throw SpreadsheetFault(.markupDamaged, at: place)
  }
}
