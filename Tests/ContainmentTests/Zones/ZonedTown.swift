import Gazette
import Registry
import Town

@testable import Containment
@testable import Kernel

extension Town {
  static let neighbour = PersonID(trusted: "neighbour")
  static let across = PersonID(trusted: "across")

  /// A town in which Zhao lives behind door 201, a neighbour behind 101 of the same entrance, and
  /// somebody in the building across.
  static func withNeighbours(on day: String = "2022-07-04") async throws -> Town {
    let town = try await withZhao(on: day)
    try await town.submit(Happen(event: .resident(neighbour, Spot.door101.id)), from: .clock)
    try await town.submit(Happen(event: .resident(across, Spot.otherDoor.id)), from: .clock)
    return town
  }

  /// Zones of a state as the command sees them.
  func zones(_ state: ZoneState = .standing) async throws -> [ZoneView] {
    try await ask(ListZones(state: state), for: .supervision).zones
  }

  /// Opens what a case of Zhao's proposes, and lets its residents be restricted.
  @discardableResult
  func seal(_ infection: String = "c-1", as account: String = "street") async throws -> ZoneID {
    try await report(infection)
    guard let zone = try await zones(.proposed).first?.zone else { throw Refusal.missing("zone") }
    try await submit(OpenZone(zone: zone), as: account)
    try await catchUp()
    return zone
  }

  /// Everybody in these homes is swabbed in one tube.
  func test(_ people: [PersonID], at time: Instant? = nil, negative: Bool = true) async throws {
    try await submit(
      Happen(
        event: .tested(
          PeopleTested(
            tube: "t", people: people, sampledAt: time ?? now, isNegative: negative))),
      from: .clock)
  }

  /// What a refusal's code is; nil when there is none.
  func refused<C: Command>(_ command: C, as account: String = "street") async -> String? {
    do {
      try await submit(command, as: account)
      return nil
    } catch let refusal as Refusal {
      return refusal.code
    } catch {
      return "\(error)"
    }
  }

  func withdrawCase(_ infection: String, of person: PersonID = Town.zhao) async throws {
    try await submit(
      Happen(
        event: .infectionWithdrawn(
          CaseWithdrawn(infection: CaseID(trusted: infection), person: person))), from: .clock)
  }

  /// Reports a case that was found by a source, or in a place.
  func tell(
    _ infection: String, of person: PersonID = Town.zhao, source: String? = nil,
    foundIn spot: Spot? = nil
  ) async throws {
    try await submit(
      Happen(
        event: .infection(
          CaseReported(
            infection: CaseID(trusted: infection), person: person, kind: .confirmed,
            source: source, district: Spot.district.id, foundIn: spot?.id, reportedAt: now))),
      from: .clock)
  }

  /// Lets an account have caused as many restrictions as one may under a clause.
  func exhaust(_ account: String, _ clause: String = "zone_home") async throws {
    for number in 0..<20 {
      try await change(
        """
        INSERT INTO restriction_cause (restriction, account, clause, at)
        VALUES (\("caused-\(account)-\(number)"), \(account), \(clause), \(now))
        """)
    }
  }

  func proposal(
    _ places: [Spot], _ level: ZoneLevel, for infection: String = "c-1"
  ) -> ProposeZone {
    ProposeZone(
      places: places.map(\.id), level: level, infection: CaseID(trusted: infection))
  }
}
