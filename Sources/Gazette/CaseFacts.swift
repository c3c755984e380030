import Kernel

/// How an infection is classified.
package enum InfectionKind: String, Codable, CaseIterable, Sendable {
  /// 确诊病例
  case confirmed
  /// 无症状感染者
  case asymptomatic
  /// 无症状转确诊: counted among the confirmed of the day of conversion, never twice.
  case converted

  package var words: Words {
    switch self {
    case .confirmed: Words("确诊病例", "confirmed")
    case .asymptomatic: Words("无症状感染者", "asymptomatic")
    case .converted: Words("无症状转确诊", "converted to confirmed")
    }
  }
}

/// How a case stands after something was said of it: codes, places and times only.
///
/// Facts carry it whole, so that a family that keeps its own line list (the bulletin's) never has
/// to look into the tables of another.
package struct CaseStanding: Codable, Hashable, Sendable {
  /// As what it was reported; an asymptomatic one that was converted later stays `asymptomatic`.
  package let kind: InfectionKind
  /// How it was found, by the policy's code; nil while that is not known.
  package let source: String?
  /// The district in which the person lives.
  package let district: PlaceID
  /// Where it was found, when that is a place of the registry.
  package let foundIn: PlaceID?
  package let reportedAt: Instant
  package let onsetOn: Day?
  package let sampledAt: Instant?
  package let convertedAt: Instant?

  package init(
    kind: InfectionKind, source: String?, district: PlaceID, foundIn: PlaceID? = nil,
    reportedAt: Instant, onsetOn: Day? = nil, sampledAt: Instant? = nil,
    convertedAt: Instant? = nil
  ) {
    self.kind = kind
    self.source = source
    self.district = district
    self.foundIn = foundIn
    self.reportedAt = reportedAt
    self.onsetOn = onsetOn
    self.sampledAt = sampledAt
    self.convertedAt = convertedAt
  }
}

/// An infection was reported.
package struct CaseReported: Fact {
  package static let name = "cases.reported"
  package static let words = Words("病例已报告", "Case reported")
  package static let about = Matter.infection
  package let infection: CaseID
  package let person: PersonID
  package let kind: InfectionKind
  /// How it was found; nil while that is not known.
  package let source: String?
  /// The district in which the person lives.
  package let district: PlaceID
  package let foundIn: PlaceID?
  package let reportedAt: Instant
  /// The first day with symptoms, nil when none is known.
  package let onsetOn: Day?
  /// When the first positive sample was taken, nil when unknown.
  package let sampledAt: Instant?
  /// Who said so, where a machine reports what an account told it; nil when the sender did.
  package let told: AccountID?
  package var subject: String { infection.text }

  package init(
    infection: CaseID, person: PersonID, kind: InfectionKind, source: String? = nil,
    district: PlaceID, foundIn: PlaceID? = nil, reportedAt: Instant, onsetOn: Day? = nil,
    sampledAt: Instant? = nil, told: AccountID? = nil
  ) {
    self.told = told
    self.infection = infection
    self.person = person
    self.kind = kind
    self.source = source
    self.district = district
    self.foundIn = foundIn
    self.reportedAt = reportedAt
    self.onsetOn = onsetOn
    self.sampledAt = sampledAt
  }

  package var standing: CaseStanding {
    CaseStanding(
      kind: kind, source: source, district: district, foundIn: foundIn, reportedAt: reportedAt,
      onsetOn: onsetOn, sampledAt: sampledAt)
  }
}

/// An infection that was reported as asymptomatic became a confirmed case.
package struct CaseConverted: Fact {
  package static let name = "cases.converted"
  package static let words = Words("无症状感染者转为确诊", "Asymptomatic infection became a confirmed case")
  package static let about = Matter.infection
  package let infection: CaseID
  package let person: PersonID
  package let at: Instant
  package let standing: CaseStanding
  package var subject: String { infection.text }

  package init(infection: CaseID, person: PersonID, at: Instant, standing: CaseStanding) {
    self.infection = infection
    self.person = person
    self.at = at
    self.standing = standing
  }
}

/// What was known of a case was put right; the bulletin shows it as a line of its own.
package struct CaseCorrected: Fact {
  package static let name = "cases.corrected"
  package static let words = Words("病例信息已更正", "Case put right")
  package static let about = Matter.infection
  package let infection: CaseID
  package let person: PersonID
  package let field: String
  /// How the case stands now; nil when only what no list counts was corrected.
  package let standing: CaseStanding?
  package var subject: String { infection.text }

  package init(
    infection: CaseID, person: PersonID, field: String, standing: CaseStanding? = nil
  ) {
    self.infection = infection
    self.person = person
    self.field = field
    self.standing = standing
  }
}

/// It was no case after all.
package struct CaseWithdrawn: Fact {
  package static let name = "cases.withdrawn"
  package static let words = Words("病例已撤销", "Case withdrawn")
  package static let about = Matter.infection
  package let infection: CaseID
  package let person: PersonID
  package var subject: String { infection.text }

  package init(infection: CaseID, person: PersonID) {
    self.infection = infection
    self.person = person
  }
}

/// One account has told more cases than one may: what would follow from this one waits for a second
/// person, and so does whatever others draw from it.
package struct CaseHeld: Fact {
  package static let name = "cases.held"
  package static let words = Words("病例存疑，等第二人复核", "Case in doubt, waiting for a second person")
  package static let about = Matter.infection
  package let infection: CaseID
  package let person: PersonID
  package var subject: String { infection.text }

  package init(infection: CaseID, person: PersonID) {
    self.infection = infection
    self.person = person
  }
}

/// A second person decided on a case that waited.
package struct CaseSettled: Fact {
  package static let name = "cases.settled"
  package static let words = Words("第二人已决定存疑病例", "A second person decided on a case in doubt")
  package static let about = Matter.infection
  package let infection: CaseID
  package let person: PersonID
  package let approved: Bool
  package var subject: String { infection.text }

  package init(infection: CaseID, person: PersonID, approved: Bool) {
    self.infection = infection
    self.person = person
    self.approved = approved
  }
}
