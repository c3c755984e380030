import Glibc

/// Square cells of one size all over the earth, in which being near in space is being in one cell.
package struct CellGrid: Sendable {
  /// The side of a cell in metres; 800 in the rule for time-space companions (时空伴随).
  package let side: Double
  private static let metresPerDegree = 111_194.926_644_558_74

  package init(side: Double) { self.side = side }

  /// The cell of a place as an identifier for a venue; `nil` when there is no such place.
  ///
  /// Rows are bands of latitude; each band has its own number of columns, so that cells are as wide
  /// as they are high everywhere.
  package func cell(latitude: Double, longitude: Double) -> String? {
    guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
    let row = (latitude * Self.metresPerDegree / side).rounded(.down)
    let middle = (row + 0.5) * side / Self.metresPerDegree
    let width = max(Self.metresPerDegree * cos(middle * .pi / 180), 1)
    let column = (longitude * width / side).rounded(.down)
    return "cell/\(Int(row))/\(Int(column))"
  }
}

extension Inquiry {
  /// Time-space companions, when the venues are cells: those who shared a cell as the rule asks,
  /// where one of the two was located for at least so long in the window (some cities ask for 30
  /// hours, RULES system 5). A notice, never a restriction by itself.
  package func timeSpaceCompanions(
    of person: UInt32, by rule: MeetingRule, leastStay: UInt32 = 0, in window: SecondSpan = .always
  ) -> [Companion] {
    let companions = companions(of: person, by: rule, in: window).sorted
    guard leastStay > 0, located(person, in: window) < leastStay else { return companions }
    return companions.filter { located($0.person, in: window) >= leastStay }
  }

  /// For how many seconds of a window it is known where a person was; none counts twice.
  package func located(_ person: UInt32, in window: SecondSpan) -> UInt32 {
    var seconds: UInt32 = 0
    var end: UInt32 = 0
    for visit in trajectory(of: person, in: window) {
      let from = max(visit.from, end)
      if visit.to > from { seconds += visit.to - from }
      end = max(end, visit.to)
    }
    return seconds
  }
}
