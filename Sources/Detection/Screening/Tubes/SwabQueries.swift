import Gazette
import Kernel
import Registry

/// A tube with who is in it: what a point shows while it fills, and what a human sees of a contradiction.
package struct ShowTube: Query {
  /// Somebody in it.
  package struct Member: Codable, Sendable {
    package let person: PersonID
    package let name: String?
    package let sampledAt: Instant
    package let point: PointID?
    package let device: String?
    package let listed: Bool
    package let recheck: Bool

    private enum CodingKeys: String, CodingKey {
      case person
      case name
      case point
      case device
      case listed
      case recheck
      case sampledAt = "sampled_at"
    }
  }

  package struct Answer: Codable, Sendable {
    package let tube: TubeCode
    package let round: RoundID
    package let capacity: Int
    package let sealedAt: Instant?
    package let voidReason: String?
    package let box: BoxID?
    package let receivedAt: Instant?
    package let result: String?
    package let members: [Member]

    private enum CodingKeys: String, CodingKey {
      case tube
      case round
      case capacity
      case box
      case result
      case members
      case sealedAt = "sealed_at"
      case voidReason = "void_reason"
      case receivedAt = "received_at"
    }
  }

  package static let name = "screening.tube"
  package static let duty: Duty = "screening.register"
  package static let purposes: [Purpose] = [.fieldwork, .containment, .investigation]
  package let tube: TubeCode

  package init(tube: TubeCode) { self.tube = tube }

  package func area(in reading: Reading) throws -> Area {
    let tube = try TubesStore(reading.transaction).get(tube)
    let store = ScreeningRoundStore(reading.transaction)
    let point = try tube.point.flatMap { try store.point($0)?.path }
    return .path(try point ?? store.get(tube.round).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let tube = try TubesStore(reading.transaction).get(tube)
    let swabs = try SwabsStore(reading.transaction).inTube(tube.code)
      .filter { $0.withdrawnAt == nil }
    let residents = try ResidentsStore(reading.transaction).current(Set(swabs.map(\.person)))
    for swab in swabs { reading.disclose(swab.person) }
    return Answer(
      tube: tube.code, round: tube.round, capacity: tube.capacity, sealedAt: tube.sealedAt,
      voidReason: tube.voidReason?.rawValue, box: tube.box, receivedAt: tube.receivedAt,
      result: tube.result?.rawValue,
      members: swabs.map { swab in
        Member(
          person: swab.person,
          name: residents[swab.person]?.name.map { Mask.name($0.revealed) },
          sampledAt: swab.sampledAt, point: swab.point, device: swab.device,
          listed: swab.spot != nil, recheck: swab.isRecheck)
      })
  }
}

/// What contradicts what in a round and nobody has looked at yet.
package struct ListConflicts: Query {
  /// One contradiction.
  package struct Line: Codable, Sendable {
    package let conflict: ConflictID
    package let kind: String
    /// The person or the tube that it is about.
    package let about: String
    package let notedAt: Instant
    package let tubes: [TubeCode]
    /// Of a tube: which devices registered in it, and how many swabs each.
    package let devices: [Device]
    /// Of a tube: who is in it. Of a person: where and when each of the tubes was filled, and what came of it.
    package let members: [Member]
    /// Of what was decided before: what has come since, as devices, people or tubes.
    package let fresh: [String]
    /// Of a count at the seal that is wrong: what was counted, and how many are registered.
    package let counted: Int?
    package let registered: Int?
    /// What may be decided: see ``ConflictDecision``.
    package let decisions: [ConflictDecision]

    private enum CodingKeys: String, CodingKey {
      case conflict
      case kind
      case about
      case tubes
      case devices
      case members
      case fresh
      case counted
      case registered
      case decisions
      case notedAt = "noted_at"
    }
  }

  /// A swab that is part of it.
  package struct Member: Codable, Hashable, Sendable {
    package let person: PersonID
    package let tube: TubeCode
    package let point: PointID?
    package let sampledAt: Instant
    package let result: String?
    /// Whether it counts for nothing, because the tube was sealed, received or tested before.
    package let isLate: Bool
    /// Whether the person was held, and had to have a tube of their own.
    package let isRecheck: Bool
    /// Behind which door the person lives, where a household may share a tube.
    package let home: PlaceID?

    private enum CodingKeys: String, CodingKey {
      case person
      case tube
      case point
      case result
      case home
      case sampledAt = "sampled_at"
      case isLate = "is_late"
      case isRecheck = "is_recheck"
    }
  }

  /// A device that used a tube.
  package struct Device: Codable, Hashable, Sendable {
    package let device: String
    package let swabs: Int
  }

  package static let name = "screening.conflicts"
  package static let duty: Duty = "screening.settle"
  package static let purposes: [Purpose] = [.fieldwork, .containment, .supervision]
  private static let most = 500
  package let round: RoundID

  package init(round: RoundID) { self.round = round }

  package func area(in reading: Reading) throws -> Area {
    .path(try ScreeningRoundStore(reading.transaction).get(round).path)
  }

  package func answer(in reading: Reading) throws -> [Line] {
    try ConflictsStore(reading.transaction).open(in: round, limit: Self.most).map { found in
      try ConflictReading(reading, found).line()
    }
  }
}

/// The registrations in the form in which they are imported.
package struct ExportSwabs: Query {
  package static let name = "screening.exportRegistrations"
  package static let urgency = Urgency.export
  package static let duty: Duty = "screening.export"
  package static let purposes: [Purpose] = [.exchange]
  private static let page = 2_000
  package let after: String?

  package init(after: String? = nil) { self.after = after }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    // A tube's code has no space in it, whatever a person's identifier has.
    let parts = after?.split(separator: " ", maxSplits: 1).map(String.init) ?? []
    let last =
      parts.count == 2 ? (TubeCode(trusted: parts[0]), PersonID(trusted: parts[1])) : nil
    let found = try SwabsStore(reading.transaction).page(after: last, limit: Self.page)
    reading.disclose(everybodyIn: .everywhere)
    return ExportAnswer(
      rows: found.map { swab in
        [
          swab.round.text, swab.person.text, swab.tube.text, swab.point?.text ?? "",
          swab.sampledAt.text(in: reading.zone), swab.sampler ?? "",
        ]
      },
      after: found.count == Self.page
        ? found.last.map { "\($0.tube.text) \($0.person.text)" } : nil)
  }
}
