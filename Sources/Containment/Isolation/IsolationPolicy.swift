import Kernel

/// How isolation sites are readied, filled, kept clean and left.
package struct IsolationPolicy: PolicySection {
  package static let key = "isolation"

  /// A step of readiness, in the order of the list.
  package struct Step: Decodable, Sendable {
    package let code: String
    package let words: Words
  }

  /// Who may share a room as carer (RULES 7 i).
  package struct Sharing: Decodable, Sendable {
    package let caredForBelowYears: Int
    package let caredForNeeds: [String]
    package let carerFromYears: Int
    package let carerBelowYears: Int
    /// With one of these nobody is a carer: not the old or the ill.
    package let carerWithoutNeeds: [String]

    private enum CodingKeys: String, CodingKey {
      case caredForBelowYears = "cared_for_below_years"
      case caredForNeeds = "cared_for_needs"
      case carerFromYears = "carer_from_years"
      case carerBelowYears = "carer_below_years"
      case carerWithoutNeeds = "carer_without_needs"
    }
  }

  /// How a room is disinfected after somebody left.
  package struct Disinfection: Decodable, Sendable {
    package let withinMinutes: Int
    package let leastMilligrams: Double
    package let leastMinutes: Double

    private enum CodingKeys: String, CodingKey {
      case withinMinutes = "within_minutes"
      case leastMilligrams = "least_milligrams"
      case leastMinutes = "least_minutes"
    }
  }

  /// How medical waste is labelled, weighed and handed over.
  package struct Waste: Decodable, Sendable {
    /// A kind that stands on a label.
    package struct Kind: Decodable, Sendable {
      package let code: String
      package let words: Words
    }

    package let kinds: [Kind]
    /// How long it may be stored.
    package let storedHours: Int
    package let heaviestBagGrams: Int
    /// By how much two scales may differ.
    package let tolerancePercent: Int

    private enum CodingKeys: String, CodingKey {
      case kinds
      case storedHours = "stored_hours"
      case heaviestBagGrams = "heaviest_bag_grams"
      case tolerancePercent = "tolerance_percent"
    }
  }

  package let readyMinutes: Int
  package let steps: [Step]
  package let acceptMinutes: Int
  package let arriveMinutes: Int
  /// How long before the end the notice is to be brought.
  package let noticeHours: Int
  /// Within how long somebody whom no measure holds is let go.
  package let releaseMinutes: Int
  package let followUpHours: Int
  package let positiveMinutes: Int
  package let sharing: Sharing
  package let disinfection: Disinfection
  package let waste: Waste
  package let meals: Meals

  private enum CodingKeys: String, CodingKey {
    case steps
    case sharing
    case disinfection
    case waste
    case meals
    case readyMinutes = "ready_minutes"
    case acceptMinutes = "accept_minutes"
    case arriveMinutes = "arrive_minutes"
    case noticeHours = "notice_hours"
    case releaseMinutes = "release_minutes"
    case followUpHours = "follow_up_hours"
    case positiveMinutes = "positive_minutes"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    if steps.isEmpty || Set(steps.map(\.code)).count != steps.count {
      faults.append(Words("准备步骤为空或重复", "the steps of readiness are empty or stand twice"))
    }
    if waste.kinds.isEmpty || Set(waste.kinds.map(\.code)).count != waste.kinds.count {
      faults.append(Words("废物种类为空或重复", "the kinds of waste are empty or stand twice"))
    }
    let spans = [
      readyMinutes, acceptMinutes, arriveMinutes, noticeHours, releaseMinutes, followUpHours,
      positiveMinutes, disinfection.withinMinutes, waste.storedHours, waste.heaviestBagGrams,
    ]
    if spans.contains(where: { $0 < 1 }) || !(0...20).contains(waste.tolerancePercent) {
      faults.append(
        Words("时限须为正数，称重允差 0–20%", "spans are positive, scales differ by 0 to 20 %"))
    }
    return faults + meals.faults
  }
}
