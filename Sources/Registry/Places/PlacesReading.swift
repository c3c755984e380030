import Kernel

/// What pages say of places, posts and accounts.
extension Reading {
  /// The place that a page is about: the one asked for or, when none is, the widest place in which
  /// the sender holds a duty, narrowed down to the first one that has several below it.
  ///
  /// - Returns: nil for the whole installation.
  /// - Throws: a refusal when the place lies outside the areas of the duty.
  package func placeInSight(_ asked: String?, for duty: Duty) throws -> Place? {
    let store = PlacesStore(transaction)
    if let asked, !asked.isEmpty {
      let place = try store.get(PlaceID(asked, field: "place"))
      guard authority.may(duty, at: place.path) else { throw Refusal.outsideArea(duty) }
      return place
    }
    let widest = authority.areas(for: duty).min { $0.text.utf8.count < $1.text.utf8.count }
    guard let widest else { throw Refusal.outsideArea(duty) }
    var place = widest == .everywhere ? nil : try store.find(path: widest)
    while place == nil || place?.level == .city {
      let children = try store.children(of: place?.id, limit: 2)
      guard children.count == 1, let only = children.first else { break }
      place = only
    }
    return place
  }

  /// The places that a list can be narrowed down or widened to from where it is: those above as far as
  /// the sender may look, the place itself, and those directly below.
  ///
  /// - Returns: identifier and name, the widest first.
  package func placesAround(
    _ place: Place?, for duty: Duty
  ) throws -> [(id: PlaceID, name: String, depth: Int)] {
    let store = PlacesStore(transaction)
    let line = try place.map { try store.line(to: $0.path) } ?? []
    let above = line.filter { authority.may(duty, at: $0.path) }
    let below = try store.children(of: place?.id, limit: 300)
    return above.enumerated().map { ($1.id, $1.name, $0) }
      + below.map { ($0.id, $0.spoken, above.count) }
  }

  /// What a place is called.
  package func name(of place: PlaceID) throws -> String {
    if place == Offices.everywhere { return Words("全部", "everywhere")(language) }
    return try PlacesStore(transaction).find(place)?.name ?? place.text
  }

  /// Where something is, as people say it: community, building, entrance, door; what a page is
  /// about anyway is left out.
  package func address(of path: PlacePath, below place: Place? = nil) throws -> String {
    let line = try PlacesStore(transaction).line(to: path)
    let least = max(PlaceLevel.community.depth, (place?.level.depth ?? 0) + 1)
    let said = line.filter { step in
      step.level.depth >= least
        && (step.path == path || (step.level != .grid && step.level != .estate))
    }
    return (said.isEmpty ? line.suffix(1) : said[...]).map(\.spoken).joined(separator: " ")
  }

  /// Where something is, in two names at most.
  package func shortAddress(of path: PlacePath) throws -> String {
    let line = try PlacesStore(transaction).line(to: path)
    return line.filter { $0.level != .grid || $0.path == path }.suffix(2).map(\.name)
      .joined(separator: " ")
  }

  /// A post as people call it: `水清沟街道 街道负责人`.
  package func words(of seat: Seat) throws -> String {
    let role = try policy(OfficesPolicy.self).roles[seat.role]?.title(language) ?? seat.role
    if seat.place == Offices.everywhere { return role }
    guard let place = try PlacesStore(transaction).find(seat.place) else { return role }
    // Every estate has a first grid: below the community its name says too little.
    let isBelow = place.level.depth > PlaceLevel.community.depth
    let name = isBelow ? try address(of: place.path) : place.spoken
    return "\(name) · \(role)"
  }

  /// What colleagues call an account.
  package func title(of account: AccountID) throws -> String {
    try OfficesStore(transaction).title(of: account) ?? account.text
  }

  /// A sender as the person concerned reads it: the office held then, never a colleague's name.
  /// A resident is “yourself” to residents only.
  package func office(ofSender text: String, at moment: Instant) throws -> String {
    if text.hasPrefix("resident:") {
      if case .resident = authority.sender { return Words("本人", "yourself")(language) }
      return Words("本人", "the person")(language)
    }
    if text == "clock" { return Words("系统定时", "the clock")(language) }
    let held = try PastOfficesStore(transaction, policy(ShiftsPolicy.self)).seats(
      of: AccountID(trusted: text), at: moment)
    guard let first = held.first else { return Words("工作人员", "an official")(language) }
    return try words(of: first)
  }

  /// Who has an obligation: the account that claimed it, or the post that owes it.
  package func holder(claimedBy account: AccountID?, seat: String) throws -> String {
    let post = try Seat(seat).map { try words(of: $0) } ?? seat
    guard let account else { return post }
    return "\(try title(of: account)) · \(post)"
  }
}

extension Place {
  /// The name without the words for its committee, which nobody says: 河西社区居委会 → 河西社区.
  package var spoken: String {
    let suffix = "社区居委会"
    return name.hasSuffix(suffix) ? name.dropLast(suffix.count) + "社区" : name
  }
}
