import Gazette
import Kernel
import Registry

/// Puts right what kind of contact somebody is, or how long they were exposed. A weaker kind and a
/// shorter time hold at once, and for everything that is computed of the same stay later; a stronger
/// kind is what the sender tells, and another account confirms it. What was confirmed as something
/// else asks for a new decision.
package struct CorrectContact: Command {
  package static let name = "contacts.correct"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let contact: ContactID
  package let infection: CaseID
  /// One exposure, by the key of the contact's card; all to the case when none is named.
  package let exposure: String?
  package let kind: ContactKind
  package let from: Instant?
  package let to: Instant?
  package let reason: String

  package init(
    contact: ContactID, infection: CaseID, exposure: String? = nil, kind: ContactKind,
    from: Instant? = nil, to: Instant? = nil, reason: String
  ) {
    self.contact = contact
    self.infection = infection
    self.exposure = exposure
    self.kind = kind
    self.from = from
    self.to = to
    self.reason = reason
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let known = try work.decidable(contact, Self.duty)
    guard known.state.isLive else {
      throw Refusal(
        .conflict, "contact.closed",
        Words("该密接已关闭，不能再判定", "This contact is closed and cannot be decided"),
        field: "contact")
    }
    let reason = try ResidentsRules.plain(reason, field: "reason")
    let store = ContactsStore(work.transaction)
    let chosen = try store.exposures(of: contact).filter {
      $0.infection == infection && (exposure == nil || $0.key == exposure)
    }
    guard !chosen.isEmpty else {
      throw Refusal(
        .conflict, "contact.exposureChanged",
        Words("接触依据已有变化，请重新查看后再更正", "The evidence has changed; look at it again"),
        field: "exposure")
    }
    var isChanged = false
    for one in chosen { isChanged = try correct(one, reason, in: work) || isChanged }
    guard isChanged else {
      throw Refusal(
        .conflict, "contact.unchanged",
        Words("与现有判定相同，无需更正", "It says that already; nothing to correct"), field: "kind")
    }
    if let again = try store.find(contact) { try work.refresh(again) }
    try work.record(ContactCorrected(contact: contact, infection: infection, kind: kind))
    try work.recompute(infection)
    return Done()
  }

  /// False when nothing of an exposure is another.
  private func correct(_ one: Exposure, _ reason: String, in work: Work) throws -> Bool {
    let span = TimeSpan(from ?? one.span.from, to ?? one.span.to)
    try VisitsRules.requireOrder(span)
    guard span.from >= one.span.from, span.to <= one.span.to else {
      throw Refusal(
        .invalid, "contact.longer",
        Words(
          "更正后的时间超出原有依据；更长的接触请用“补录密接”，由另一人判定",
          "This is longer than the evidence; enter a longer contact as a new one, which another confirms"
        ),
        field: "from")
    }
    let isShorter = span != one.span
    if kind.weight > one.kind.weight {
      try tell(one, span, in: work)
      return true
    }
    guard isShorter || kind.weight < one.kind.weight else { return false }
    let store = ContactsStore(work.transaction)
    guard let right = ContactRulingsRules.corrected(one, to: kind, in: span, of: one) else {
      throw Refusal(
        .invalid, "contact.nothingLeft",
        Words("更正后没有剩下接触；请改用“不是”并选择原因", "Nothing would be left of it; reject the contact instead"),
        field: "from")
    }
    try ContactRulingsStore(work.transaction).add(
      ContactRuling(
        contact: contact, at: work.now, by: work.authority.sender.text, reason: reason, was: one,
        kind: right.kind, span: span))
    if one.toldBy != nil {
      try store.correctTold(one, of: contact, to: right)
      try InterviewStore(work.transaction).follow(
        one.span, to: right.span, of: contact, infection)
    } else {
      let computed = try store.exposures(of: contact, to: infection, byHand: false)
      try store.replace(
        computed.map { $0 == one ? right : $0 }.sorted(by: Exposure.inOrder), of: contact,
        to: infection)
    }
    return true
  }

  /// A stronger kind rests on the sender's word: it is added as told, and another confirms it.
  private func tell(_ one: Exposure, _ span: TimeSpan, in work: Work) throws {
    let window = try InvestigationStore(work.transaction).get(infection).window
    let inside = span.common(with: window)
    _ = try AddContact(
      infection: infection, person: one.person, kind: kind, venue: one.venue, from: inside.from,
      to: min(inside.to, work.now)
    ).perform(in: work)
  }
}

extension Exposure {
  /// Names one exposure of a contact as long as it stays what it is.
  package var key: String {
    [
      infection.text, String(degree), basis.rawValue, toldBy == nil ? "computed" : "told",
      String(span.from.milliseconds), String(span.to.milliseconds), via?.text ?? "",
      venue?.text ?? "",
    ].joined(separator: "|")
  }
}
