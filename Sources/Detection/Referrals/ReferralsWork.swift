import Gazette
import Kernel
import Registry

extension Work {
  /// Hands a confirmed contact over to an area.
  ///
  /// - Parameter before: what counted for the contact until now, and counts no more.
  @discardableResult
  func refer(
    _ contact: Contact, infection: CaseID, kind: ContactKind, to place: PlaceID,
    replacing before: Referral?
  ) throws -> Referral? {
    let policy = try policy(ReferralsPolicy.self)
    guard let found = policy.found(kind) else { return nil }
    let store = ReferralsStore(transaction)
    if let before { try end(before, as: .replaced) }
    let investigation = try recall("referrals.case/\(infection)") {
      try InvestigationStore(transaction).get(infection)
    }
    guard let path = try jurisdiction.path(place, transaction) else {
      throw Refusal.notFound(Words("地点", "place"), place.text, field: "place")
    }
    let line = try PlacesStore(transaction).line(to: path)
    guard let area = ReferralsRules.area(of: line) else {
      throw Refusal.notFound(Words("地点", "place"), place.text, field: "place")
    }
    let home = line.first { $0.level == .district }
    let from = try recall("referrals.from/\(investigation.path)") {
      try PlacesStore(transaction).line(to: investigation.path)
        .first { $0.level == .district }
    }
    var letter: String?
    if let from, from.id != home?.id {
      let prefix = ReferralsRules.letterPrefix(from: from, year: today.parts.year)
      letter = ReferralsRules.letter(prefix, try store.letters(with: prefix) + 1)
    }
    var referral = Referral(
      id: newID(), contact: contact.id, person: contact.person, infection: infection, kind: kind,
      from: investigation.place, fromPath: investigation.path, to: area.id, path: area.path,
      letter: letter, state: .sent, sentAt: now, sentBy: authority.sender.text,
      answerDue: now + .minutes(policy.answerMinutes), resultDue: now + found)
    referral.journey = try journey(of: contact)
    try store.add(referral)
    try record(
      ReferralSent(referral: referral.id, contact: contact.id, to: area.id, letter: letter))
    try oblige(
      Referrals.answer, about: referral.id.text, person: contact.person, at: area.id,
      by: referral.answerDue)
    return referral
  }

  /// How far the person has come by what was owed for them before.
  private func journey(of contact: Contact) throws -> ReferralJourney {
    var journey = ReferralJourney()
    let obligations = ObligationStore(transaction)
    for owed in try obligations.owed(concerning: contact.person) {
      if owed.kind == MeasureObligations.transfer { journey.needsMove = true }
    }
    for earlier in try ReferralsStore(transaction).all(of: contact.id) {
      journey.toldAt = journey.toldAt ?? earlier.journey.toldAt
      journey.movedAt = journey.movedAt ?? earlier.journey.movedAt
      journey.needsMove = journey.needsMove || earlier.journey.movedAt != nil
    }
    return journey
  }

  /// A hand-over no longer counts, and nobody owes anything about it.
  func end(_ referral: Referral, as state: Referral.State) throws {
    var ended = referral
    ended.state = state
    try ReferralsStore(transaction).update(ended)
    try record(ReferralEnded(referral: referral.id, state: state.rawValue))
    for kind in Referrals.kinds {
      try waive(kind, about: referral.id.text, reason: state.words.chinese)
    }
  }

  /// An area takes a contact on.
  func accept(_ referral: Referral) throws -> Referral {
    var accepted = referral
    accepted.state = .accepted
    accepted.answeredAt = now
    accepted.answeredBy = authority.sender.text
    try ReferralsStore(transaction).update(accepted)
    try record(ReferralAccepted(referral: referral.id, late: now > referral.answerDue))
    try discharge(Referrals.answer, about: referral.id.text, proof: ["accepted": "yes"])
    try oblige(
      Referrals.find, about: referral.id.text, person: referral.person, at: referral.to,
      by: max(referral.resultDue, now))
    return accepted
  }

  /// The person was found.
  func found(_ referral: Referral, _ outcome: ReferralOutcome) throws {
    var found = referral.state == .sent ? try accept(referral) : referral
    found.state = .found
    found.outcome = outcome
    found.outcomeAt = now
    found.outcomeBy = authority.sender.text
    try ReferralsStore(transaction).update(found)
    try record(
      ReferralFound(
        referral: referral.id, outcome: outcome.rawValue, late: now > referral.resultDue))
    try discharge(
      Referrals.find, about: referral.id.text, proof: ["outcome": outcome.rawValue])
  }
}
