import Kernel

/// What a restriction asks of a person.
package enum RestrictionKind: String, Codable, CaseIterable, Sendable {
  /// 集中隔离
  case centralIsolation = "central_isolation"
  /// 居家隔离
  case homeIsolation = "home_isolation"
  /// 居家健康监测
  case homeMonitoring = "home_monitoring"
  /// 定点医院收治
  case hospital
  /// 风险提示: tells, and limits nothing.
  case notice

  package var words: Words {
    switch self {
    case .centralIsolation: Words("集中隔离", "central isolation")
    case .homeIsolation: Words("居家隔离", "isolation at home")
    case .homeMonitoring: Words("居家健康监测", "health monitoring at home")
    case .hospital: Words("定点医院收治", "care in a designated hospital")
    case .notice: Words("风险提示", "notice")
    }
  }

  /// Whether it takes anything from the person's freedom.
  package var isLimiting: Bool { self != .notice }
}

/// What a restriction may rest on. A closed list: free text is never evidence (RELIABILITY 3.3).
package enum EvidenceKind: String, Codable, CaseIterable, Sendable {
  case infection = "case"
  case contact
  case zoneResidence = "zone_residence"
  case entryRecord = "entry_record"
  case symptoms
  case recheck
  case positiveTube = "positive_tube"

  package var words: Words {
    switch self {
    case .infection: Words("病例报告", "a reported case")
    case .contact: Words("密接判定", "a confirmed contact")
    case .zoneResidence: Words("风险区居住记录", "residence in a zone")
    case .entryRecord: Words("入境或返回记录", "an entry record")
    case .symptoms: Words("症状报告", "reported symptoms")
    case .recheck: Words("复检结果", "a recheck")
    case .positiveTube: Words("混管异常结果", "a tube that was not negative")
    }
  }
}

/// A piece of evidence: what it is and the identifier of what it rests on.
package struct Evidence: Hashable, Codable, Sendable {
  package let kind: EvidenceKind
  package let reference: String

  package init(kind: EvidenceKind, reference: String) {
    self.kind = kind
    self.reference = reference
  }
}

/// A piece of evidence as the slice has noted it.
package struct NotedEvidence: Sendable {
  package let evidence: Evidence
  package let person: PersonID
  /// The case behind it, where there is one.
  package let infection: CaseID?
  package let place: PlaceID
  package let path: PlacePath
  /// From when a clause counts: the last exposure, the report, the day of leaving.
  package let countedFrom: Instant
}

/// The colour of a code (码). 红码禁止, 黄码限制, 绿码通行.
package enum CodeColour: String, Codable, Comparable, Sendable {
  case green
  case yellow
  case red

  package static func < (left: CodeColour, right: CodeColour) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .green: 0
    case .yellow: 1
    case .red: 2
    }
  }
}

/// Why a restriction is over before its end, or at it.
package enum EndReason: String, Codable, CaseIterable, Sendable {
  case expired
  case becameCase = "became_case"
  case evidenceWithdrawn = "evidence_withdrawn"
  case objectionUpheld = "objection_upheld"
  case editionEnded = "edition_ended"
  /// Another exposure lies so late that a new decision was made; the new restriction follows.
  case renewed
  case released
  case noLongerNeeded = "no_longer_needed"
  case testedNegative = "tested_negative"

  package var words: Words {
    switch self {
    case .expired: Words("期满自动解除", "It ended by itself on its date")
    case .becameCase: Words("转为病例管理", "The person became a case")
    case .evidenceWithdrawn: Words("依据已撤销", "What it rested on was withdrawn")
    case .objectionUpheld: Words("异议成立", "The objection was upheld")
    case .editionEnded: Words("政策已调整，不再适用", "The policy changed and no longer asks for it")
    case .renewed: Words("因新的接触重新计算", "Decided anew after a later exposure")
    case .released: Words("提前解除", "Released early")
    case .noLongerNeeded: Words("不再需要", "No longer needed")
    case .testedNegative: Words("单管复核阴性", "The person’s own tube was negative")
    }
  }
}

/// Whether a restriction holds.
package enum RestrictionState: String, Codable, CaseIterable, Sendable {
  case effective
  /// Lifted, because an objection was not decided in time.
  case suspended
  case ended
}

/// A stretch of a restriction during which one thing is asked.
package struct RestrictionPhase: Hashable, Codable, Sendable {
  package let kind: RestrictionKind
  package let from: Instant
  package let until: Instant
  /// The local day that counts as its day 1.
  package let dayOne: Day

  package init(kind: RestrictionKind, from: Instant, until: Instant, dayOne: Day) {
    self.kind = kind
    self.from = from
    self.until = until
    self.dayOne = dayOne
  }
}

/// A limit on one person, by one clause, for stated evidence, until an end.
package struct Restriction: Sendable {
  /// How the journal and the person read that no office decided but a rule.
  package static let ruleEngine = "rules"

  package let id: RestrictionID
  package let person: PersonID
  /// The kind of its first phase.
  package let kind: RestrictionKind
  package let clause: String
  /// `cn-9@1`: the edition that decided.
  package let edition: String
  /// The evidence on which it was first decided; all of it is in its own table.
  package let evidence: Evidence
  /// The account that asked for it, or ``ruleEngine``.
  package let issuer: String
  /// The organisations of the issuer, joined by `|`; none of them may decide an objection.
  package let issuerOrganisations: String
  /// The second person, for everything that no rule engine decided.
  package let approver: String?
  package let place: PlaceID
  package let path: PlacePath
  package let start: Instant
  package let end: Instant
  /// The latest end that its clause allows from its start.
  package let limit: Instant
  /// The moment from which the clause counts its days.
  package let countedFrom: Instant
  package let appeal: String
  /// Until when its daily obligations were opened.
  package let openedUntil: Instant
  /// From when it is lifted because an objection was not decided in time.
  package let suspendsAt: Instant?
  package let endedAt: Instant?
  package let endReason: EndReason?

  /// Whether it holds at a moment. The same condition stands once in SQL, ``RestrictionsStore``.
  package func isEffective(at now: Instant) -> Bool {
    endedAt == nil && start <= now && now < end && suspendsAt.map { now < $0 } != false
  }

  /// Whether it holds at a moment, is lifted, or is over.
  package func state(at now: Instant) -> RestrictionState {
    if isEffective(at: now) { return .effective }
    return endedAt == nil && now < end ? .suspended : .ended
  }
}
