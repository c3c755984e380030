import Gazette
import Kernel
import Registry

/// The second person's decision on everything that waits because one account has caused too much.
package struct ApproveHeld: Command {
  package struct Answer: Codable, Sendable {
    /// How many the batch had.
    package let people: Int
    /// How many of them are restricted by it.
    package let restricted: Int
    /// By which clauses the others are not: the edition in force asks nothing of them any more.
    package let unrestricted: [Unrestricted]
  }

  /// People of a batch that was approved of whom nothing is asked all the same.
  package struct Unrestricted: Codable, Sendable {
    package let clause: String
    package let words: Words
    package let people: Int
    /// Whether the edition in force has no such clause; otherwise their time is over.
    package let isGone: Bool
  }

  package static let name = "restrictions.approveHeld"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ApproveRestriction.duty

  /// Whoever caused it.
  package let account: AccountID
  package let approved: Bool
  /// How many the preview was of; another number means that it has changed since.
  package let expected: Int
  /// The preview that was looked at, for approving: what is approved is what it showed.
  package let preview: String?

  package init(account: AccountID, approved: Bool, expected: Int, preview: String? = nil) {
    self.account = account
    self.approved = approved
    self.expected = expected
    self.preview = preview
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let (policy, _) = try work.requireRestrictionsInForce()
    let limits = RestrictionLimitsStore(work.transaction)
    // What was withdrawn meanwhile is decided too: a batch of which nothing is left can be closed.
    guard let batch = try limits.undecided(by: account) else {
      throw Refusal.notFound(Words("待批准的批量措施", "batch that waits"), account.text, field: "account")
    }
    let shown = try HeldPreview(
      of: account, last: batch.last, in: work.transaction, now: work.now, rules: work.rules,
      suite: work.vault.suite)
    let people = shown.people
    guard people == expected else {
      throw Refusal(
        .conflict, "restriction.heldChanged",
        Words(
          "待批准人数已变为 \(people)，请重新核对预览", "\(people) wait by now; look at the preview again"),
        field: "expected")
    }
    for path in batch.paths { try work.require(Self.duty, at: path) }
    try SecondPersonRules.require(
      approver: work.authority.sender.text,
      organisations: work.organisations(for: Self.duty, at: batch.paths[0]).entitled,
      issuer: account.text, issuerOrganisations: batch.organisations, what: "restriction")
    let cooled = batch.last + .minutes(policy.alone.coolingMinutes)
    guard !approved || people == 0 || work.now >= cooled else {
      throw Refusal(
        .conflict, "restriction.cooling",
        Words(
          "批量措施须静置至 \(cooled.shortText(in: work.zone))，请先核对预览和抽样",
          "A batch waits until \(cooled.shortText(in: work.zone)); look at the preview and the sample"
        ), field: "approved")
    }
    if approved, people > 0 { try requireSeen(shown, in: work) }
    let cases = try limits.cases(by: account)
    try limits.decide(
      by: account, approved: approved, approver: work.authority.sender.text, at: work.now)
    for (infection, person) in cases {
      try work.record(CaseSettled(infection: infection, person: person, approved: approved))
    }
    if approved { try work.send(RestrictWaiting()) }
    // Whom the edition asks nothing of any more is not counted as restricted.
    let decided = approved ? shown.restricted : people
    try work.record(HeldDecided(account: account, people: decided, approved: approved))
    try work.record(
      ManyDecided(
        what: "restrictions", about: account.text, people: decided, approved: approved))
    try work.discharge(
      RestrictionDuties.approveHeld, about: account.text,
      proof: ["approved": approved ? "yes" : "no", "people": String(decided)])
    return Answer(
      people: people, restricted: approved ? shown.restricted : 0,
      unrestricted: approved ? shown.unrestricted : [])
  }

  /// What is approved is what was shown: neither another edition, nor another clause or a later end.
  private func requireSeen(_ shown: HeldPreview, in work: Work) throws(Refusal) {
    guard let preview = preview?.trimmingWhitespace(), !preview.isEmpty else {
      throw .missing("preview")
    }
    guard preview == shown.digest else {
      let now = shown.words(in: work.zone)
      throw Refusal(
        .conflict, "restriction.previewChanged",
        Words(
          "预览之后政策或名单有变，尚未批准任何人。现为：\(now.chinese)（预览 \(shown.digest)）。请重新核对后再决定",
          "The policy or the batch has changed since the preview; nobody was restricted. Now: "
            + "\(now.english) (preview \(shown.digest)). Look at it again before you decide"),
        field: "preview")
    }
  }
}

extension HeldPreview {
  /// Of whom nothing would be asked, by clause.
  fileprivate var unrestricted: [ApproveHeld.Unrestricted] {
    clauses.filter { $0.restricted < $0.people }.map {
      ApproveHeld.Unrestricted(
        clause: $0.clause, words: $0.words, people: $0.people - $0.restricted, isGone: $0.isGone)
    }
  }
}
