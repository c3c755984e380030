import Gazette
import Kernel

/// One swab in the columns of the file of registrations.
package struct SwabRow: Codable, Sendable {
  package let round: RoundID
  package let person: PersonID
  package let tube: TubeCode
  package let point: PointID?
  /// When the swab was taken; now when nothing is said.
  package let sampledAt: Instant?
  /// Who took it, as the point writes it.
  package let sampler: String?
  /// Whether a code that names nobody in the register is refused, as at a desk where it may be scanned again,
  /// instead of being taken for somebody from elsewhere.
  package let expectsKnown: Bool?

  private enum CodingKeys: String, CodingKey {
    case round
    case person
    case tube
    case point
    case sampledAt = "sampled_at"
    case sampler = "operator"
    case expectsKnown = "expects_known"
  }

  package init(
    round: RoundID, person: PersonID, tube: TubeCode, point: PointID? = nil,
    sampledAt: Instant? = nil, sampler: String? = nil, expectsKnown: Bool? = nil
  ) {
    self.round = round
    self.person = person
    self.tube = tube
    self.point = point
    self.sampledAt = sampledAt
    self.sampler = sampler
    self.expectsKnown = expectsKnown
  }
}

/// What became of a swab that was registered.
package struct SwabAnswer: Codable, Sendable {
  /// How many are in the tube now, and how many it takes.
  package let members: Int
  package let capacity: Int
  /// Whether the person stands on the round's list.
  package let listed: Bool
  /// Whether it is the single swab of somebody who is held.
  package let recheck: Bool
  /// Whether the same swab was registered before.
  package let known: Bool
  /// What it contradicts; a human will look at it.
  package let conflicts: [String]
}
