/// Who owes what, and who is told when it is late.
package struct ObligationPolicy: PolicySection {
  package static let key = "obligations"

  /// A post at the nearest place of a level at or above the place concerned.
  package struct SeatRule: Decodable, Hashable, Sendable {
    package let role: String
    package let level: String
  }

  /// A step of a ladder.
  package struct Rung: Decodable, Sendable {
    /// Minutes after the deadline.
    package let afterMinutes: Int
    package let role: String
    package let level: String
    package var seat: SeatRule { SeatRule(role: role, level: level) }

    /// The longest span of a rung: a year. What is told later is told too late.
    static let mostMinutes = 366 * 24 * 60

    private enum CodingKeys: String, CodingKey {
      case role
      case level
      case afterMinutes = "after_minutes"
    }
  }

  /// Who owes one kind of thing, and who is told when it is late.
  package struct Rule: Decodable, Sendable {
    package let owner: SeatRule
    package let ladder: [Rung]
  }

  /// The role that sits at the end of each ladder: the command's duty seat.
  package let commandRole: String
  package let kinds: [String: Rule]

  /// Where everything ends: the command's duty seat, told at the deadline itself.
  var commandRung: Rung { Rung(afterMinutes: 0, role: commandRole, level: "district") }

  private enum CodingKeys: String, CodingKey {
    case kinds
    case commandRole = "command_role"
  }

  package var faults: [Words] {
    kinds.sorted { $0.key < $1.key }.compactMap { name, rule in
      let minutes = rule.ladder.map(\.afterMinutes)
      let seats = [rule.owner] + rule.ladder.map(\.seat)
      if rule.ladder.last?.role != commandRole {
        return Words(
          "“\(name)”的提级链没有止于 \(commandRole)",
          "the ladder of “\(name)” does not end at \(commandRole)")
      }
      if minutes != minutes.sorted() || (minutes.first ?? 0) < 0 {
        return Words("“\(name)”的提级时间没有递增", "the times of the ladder of “\(name)” do not rise")
      }
      if (minutes.last ?? 0) > Rung.mostMinutes {
        return Words(
          "“\(name)”的提级时间超过一年", "the ladder of “\(name)” is longer than a year")
      }
      if Set(seats).count != seats.count {
        return Words("“\(name)”的提级链有重复岗位", "a seat stands twice in the ladder of “\(name)”")
      }
      return nil
    }
  }

  /// The rule of a kind.
  ///
  /// - Throws: a refusal when the policy in force says nothing of it.
  package func rule(_ kind: String) throws(Refusal) -> Rule {
    guard let rule = kinds[kind] else {
      throw Refusal(
        .conflict, "obligation.noRule",
        Words(
          "现行政策没有规定“\(kind)”由谁负责，请补充政策文件的 obligations 部分",
          "The policy in force does not say who owes “\(kind)”; add it to its obligations section"))
    }
    return rule
  }
}
