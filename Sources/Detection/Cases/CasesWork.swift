import Gazette
import Kernel
import Registry

extension Work {
  /// Takes one report: a new case, the conversion of an earlier one, or nothing new.
  func takeReport(_ row: CaseRow, told teller: AccountID? = nil) throws -> (
    infection: Infection, verdict: CaseVerdict
  ) {
    let policy = try policy(CasePolicy.self)
    let reported = try read(row, policy)
    try require(ReportCase.duty, at: reported.path)
    try CasesRules.checkTimes(of: reported, now: now, zone: zone)
    let store = CasesStore(transaction)
    if let known = try store.find(row.infection) {
      return try again(reported, known: known, person: row.person)
    }
    if let known = try store.converted(as: row.infection) {
      return (known, try sameConversion(reported, known))
    }
    if let person = row.person {
      let others = try store.cases(of: person)
      if reported.kind == .converted, let earlier = others.first(where: { $0.kind != .confirmed }) {
        return try again(reported, known: earlier, person: person)
      }
      try refuseSecond(reported, besides: others, policy)
    }
    return (try open(reported, row, told: teller), .accepted)
  }

  /// The row as a case that was recorded now, with every code looked up.
  private func read(_ row: CaseRow, _ policy: CasePolicy) throws -> Infection {
    let district = try livingDistrict(row.district)
    let found = try row.foundIn.map { try foundPlace($0) }
    let age = now - row.reportedAt
    return Infection(
      id: row.infection, person: row.person ?? newID(), kind: try CasesRules.kind(row.kind),
      source: try row.source.map { written throws(Refusal) in
        try CasesRules.source(written, policy)
      },
      district: district.id, path: district.path, foundIn: found?.text, foundInPlace: found?.place,
      reportedAt: row.reportedAt, recordedAt: now, onsetOn: row.onsetOn, sampledAt: row.sampledAt,
      sex: try row.sex.map { written throws(Refusal) in try CasesRules.sex(written) },
      age: try row.age.map { written throws(Refusal) in try CasesRules.age(written) },
      isHistory: age > .hours(policy.historyAfterHours))
  }

  /// The district in which somebody lives. When two share a name, the sender's own is meant.
  func livingDistrict(_ written: String) throws -> Place {
    let areas = authority.areas(for: ReportCase.duty)
    if areas.count == 1, let own = areas.first, let place = try known(written, inside: own) {
      return place
    }
    return try transaction.district(written, field: "district")
  }

  /// The district that is meant, nil when there is none inside the area or more than one.
  private func known(_ written: String, inside area: PlacePath) throws -> Place? {
    do {
      return try transaction.district(written, field: "district", inside: area)
    } catch is Refusal {
      return nil
    }
  }

  /// Where a case was found: a district of the registry by code or name, or a place elsewhere as
  /// it was written.
  func foundPlace(_ written: String) throws -> (text: String, place: PlaceID?) {
    guard written.count <= 100 else {
      throw Refusal(
        .invalid, "field.malformed",
        Words("发现地过长，请写区县代码或名称", "The place is too long; give a district's code or name"),
        field: "found_in")
    }
    let place = try known(written, inside: .everywhere)
    return (place?.code ?? written, place?.id)
  }

  /// A report of a case that is known: a repetition, a conversion, or a contradiction.
  private func again(
    _ reported: Infection, known: Infection, person: PersonID?
  ) throws -> (infection: Infection, verdict: CaseVerdict) {
    guard known.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    if reported.kind == .converted && known.kind == .asymptomatic {
      if known.convertedAt != nil { return (known, try sameConversion(reported, known)) }
      if let person, try !isSame(person, known.person) {
        throw Refusal.differentContent(["person"])
      }
      guard reported.district == known.district else {
        throw Refusal.differentContent(["district"])
      }
      return (
        try convert(known, at: reported.reportedAt, as: reported.id, onset: reported.onsetOn),
        .converted
      )
    }
    // A file may name the person by the identifier of a file that was merged since, or before.
    let said = try person.map { try isSame($0, known.person) ? known.person : $0 }
    let fields = CasesRules.differences(between: known, and: reported, person: said)
    guard fields.isEmpty else { throw Refusal.differentContent(fields) }
    return (known, .duplicate)
  }

  private func isSame(_ person: PersonID, _ other: PersonID) throws -> Bool {
    try ResidentsStore(transaction).identifiers(of: person).contains(other)
  }

  private func sameConversion(_ reported: Infection, _ known: Infection) throws -> CaseVerdict {
    guard known.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    guard reported.kind == .converted else { throw Refusal.differentContent(["kind"]) }
    guard reported.reportedAt == known.convertedAt else {
      throw Refusal.differentContent(["converted_at"])
    }
    return .duplicate
  }

  /// A person is infected once within the policy's days: a second number would count them twice.
  private func refuseSecond(
    _ reported: Infection, besides others: [Infection], _ policy: CasePolicy
  ) throws {
    let span = Duration.days(policy.sameInfectionDays)
    let same = others.first { other in
      reported.reportedAt < other.reportedAt + span && other.reportedAt < reported.reportedAt + span
    }
    guard let same else { return }
    throw Refusal(
      .conflict, "case.personHasCase",
      Words(
        "此人 \(policy.sameInfectionDays) 天内已有病例 \(same.id.text)：转确诊请报 converted，信息有误请更正该病例",
        "This person has the case \(same.id.text) within \(policy.sameInfectionDays) days: report it "
          + "as converted, or correct that case"),
      field: "person")
  }

  /// Opens a case with what is owed from now on.
  private func open(
    _ reported: Infection, _ row: CaseRow, told teller: AccountID?
  ) throws -> Infection {
    let store = CasesStore(transaction)
    let district = try PlacesStore(transaction).get(reported.district)
    let resident = try person(
      reported.person, name: row.name, sex: reported.sex, at: district)
    try store.insert(reported)
    try record(
      CaseReported(
        infection: reported.id, person: reported.person, kind: reported.kind,
        source: reported.source, district: reported.district, foundIn: reported.foundInPlace,
        reportedAt: reported.reportedAt, onsetOn: reported.onsetOn, sampledAt: reported.sampledAt,
        told: teller))
    // Nobody is sent for what a file tells of weeks ago.
    guard !reported.isHistory else { return reported }
    let policy = try policy(CasePolicy.self)
    let home = reported.path.holds(resident.path) ? resident.home : reported.district
    try oblige(
      Cases.transfer, about: reported.id.text, person: reported.person, at: home,
      by: reported.reportedAt + .minutes(policy.transferWithinMinutes))
    try oblige(
      Cases.investigate, about: reported.id.text, person: reported.person, at: home,
      by: reported.reportedAt + .minutes(policy.investigateWithinMinutes))
    return reported
  }

  /// Makes a confirmed case of an asymptomatic infection.
  func convert(
    _ known: Infection, at time: Instant, as id: CaseID, onset: Day?
  ) throws -> Infection {
    try CasesRules.checkConversion(at: time, of: known, now: now)
    var infection = known
    infection.convertedAt = time
    infection.convertedAs = id
    infection.onsetOn = onset ?? infection.onsetOn
    try CasesRules.checkTimes(of: infection, now: now, zone: zone)
    try CasesStore(transaction).update(infection)
    try record(
      CaseConverted(
        infection: infection.id, person: infection.person, at: time,
        standing: infection.standing))
    return infection
  }
}
