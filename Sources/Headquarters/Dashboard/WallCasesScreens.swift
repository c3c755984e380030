import Kernel
import Look
import Registry

/// The day's infections on the wall.
struct WallCases {
  let place: Place?
  let reading: Reading
  let look: Look

  init(place: Place?, reading: Reading, look: Look) throws {
    self.place = place
    self.reading = reading
    self.look = look
  }

  var figures: [Look.Figure] { [] }

  func table() throws -> HTML? { nil }

  /// How a number stands beside yesterday's at the same hour.
  static func compared(_ now: Int, _ before: Int, isBadNews: Bool, _ look: Look) -> Look.Label {
    let change = look.change(from: before, to: now)
    let text = look(
      "昨日同时 \(look.number(before)) \(change)", "yesterday \(look.number(before)) \(change)")
    if now == before || !isBadNews { return Look.Label(text, .neutral) }
    return Look.Label(text, now > before ? .late : .done)
  }
}
