import Kernel

extension Look {
  /// Who was near a case: a drawing where there is room, the same as a nested list where there is not,
  /// and its key.
  package func contactGraph(_ graph: ContactGraph, title: String) -> HTML {
    let layout = ContactGraphLayout(graph)
    let (x, y) = (ContactGraphLayout.center, layout.middle)
    return """
      <div class="scroll tree-drawing" role="region" tabindex="0" aria-label="\(title)">\
      <svg class="tree graph" viewBox="0 0 \(ContactGraphLayout.width) \(layout.height)" \
      width="\(ContactGraphLayout.width)" role="group" aria-labelledby="graph-title">\
      <title id="graph-title">\(title)</title>\(layout.places.map { ways(to: $0, layout) })\
      <circle class="late marked" cx="\(x)" cy="\(y)" r="14"/>\
      <text class="axis" x="\(x)" y="\(y + 36)">\(graph.center)</text>\
      \(layout.places.map(venue))</svg></div>\
      <ul class="tree-list" aria-label="\(title)">\(graph.venues.map(listed))</ul>\
      <ul class="legend">\(graph.key.map { keyed($0.0, $0.1, $0.2) })</ul>
      """
  }

  /// From the case to a venue, and from there to each person.
  private func ways(to place: ContactGraphLayout.Place, _ layout: ContactGraphLayout) -> HTML {
    let box = place.box
    let inner = place.isLeft ? box + ContactGraphLayout.venueWidth : box
    let outer = place.isLeft ? box : box + ContactGraphLayout.venueWidth
    let bend = place.isLeft ? outer - 24 : outer + 24
    let people = (0..<place.lines).map { line -> HTML in
      "<path d=\"M\(outer) \(place.middle)H\(bend)V\(place.y(line))H\(place.people)\"/>"
    }
    return """
      <g class="arrow\(place.venue.isIndirect ? " proposed" : "")">\
      <path d="M\(ContactGraphLayout.center) \(layout.middle)L\(inner) \(place.middle)"/>\(people)</g>
      """
  }

  private func venue(_ place: ContactGraphLayout.Place) -> HTML {
    let venue = place.venue
    let height = ContactGraphLayout.venueHeight
    let people = venue.people.enumerated().map { line, person -> HTML in
      """
      <a href="\(person.address)" class="\(person.tone.rawValue)"><title>\(person.title)</title>\
      \(drawn(person.shape, x: place.people, y: place.y(line), isFull: person.isDecided))\
      \(label(person.label, of: place, line))</a>
      """
    }
    let rest: HTML? =
      venue.rest > 0
      ? """
      <a href="\(venue.address)">\(label(more(venue.rest), of: place, venue.people.count))</a>
      """ : nil
    return """
      <a href="\(venue.address)"><title>\(venue.name)</title><rect class="venue" x="\(place.box)" \
      y="\(place.middle - height / 2)" width="\(ContactGraphLayout.venueWidth)" \
      height="\(height)" rx="8"/><text class="middle" \
      x="\(place.box + ContactGraphLayout.venueWidth / 2)" y="\(place.middle + 5)">\
      \(cut(venue.name))</text></a>\(people)\(rest)
      """
  }

  private func more(_ count: Int) -> String { self("另有 \(count) 人", "\(count) more") }

  private func label(
    _ text: String, of place: ContactGraphLayout.Place, _ line: Int
  ) -> HTML {
    let x = place.isLeft ? place.people - 16 : place.people + 16
    let end: HTML = place.isLeft ? " class=\"end\"" : ""
    return "<text\(end) x=\"\(x)\" y=\"\(place.y(line) + 5)\">\(text)</text>"
  }

  /// As much of a name as fits into a venue's box.
  private func cut(_ name: String) -> String {
    let room = ContactGraphLayout.venueWidth - 24
    if TrajectoryLayout.width(of: name) <= room { return name }
    var short = name
    while !short.isEmpty && TrajectoryLayout.width(of: short + "…") > room { short.removeLast() }
    return short + "…"
  }

  private func drawn(_ shape: ContactGraph.Shape, x: Int, y: Int, isFull: Bool) -> HTML {
    let look: HTML = isFull ? "dot marked" : "dot"
    switch shape {
    case .circle: return "<circle class=\"\(look)\" cx=\"\(x)\" cy=\"\(y)\" r=\"8\"/>"
    case .square:
      return """
        <rect class="\(look)" x="\(x - 7)" y="\(y - 7)" width="14" height="14"/>
        """
    case .diamond: return "<path class=\"\(look)\" d=\"M\(x) \(y - 10)l10 10l-10 10l-10 -10z\"/>"
    case .triangle: return "<path class=\"\(look)\" d=\"M\(x) \(y - 9)l10 17h-20z\"/>"
    }
  }

  private func listed(_ venue: ContactGraph.Venue) -> HTML {
    let people = venue.people.map { person -> HTML in
      """
      <li class="\(person.tone.rawValue)"><svg class="tree graph" viewBox="0 0 24 24" width="20" \
      height="20" aria-hidden="true">\
      \(drawn(person.shape, x: 12, y: 12, isFull: person.isDecided))</svg> \
      <a href="\(person.address)">\(person.label)</a></li>
      """
    }
    let rest: HTML? =
      venue.rest > 0
      ? "<li><a href=\"\(venue.address)\">\(more(venue.rest))</a></li>" : nil
    return """
      <li><a href="\(venue.address)">\(venue.name)</a><ul>\(people)\(rest)</ul></li>
      """
  }

  private func keyed(_ shape: ContactGraph.Shape, _ tone: Tone, _ text: String) -> HTML {
    """
    <li class="\(tone.rawValue)"><svg class="tree graph" viewBox="0 0 24 24" width="20" \
    height="20" aria-hidden="true">\(drawn(shape, x: 12, y: 12, isFull: true))</svg>\(text)</li>
    """
  }
}
