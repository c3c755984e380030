import Kernel

/// Which exposure is the likelier source of an infection, and what cannot be.
package struct TransmissionPolicy: PolicySection {
  package static let key = "transmission"

  /// From one onset to the next.
  package struct SerialInterval: Decodable, Sendable {
    package let usualDays: Double
    /// So many days away from the usual ones, a source is half as likely.
    package let spreadDays: Double

    private enum CodingKeys: String, CodingKey {
      case usualDays = "usual_days"
      case spreadDays = "spread_days"
    }
  }

  /// For how long somebody may infect others, counted from the onset.
  package struct InfectiousDays: Decodable, Sendable {
    package let before: Int
    package let after: Int
  }

  /// How much each basis weighs against the others.
  package let weights: [String: Double]
  /// From so many minutes together on, more time makes a source no likelier.
  package let fullMinutes: Int
  package let serialInterval: SerialInterval
  /// By so many days an infector may fall ill after whom they infected.
  package let onsetLeadDays: Int
  package let infectiousDays: InfectiousDays
  /// Cases further apart than this are no source of each other by rule.
  package let candidateDays: Int

  private enum CodingKeys: String, CodingKey {
    case weights
    case fullMinutes = "full_minutes"
    case serialInterval = "serial_interval"
    case onsetLeadDays = "onset_lead_days"
    case infectiousDays = "infectious_days"
    case candidateDays = "candidate_days"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    for basis in TransmissionBasis.allCases where weights[basis.rawValue] == nil {
      faults.append(
        Words("没有规定依据“\(basis.rawValue)”的权重", "“\(basis.rawValue)” has no weight"))
    }
    for name in weights.keys.sorted() where TransmissionBasis(rawValue: name) == nil {
      faults.append(Words("没有“\(name)”这种依据", "there is no basis “\(name)”"))
    }
    let days = [onsetLeadDays, infectiousDays.before, infectiousDays.after, candidateDays]
    if days.contains(where: { $0 < 0 }) || fullMinutes < 1 || serialInterval.spreadDays <= 0
      || weights.values.contains(where: { $0 < 0 })
    {
      faults.append(Words("天数、分钟数或权重无效", "a number of days, minutes or a weight makes no sense"))
    }
    return faults
  }
}
