import Kernel

/// A meal of a day that a site owes, or has served.
package struct SiteMeal: Codable, Sendable {
  package let site: PlaceID
  package let day: Day
  /// Its code in the policy: `breakfast`.
  package let meal: String
  /// Until when it is to stand at the doors.
  package let deadline: Instant
  package let obligation: ObligationID
  package let servedAt: Instant?
  package let servedBy: String?
  /// How many portions were brought, and for how many people who were there.
  package let portions: Int?
  package let people: Int?
  /// The numbers of the rooms that got nothing, and why.
  package let doors: [String]
  package let reason: String?
}

/// What one guest eats, and behind which door.
package struct MealGuest: Sendable {
  package let stay: SiteStayID
  package let room: SiteRoomID?
  package let diet: String?

  package init(stay: SiteStayID, room: SiteRoomID?, diet: String?) {
    self.stay = stay
    self.room = room
    self.diet = diet
  }
}

/// Judgement about meals, without any row.
package enum MealsRules {
  /// The numbers of doors as they were written: parted by anything that is no letter and no digit.
  package static func doors(_ written: String?) -> [String] {
    var doors: [String] = []
    for part in (written ?? "").split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      let door = String(part)
      if !doors.contains(door) { doors.append(door) }
    }
    return doors
  }

  /// How many people a meal is cooked for.
  package static func people(
    _ guests: [MealGuest], _ policy: IsolationPolicy.Meals
  ) -> [MealGuest] {
    guests.filter { policy.diet($0.diet)?.isCooked == true }
  }

  /// Checks that everybody has a portion, or stands behind a door of which it is said that it got
  /// none (I-43).
  ///
  /// - Parameters:
  ///   - people: how many a meal is cooked for.
  ///   - behind: how many of them stand behind the doors that were named.
  package static func requireEverybody(
    people: Int, portions: Int, behind: Int
  ) throws(Refusal) {
    guard portions + behind >= people else {
      throw Refusal(
        .invalid, "isolation.mealShort",
        Words(
          "应送 \(people) 份，只送了 \(portions) 份：请写明没送到的房间和原因",
          "\(people) people are there and \(portions) portions were brought: name the doors that got none, and why"
        ), field: "doors")
    }
  }

  /// The meals of some days, each due later than a moment.
  package static func due(
    _ policy: IsolationPolicy.Meals, on days: ClosedRange<Day>, after moment: Instant, zone: Zone
  ) -> [DueMeal] {
    (days.lowerBound.number...days.upperBound.number).flatMap { number -> [DueMeal] in
      let day = Day(number: number)
      return policy.each.map { meal in
        DueMeal(
          day: day, meal: meal.code, deadline: day.start(in: zone) + .minutes(meal.by.minutes))
      }
    }.filter { $0.deadline > moment }
  }
}

/// A meal of a day with its hour.
package struct DueMeal: Sendable {
  package let day: Day
  package let meal: String
  package let deadline: Instant
}
