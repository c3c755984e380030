import Kernel
import Registry

/// What a resident reads of isolation at home: what to report, what is brought, what they asked for.
package struct OwnHome: Query {
  /// A report of temperature and symptoms, of oneself or of a child of the same home.
  package struct Report: Codable, Sendable {
    package let person: PersonID
    /// Nil for oneself.
    package let childName: String?
    /// Until when it is due; nil when it is not yet.
    package let due: Instant?
    /// From when the next one is taken.
    package let from: Instant?
  }

  /// What is brought today, by whom.
  package struct Delivery: Codable, Sendable {
    package let service: HomeService
    package let by: Instant
    package let isDone: Bool
  }

  package struct Answer: Codable, Sendable {
    package let reports: [Report]
    package let deliveries: [Delivery]
    /// The post that brings it.
    package let carrier: String?
    /// Whether a zone brings it to the door instead.
    package let isServedByZone: Bool
    /// What may be asked for; empty when nothing may.
    package let kinds: [Kind]
    package let requests: [ResidentRequestView]
    /// Whether a measure keeps the person at home, so that care outside is asked for here.
    package let isKeptHome: Bool
    package let outing: ShowOuting.Answer?
  }

  /// Something to ask for.
  package struct Kind: Codable, Sendable {
    package let code: String
    package let words: Words
    package let minutes: Int
  }

  package static let name = "home.own"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]
  private static let shownRequests = 5

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> Answer {
    let own = try ResidentsStore(reading.transaction).survivor(of: reading.requireResident())
    let home = try? reading.policy(HomePolicy.self)
    let stay = try HomeStore(reading.transaction).running(of: own.id)
    let household = try stay.flatMap { try HomeStore(reading.transaction).household($0.household) }
    let isKept = try HomeFinder.isKept(own.id, at: reading.now, in: reading.transaction)
    let brought =
      isKept
      ? try ZonesStore(reading.transaction).services(at: own.path, under: reading.rules) : []
    let last = try OutingsStore(reading.transaction).all(of: own.id, limit: 1).first
    let kinds = (try? reading.policy(RequestsPolicy.self).kinds) ?? []
    return Answer(
      reports: try reports(of: own, gapMinutes: home?.reportGapMinutes ?? 0, in: reading),
      deliveries: try household.map { try deliveries(to: $0, in: reading) } ?? [],
      carrier: try carrier(to: own.home, in: reading),
      isServedByZone: brought.contains(.supply),
      kinds: kinds.map { Kind(code: $0.code, words: $0.words, minutes: $0.minutes) },
      requests: try ResidentRequestsStore(reading.transaction)
        .all(of: own.id, limit: Self.shownRequests).map { try reading.view($0) },
      isKeptHome: isKept,
      outing: try last.flatMap { outing in
        let ended = outing.homeAt ?? outing.decidedAt ?? outing.askedAt
        let isRecent = !outing.state.isOver || ended > reading.now - .days(1)
        return isRecent ? try reading.shown(outing, isOwn: true) : nil
      })
  }

  private func reports(
    of own: Resident, gapMinutes: Int, in reading: Reading
  ) throws -> [Report] {
    let finder = OwnHealthFinder(
      transaction: reading.transaction, now: reading.now, zone: reading.zone,
      gapMinutes: gapMinutes)
    func report(_ person: PersonID, _ name: String?) throws -> Report? {
      switch try finder.due(of: person) {
      case .due(let check):
        Report(person: person, childName: name, due: check.deadline, from: nil)
      case .notYet(let from, _): Report(person: person, childName: name, due: nil, from: from)
      case .nothing, .atSite: nil
      }
    }
    var reports = try [report(own.id, nil)].compactMap { $0 }
    let years = try reading.policy(PassesPolicy.self).childBelowYears
    let isDoor =
      try PlacesStore(reading.transaction).find(own.home)?.level == .household
    guard isDoor else { return reports }
    for other in try ResidentsStore(reading.transaction).members(of: own.home)
    where HomeRules.isOwnChild(
      other, of: own, childBelowYears: years, on: reading.today, isDoor: isDoor)
    {
      guard let found = try report(other.id, other.name?.revealed ?? "") else { continue }
      reading.disclose(other.id)
      reports.append(found)
    }
    return reports
  }

  private func deliveries(
    to household: HomeHousehold, in reading: Reading
  ) throws -> [Delivery] {
    let today = reading.today
    let about = try ObligationStore(reading.transaction).about(household.id.text)
    return HomeService.allCases.flatMap { service in
      about.filter { obligation in
        obligation.kind == HomeDuties.service(service).name && obligation.state != .waived
          && Day(of: obligation.deadline - .milliseconds(1), in: reading.zone) == today
      }.map { Delivery(service: service, by: $0.deadline, isDone: $0.state == .done) }
    }.sorted { $0.by < $1.by }
  }

  /// The post that brings things to a door.
  private func carrier(to home: PlaceID, in reading: Reading) throws -> String? {
    let kinds = try reading.policy(ObligationPolicy.self).kinds
    guard let rule = kinds[HomeDuties.service(.supply).name]?.owner else { return nil }
    return try reading.jurisdiction.seat(rule, home, reading.transaction).description
  }
}
