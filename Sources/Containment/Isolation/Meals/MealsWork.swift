import Kernel
import Registry

extension Work {
  var mealsStore: MealsStore { MealsStore(transaction) }

  /// Lets each meal of today and tomorrow be owed by a site at which somebody is; asking twice
  /// changes nothing.
  func openMeals(of site: IsolationSite) throws {
    guard site.state == .ready, try mealsStore.hasGuests(site.place) else { return }
    let policy = try policy(IsolationPolicy.self).meals
    let due = MealsRules.due(policy, on: today...(today + 1), after: now, zone: zone)
    let known = Set(
      try mealsStore.meals(
        of: site.place, from: now, to: (today + 1).end(in: zone)
      ).map { MealKey(day: $0.day, meal: $0.meal) })
    for meal in due where !known.contains(MealKey(day: meal.day, meal: meal.meal)) {
      // A meal that was served before its hour, and of which the hour was put off since, is served.
      if try mealsStore.find(meal.meal, on: meal.day, at: site.place) != nil { continue }
      let obligation = try oblige(
        IsolationDuties.meal, about: site.place.text, at: site.place, by: meal.deadline)
      try mealsStore.insert(
        SiteMeal(
          site: site.place, day: meal.day, meal: meal.meal, deadline: meal.deadline,
          obligation: obligation, servedAt: nil, servedBy: nil, portions: nil, people: nil,
          doors: [], reason: nil))
    }
  }

  /// Somebody came after a meal had been brought and before its hour: their door is served, too.
  func feed(_ stay: SiteStay) throws {
    guard let room = stay.room else { return }
    let policy = try policy(IsolationPolicy.self).meals
    guard policy.diet(try stays.care(of: stay.id).diet)?.isCooked == true else { return }
    let served = try mealsStore.meals(of: stay.site, from: now, to: today.end(in: zone)).first {
      $0.servedAt != nil
    }
    guard served != nil,
      try ObligationStore(transaction).owed(
        IsolationDuties.missedMeal.name, about: room.text
      ).isEmpty
    else { return }
    try oblige(
      IsolationDuties.missedMeal, about: room.text, at: stay.site,
      by: now + .minutes(policy.missedMinutes))
  }

  /// Whoever moves into another room is served there: a meal that their door missed goes along, and
  /// falls away when they leave the site.
  func carryMeal(from old: SiteRoomID?, to new: SiteRoomID?, at site: PlaceID) throws {
    guard let old, try !stays.guests(of: old).contains(where: { $0.arrivedAt != nil }) else {
      return
    }
    let owed = try ObligationStore(transaction).owed(
      IsolationDuties.missedMeal.name, about: old.text)
    for missed in owed {
      try waive(missed, reason: new == nil ? "left" : "moved")
      if let new {
        try oblige(
          IsolationDuties.missedMeal, about: new.text, at: site, by: max(missed.deadline, now))
      }
    }
  }

  /// Nobody is at the site any more: what was to come for its guests falls away.
  func clear(_ site: PlaceID) throws {
    if try mealsStore.hasGuests(site) { return }
    for meal in try mealsStore.meals(
      of: site, from: now + .milliseconds(1), to: (today + 2).end(in: zone))
    where meal.servedAt == nil {
      if let owed = try ObligationStore(transaction).find(meal.obligation), owed.isOwed {
        try waive(owed, reason: "nobody_there")
      }
    }
    try mealsStore.forgetComing(at: site, after: now)
    try waive(IsolationDuties.staff, about: site.text, reason: "nobody_there")
  }
}

/// A meal of a day.
private struct MealKey: Hashable {
  let day: Day
  let meal: String
}
