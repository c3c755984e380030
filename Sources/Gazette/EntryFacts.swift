import Kernel

/// One record that somebody came from an area of risk.
package enum EntryTag {}
/// Names an entry record.
package typealias EntryID = ID<EntryTag>

/// Of what risk the area was from which somebody came.
package enum EntryLevel: String, Codable, CaseIterable, Sendable {
  case high
  case middle
  case low

  package var words: Words {
    switch self {
    case .high: Words("高风险", "high risk")
    case .middle: Words("中风险", "middle risk")
    case .low: Words("低风险", "low risk")
    }
  }
}

/// It was noted that somebody came from an area of risk.
package struct EntryNoted: Fact {
  package static let name = "entries.noted"
  package static let words = Words("已登记来返人员", "Entry from an area of risk noted")
  package static let about = Matter.entry
  package let entry: EntryID
  package let person: PersonID
  /// Where the person lives now.
  package let home: PlaceID
  package let level: EntryLevel
  /// The day on which they left the area.
  package let leftOn: Day
  package var subject: String { entry.text }

  package init(entry: EntryID, person: PersonID, home: PlaceID, level: EntryLevel, leftOn: Day) {
    self.entry = entry
    self.person = person
    self.home = home
    self.level = level
    self.leftOn = leftOn
  }
}

/// The record was wrong: nothing rests on it any more.
package struct EntryWithdrawn: Fact {
  package static let name = "entries.withdrawn"
  package static let words = Words("来返登记已撤销", "Entry record withdrawn")
  package static let about = Matter.entry
  package let entry: EntryID
  package let person: PersonID
  package var subject: String { entry.text }

  package init(entry: EntryID, person: PersonID) {
    self.entry = entry
    self.person = person
  }
}
