import Kernel

/// Finds places by name or statistical code; what is owed in each opens, and so its duty decides.
enum PlacesFinder {
  static let finder = Finder(
    "places", Words("地点", "Places"), duty: ListObligations.duty, order: 20
  ) { wanted, limit, reading in
    let store = PlacesStore(reading.transaction)
    var places = try [store.find(code: wanted.text)].compactMap(\.self)
    for area in reading.authority.widestAreas(for: ListObligations.duty) {
      let words = joined(wanted.words).filter { $0.count >= shortestName }
      let found = try named(words, in: area, store)
      places += try found.isEmpty ? named(words.reversed(), in: area, store) : found
    }
    var seen: Set<PlaceID> = []
    let open = places.filter {
      reading.authority.may(ListObligations.duty, at: $0.path) && seen.insert($0.id).inserted
    }
    return try open.sorted { ($0.level.depth, $0.path) < ($1.level.depth, $1.path) }
      .prefix(limit).map { place in
        let above = place.path.ancestors.first
        let region = try above.map { try reading.shortAddress(of: $0) }
        let about = [place.level.words(reading.language), region]
        return Finder.Found(
          place.name, about: about.compactMap(\.self).joined(separator: " · "),
          address: place.level == .household
            ? "/residents?place=\(place.id.text)" : "/places/\(place.id.text)")
      }
  }

  /// The places that the last word begins, inside those that the words before it begin: `延安路 3号楼`.
  private static func named(
    _ words: [String], in area: PlacePath, _ store: PlacesStore
  ) throws -> [Place] {
    guard let first = words.first else { return [] }
    var found = try store.named(startingWith: first, in: area, limit: looked)
    for word in words.dropFirst() {
      found = try found.prefix(mostAround).flatMap {
        try store.named(startingWith: word, around: $0.path, limit: looked)
      }
    }
    return found
  }

  /// Words as places are called: a number and the sign after it belong together, `3 号楼` is 3号楼.
  private static func joined(_ words: [String]) -> [String] {
    var joined: [String] = []
    for word in words {
      if let last = joined.last, last.allSatisfy(\.isNumber), let first = word.first,
        !first.isASCII, !first.isNumber
      {
        joined[joined.count - 1] = last + word
      } else {
        joined.append(word)
      }
    }
    return joined
  }

  /// Inside how many places the next word is looked for.
  private static let mostAround = 20
  private static let shortestName = 2
  private static let looked = 200
}
