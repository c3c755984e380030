/// Finds an obligation by its number, or by the beginning of one.
enum ObligationFinder {
  /// Shorter beginnings are only a time.
  private static let shortest = 8

  static let finder = Finder(
    "obligations", Words("事项", "Obligations"), duty: ListObligations.duty, order: 60
  ) { wanted, limit, reading in
    let number = wanted.text.lowercased()
    guard number.count >= shortest, number.utf8.allSatisfy({ $0 < 0x80 }) else { return [] }
    return try reading.authority.widestAreas(for: ListObligations.duty)
      .flatMap { area in
        try ObligationStore(reading.transaction).numbered(number, in: area, limit: limit)
      }
      .sorted { $0.id < $1.id }.prefix(limit).map { found in
        let kind = reading.assembly.obligationKinds[found.kind]
        return Finder.Found(
          kind?.title(reading.language) ?? found.kind, about: found.id.text,
          address: "/obligations/\(found.id.text)")
      }
  }
}
