import Kernel

extension Look {
  /// One cell of a table.
  package enum Cell: Sendable {
    case text(String)
    case linked(String, to: String)
    /// A number that opens to its rows, when there is an address.
    case number(Int, to: String? = nil)
    /// A row's own sum.
    case sum(Int, to: String? = nil)
    /// A total that is not the sum of what stands above it.
    case differs(Int, to: String? = nil)
    case markup(HTML)

    var isNumber: Bool {
      switch self {
      case .number, .sum, .differs: true
      case .text, .linked, .markup: false
      }
    }
  }

  /// A column's head.
  package struct Column: Sendable {
    package let title: String
    package let isNumber: Bool

    package init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }

    /// A column of numbers.
    package static func number(_ title: String) -> Column { Column(title, isNumber: true) }
  }

  /// A row: its head and its cells.
  package struct TableRow: Sendable {
    package let title: HTML
    package let cells: [Cell]

    package init(title: HTML, cells: [Cell]) {
      self.title = title
      self.cells = cells
    }

    /// A row whose head is a link, or plain when there is no address.
    package init(_ title: String, to address: String? = nil, cells: [Cell]) {
      self.init(
        title: address.map { "<a class=\"row-link\" href=\"\($0)\">\(title)</a>" } ?? "\(title)",
        cells: cells)
    }
  }

  /// A table inside its scrolling region; the total stands under a heavy rule. Where it is too wide for
  /// a telephone, or said to be, each row is a block there, with the head of its column over each cell.
  package func table(
    _ label: String, columns: [Column], rows: [TableRow], total: TableRow? = nil, id: String? = nil,
    isWide: Bool = false
  ) -> HTML {
    let live: HTML = id.map { " id=\"\($0)\" data-live=\"\"" } ?? ""
    let heads = columns.map { column -> HTML in
      let number: HTML = column.isNumber ? " class=\"number\"" : ""
      return "<th scope=\"col\"\(number)>\(column.title)</th>"
    }
    let named = isWide || Self.isTooWide(columns) ? columns.dropFirst().map(\.title) : []
    let foot: HTML? = total.map { "<tfoot>\(tableRow($0, named))</tfoot>" }
    let blocks: HTML = named.isEmpty ? "" : " class=\"blocks\""
    return """
      <div class="scroll" role="region" tabindex="0" aria-label="\(label)"\(live)><table\(blocks)>\
      <thead><tr>\(heads)</tr></thead><tbody>\(rows.map { tableRow($0, named) })</tbody>\(foot)\
      </table></div>
      """
  }

  /// Whether the columns are too many for a telephone, a column of words counting as two of numbers, or
  /// their heads too long: a head of a few words is broken, so a column of words is as wide as its words.
  private static func isTooWide(_ columns: [Column]) -> Bool {
    let heads = columns.reduce(0) { $0 + ($1.isNumber ? width(of: $1.title) : shortestWords) }
    return columns.reduce(0) { $0 + ($1.isNumber ? 1 : 2) } > 6 || heads > widestHeads
  }

  /// The width of a line in letters; a Chinese sign is as wide as two.
  static func width(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
  }

  /// In letters: what a column of words takes at least, and what stands side by side on a telephone.
  private static let shortestWords = 10
  private static let widestHeads = 36

  private func tableRow(_ row: TableRow, _ named: [String]) -> HTML {
    let cells = row.cells.enumerated().map { place, cell in
      tableCell(cell, named: place < named.count ? named[place] : nil)
    }
    return "<tr><th scope=\"row\">\(row.title)</th>\(cells)</tr>"
  }

  private func tableCell(_ cell: Cell, named name: String?) -> HTML {
    let name: HTML = name.map { " data-name=\"\($0)\"" } ?? ""
    return switch cell {
    case .text(let text): "<td\(name)>\(text)</td>"
    case .linked(let text, let address): "<td\(name)>\(link(text, to: address))</td>"
    case .markup(let markup): "<td\(name)>\(markup)</td>"
    case .number(let count, let address):
      "<td class=\"number\"\(name)>\(countLink(count, address))</td>"
    case .sum(let count, let address):
      "<td class=\"number sum\"\(name)>\(countLink(count, address))</td>"
    case .differs(let count, let address):
      "<td class=\"number differs\"\(name)>\(countLink(count, address))</td>"
    }
  }

  private func countLink(_ count: Int, _ address: String?) -> HTML {
    address.map { link(number(count), to: $0) } ?? "\(number(count))"
  }
}
