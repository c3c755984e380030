import Kernel

extension Look {
  /// One entrance (单元) of a building, or a part of it that has no entrances of its own.
  package struct Stair: Sendable {
    package let name: String
    package let note: String
    /// What holds there, in words and colour; nil when nothing does.
    package let label: Label?
    package let address: String?
    /// What a form sends when it is chosen.
    package let value: String?
    package let isOwn: Bool

    /// - Parameter isOwn: whether it belongs to what the page is about.
    package init(
      _ name: String, note: String, label: Label? = nil, address: String? = nil,
      value: String? = nil, isOwn: Bool = false
    ) {
      self.name = name
      self.note = note
      self.label = label
      self.address = address
      self.value = value
      self.isOwn = isOwn
    }
  }

  /// A building on the ground plan: the whole of it, then its entrances side by side.
  package struct Block: Sendable {
    package let whole: Stair
    package let stairs: [Stair]

    package init(_ whole: Stair, stairs: [Stair]) {
      self.whole = whole
      self.stairs = stairs
    }
  }

  /// Buildings with their entrances as they stand side by side: what holds at each, and where it opens to.
  /// Streets have no drawn outlines; people know the order of the houses.
  package func ground(_ blocks: [Block], label: String, id: String) -> HTML {
    """
    <div class="ground" id="\(id)" role="group" aria-label="\(label)" data-live="">\
    \(blocks.map { block($0, choosing: nil, chosen: []) })</div>
    """
  }

  /// The same as boxes of a form: a building whole, or entrances of it.
  func ground(_ blocks: [Block], choosing name: String, chosen: Set<String>) -> HTML {
    "<div class=\"ground\">\(blocks.map { block($0, choosing: name, chosen: chosen) })</div>"
  }

  private func block(_ block: Block, choosing name: String?, chosen: Set<String>) -> HTML {
    let own: HTML = block.whole.isOwn ? " own" : ""
    let stairs: HTML? =
      block.stairs.isEmpty
      ? nil
      : """
      <ul>\(block.stairs.map { stair in "<li>\(self.stair(stair, choosing: name, chosen))</li>" as HTML })</ul>
      """
    return """
      <section class="block\(own)">\(stair(block.whole, choosing: name, chosen, isWhole: true))\(stairs)</section>
      """
  }

  private func stair(
    _ stair: Stair, choosing name: String?, _ chosen: Set<String>, isWhole: Bool = false
  ) -> HTML {
    let look: HTML = """
      stair\(isWhole ? " whole" : "")\(stair.isOwn ? " own" : "") \(stair.label?.tone.rawValue ?? "none")
      """
    let inside: HTML = """
      <span class="name">\(stair.name)</span>\(stair.label.map(chip))<span class="note">\(stair.note)</span>
      """
    if let name, let value = stair.value {
      let box: HTML = chosen.contains(value) ? " checked=\"\"" : ""
      return """
        <label class="\(look)"><input type="checkbox" name="\(name)" value="\(value)"\(box)/>\(inside)</label>
        """
    }
    guard name == nil, let address = stair.address else {
      return "<div class=\"\(look)\">\(inside)</div>"
    }
    return "<a class=\"\(look)\" href=\"\(address)\">\(inside)</a>"
  }
}
