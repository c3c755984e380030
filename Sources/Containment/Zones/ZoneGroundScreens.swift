import Gazette
import Kernel
import Look
import Registry

/// The map of zones: the houses as they stand, each entrance with what holds there and until when; of a
/// wider area a tile for each part.
struct ZoneGroundPart {
  let reading: Reading
  let look: Look
  let shown: ShowZoneGround.Answer
  /// The zone that the page is about.
  let own: ZoneID?

  init(_ place: PlaceID, own: ZoneID? = nil, reading: Reading) throws {
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowZoneGround(place: place))
    self.own = own
  }

  /// - Parameter address: where a part of a wide area opens to.
  func body(opening address: Address) -> HTML {
    if shown.blocks.isEmpty { return shown.parts.isEmpty ? "" : parts(address) }
    let estates = Dictionary(grouping: shown.blocks, by: \.estate)
    let order = shown.blocks.map(\.estate).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    let drawn = order.enumerated().map { index, estate in
      (order.count > 1 ? look.floor(estate) : "")
        + look.ground(
          (estates[estate] ?? []).map { block($0) }, label: estate, id: "ground-\(index)")
    }
    return look.panel(
      look("地图", "Map"), id: "map", note: look("楼栋和单元", "buildings and entrances"), HTML(drawn))
  }

  /// The buildings as boxes of a form; nil when they are too many to be drawn.
  var choices: [Look.Block]? {
    shown.blocks.isEmpty ? nil : shown.blocks.map { block($0, isChoice: true) }
  }

  private func block(_ block: ShowZoneGround.Block, isChoice: Bool = false) -> Look.Block {
    let mark = block.whole.zone
    return Look.Block(
      stair(block.whole, isChoice: isChoice),
      // What holds the whole building stands on it once.
      stairs: block.stairs.map { stair($0, isChoice: isChoice, hiding: mark) })
  }

  private func stair(
    _ stair: ShowZoneGround.Stair, isChoice: Bool, hiding whole: ZoneID? = nil
  ) -> Look.Stair {
    let mark = shown.marks.first { $0.zone == stair.zone }
    let people = look.count(stair.people, "人", "person", "people")
    let says = mark.flatMap { $0.zone == whole ? nil : clock($0) }
    return Look.Stair(
      stair.name, note: look.dotted([people, says]), label: mark.map(label),
      address: mark.map { "/zones/\(Address.escaped($0.zone.text))" },
      value: isChoice ? stair.place.text : nil, isOwn: own != nil && mark?.zone == own)
  }

  private func label(_ mark: ShowZoneGround.Mark) -> Look.Label {
    if mark.state == .proposed {
      return Look.Label(look("拟划\(mark.words.chinese)", "proposed: \(mark.words.english)"), .today)
    }
    return Look.Label(look(mark.words), Self.tone(mark.level))
  }

  /// Red where nobody leaves home, amber where nobody leaves the area, blue where people take care.
  static func tone(_ level: ZoneLevel) -> Look.Tone {
    switch level {
    case .sealed, .high: .late
    case .controlled, .medium: .soon
    case .precaution, .low: .information
    }
  }

  /// What is left until the release.
  private func clock(_ mark: ShowZoneGround.Mark) -> String {
    guard mark.state == .standing else { return look("待决定", "to be decided") }
    if mark.unmet == 0 { return look("可以解除", "may be released") }
    let unmet = look("还差 \(mark.unmet) 项", "\(mark.unmet) not met")
    guard let earliest = mark.earliest, earliest > reading.now else { return unmet }
    let left = look.duration(earliest - reading.now)
    return look.dotted([look("最快还有 \(left)", "\(left) at least"), unmet])
  }

  private func parts(_ address: Address) -> HTML {
    let tiles = shown.parts.map { part in
      Look.Tile(
        part.name, address: address.with(["place": part.place.text]).text,
        note: look.dotted([
          part.zones == 0
            ? look("没有风险区", "no zone")
            : look.dotted([
              look.count(part.zones, "个区", "zone", "zones"),
              look.count(part.people, "人", "person", "people"),
            ]),
          part.proposed == 0 ? nil : look("待决定 \(part.proposed)", "\(part.proposed) to decide"),
          part.earliest.map {
            look("最快 \(look.nearEnd($0))", "\(look.nearEnd($0)) at the earliest")
          },
        ]), late: 0, done: 0, of: 0)
    }
    return look.panel(
      look("地图", "Map"), id: "map", note: look("各地的风险区", "zones by area"),
      look.board(tiles, barLabel: look("涉及人数", "people"), id: "zone-parts"))
  }
}
