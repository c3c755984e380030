import Kernel

extension IsolationPolicy {
  /// What the guests of a site are given to eat, and until when.
  package struct Meals: Decodable, Sendable {
    /// A meal of each day.
    package struct Meal: Decodable, Sendable {
      package let code: String
      package let words: Words
      /// Until when it stands at the doors.
      package let by: RestrictionsPolicy.TimeOfDay
    }

    /// What somebody eats.
    package struct Diet: Decodable, Sendable {
      package let code: String
      package let words: Words
      /// Whether the kitchen has a portion for it; for an infant at the breast it has none.
      package let isCooked: Bool

      private enum CodingKeys: String, CodingKey {
        case code
        case words
        case isCooked = "cooked"
      }
    }

    /// Why a door got nothing.
    package struct Reason: Decodable, Sendable {
      package let code: String
      package let words: Words
    }

    /// The meals of a day in their order.
    package let each: [Meal]
    /// What may be eaten; the first is what everybody gets of whom nothing else was said.
    package let diets: [Diet]
    package let reasons: [Reason]
    /// Within how long a door that got nothing is served after all.
    package let missedMinutes: Int

    private enum CodingKeys: String, CodingKey {
      case each
      case diets
      case reasons
      case missedMinutes = "missed_minutes"
    }

    /// A meal of the day by its code.
    package func meal(_ code: String) -> Meal? { each.first { $0.code == code } }

    /// The diet of a stay; that of everybody where nothing, or nothing known any more, was said.
    package func diet(_ code: String?) -> Diet? {
      diets.first { $0.code == code } ?? diets.first
    }

    var faults: [Words] {
      var faults: [Words] = []
      if each.isEmpty || Set(each.map(\.code)).count != each.count
        || Set(each.map(\.by)).count != each.count
      {
        faults.append(
          Words("餐次为空、重复或时刻相同", "the meals are empty, stand twice or have one hour"))
      }
      if diets.first?.isCooked != true || Set(diets.map(\.code)).count != diets.count {
        faults.append(
          Words(
            "饮食种类为空、重复，或第一种不供餐", "the diets are empty, stand twice or begin with none cooked"))
      }
      if reasons.isEmpty || missedMinutes < 1 {
        faults.append(
          Words("缺少未送达原因，或补送时限不为正", "a reason is missing, or the time for a missed door"))
      }
      return faults
    }
  }
}
