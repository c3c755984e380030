import Kernel

/// Where somebody was as several sources tell it: a lane for each source, days across.
package struct Trajectory: Sendable {
  /// A stay at one place.
  package struct Stay: Sendable {
    package let place: String
    package let from: Instant
    package let until: Instant
    package let tone: Look.Tone
    package let address: String?

    package init(
      _ place: String, from: Instant, until: Instant, tone: Look.Tone, address: String? = nil
    ) {
      self.place = place
      self.from = from
      self.until = until
      self.tone = tone
      self.address = address
    }
  }

  /// What one source tells.
  package struct Lane: Sendable {
    package let source: String
    package let stays: [Stay]

    package init(_ source: String, _ stays: [Stay]) {
      self.source = source
      self.stays = stays
    }
  }

  /// A span with a word: a conflict, a gap, the time in which others may be infected.
  package struct Span: Sendable {
    package let from: Instant
    package let until: Instant
    package let words: String
    /// What the list says instead, where there is room for more.
    package let detail: String

    package init(from: Instant, until: Instant, _ words: String, detail: String? = nil) {
      self.from = from
      self.until = until
      self.words = words
      self.detail = detail ?? words
    }
  }

  /// A moment with a word.
  package struct Mark: Sendable {
    package let at: Instant
    package let words: String

    package init(at: Instant, _ words: String) {
      self.at = at
      self.words = words
    }
  }

  package let days: ClosedRange<Day>
  package let lanes: [Lane]
  package let window: Span?
  package let marks: [Mark]
  /// What is drawn of the time of which nobody knows.
  package let gaps: [Span]
  /// All of it, for the list.
  package let allGaps: [Span]
  package let conflicts: [Span]
  /// Ways for which there was too little time.
  package let leaps: [Span]

  package init(
    days: ClosedRange<Day>, lanes: [Lane], window: Span? = nil, marks: [Mark] = [],
    gaps: [Span] = [], allGaps: [Span]? = nil, conflicts: [Span] = [],
    leaps: [Span] = []
  ) {
    self.days = days
    self.lanes = lanes
    self.window = window
    self.marks = marks
    self.gaps = gaps
    self.allGaps = allGaps ?? gaps
    self.conflicts = conflicts
    self.leaps = leaps
  }
}

/// Where things stand on the drawing of a trajectory, in its own units (docs/DESIGN.md).
struct TrajectoryLayout {
  static let names = 104
  static let day = 148
  static let lane = 60
  static let firstLane = 78
  static let bar = 26
  static let barInset = 17

  let days: ClosedRange<Day>
  let zone: Zone
  let laneCount: Int

  var dayCount: Int { days.upperBound - days.lowerBound + 1 }
  var right: Int { Self.names + dayCount * Self.day }
  var bottom: Int { Self.firstLane + laneCount * Self.lane }
  var width: Int { right + 8 }
  var height: Int { bottom + 20 }

  /// The place of a moment across, kept inside the drawn days.
  func x(_ instant: Instant) -> Int {
    let offset = instant - days.lowerBound.start(in: zone)
    let units = Double(offset.inMilliseconds) / 86_400_000 * Double(Self.day)
    return min(max(Self.names + Int(units.rounded()), Self.names), right)
  }

  func laneTop(_ index: Int) -> Int { Self.firstLane + index * Self.lane }

  /// Where a label begins that should begin at `x`: further left where the drawing ends.
  func start(of text: String, at x: Int) -> Int { max(0, min(x, width - Self.width(of: text) - 4)) }

  /// Where the middle of a label stands so that none of it lies outside.
  func middle(of text: String, at x: Int) -> Int {
    let half = Self.width(of: text) / 2 + 4
    return max(half, min(x, width - half))
  }

  /// How wide a label is: 16 units a Chinese sign, 8.5 a Latin one.
  static func width(of text: String) -> Int {
    Int(text.unicodeScalars.reduce(0.0) { $0 + ($1.value >= 0x2E80 ? 16 : 8.5) })
  }

  /// How many letters fit into a width.
  static func fits(_ text: String, in width: Int) -> Bool { self.width(of: text) + 10 <= width }
}
