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

/// An infection was reported.
package struct CaseReported: Fact {
  package static let name = "cases.reported"
  package let infection: CaseID
  package let person: PersonID
  package let kind: InfectionKind
  /// The district in which the person lives.
  package let district: PlaceID
  package let reportedAt: Instant
  /// The first day with symptoms, nil when none is known.
  package let onsetOn: Day?
  /// When the first positive sample was taken, nil when unknown.
  package let sampledAt: Instant?
  package var subject: String { infection.text }

  package init(
    infection: CaseID, person: PersonID, kind: InfectionKind, district: PlaceID,
    reportedAt: Instant, onsetOn: Day? = nil, sampledAt: Instant? = nil
  ) {
    self.infection = infection
    self.person = person
    self.kind = kind
    self.district = district
    self.reportedAt = reportedAt
    self.onsetOn = onsetOn
    self.sampledAt = sampledAt
  }
}

/// What was known of a case was put right; the bulletin shows it as a line of its own.
package struct CaseCorrected: Fact {
  package static let name = "cases.corrected"
  package let infection: CaseID
  package let person: PersonID
  package let field: String
  package var subject: String { infection.text }

  package init(infection: CaseID, person: PersonID, field: String) {
    self.infection = infection
    self.person = person
    self.field = field
  }
}

/// It was no case after all.
package struct CaseWithdrawn: Fact {
  package static let name = "cases.withdrawn"
  package let infection: CaseID
  package let person: PersonID
  package var subject: String { infection.text }

  package init(infection: CaseID, person: PersonID) {
    self.infection = infection
    self.person = person
  }
}
