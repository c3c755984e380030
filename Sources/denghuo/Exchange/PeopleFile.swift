import Kernel
import Linkage
import Spreadsheets

/// A file of people read into a list in which duplicates can be found.
struct PeopleFile {
  private let file: String
  private let match: MatchOption
  private let voice: Voice
  /// So many faulty rows are named before a file is refused.
  private static let mostFaults = 100

  init(_ file: String, _ match: MatchOption, _ voice: Voice) {
    self.file = file
    self.match = match
    self.voice = voice
  }

  /// Reads all rows; the first column is each record's identifier.
  ///
  /// - Throws: the fault of the file or of its rows, identifiers that stand twice.
  func read(into people: inout PeopleList, isSecond: Bool, _ progress: ProgressLine) throws {
    let path = try NamedFile.path(file)
    try FaultyFile.naming(file) {
      var table = try Table(path: path, columns: match.headers.map { Column($0) })
      let identifierHeader = table.header.first ?? ""
      FileTable.noteExtra(table.extraColumns.filter { $0 != identifierHeader }, voice)
      let places = match.headers.map { table.position(of: $0) ?? 0 }
      let identities = match.columns.map { $0 == .identity || $0 == .phone }
      var rows = KnownRows()
      var lost = 0
      while let entry = try table.next() {
        switch entry {
        case .faulty(let faulty): rows.faults.append(faulty.fault.words)
        case .row(let row):
          let identifier = row.cells[0]
          rows.note(identifier, at: row.number)
          var cells: [String] = []
          for (position, place) in places.enumerated() {
            let cell = row.cells[place]
            // Digits that a spreadsheet destroyed would make strangers alike.
            let isLost = identities[position] && row.hasLostDigits(match.headers[position])
            if isLost { lost += 1 }
            cells.append(isLost ? "" : cell)
          }
          people.append(identifier, cells, isSecond: isSecond)
          progress.show(people.count, share: table.progress.fraction)
        }
        if rows.faults.count >= Self.mostFaults { break }
      }
      try refuse(rows.faults)
      if lost > 0 { noteLost(lost) }
    }
  }

  private func refuse(_ faults: [Words]) throws {
    guard let last = faults.last else { return }
    for fault in faults.dropLast() {
      voice.complain(Words("\(file)：\(fault.chinese)", "\(file): \(fault.english)"))
    }
    throw Refusal(
      .invalid, "duplicates.rows", Words("\(file)：\(last.chinese)", "\(file): \(last.english)"))
  }

  private func noteLost(_ count: Int) {
    voice.note(
      Words(
        "\(file)：\(count) 个号码被表格软件改成了近似数，按未填处理；请把该列设为文本后重新导出",
        "\(file): \(count) numbers were rounded by a spreadsheet and count as unknown; format the"
          + " column as text and export it again"))
  }
}

/// The identifiers that were met, and what is wrong with rows.
private struct KnownRows {
  private var rows: [String: Int] = [:]
  var faults: [Words] = []

  mutating func note(_ identifier: String, at row: Int) {
    if identifier.allSatisfy(\.isWhitespace) {
      faults.append(
        Words(
          "第 \(row) 行第一列没有编号，请填写",
          "Row \(row) has no identifier in the first column; fill it in"))
    } else if let earlier = rows.updateValue(row, forKey: identifier) {
      faults.append(
        Words(
          "第 \(row) 行的编号与第 \(earlier) 行相同，请改成各不相同的编号",
          "Row \(row) has the identifier of row \(earlier); give each its own"))
    }
  }
}
