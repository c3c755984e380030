import Gazette
import Kernel
import Registry

/// Releases somebody from a site. Done only when days, tests and notice are complete; when the days
/// are, is the measure's to say (RULES 7 v, I-41).
package struct ReleaseStay: Command {
  package static let name = "isolation.release"
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .present)
    let finding = try work.finding(of: found)
    try finding.requireDays(zone: work.zone)
    guard finding.areTestsComplete else {
      let days = finding.missing.map(\.day.text).joined(separator: "、")
      throw Refusal(
        .conflict, "isolation.testsMissing",
        Words(
          "检测不全（\(days)）：请补采并登记结果；若无措施仍要求集中隔离，可按“放行”办理",
          "Tests are missing or not negative (\(days)): take them and enter the results; whom no measure holds can be let go"
        ), field: "stay")
    }
    guard finding.isNoticeGiven || finding.isOwnWill else {
      throw Refusal(
        .conflict, "isolation.noticeMissing",
        Words("解除告知书尚未送达，请先送达", "The notice was not brought; bring it first"), field: "stay")
    }
    try work.leave(found, .released)
    return Done()
  }
}

/// Lets somebody go whom no measure holds, though a test or the notice is missing: nobody is kept
/// after the end (PROMISES 3). The missing test is owed where they live.
package struct LetGo: Command {
  package static let name = "isolation.letGo"
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .present)
    let finding = try work.finding(of: found)
    try finding.requireDays(zone: work.zone)
    let home = try ResidentsStore(work.transaction).current(found.person)?.home ?? found.site
    try work.leave(found, finding.isComplete ? .released : .free)
    if !finding.areTestsComplete {
      let hours = try work.policy(IsolationPolicy.self).followUpHours
      try work.oblige(
        IsolationDuties.followUp, about: found.id.text, person: found.person, at: home,
        by: work.now + .hours(hours))
    }
    return Done()
  }
}

/// Sends somebody to a hospital: help comes first, and the measure goes along.
package struct SendToHospital: Command {
  package static let name = "isolation.toHospital"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    try work.leave(try work.requireStay(stay, .present), .hospital)
    return Done()
  }
}

/// Enters the result of a sample that was taken at a site, where no round brings it by itself.
package struct RecordResult: Command {
  package static let name = "isolation.result"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID
  package let sampledAt: Instant
  package let negative: Bool

  package init(stay: SiteStayID, sampledAt: Instant, negative: Bool) {
    self.stay = stay
    self.sampledAt = sampledAt
    self.negative = negative
  }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .present)
    guard sampledAt <= work.now, let arrived = found.arrivedAt, sampledAt >= arrived else {
      throw Refusal(
        .invalid, "isolation.sampledAt",
        Words("采样时间须在入住之后、现在之前", "The sample lies between the arrival and now"),
        field: "sampledAt")
    }
    let known = try work.stays.result(of: found.person, sampledAt: sampledAt)
    if let known, known.isNegative == negative { return Done() }
    let isCorrection = known?.isNegative == false
    if let known, isCorrection { try requireSecondPerson(after: known.sender, found, in: work) }
    try work.stays.keep(
      found.person, sampledAt: sampledAt, isNegative: negative,
      by: work.authority.sender.text, isCorrected: isCorrection)
    try work.note(found, negative ? "negative" : "positive", room: found.room)
    if isCorrection {
      try work.waive(IsolationDuties.positive, about: found.id.text, reason: "corrected")
    }
    if !negative {
      let minutes = try work.policy(IsolationPolicy.self).positiveMinutes
      try work.oblige(
        IsolationDuties.positive, about: found.id.text, person: found.person, at: found.site,
        by: work.now + .minutes(minutes))
    }
    return Done()
  }
}

extension RecordResult {
  /// A positive that was none is so by the word of two people of two organisations (I-29).
  private func requireSecondPerson(after first: String, _ stay: SiteStay, in work: Work) throws {
    let organisations = try work.organisations(for: Self.duty, at: stay.path).entitled
    do {
      try SecondPersonRules.require(
        approver: work.authority.sender.text, organisations: organisations, issuer: first,
        issuerOrganisations: work.organisations(of: AccountID(trusted: first)), what: "isolation")
    } catch let refusal as Refusal {
      throw Refusal(
        .forbidden, refusal.code,
        Words(
          "这份采样已登记为非阴性；改为阴性须由另一单位的人登记，或另采一份",
          "This sample was entered as not negative; another office enters it as negative, or another sample is taken"
        ), field: "negative")
    }
  }
}

extension ReleaseFinding {
  /// Refuses while a measure asks for it: ending a measure is nobody's at a site.
  func requireDays(zone: Zone) throws(Refusal) {
    guard let until else { return }
    throw Refusal(
      .conflict, "isolation.daysNotComplete",
      Words(
        "措施要求集中隔离至 \(until.shortText(in: zone))，此前不能离开",
        "A measure asks central isolation until \(until.shortText(in: zone)); nobody leaves before"),
      field: "stay")
  }
}

extension Work {
  func finding(of stay: SiteStay) throws -> ReleaseFinding {
    try ReleaseFinder(transaction: transaction, rules: rules, now: now).finding(of: stay)
  }
}
