import Kernel

extension Look {
  /// A place where no boundary is known: a name, a bar and a count.
  package struct Tile: Sendable {
    package let name: String
    package let address: String
    package let note: String
    package let late: Int
    package let done: Int
    package let whole: Int
    package let isChosen: Bool
    /// How far it fills up with colour, in hundredths, where the board stands for a map; the same number
    /// stands on it in words.
    package let fill: Int?

    package init(
      _ name: String, address: String, note: String, late: Int, done: Int, of whole: Int,
      isChosen: Bool = false, fill: Int? = nil
    ) {
      self.fill = fill
      self.name = name
      self.address = address
      self.note = note
      self.late = late
      self.done = done
      self.whole = whole
      self.isChosen = isChosen
    }

    /// A single late thing keeps a plain tile with its chip; from two on the edge turns red.
    var isBehind: Bool { late > 1 }

    var tone: Tone { isBehind ? .late : done >= whole ? .done : .information }
  }

  /// The board of tiles, in the order in which people know the places.
  package func board(_ tiles: [Tile], barLabel: String, id: String = "board") -> HTML {
    "<ul class=\"board\" id=\"\(id)\" data-live=\"\">\(tiles.map { tile($0, barLabel) })</ul>"
  }

  private func tile(_ tile: Tile, _ barLabel: String) -> HTML {
    let late = number(tile.late)
    let chip: HTML? = tile.late == 0 ? nil : self.chip(self("超时 \(late)", "\(late) late"), .late)
    let chosen: HTML = tile.isChosen ? " aria-current=\"true\"" : ""
    let drawn: HTML? =
      tile.whole == 0 ? nil : bar(tile.done, of: tile.whole, tile.tone, label: barLabel)
    // Tenths, because a content policy lets no page say a style of its own.
    let filling = tile.fill.map { " fill fill-\(min(10, max(0, $0 / 10)))" } ?? ""
    return """
      <li><a class="tile\(tile.isBehind ? " late" : "")\(filling)" href="\(tile.address)"\(chosen)>\
      <span class="name">\(tile.name)</span>\(chip)<span class="note">\(tile.note)</span>\
      \(drawn)</a></li>
      """
  }
}
