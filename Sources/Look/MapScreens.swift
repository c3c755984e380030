import Kernel

extension Look {
  /// One district on the map: its boundary, its number, and where it opens to.
  package struct MapDistrict: Sendable {
    package let boundary: Boundary
    package let name: String
    /// Nil when it is not known.
    package let count: Int?
    /// Nil when the reader may not open it.
    package let address: String?
    package let isChosen: Bool

    package init(
      _ boundary: Boundary, name: String, count: Int?, address: String?, isChosen: Bool = false
    ) {
      self.boundary = boundary
      self.name = name
      self.count = count
      self.address = address
      self.isChosen = isChosen
    }
  }

  /// The map of districts, shaded by a number that also stands on each of them.
  ///
  /// - Parameter isClose: whether only the chosen district and what lies around it is drawn.
  package func map(
    _ all: [MapDistrict], label: String, tone: Tone, isClose: Bool = false
  ) -> HTML {
    let projection = BoundaryProjection(
      all.map(\.boundary), focus: isClose ? all.first(where: \.isChosen)?.boundary : nil)
    let districts = all.filter { projection.shows($0.boundary) }
    let highest = districts.compactMap(\.count).max() ?? 0
    let shapes = districts.map { shape($0, projection, highest) }
    // A label needs some ground under it; smaller districts carry their number in the link's name
    // and in the list beside the map.
    let labels = districts.filter { $0.isChosen || projection.size($0.boundary) > 2_000 }
      .map { name($0, projection) }
    return """
      <svg class="map \(tone.rawValue)" viewBox="0 0 440 \(Int(projection.height.rounded(.up)))" \
      role="group" aria-label="\(label)">\(shapes)<g aria-hidden="true">\(labels)</g></svg>\
      \(legend(label, tone, highest))
      """
  }

  private func shape(
    _ district: MapDistrict, _ projection: BoundaryProjection, _ highest: Int
  ) -> HTML {
    let path = projection.path(district.boundary)
    let chosen: HTML = district.isChosen ? " class=\"selected\"" : ""
    let count = district.count.map(number) ?? self("不明", "not known")
    let shade = Self.shade(district.count, of: highest)
    let drawn: HTML = """
      <path class="district" d="\(path)"/><path class="shade \(shade)" d="\(path)"/>
      """
    guard let address = district.address else {
      return "<g role=\"img\"\(chosen) aria-label=\"\(district.name)\">\(drawn)</g>"
    }
    return """
      <a href="\(address)"\(chosen) aria-label="\(district.name) · \(count)">\(drawn)</a>
      """
  }

  private func name(_ district: MapDistrict, _ projection: BoundaryProjection) -> HTML {
    let (x, y) = projection.middle(district.boundary)
    let count = district.count.map { count -> HTML in
      "<text class=\"count\" x=\"\(x)\" y=\"\(y + 18)\">\(number(count))</text>"
    }
    return "<text x=\"\(x)\" y=\"\(y)\">\(district.name)</text>\(count)"
  }

  /// The step of a number: none, then quarters of the highest.
  static func shade(_ count: Int?, of highest: Int) -> String {
    guard let count else { return "unknown" }
    if count == 0 || highest == 0 { return "level-0" }
    return "level-\(min(4, (count * 4 + highest - 1) / highest))"
  }

  private func legend(_ label: String, _ tone: Tone, _ highest: Int) -> HTML {
    let steps = highest == 0 ? [] : Array(Set((1...4).map { max(1, highest * $0 / 4) })).sorted()
    let items = steps.map { step -> HTML in
      """
      <li><svg class="map" viewBox="0 0 20 14" aria-hidden="true"><rect class="shade \
      \(Self.shade(step, of: highest))" x="1" y="1" width="18" height="12"/></svg>\
      \(number(step))</li>
      """
    }
    return "<ul class=\"legend \(tone.rawValue)\"><li>\(label):</li>\(items)</ul>"
  }
}
