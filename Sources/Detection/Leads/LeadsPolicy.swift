import Kernel

/// By when a lead is checked, and for how long its result is shown for the same person.
package struct LeadsPolicy: PolicySection {
  package static let key = "leads"

  /// Hours from the arrival, by urgency.
  package let hours: [String: Int]
  /// Within so many minutes what waits is split.
  package let splitMinutes: Int
  /// For so many days a result counts as a previous one of the same person.
  package let previousDays: Int

  private enum CodingKeys: String, CodingKey {
    case hours
    case splitMinutes = "split_minutes"
    case previousDays = "previous_days"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    for name in hours.keys.sorted() where LeadUrgency(rawValue: name) == nil {
      faults.append(Words("没有“\(name)”这种类型", "there is no urgency “\(name)”"))
    }
    let inOrder = LeadUrgency.allCases.map { hours[$0.rawValue] ?? 0 }
    if inOrder.contains(where: { $0 < 1 }) || inOrder != inOrder.sorted() {
      faults.append(
        Words("各类型都须有时限，且加急不长于普通", "each urgency needs its hours, the most urgent the fewest"))
    }
    if splitMinutes < 1 || previousDays < 1 {
      faults.append(Words("分钟数或天数无效", "a number of minutes or days makes no sense"))
    }
    return faults
  }

  /// When a lead that arrives at a moment is due.
  package func deadline(_ urgency: LeadUrgency, from received: Instant) -> Instant {
    received + .hours(hours[urgency.rawValue] ?? 1)
  }
}
