import Kernel
import Registry

/// Finds a venue by the number beside its code (`#12` or `12`), or by the beginning of its name.
enum VenueFinder {
  static let finder = Finder(
    "venues", Words("场所", "Venues"), duty: MakeVenueCode.duty, order: 65
  ) { wanted, limit, reading in
    let store = VenueCodesStore(reading.transaction)
    let digits = wanted.text.hasPrefix("#") ? String(wanted.text.dropFirst()) : wanted.text
    var venues = try Int(digits).flatMap { try store.find($0) }.map { [$0] } ?? []
    if wanted.text.count >= shortestName {
      for area in reading.authority.widestAreas(for: MakeVenueCode.duty) {
        venues += try store.named(startingWith: wanted.text, in: area, limit: limit)
      }
    }
    var seen: Set<Int> = []
    return try venues.filter {
      reading.authority.may(MakeVenueCode.duty, at: $0.path) && seen.insert($0.number).inserted
    }.prefix(limit).map { venue in
      Finder.Found(
        venue.name, about: "#\(venue.number) · \(try reading.shortAddress(of: venue.path))",
        address: "/venues/\(venue.number)")
    }
  }

  private static let shortestName = 2
}
