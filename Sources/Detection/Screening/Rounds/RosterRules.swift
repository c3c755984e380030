import Gazette
import Kernel
import Registry

/// Judgement about who is on a list and how they stand.
package enum RosterRules {
  /// How somebody stands when the list is frozen.
  static func frozen(
    birthDay: Day?, tags: [String], isAway: Bool, on day: Day, policy: ScreeningPolicy
  ) -> Stand {
    if let birthDay, isYounger(than: policy.exempt.belowYears, born: birthDay, on: day) {
      return Stand(.exempt, .age)
    }
    if tags.contains(where: policy.exempt.tags.contains) { return Stand(.exempt, .health) }
    return isAway ? Stand(.away, .travelling) : Stand(.missing)
  }

  /// Whether a birthday of so many years is still to come.
  static func isYounger(than years: Int, born: Day, on day: Day) -> Bool {
    let (birthYear, month, dayOfMonth) = born.parts
    // Who is born on 29 February is a year older on 1 March.
    let birthday =
      Day(year: birthYear + years, month: month, day: dayOfMonth)
      ?? Day(year: birthYear + years, month: 3, day: 1)
    return birthday.map { day < $0 } ?? false
  }

  /// The cell of somebody with a home: doors share the cell of the place in which they are.
  static func cellPath(of path: PlacePath, homeLevel: PlaceLevel) -> PlacePath {
    homeLevel == .household ? path.ancestors.first ?? path : path
  }

  /// How somebody stands who has no good swab: what was said last, otherwise as when the list was
  /// frozen; who gave a swab that can give no result is to give another one, unless a reason why they
  /// cannot was said after it.
  ///
  /// - Parameter voidSwabAt: when the last swab that can give no result was taken.
  static func unsampled(frozen: Stand, note: StandingNote?, voidSwabAt: Instant?) -> Stand {
    if let voidSwabAt, note.map({ $0.at <= voidSwabAt || $0.stand.standing == .missing }) ?? true {
      return Stand(.reswab, note?.stand.reason == .homebound ? .homebound : .none)
    }
    return note?.stand ?? frozen
  }

  /// The members of a place as cells, at most so many in each.
  static func cells(
    of members: [RosterMember], at path: PlacePath, from number: Int
  ) -> [RosterCell] {
    let sorted = members.sorted { $0.person < $1.person }
    return stride(from: 0, to: sorted.count, by: RosterCell.most).enumerated().map { place, start in
      RosterCell(
        key: RosterCell.Key(path: path, number: number + place),
        members: Array(sorted[start..<min(start + RosterCell.most, sorted.count)]))
    }
  }
}
