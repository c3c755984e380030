extension SpreadsheetFault {
  /// The fault and its remedy in Chinese.
  package var chinese: String {
    let (problem, remedy) = chineseParts
    let whereabouts = chinesePlace
    return whereabouts.isEmpty ? "\(problem)。\(remedy)。" : "\(whereabouts)：\(problem)。\(remedy)。"
  }

  /// The fault and its remedy in English.
  package var english: String {
    let (problem, remedy) = englishParts
    let whereabouts = englishPlace
    return whereabouts.isEmpty ? "\(problem). \(remedy)." : "\(whereabouts): \(problem). \(remedy)."
  }

  private var chinesePlace: String {
    var parts: [String] = []
    if let row = place.row { parts.append("第\(row)行") }
    if let line = place.line, line != place.row { parts.append("（文件中第\(line)行）") }
    if let column = place.column {
      parts.append("\(SpreadsheetPlace.letters(of: column))列")
      if let name = place.columnName { parts.append("“\(name)”") }
    }
    return parts.joined()
  }

  private var englishPlace: String {
    var parts: [String] = []
    if let row = place.row { parts.append("row \(row)") }
    if let line = place.line, line != place.row { parts.append("line \(line) of the file") }
    if let column = place.column {
      let letters = SpreadsheetPlace.letters(of: column)
      parts.append("column \(letters)" + (place.columnName.map { " “\($0)”" } ?? ""))
    }
    return parts.joined(separator: ", ")
  }

  private var chineseList: String { names.map { "“\($0)”" }.joined(separator: "、") }

  private var englishList: String { names.map { "“\($0)”" }.joined(separator: ", ") }

  private var chinesePresent: String {
    present.isEmpty ? "" : "；文件中有：\(present.joined(separator: "、"))"
  }

  private var englishPresent: String {
    present.isEmpty ? "" : "; the file has: \(present.joined(separator: ", "))"
  }
}

extension SpreadsheetFault {
  private var chineseParts: (problem: String, remedy: String) {
    switch code {
    case .fileNotFound: ("找不到文件", "请核对文件名和所在文件夹")
    case .fileUnreadable: ("文件读不出来", "请检查磁盘和读取权限后再试")
    case .fileUnwritable: ("文件写不进去", "请检查磁盘空间和写入权限后再试")
    case .fileEmpty: ("文件是空的", "第一行应为表头，请补上后再导入")
    case .notTable: ("这不是表格文件", "请用表格软件打开，另存为 XLSX 或 CSV（UTF-8）")
    case .oldExcel: ("这是旧版 Excel（.xls）文件", "请另存为 XLSX 或 CSV（UTF-8）")
    case .binaryWorkbook: ("这是二进制工作簿（.xlsb）", "请另存为 XLSX 或 CSV（UTF-8）")
    case .encrypted: ("文件有密码", "请取消密码另存后再导入")
    case .notWorkbook: ("压缩包里没有工作簿", "请用表格软件另存为 XLSX 或 CSV（UTF-8）")
    case .encodingUnknown: ("文字编码认不出来", "请另存为 CSV（UTF-8）")
    case .encodingDamaged: ("文字已损坏，无法按文件的编码读出", "请在原表中重新填写这一格")
    case .encodingUnavailable: ("本机不能读这种文字编码", "请另存为 CSV（UTF-8）")
    case .nullByte: ("含有空字节", "请删去这一格重新填写，或另存为 CSV（UTF-8）")
    case .quoteUnterminated: ("引号没有结束", "请补上结束的引号")
    case .textAfterQuote: ("结束引号之后还有文字", "格内的引号请写成两个引号")
    case .fieldTooLong: ("这一格太长", "请检查前面是否缺了结束的引号")
    case .recordTooLong: ("这一行太长", "请检查文件是否为表格、是否缺了换行")
    case .columnsTooMany: ("列数太多", "请删去多余的列")
    case .rowTooShort: ("这一行的格数少于表头", "请补齐缺少的分隔符")
    case .rowTooLong: ("这一行的格数多于表头", "格内有分隔符时请用引号括起这一格")
    case .headerMissing: ("第一行没有一个认得的列名，应有\(chineseList)", "请把表头放在第一行")
    case .columnMissing: ("缺少列\(chineseList)\(chinesePresent)", "请补上这些列")
    case .columnDoubled: ("列\(chineseList)出现了不止一次", "请只保留一列")
    case .archiveDamaged: ("工作簿已损坏", "请用表格软件打开后重新保存")
    case .archiveUnsupported: ("工作簿的压缩方式不支持", "请用表格软件打开后重新保存")
    case .archiveTooLarge: ("工作簿解压后过大", "请拆成几个文件，或另存为 CSV（UTF-8）")
    case .markupDamaged: ("工作簿内容已损坏", "请用表格软件打开后重新保存")
    case .markupForbidden: ("工作簿含有不允许的内容", "请用表格软件新建表格，复制数值后保存")
    case .sheetMissing: ("没有工作表\(chineseList)\(chinesePresent)", "请核对工作表名称")
    case .cellDamaged: ("这一格已损坏", "请重新填写这一格")
    case .cellError: ("这一格是公式错误", "请改正公式或直接填写数值")
    case .formulaWithoutValue: ("这一格的公式没有结果", "请用表格软件打开、计算并保存，或直接填写数值")
    }
  }
}

