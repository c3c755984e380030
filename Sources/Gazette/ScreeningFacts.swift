import Kernel

/// A round of mass testing.
package enum RoundTag {}
/// A tube with the swabs of one person or several; what is printed on its label.
package enum TubeTag {}

package typealias RoundID = ID<RoundTag>
package typealias TubeCode = ID<TubeTag>

/// Somebody whose swab is in a tube.
package struct TubeMember: Codable, Hashable, Sendable {
  package let person: PersonID
  /// Where the person lives, or the nearest known place.
  package let home: PlaceID

  package init(person: PersonID, home: PlaceID) {
    self.person = person
    self.home = home
  }
}

/// A tube was not negative: everyone in it is held until their own single tube is decided.
package struct PoolHeld: Fact {
  package static let name = "screening.poolHeld"
  package static let words = Words("混采管非阴性，管内人员待复核", "Tube not negative, everyone in it held")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let round: RoundID
  /// `positive`, `grey` or `single_target`.
  package let result: String
  package let reportedAt: Instant
  package let members: [TubeMember]
  package var subject: String { tube.text }

  package init(
    tube: TubeCode, round: RoundID, result: String, reportedAt: Instant, members: [TubeMember]
  ) {
    self.tube = tube
    self.round = round
    self.result = result
    self.reportedAt = reportedAt
    self.members = members
  }
}

/// A person is no longer held for a tube: their own single tube is negative, or the tube's result
/// was put right by two people.
package struct PoolMemberReleased: Fact {
  package static let name = "screening.memberReleased"
  package static let words = Words("混采人员已解除", "Person no longer held for a tube")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let person: PersonID
  /// The tube whose negative result released the person.
  package let by: TubeCode
  package var subject: String { tube.text }

  package init(tube: TubeCode, person: PersonID, by: TubeCode) {
    self.tube = tube
    self.person = person
    self.by = by
  }
}

/// A person's own tube is positive, whether it was a recheck or theirs from the start: what a restriction may
/// rest on until somebody reports the case, or two people put the result right.
package struct RecheckPositive: Fact {
  package static let name = "screening.recheckPositive"
  package static let words = Words("单管复核阳性", "Person’s own tube positive")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let person: PersonID
  package let home: PlaceID
  package let reportedAt: Instant
  package var subject: String { tube.text }

  package init(tube: TubeCode, person: PersonID, home: PlaceID, reportedAt: Instant) {
    self.tube = tube
    self.person = person
    self.home = home
    self.reportedAt = reportedAt
  }
}

/// A person's own tube is positive no longer: two people put its result right, or the swab in it is not theirs.
package struct RecheckWithdrawn: Fact {
  package static let name = "screening.recheckWithdrawn"
  package static let words = Words("单管阳性已撤销", "Positive result of a person’s own tube withdrawn")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let person: PersonID
  package var subject: String { tube.text }

  package init(tube: TubeCode, person: PersonID) {
    self.tube = tube
    self.person = person
  }
}
