import Kernel

extension Look {
  /// A form around rows of which some are chosen: what was chosen stands in the address afterwards,
  /// beside what stood there before, so that the next page can say what it would mean.
  package func choosingForm(to address: Address, _ rows: HTML, buttons: HTML) -> HTML {
    let kept = address.query.sorted { $0.key < $1.key }.map { hidden($0.key, $0.value) }
    return """
      <form method="get" action="\(address.path)">\(kept)\
      <div class="buttons">\(buttons)</div>\(rows)</form>
      """
  }

  /// A box at the head of a row; the label is what it chooses.
  package func chooser(_ name: String, value: String, label: String) -> HTML {
    """
    <label class="chooser"><input type="checkbox" name="\(name)" value="\(value)" \
    aria-label="\(label)"/></label>
    """
  }
}