extension SpreadsheetFault {
  private var englishParts: (problem: String, remedy: String) {
    switch code {
    case .fileNotFound: ("there is no such file", "Check its name and folder")
    case .fileUnreadable: ("the file cannot be read", "Check the disk and the permission to read")
    case .fileUnwritable:
      ("the file cannot be written", "Check the space on the disk and the permission to write")
    case .fileEmpty: ("the file is empty", "Its first row should be the header")
    case .notTable: ("this is not a table", "Open it and save it as XLSX or CSV (UTF-8)")
    case .oldExcel: ("this is an old Excel file (.xls)", "Save it as XLSX or CSV (UTF-8)")
    case .binaryWorkbook:
      ("this is a binary workbook (.xlsb)", "Save it as XLSX or CSV (UTF-8)")
    case .encrypted: ("the file has a password", "Save it without a password")
    case .notWorkbook: ("there is no workbook inside", "Save the table as XLSX or CSV (UTF-8)")
    case .encodingUnknown: ("the text encoding is not known", "Save the table as CSV (UTF-8)")
    case .encodingDamaged:
      ("the text is damaged in the file's encoding", "Type this cell again in the original")
    case .encodingUnavailable:
      ("this machine cannot read the text encoding", "Save the table as CSV (UTF-8)")
    case .nullByte:
      ("there is a NUL byte", "Type this cell again, or save the table as CSV (UTF-8)")
    case .quoteUnterminated: ("a quote does not end", "Add the closing quote")
    case .textAfterQuote: ("text follows a closing quote", "Double the quotes inside a cell")
    case .fieldTooLong: ("the cell is too long", "Look for a missing closing quote before it")
    case .recordTooLong: ("the row is too long", "Look for missing line ends")
    case .columnsTooMany: ("there are too many columns", "Delete those that are not needed")
    case .rowTooShort: ("the row has fewer cells than the header", "Add the missing delimiters")
    case .rowTooLong:
      ("the row has more cells than the header", "Put quotes around a cell with a delimiter in it")
    case .headerMissing:
      ("the first row has none of the columns \(englishList)", "Put the header in the first row")
    case .columnMissing: ("missing \(englishList)\(englishPresent)", "Add the missing columns")
    case .columnDoubled: ("the column \(englishList) is there twice", "Keep only one of them")
    case .archiveDamaged: ("the workbook is damaged", "Open it and save it again")
    case .archiveUnsupported:
      ("the workbook's compression is not supported", "Open it and save it again")
    case .archiveTooLarge:
      ("the workbook is too large when unpacked", "Split it, or save it as CSV (UTF-8)")
    case .markupDamaged: ("the workbook's content is damaged", "Open it and save it again")
    case .markupForbidden:
      ("the workbook holds content that is not allowed", "Copy the values into a new workbook")
    case .sheetMissing: ("there is no sheet \(englishList)\(englishPresent)", "Check its name")
    case .cellDamaged: ("the cell is damaged", "Type it again")
    case .cellError: ("the cell is a formula error", "Mend the formula or type the value")
    case .formulaWithoutValue:
      ("the cell's formula has no result", "Calculate and save the workbook, or type the value")
    }
  }
}
