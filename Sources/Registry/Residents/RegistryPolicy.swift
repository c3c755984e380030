import Kernel

/// How the register is kept: sizes, the closed list of special needs, and how long files stay.
package struct RegistryPolicy: PolicySection {
  package static let key = "registry"

  /// A special need that somebody at the door has to know of.
  package struct Tag: Codable, Hashable, Sendable {
    /// `dialysis`: how files and programs name it.
    package let code: String
    package let title: Words
  }

  /// How long a class of files is kept after it was last confirmed.
  package struct Retention: Decodable, Sendable {
    package let days: Int
  }

  /// How many buildings of an estate make one grid when a file brings new buildings.
  package let buildingsPerGrid: Int
  /// How long a resident's slip opens their own page.
  package let slipDays: Int
  /// The earliest year of birth that is taken for true.
  package let earliestBirthYear: Int
  package let retention: [String: Retention]
  package let tags: [Tag]

  private enum CodingKeys: String, CodingKey {
    case retention
    case tags
    case buildingsPerGrid = "buildings_per_grid"
    case slipDays = "slip_days"
    case earliestBirthYear = "earliest_birth_year"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    if buildingsPerGrid < 1 || slipDays < 1 {
      faults.append(
        Words("每个网格的楼栋数和纸条天数须大于 0", "buildings per grid and slip days must be above 0"))
    }
    for kept in RetentionClass.allCases where (retention[kept.rawValue]?.days ?? 0) < 1 {
      faults.append(
        Words("“\(kept.rawValue)”没有规定保存天数", "the class “\(kept.rawValue)” has no days of keeping"))
    }
    if Set(tags.map(\.code)).count != tags.count {
      faults.append(Words("特殊需求代码重复", "a code of a special need stands twice"))
    }
    return faults
  }

  /// The last day on which a file of a class is kept when it is confirmed today.
  package func keepUntil(_ kept: RetentionClass, from today: Day) -> Day {
    today + (retention[kept.rawValue]?.days ?? 0)
  }

  /// The special need with a code.
  package func tag(_ code: String) -> Tag? { tags.first { $0.code == code } }
}

/// Why a file is kept, which decides for how long.
package enum RetentionClass: String, Codable, CaseIterable, Sendable {
  /// Somebody who lives here.
  case resident
  /// Somebody opened by a case, a visit or without documents, to be completed.
  case temporary
}
