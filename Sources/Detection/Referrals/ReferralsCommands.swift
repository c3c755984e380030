import Gazette
import Kernel
import Registry

/// Sends a contact to another area than it went to before.
package struct SendReferral: Command {
  package static let name = "referrals.send"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "referrals.send"
  package let contact: ContactID
  package let place: PlaceID

  package init(contact: ContactID, place: PlaceID) {
    self.contact = contact
    self.place = place
  }

  package func area(in work: Work) throws -> Area {
    guard let known = try ReferralsStore(work.transaction).active(of: contact) else {
      return .eachChecked
    }
    return .path(known.fromPath)
  }

  package func perform(in work: Work) throws -> ReferralID {
    let contact = try ContactsStore(work.transaction).get(contact)
    guard contact.state == .confirmed, let kind = contact.confirmedKind,
      let known = try ReferralsStore(work.transaction).active(of: contact.id)
    else {
      throw Refusal(
        .conflict, "referral.noContact",
        Words("此人现在不是已判定的密接，无需推送", "This person is no confirmed contact now; nothing is sent"),
        field: "contact")
    }
    let sent = try work.refer(
      contact, infection: known.infection, kind: kind, to: place, replacing: known)
    guard let sent else { throw Refusal.missing("contact") }
    if sent.path == known.path && known.state != .returned {
      throw Refusal(
        .conflict, "referral.samePlace",
        Words("已推送到这里，请选择另一辖区", "It was sent there already; choose another area"), field: "place")
    }
    return sent.id
  }
}

/// Takes contacts on: the area answers for them from now on.
package struct AcceptReferrals: Command {
  package static let name = "referrals.accept"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "referrals.answer"
  package let referrals: [ReferralID]

  package init(referrals: [ReferralID]) { self.referrals = referrals }

  package func area(in work: Work) -> Area { .eachChecked }

  /// Answers how many were taken on; those that were before are not counted.
  package func perform(in work: Work) throws -> Int {
    guard !referrals.isEmpty else { throw Refusal.missing("referrals") }
    var count = 0
    for id in Set(referrals).sorted() {
      let referral = try ReferralsStore(work.transaction).get(id)
      try work.require(Self.duty, at: referral.path)
      if referral.state == .accepted || referral.state == .found { continue }
      try ReferralsRules.require(
        referral, in: [.sent],
        otherwise: Words("请刷新后查看最新的推送", "look again at where it is now"))
      _ = try work.accept(referral)
      count += 1
    }
    return count
  }
}

/// Sends a contact back: the area does not answer for the person, or cannot find them.
package struct ReturnReferral: Command {
  package static let name = "referrals.return"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "referrals.answer"
  package let referral: ReferralID
  package let reason: ReturnReason

  package init(referral: ReferralID, reason: ReturnReason) {
    self.referral = referral
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try ReferralsStore(work.transaction).get(referral).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = ReferralsStore(work.transaction)
    var known = try store.get(referral)
    try ReferralsRules.require(
      known, in: [.sent, .accepted],
      otherwise: Words("不能再退回", "it cannot be sent back any more"))
    known.state = .returned
    known.returned = reason
    known.answeredAt = work.now
    known.answeredBy = work.authority.sender.text
    try store.update(known)
    try work.record(ReferralReturned(referral: known.id, reason: reason.rawValue))
    try work.discharge(
      Referrals.answer, about: known.id.text, proof: ["returned": reason.rawValue])
    try work.waive(Referrals.find, about: known.id.text, reason: reason.words.chinese)
    let minutes = try work.policy(ReferralsPolicy.self).redirectMinutes
    try work.oblige(
      Referrals.redirect, about: known.id.text, person: known.person, at: known.from,
      by: work.now + .minutes(minutes))
    return Done()
  }
}

/// Reports where the person was found (落地).
package struct ReportReferral: Command {
  package static let name = "referrals.report"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "referrals.answer"
  package let referral: ReferralID
  package let outcome: ReferralOutcome

  package init(referral: ReferralID, outcome: ReferralOutcome) {
    self.referral = referral
    self.outcome = outcome
  }

  package func area(in work: Work) throws -> Area {
    .path(try ReferralsStore(work.transaction).get(referral).path)
  }

  package func perform(in work: Work) throws -> Done {
    let known = try ReferralsStore(work.transaction).get(referral)
    try ReferralsRules.require(
      known, in: [.sent, .accepted, .found],
      otherwise: Words("请等流调组改推后再登记", "wait until it has been sent elsewhere"))
    try work.found(known, outcome)
    return Done()
  }
}

/// Says that the person was handed to the vehicle: the first side of a closed loop.
package struct DepartReferral: Command {
  package static let name = "referrals.depart"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "referrals.answer"
  package let referral: ReferralID
  /// The isolation site or hospital, as it is called.
  package let site: String

  package init(referral: ReferralID, site: String) {
    self.referral = referral
    self.site = site
  }

  package func area(in work: Work) throws -> Area {
    .path(try ReferralsStore(work.transaction).get(referral).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = ReferralsStore(work.transaction)
    var known = try store.get(referral)
    guard !site.isEmpty, site.count <= 60 else { throw Refusal.missing("site") }
    try ReferralsRules.require(
      known, in: [.sent, .accepted, .found],
      otherwise: Words("不能送出", "nobody is sent off for it"))
    guard known.journey.departedAt == nil else {
      throw Refusal(
        .conflict, "referral.departed",
        Words("已登记送出，等接收点确认", "The departure is recorded; the site has to confirm the arrival"),
        field: "referral")
    }
    if known.state != .found { try work.found(known, .home) }
    known = try store.get(referral)
    known.journey.needsMove = true
    known.journey.departedAt = work.now
    known.journey.departedBy = work.authority.sender.text
    known.journey.site = site
    try store.update(known)
    try work.record(ContactDeparted(referral: known.id))
    return Done()
  }
}

/// Says that the person arrived: the other side of the closed loop, never the one who sent them.
package struct ArriveReferral: Command {
  package static let name = "referrals.arrive"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "referrals.receive"
  package let referral: ReferralID

  package init(referral: ReferralID) { self.referral = referral }

  package func area(in work: Work) throws -> Area {
    .path(try ReferralsStore(work.transaction).get(referral).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = ReferralsStore(work.transaction)
    var known = try store.get(referral)
    if known.journey.arrivedAt != nil { return Done() }
    guard known.journey.departedAt != nil else {
      throw Refusal(
        .conflict, "referral.notDeparted",
        Words(
          "还没有登记送出，请送出方先登记", "The departure is not recorded; the sending side records it first"),
        field: "referral")
    }
    let account = work.authority.sender.text
    try ReferralsRules.requireOtherSide(account, of: known.journey)
    known.journey.arrivedAt = work.now
    known.journey.arrivedBy = account
    known.journey.movedAt = known.journey.movedAt ?? work.now
    try store.update(known)
    try work.record(PersonArrived(person: known.person))
    return Done()
  }
}
