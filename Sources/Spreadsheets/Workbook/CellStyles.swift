/// Which styles of a workbook show a number as a date or time.
struct CellStyles {
  /// What a style shows.
  enum Form {
    case number
    case date
  }

  let startsIn1904: Bool
  private var forms: [Form] = []

  init(startsIn1904: Bool) {
    self.startsIn1904 = startsIn1904
  }

  func form(_ style: Int) -> Form {
    forms.indices.contains(style) ? forms[style] : .number
  }

  mutating func read(_ markup: inout MarkupReader) throws(SpreadsheetFault) {
    var formats: [String: String] = [:]
    var isCellFormats = false
    while let token = try markup.next() {
      switch token {
      case .start(let tag) where tag.name == "numFmt":
        if let id = tag.value("numFmtId") { formats[id] = tag.value("formatCode") ?? "" }
      case .start(let tag) where tag.name == "cellXfs": isCellFormats = true
      case .end("cellXfs"): isCellFormats = false
      case .start(let tag) where tag.name == "xf" && isCellFormats:
        let id = tag.value("numFmtId") ?? "0"
        let isDate = formats[id].map(Self.isDate) ?? Self.isBuiltInDate(Int(id) ?? 0)
        forms.append(isDate ? .date : .number)
      case .start, .end, .text: continue
      }
    }
  }

  /// Built-in formats of dates and times (ECMA-376 part 1, 18.8.30), with those of East Asia.
  private static func isBuiltInDate(_ id: Int) -> Bool {
    switch id {
    case 14...22, 27...36, 45...47, 50...58, 71...81: true
    default: false
    }
  }

  /// Whether a format has parts of a date outside quotes, brackets and escapes.
  static func isDate(_ format: String) -> Bool {
    var isQuoted = false
    var isEscaped = false
    var bracket = ""
    var isBracketed = false
    for scalar in format.unicodeScalars {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch scalar {
      case "\"" where !isBracketed: isQuoted.toggle()
      case _ where isQuoted: continue
      case "\\", "_", "*": isEscaped = true
      case "[":
        isBracketed = true
        bracket = ""
      case "]":
        isBracketed = false
        // Elapsed hours, minutes and seconds stand in brackets: `[h]:mm`.
        if !bracket.isEmpty, Set(bracket.lowercased()).isSubset(of: ["h", "m", "s"]) {
          return true
        }
      case _ where isBracketed: bracket.unicodeScalars.append(scalar)
      case ";": return false
      case "y", "Y", "m", "M", "d", "D", "h", "H", "s", "S": return true
      default: continue
      }
    }
    return false
  }
}
