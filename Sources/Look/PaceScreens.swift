import Kernel

extension Look {
  /// One hour of something that is done by many.
  package struct PaceHour: Sendable {
    /// When it began, as `14`.
    package let name: String
    package let count: Int

    package init(_ name: String, _ count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// Columns of hours with the line of what an hour needs to be done in time; the last one is still under
  /// way. The numbers stand in the picture, so that nothing is to be guessed from a height.
  package func pace(_ hours: [PaceHour], needed: Int?, label: String, id: String) -> HTML {
    let highest = max(1, hours.map(\.count).max() ?? 0, needed ?? 0)
    let (width, top, bottom) = (440, 24, 124)
    let step = width / max(6, hours.count)
    func height(_ count: Int) -> Int { (bottom - top) * count / highest }
    let columns = hours.enumerated().map { place, hour -> HTML in
      let (x, tall) = (place * step, height(hour.count))
      let now: HTML = place == hours.count - 1 ? " class=\"now\"" : ""
      let middle = x + step / 2 - 2
      // Of many narrow columns every other one has its hour.
      let isNamed = hours.count <= 12 || place % 2 == hours.count % 2
      let name: HTML = isNamed ? "<text x=\"\(middle)\" y=\"144\">\(hour.name)</text>" : ""
      let count: HTML =
        hour.count > 0 && hours.count <= 12
        ? "<text class=\"count\" x=\"\(middle)\" y=\"\(bottom - tall - 5)\">\(number(hour.count))</text>"
        : ""
      return """
        <rect\(now) x="\(x)" y="\(bottom - tall)" width="\(step - 4)" height="\(max(1, tall))"/>\
        \(name)\(count)
        """
    }
    let line = needed.map { needed -> HTML in
      let y = bottom - height(needed)
      return """
        <path class="needed" d="M0 \(y)H\(width)"/>\
        <text class="needed" x="\(width)" y="\(y - 5)">\(self("需 \(number(needed))", "\(number(needed)) needed"))</text>
        """
    }
    return """
      <svg class="pace" id="\(id)" data-live="" viewBox="0 0 \(width) 150" role="img" \
      aria-label="\(label)">\(columns)\(line)</svg>
      """
  }

  /// A point on the map with its number in the list beside it.
  package struct MapPoint: Sendable {
    package let name: String
    package let number: Int
    package let latitude: Double
    package let longitude: Double
    package let tone: Tone
    package let address: String?

    package init(
      _ name: String, number: Int, latitude: Double, longitude: Double, tone: Tone, address: String?
    ) {
      self.name = name
      self.number = number
      self.latitude = latitude
      self.longitude = longitude
      self.tone = tone
      self.address = address
    }
  }

  /// Points where they lie to one another, north above, with a scale; nothing is fetched from outside.
  package func map(of points: [MapPoint], label: String, id: String) -> HTML {
    guard let first = points.first else { return "" }
    let (width, tall, edge) = (440.0, 240.0, 26.0)
    let south = points.map(\.latitude).min() ?? first.latitude
    let north = points.map(\.latitude).max() ?? first.latitude
    let west = points.map(\.longitude).min() ?? first.longitude
    let east = points.map(\.longitude).max() ?? first.longitude
    // A degree of longitude is shorter than one of latitude, by the cosine; a parabola is near enough here.
    let squeeze = Self.squeeze(latitude: (south + north) / 2)
    let metresPerDegree = 111_320.0
    let wide = max((east - west) * squeeze, 0.002)
    let high = max(north - south, 0.002)
    let scale = min((width - 2 * edge) / wide, (tall - 2 * edge) / high)
    let (middleX, middleY) = ((west + east) / 2, (south + north) / 2)
    let marks = points.map { point -> HTML in
      let x = Int(width / 2 + (point.longitude - middleX) * squeeze * scale)
      let y = Int(tall / 2 - (point.latitude - middleY) * scale)
      let mark: HTML = """
        <circle cx="\(x)" cy="\(y)" r="13"/><text x="\(x)" y="\(y + 5)">\(point.number)</text>
        """
      guard let address = point.address else {
        return
          "<g class=\"\(point.tone.rawValue)\" role=\"img\" aria-label=\"\(point.number) \(point.name)\">\(mark)</g>"
      }
      return """
        <a class="\(point.tone.rawValue)" href="\(address)" aria-label="\(point.number) \(point.name)">\(mark)</a>
        """
    }
    let metres = Self.round(80 / scale * metresPerDegree)
    let bar = Int(Double(metres) / metresPerDegree * scale)
    let distance = metres >= 1_000 ? "\(metres / 1_000) km" : "\(metres) m"
    return """
      <svg class="points" id="\(id)" data-live="" viewBox="0 0 \(Int(width)) \(Int(tall))" role="group" \
      aria-label="\(label)">\(marks)<g aria-hidden="true"><path class="scale" \
      d="M10 \(Int(tall) - 12)h\(bar)"/><text class="scale" x="10" y="\(Int(tall) - 18)">\(distance)</text>\
      <text class="scale north" x="\(Int(width) - 14)" y="22">\(self("北", "N")) ↑</text></g></svg>
      """
  }

  /// The cosine of a latitude between the tropics and the far north, to one in a hundred.
  static func squeeze(latitude: Double) -> Double {
    let angle = abs(latitude) * 3.141592653589793 / 180
    let square = angle * angle
    return max(0.1, 1 - square / 2 + square * square / 24)
  }

  /// A round length near a length: 1, 2 or 5 with noughts.
  static func round(_ metres: Double) -> Int {
    var power = 1
    while Double(power * 10) <= metres { power *= 10 }
    return [5, 2, 1].map { $0 * power }.first { Double($0) <= metres } ?? 1
  }
}
