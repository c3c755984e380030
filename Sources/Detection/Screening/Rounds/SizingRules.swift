import Kernel

/// What a round needs, with the formulae shown.
package enum SizingRules {
  /// The longest that a round is planned for: a year.
  static let mostHours = 365 * 24

  /// One number with how it came about.
  package struct Item: Codable, Sendable {
    package let code: String
    package let words: Words
    package let value: Int
    package let formula: Words
  }

  /// What is asked.
  package struct Question: Sendable {
    package let people: Int
    /// Of them those who cannot come to a point.
    package let homebound: Int
    package let hours: Int
    package let pool: Int

    package init(people: Int, homebound: Int, hours: Int, pool: Int) {
      self.people = people
      self.homebound = homebound
      self.hours = hours
      self.pool = pool
    }
  }

  /// Points, samplers, tubes, teams and laboratory lines for a round.
  package static func plan(
    _ asked: Question, _ sizing: ScreeningPolicy.Sizing
  ) -> [Item] {
    let walking = max(0, asked.people - asked.homebound)
    let hours = max(1, asked.hours)
    let points = parts(walking, sizing.peoplePerPoint)
    let byHead = parts(walking, sizing.peoplePerSampler)
    let byHour = parts(walking, sizing.swabsPerHour * hours)
    let shifts = parts(hours, sizing.hoursPerShift)
    let full = parts(asked.people, asked.pool)
    let tubes = full + parts(full * sizing.spareTubesPercent, 100)
    let teams = parts(asked.homebound, sizing.homeVisitsPerHour * hours)
    let lines = parts(full, sizing.tubesPerLineHour * hours)
    return [
      item(
        "points", Words("采样点", "Sampling points"), points,
        Words(
          "（\(asked.people) − \(asked.homebound)）÷ 每点 \(sizing.peoplePerPoint) 人",
          "(\(asked.people) − \(asked.homebound)) ÷ \(sizing.peoplePerPoint) people a point")),
      item(
        "samplers", Words("采样员", "Samplers"), max(byHead, byHour),
        Words(
          "较大者：\(walking) ÷ 每人 \(sizing.peoplePerSampler)；\(walking) ÷（每小时 \(sizing.swabsPerHour) × \(hours) 小时）",
          "the greater of \(walking) ÷ \(sizing.peoplePerSampler) and \(walking) ÷ (\(sizing.swabsPerHour) an hour × \(hours) h)"
        )),
      item(
        "shifts", Words("轮班", "Shifts"), shifts,
        Words(
          "\(hours) 小时 ÷ 每班 \(sizing.hoursPerShift) 小时",
          "\(hours) h ÷ \(sizing.hoursPerShift) h a shift")),
      item(
        "tubes", Words("采样管", "Tubes"), tubes,
        Words(
          "\(asked.people) ÷ \(asked.pool) 混 1，加备用 \(sizing.spareTubesPercent)%",
          "\(asked.people) ÷ \(asked.pool) in a tube, and \(sizing.spareTubesPercent) % to spare")),
      item(
        "home_teams", Words("上门采样组", "Teams for home visits"), teams,
        Words(
          "\(asked.homebound) ÷（每小时 \(sizing.homeVisitsPerHour) 户 × \(hours) 小时）",
          "\(asked.homebound) ÷ (\(sizing.homeVisitsPerHour) doors an hour × \(hours) h)")),
      item(
        "laboratory_lines", Words("检测线", "Laboratory lines"), lines,
        Words(
          "\(full) 管 ÷（每线每小时 \(sizing.tubesPerLineHour) 管 × \(hours) 小时）",
          "\(full) tubes ÷ (\(sizing.tubesPerLineHour) an hour and line × \(hours) h)")),
      item(
        "laboratory_hours", Words("检测线小时", "Line hours"),
        parts(full, sizing.tubesPerLineHour),
        Words(
          "\(full) 管 ÷ 每小时 \(sizing.tubesPerLineHour) 管",
          "\(full) tubes ÷ \(sizing.tubesPerLineHour) an hour")),
    ]
  }

  /// Tests for each person when so many share a tube and everybody in a positive one is tested alone:
  /// 1/n + 1 − (1 − p)^n (Dorfman, 1943).
  package static func dorfman(prevalence: Double, pool: Int) -> Double {
    if pool <= 1 { return 1 }
    var clean = 1.0
    for _ in 0..<pool { clean *= 1 - prevalence }
    return 1 / Double(pool) + 1 - clean
  }

  /// Every how many days an area is tested after its first rounds; nil while those last.
  package static func everyDays(
    rounds: Int, casesInRecentRounds: Int, casesInDays: Int,
    _ frequency: ScreeningPolicy.Frequency
  ) -> Int? {
    if rounds < frequency.firstRounds { return nil }
    if casesInRecentRounds > 0 { return frequency.everyDaysRecent }
    return casesInDays > 0 ? frequency.everyDaysCase : frequency.everyDaysOtherwise
  }

  private static func parts(_ whole: Int, _ part: Int) -> Int {
    (max(0, whole) + part - 1) / max(1, part)
  }

  private static func item(
    _ code: String, _ words: Words, _ value: Int, _ formula: Words
  ) -> Item { Item(code: code, words: words, value: value, formula: formula) }
}
