import Kernel
import Registry

/// Finds a bag of medical waste by the number on its label. Every site counts its own bags of a day, so
/// one number may be a bag of each of several sites.
enum WasteFinder {
  static let finder = Finder(
    "bags", Words("医疗废物袋", "Bags of medical waste"), duty: ListSites.duty, order: 70
  ) { wanted, limit, reading in
    // The label's code, when it is scanned, says the site before the number.
    let parts = wanted.text.split(separator: "/", maxSplits: 1)
    guard let label = parts.last.map(String.init), isLabel(label) else { return [] }
    let named = parts.count == 2 ? PlaceID(trusted: String(parts[0])) : nil
    let kinds = try reading.policy(IsolationPolicy.self).waste.kinds
    let sites = SitesStore(reading.transaction)
    return try WasteStore(reading.transaction).labelled(label, limit: looked)
      .compactMap { place, bag in
        let site = try sites.get(place)
        guard named.map({ $0 == place }) ?? true,
          reading.authority.may(ListSites.duty, at: site.path)
        else { return nil }
        let kind = kinds.first { $0.code == bag.kind }?.words(reading.language) ?? bag.kind
        return Finder.Found(
          bag.label, about: "\(kind) · \(try reading.shortAddress(of: site.path))",
          address: "/isolation/\(place.text)")
      }.prefix(limit).map(\.self)
  }

  /// More sites than that no city has.
  private static let looked = 1_000

  /// Whether a text may be a label: a day, a hyphen and a number.
  private static func isLabel(_ text: String) -> Bool {
    let parts = text.split(separator: "-")
    return parts.count == 2 && parts[0].count == 8 && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
  }
}
