import Gazette
import Kernel
import Registry

/// The numbers of any window; of a published one those that were published.
package struct ComposeBulletin: Query {
  package static let name = "bulletin.compose"
  package static let duty: Duty = "bulletin.read"
  package static let purposes: [Purpose] = []
  package let from: Instant
  package let to: Instant
  /// A place whose residents are counted; everywhere when there is none.
  package let place: PlaceID?
  /// Numbers to be compared with the line list.
  package let declared: DeclaredBreakdown?

  package init(
    from: Instant, to: Instant, place: PlaceID? = nil, declared: DeclaredBreakdown? = nil
  ) {
    self.from = from
    self.to = to
    self.place = place
    self.declared = declared
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> BulletinFigures {
    let window = try BulletinWindow(from: from, to: to)
    let published = try BulletinStore(reading.transaction).published(window)
    if place == nil, declared == nil, let published,
      let figures = try BulletinStore(reading.transaction).figures(of: published.id)
    {
      return figures
    }
    return try reading.composition(window, place: place).figures(declared: declared)
  }
}

/// The cases behind a number of a bulletin.
package struct ListBulletinRows: Query {
  package struct Row: Codable, Sendable {
    package let infection: CaseID
    package let person: PersonID
    /// As what the window counts it.
    package let kind: InfectionKind
    package let isConverted: Bool
    package let source: String?
    package let district: PlaceID
    package let foundIn: PlaceID?
    package let reportedAt: Instant
    package let convertedAt: Instant?

    private enum CodingKeys: String, CodingKey {
      case person
      case kind
      case source
      case district
      case infection = "case"
      case isConverted = "converted"
      case foundIn = "found_in"
      case reportedAt = "reported_at"
      case convertedAt = "converted_at"
    }
  }

  package struct Answer: Codable, Sendable {
    package let rows: [Row]
    package let after: String?
  }

  package static let name = "bulletin.rows"
  package static let duty: Duty = "bulletin.read"
  package static let purposes: [Purpose] = [.bulletin, .supervision, .audit]
  package let from: Instant
  package let to: Instant
  package let place: PlaceID?
  /// `converted` brings those among the confirmed that were asymptomatic before.
  package let kind: InfectionKind?
  /// A code of the policy's list; `none` brings the cases without a source.
  package let source: String?
  /// A district's code or name.
  package let district: String?
  package let after: CaseID?
  package let limit: Int?

  package init(
    from: Instant, to: Instant, place: PlaceID? = nil, kind: InfectionKind? = nil,
    source: String? = nil, district: String? = nil, after: CaseID? = nil, limit: Int? = nil
  ) {
    self.from = from
    self.to = to
    self.place = place
    self.kind = kind
    self.source = source
    self.district = district
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let window = try BulletinWindow(from: from, to: to)
    let limit = min(max(limit ?? 200, 1), 1_000)
    let published = try BulletinStore(reading.transaction).published(window)
    let filter = LineFilter(
      kind: kind, source: source == "none" ? "" : source,
      district: try district.map {
        try reading.transaction.district($0, field: "district").id
      },
      area: try reading.path(of: place))
    let found = try LineListStore(reading.transaction)
      .rows(window, filter, asOf: published?.entry, after: after, limit: limit)
    for entry in found { reading.disclose(entry.person) }
    return Answer(
      rows: found.map { row($0, in: window) },
      after: found.count == limit ? found.last?.infection.text : nil)
  }

  private func row(_ entry: LineListStore.Entry, in window: BulletinWindow) -> Row {
    let standing = entry.standing
    let isConversion = standing.convertedAt.map { window.from <= $0 && $0 < window.to } ?? false
    return Row(
      infection: entry.infection, person: entry.person,
      kind: standing.kind == .asymptomatic && !isConversion ? .asymptomatic : .confirmed,
      isConverted: standing.kind == .converted || isConversion, source: standing.source,
      district: standing.district, foundIn: standing.foundIn, reportedAt: standing.reportedAt,
      convertedAt: standing.convertedAt)
  }
}

/// What was published, the latest first.
package struct ListPublishedBulletins: Query {
  package static let name = "bulletin.published"
  package static let duty: Duty = "bulletin.read"
  package static let purposes: [Purpose] = []
  package let limit: Int?

  package init(limit: Int? = nil) { self.limit = limit }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> [PublishedBulletin] {
    try BulletinStore(reading.transaction).latest(limit: min(max(limit ?? 50, 1), 500))
  }
}

extension Reading {
  /// The path of a place that a question names; everywhere when it names none.
  fileprivate func path(of place: PlaceID?) throws -> PlacePath {
    guard let place else { return .everywhere }
    return try jurisdiction.path(place, transaction) ?? .everywhere
  }

  /// A window counted: as it was published, or as the list stands.
  func composition(_ window: BulletinWindow, place: PlaceID?) throws -> BulletinComposition {
    let published = try BulletinStore(transaction).published(window)
    return try BulletinComposition(
      window, in: path(of: place), asOf: published?.entry, policy: policy(),
      transaction: transaction)
  }
}
