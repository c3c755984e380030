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

  /// The ages at which somebody has a need, in whole years.
  package struct Ages: Decodable, Sendable {
    /// From this age on; from birth when there is none.
    package let from: Int?
    /// Below this age; for ever when there is none.
    package let below: Int?

    /// Whether an age is one of them.
    package func hold(_ age: Int) -> Bool {
      from.map { age >= $0 } != false && below.map { age < $0 } != false
    }

    /// The days of birth of those who have one of these ages on a day: after the first, up to and
    /// with the second, as the register writes them.
    package func births(on day: Day) -> (after: String?, until: String?) {
      func born(_ years: Int) -> String {
        let year = String(day.parts.year - years)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year + day.text.dropFirst(4)
      }
      return (below.map(born), from.map(born))
    }
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
  /// The needs that follow from the age, so that nobody has to note them or strike them off.
  package let needsByAge: [String: Ages]

  private enum CodingKeys: String, CodingKey {
    case retention
    case tags
    case buildingsPerGrid = "buildings_per_grid"
    case slipDays = "slip_days"
    case earliestBirthYear = "earliest_birth_year"
    case needsByAge = "needs_by_age"
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
    for code in needsByAge.keys.sorted() where tag(code) == nil {
      faults.append(
        Words("按年龄的特殊需求“\(code)”不在清单中", "the need by age “\(code)” is not on the list"))
    }
    return faults
  }

  /// The codes of what somebody needs on a day: what was noted, and what the age says where the day
  /// of birth is known.
  package func needs(of resident: Resident, on day: Day) -> [String] {
    guard let age = resident.birthDay?.age(on: day) else { return resident.tags }
    let noted = resident.tags.filter { needsByAge[$0] == nil }
    return (noted + needsByAge.filter { $0.value.hold(age) }.keys).sorted()
  }

  /// The need with a code; one that a later policy no longer lists is still shown, by its code.
  package func need(_ code: String) -> Tag {
    tag(code) ?? Tag(code: code, title: Words(code, code))
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
