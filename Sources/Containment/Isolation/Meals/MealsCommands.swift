import Gazette
import Kernel
import Registry

/// Says what somebody eats, and which regular medicine they need.
package struct SetDiet: Command {
  package static let name = "isolation.setDiet"
  package static let duty: Duty = SetUpSite.duty
  private static let longest = 200

  package let stay: SiteStayID
  /// A diet of the policy.
  package let diet: String
  /// Regular medicine, in words; locked like a telephone number, and gone when the person leaves.
  /// Nothing said leaves it as it was, an empty line takes it away.
  package let medicine: String?

  package init(stay: SiteStayID, diet: String, medicine: String? = nil) {
    self.stay = stay
    self.diet = diet
    self.medicine = medicine
  }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .accepted, .travelling, .present)
    let known = try work.policy(IsolationPolicy.self).meals.diets.map(\.code)
    guard known.contains(diet) else {
      let codes = known.joined(separator: " | ")
      throw Refusal.malformed("diet", diet, expected: Words(codes, codes))
    }
    try work.stays.setDiet(found.id, diet)
    if let medicine {
      let line = medicine.trimmingWhitespace()
      guard line.count <= Self.longest else {
        throw Refusal(
          .invalid, "isolation.medicineLong",
          Words(
            "用药最多写 \(Self.longest) 个字，请写短些",
            "At most \(Self.longest) characters of medicine; make it shorter"), field: "medicine")
      }
      let locked =
        line.isEmpty
        ? nil : try work.vault.lock(line, place: Self.medicinePlace(found.id))
      try work.stays.setMedicine(found.id, locked)
    }
    try work.note(found, "diet", room: found.room)
    return Done()
  }

  /// Where the line about medicine is locked.
  static func medicinePlace(_ stay: SiteStayID) -> String {
    "isolation_stay|medicine|\(stay.text)"
  }
}

/// Says that a meal stands at the doors: how many portions, and which doors got none. Fewer than
/// there are people is refused unless the doors are named (I-43).
package struct ServeMeal: Command {
  package struct Answer: Codable, Sendable {
    /// For how many it was cooked.
    package let people: Int
    package let portions: Int
    /// The doors that still have to be served.
    package let missed: [String]
  }

  package static let name = "isolation.serveMeal"
  package static let duty: Duty = SetUpSite.duty
  private static let mostPortions = 10_000

  package let site: PlaceID
  package let meal: String
  /// Today when nothing is said.
  package let day: Day?
  package let portions: Int
  /// The numbers of the rooms that got nothing: `301 305`.
  package let doors: String?
  /// Why, as the policy names it; asked as soon as a door is named.
  package let reason: String?

  package init(
    site: PlaceID, meal: String, day: Day? = nil, portions: Int, doors: String? = nil,
    reason: String? = nil
  ) {
    self.site = site
    self.meal = meal
    self.day = day
    self.portions = portions
    self.doors = doors
    self.reason = reason
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Answer {
    let policy = try work.policy(IsolationPolicy.self).meals
    let owed = try requireOwed(policy, in: work)
    guard (0...Self.mostPortions).contains(portions) else {
      throw Refusal.malformed(
        "portions", String(portions),
        expected: Words("0 至 \(Self.mostPortions)", "a number from 0 to \(Self.mostPortions)"))
    }
    let guests = MealsRules.people(try work.mealsStore.guests(of: site), policy)
    let missed = try missedRooms(guests, in: work)
    let behind = guests.count { guest in missed.contains { $0.id == guest.room } }
    try MealsRules.requireEverybody(people: guests.count, portions: portions, behind: behind)
    let why = try missed.isEmpty ? nil : requireReason(policy)
    let numbers = missed.map(\.number)
    try work.mealsStore.serve(
      owed, portions: portions, people: guests.count, doors: numbers, reason: why,
      by: work.authority.sender.text, at: work.now)
    if let obligation = try ObligationStore(work.transaction).find(owed.obligation),
      obligation.isOwed
    {
      try work.discharge(
        obligation,
        proof: [
          "meal": meal, "day": owed.day.text, "portions": String(portions),
          "people": String(guests.count), "doors": numbers.joined(separator: " "),
        ])
    }
    for room in missed {
      try work.oblige(
        IsolationDuties.missedMeal, about: room.id.text, at: site,
        by: work.now + .minutes(policy.missedMinutes))
    }
    try work.record(
      MealServed(
        site: site, meal: meal, day: owed.day, portions: portions, people: guests.count,
        missed: missed.count))
    return Answer(people: guests.count, portions: portions, missed: numbers)
  }

  private func requireOwed(
    _ policy: IsolationPolicy.Meals, in work: Work
  ) throws -> SiteMeal {
    let site = try work.requireOpenSite(site)
    guard policy.meal(meal) != nil else {
      let known = policy.each.map(\.code).joined(separator: " | ")
      throw Refusal.malformed("meal", meal, expected: Words(known, known))
    }
    let day = day ?? work.today
    guard let owed = try work.mealsStore.find(meal, on: day, at: site.place) else {
      throw Refusal(
        .conflict, "isolation.mealNotOwed",
        Words("这一餐无人需要供应，请核对日期和餐次", "Nobody is owed this meal; check the day and the meal"),
        field: "meal")
    }
    guard owed.servedAt == nil else {
      throw Refusal(
        .conflict, "isolation.mealServed",
        Words("这一餐已登记送达", "This meal was entered as served"), field: "meal")
    }
    guard day <= work.today else {
      throw Refusal(
        .conflict, "isolation.mealToCome",
        Words("这一餐还没到日子，请送达后再登记", "This meal is of a day to come; enter it when it was served"),
        field: "day")
    }
    return owed
  }

  /// The rooms that were named, each with somebody in it.
  private func missedRooms(_ guests: [MealGuest], in work: Work) throws -> [SiteRoom] {
    let named = MealsRules.doors(doors)
    if named.isEmpty { return [] }
    let rooms = Dictionary(try work.sites.rooms(of: site).map { ($0.number, $0) }) { first, _ in
      first
    }
    return try named.map { number in
      guard let room = rooms[number], guests.contains(where: { $0.room == room.id }) else {
        throw Refusal(
          .invalid, "isolation.mealDoor",
          Words(
            "房间 \(number) 没有需要供餐的在住人员，请更正房号",
            "Nobody in room \(number) is owed a meal; correct the number"
          ), field: "doors")
      }
      return room
    }
  }

  private func requireReason(_ policy: IsolationPolicy.Meals) throws(Refusal) -> String {
    guard let reason, policy.reasons.contains(where: { $0.code == reason }) else {
      let known = policy.reasons.map(\.code).joined(separator: " | ")
      if let reason, !reason.isEmpty {
        throw .malformed("reason", reason, expected: Words(known, known))
      }
      throw .missing("reason")
    }
    return reason
  }
}
