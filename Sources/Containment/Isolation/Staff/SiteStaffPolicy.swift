import Kernel

/// Who works at an isolation site, by posts, and what is asked of those in its closed loop.
package struct SiteStaffPolicy: PolicySection {
  package static let key = "site_staff"

  /// A post of a site.
  package struct Post: Decodable, Sendable {
    package let code: String
    package let words: Words
    /// How many hold it at once.
    package let people: Int
    /// From and until when each day; round the clock when nothing is said.
    package let from: RestrictionsPolicy.TimeOfDay?
    package let until: RestrictionsPolicy.TimeOfDay?
    /// Whether it lies inside the closed loop: whoever holds it sleeps on the site.
    package let isInLoop: Bool

    private enum CodingKeys: String, CodingKey {
      case code
      case words
      case people
      case from
      case until
      case isInLoop = "in_loop"
    }
  }

  package let posts: [Post]
  /// The post whose holder answers for the guests, day and night.
  package let leader: String
  package let shiftHoursMost: Int
  /// How much rest lies between two turns at least.
  package let restHours: Int
  /// How far ahead the roster must have no gap.
  package let rosterHours: Int
  /// Within how long a gap is filled.
  package let staffMinutes: Int
  /// How old the negative result may be with which somebody enters the loop.
  package let entryNegativeHours: Int
  /// Every how many days those in the loop are tested, and until when that day.
  package let testEveryDays: Int
  package let testBy: RestrictionsPolicy.TimeOfDay

  private enum CodingKeys: String, CodingKey {
    case posts
    case leader
    case shiftHoursMost = "shift_hours_most"
    case restHours = "rest_hours"
    case rosterHours = "roster_hours"
    case staffMinutes = "staff_minutes"
    case entryNegativeHours = "entry_negative_hours"
    case testEveryDays = "test_every_days"
    case testBy = "test_by"
  }

  /// A post by its code.
  package func post(_ code: String) -> Post? { posts.first { $0.code == code } }

  package var faults: [Words] {
    var faults: [Words] = []
    if posts.isEmpty || Set(posts.map(\.code)).count != posts.count {
      faults.append(Words("岗位为空或重复", "the posts are empty or stand twice"))
    }
    let isHalf = posts.contains { post in
      guard let from = post.from, let until = post.until else {
        return (post.from == nil) != (post.until == nil)
      }
      return from.minutes >= until.minutes
    }
    if isHalf || posts.contains(where: { $0.people < 1 }) {
      faults.append(
        Words("岗位人数不为正，或起止时刻不成对", "a post needs nobody, or its hours do not begin before they end"))
    }
    if post(leader)?.from != nil || post(leader) == nil {
      faults.append(Words("点长岗位不存在或不是昼夜", "the leader's post is missing or not round the clock"))
    }
    let spans = [
      shiftHoursMost, restHours, rosterHours, staffMinutes, entryNegativeHours, testEveryDays,
    ]
    if spans.contains(where: { $0 < 1 }) {
      faults.append(Words("时限须为正数", "spans are positive"))
    }
    return faults
  }
}

/// What an edition asks of somebody who ends work in a closed loop.
package struct ClosedLoopPolicy: PolicySection {
  package static let key = "closed_loop"

  /// A stretch after the end.
  package struct Stage: Decodable, Sendable {
    package let words: Words
    package let days: Int
  }

  package let quote: String
  package let source: String
  package let stages: [Stage]
  /// On which days after the end a sample is taken; the day of the end is day 0.
  package let testDays: [Int]

  private enum CodingKeys: String, CodingKey {
    case quote
    case source
    case stages
    case testDays = "test_days"
  }

  /// For how many days no open post is taken.
  package var days: Int { stages.reduce(0) { $0 + $1.days } }

  package var faults: [Words] {
    let isRight = !stages.isEmpty && stages.allSatisfy { $0.days > 0 }
    let areInside = testDays.allSatisfy { (1...max(1, days)).contains($0) }
    return isRight && areInside
      ? [] : [Words("闭环结束后的天数不为正，或检测日在其外", "days after the loop are positive, tests lie inside")]
  }
}
