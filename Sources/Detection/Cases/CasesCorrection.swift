import Gazette
import Kernel
import Registry

/// Puts one field of a case right, with a reason; what stood there before is kept.
package struct CorrectCase: Command {
  package static let name = "cases.correct"
  package static let duty: Duty = "cases.correct"
  package let infection: CaseID
  /// The column's name.
  package let field: CaseField
  /// What is right; nothing when it is not known after all.
  package let value: String?
  package let reason: String

  private enum CodingKeys: String, CodingKey {
    case infection = "case"
    case field
    case value
    case reason
  }

  package init(infection: CaseID, field: CaseField, value: String?, reason: String) {
    self.infection = infection
    self.field = field
    self.value = value
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try CasesStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = CasesStore(work.transaction)
    let known = try store.get(infection)
    guard known.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    var right = known
    try put(value, into: &right, in: work)
    try CasesRules.checkTimes(of: right, now: work.now, zone: work.zone)
    let was = known.text(of: field, in: work.zone)
    let became = right.text(of: field, in: work.zone)
    guard was != became else {
      throw Refusal(
        .conflict, "case.unchanged",
        Words("该字段已是此值，无需更正", "The field says that already; nothing to correct"),
        field: "value")
    }
    try store.update(right)
    try store.addChange(
      CaseChange(
        at: work.now, field: field.rawValue, was: was, became: became, reason: reason,
        sender: work.authority.sender.text),
      to: right.id)
    // The district in which the person lives investigates.
    if right.district != known.district {
      try work.move(Cases.investigate, about: right.id.text, to: right.district)
    }
    let isCounted = right.standing != known.standing
    try work.record(
      CaseCorrected(
        infection: right.id, person: right.person, field: field.rawValue,
        standing: isCounted ? right.standing : nil))
    return Done()
  }

  private func put(_ value: String?, into infection: inout Infection, in work: Work) throws {
    switch field {
    case .kind:
      infection.kind = try kind(try needed(value), of: infection)
    case .source:
      infection.source = try CasesRules.source(try needed(value), work.policy())
    case .district:
      let place = try work.livingDistrict(try needed(value))
      // Whoever moves a case into a district answers for that district too.
      try work.require(Self.duty, at: place.path)
      infection.district = place.id
      infection.path = place.path
    case .foundIn:
      let found = try value.map { try work.foundPlace($0) }
      infection.foundIn = found?.text
      infection.foundInPlace = found?.place
    case .reportedAt:
      infection.reportedAt = try instant(try needed(value), work.zone)
    case .onsetOn:
      infection.onsetOn = try value.map { written throws(Refusal) in try day(written) }
    case .sampledAt:
      infection.sampledAt = try value.map { written throws(Refusal) in
        try instant(written, work.zone)
      }
    case .convertedAt:
      infection.convertedAt = try value.map { written throws(Refusal) in
        try instant(written, work.zone)
      }
      if infection.convertedAt == nil { infection.convertedAs = nil }
      guard infection.convertedAt == nil || infection.convertedAs != nil else {
        throw Refusal(
          .conflict, "case.notConverted",
          Words("该病例未转归，请用 cases.convert", "This case was not converted; convert it first"),
          field: "field")
      }
    case .sex:
      infection.sex = try value.map { written throws(Refusal) in try CasesRules.sex(written) }
    case .age:
      infection.age = try value.map { written throws(Refusal) in
        guard let age = Int(written) else {
          throw .malformed("value", written, expected: Words("整数", "a whole number"))
        }
        return try CasesRules.age(age)
      }
    }
  }

  private func needed(_ value: String?) throws(Refusal) -> String {
    guard let value else { throw .missing("value") }
    return value
  }

  private func kind(_ written: String, of infection: Infection) throws(Refusal) -> InfectionKind {
    guard infection.convertedAt == nil else {
      throw Refusal(
        .conflict, "case.isConverted",
        Words(
          "该病例已转归，请先把 converted_at 更正为空",
          "This case was converted; correct converted_at to nothing first"),
        field: "field")
    }
    return try CasesRules.kind(written)
  }

  private func instant(_ written: String, _ zone: Zone) throws(Refusal) -> Instant {
    guard let instant = Instant(written, in: zone) else {
      throw .malformed(
        "value", written,
        expected: Words("时间，如 2022-11-29T08:30+08:00", "a time such as 2022-11-29T08:30+08:00"))
    }
    return instant
  }

  private func day(_ written: String) throws(Refusal) -> Day {
    guard let day = Day(written) else {
      throw .malformed(
        "value", written, expected: Words("日期，如 2022-11-29", "a day such as 2022-11-29"))
    }
    return day
  }
}

extension Infection {
  /// A field as the history of corrections and the export write it.
  func text(of field: CaseField, in zone: Zone) -> String? {
    switch field {
    case .kind: kind.rawValue
    case .source: source
    case .district: district.text
    case .foundIn: foundIn
    case .reportedAt: reportedAt.text(in: zone)
    case .onsetOn: onsetOn?.text
    case .sampledAt: sampledAt?.text(in: zone)
    case .convertedAt: convertedAt?.text(in: zone)
    case .sex: sex?.rawValue
    case .age: age.map(String.init)
    }
  }
}
