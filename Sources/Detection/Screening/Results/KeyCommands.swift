import Gazette
import Kernel
import Registry

/// Asks that a laboratory's key be another one, or none, where the laboratory cannot change it itself. Nothing
/// changes until a second person of another organisation agrees: whoever changes a key can speak for it.
package struct AskKey: Command {
  package static let name = "screening.askKey"
  package static let duty: Duty = SetLaboratory.duty
  package let laboratory: LaboratoryID
  /// The new public key; nil, or nothing, to take the key back.
  package let key: String?

  package init(laboratory: LaboratoryID, key: String? = nil) {
    self.laboratory = laboratory
    self.key = key
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    guard let known = try ResultsStore(work.transaction).laboratory(laboratory) else {
      throw Refusal.notFound(
        Words("检测机构", "laboratory"), laboratory.text, field: "laboratory")
    }
    let key = SetLaboratory.written(key)
    if let key { try SetLaboratory.require(key: key) }
    guard known.key != nil, known.key != key else {
      throw Refusal(
        .conflict, "laboratory.keySame",
        Words(
          "该机构没有密钥，或密钥正是这一个，无需两人更换",
          "There is no key, or it is this one: nothing here takes two people"), field: "key")
    }
    try KeyRequestsStore(work.transaction).ask(
      KeyRequest(
        laboratory: laboratory, key: key, askedBy: work.authority.sender.text,
        organisations: try work.organisations(for: Self.duty, at: .everywhere).all,
        askedAt: work.now))
    try work.record(LaboratoryKeyAsked(laboratory: laboratory, removes: key == nil))
    let kind = ScreeningObligations.key
    guard let round = try ScreeningRoundStore(work.transaction).latest(limit: 1).first,
      try ObligationStore(work.transaction).owed(kind.name, about: laboratory.text).isEmpty
    else { return Done() }
    let minutes = try work.policy(ScreeningPolicy.self).clocks.handOverMinutes
    try work.oblige(
      kind, about: laboratory.text, at: round.area, by: work.now + .minutes(minutes))
    return Done()
  }
}

/// The second person's decision on a laboratory's key.
package struct DecideKey: Command {
  package static let name = "screening.decideKey"
  package static let duty: Duty = DecideBatch.duty
  package let laboratory: LaboratoryID
  package let approved: Bool
  /// The key that was shown to whoever decides; nil, or nothing, where it was to be taken back.
  package let key: String?

  package init(laboratory: LaboratoryID, approved: Bool, key: String?) {
    self.laboratory = laboratory
    self.approved = approved
    self.key = key
  }

  // A laboratory is of no area: whoever decides on results that were put aside decides.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    guard let place = work.authority.areas(for: Self.duty).first else {
      throw Refusal.outsideArea(Self.duty)
    }
    let store = KeyRequestsStore(work.transaction)
    guard let asked = try store.find(laboratory) else {
      throw Refusal.notFound(
        Words("密钥更换申请", "request for a key"), laboratory.text, field: "laboratory")
    }
    // What is decided is what was shown: another request may have come meanwhile.
    guard SetLaboratory.written(key) == asked.key else {
      throw Refusal(
        .conflict, "key.changed",
        Words(
          "申请已变，不是您看到的那个：现在要求\(asked.key.map { "换为 \($0)" } ?? "取消密钥")。请核对后再决定",
          "This is not the request that you saw: now the key is to \(asked.key.map { "become \($0)" } ?? "be taken back"). Look at it, then decide"
        ), field: "key")
    }
    // Who asked takes it back alone; it takes another one to agree.
    if approved || asked.askedBy != work.authority.sender.text {
      try SecondPersonRules.require(
        approver: work.authority.sender.text,
        organisations: work.organisations(for: Self.duty, at: place).entitled,
        issuer: asked.askedBy, issuerOrganisations: asked.organisations, what: "key")
    }
    try store.remove(laboratory)
    if approved {
      try LaboratoriesStore(work.transaction).setKey(asked.key, of: laboratory)
      let digest = asked.key.map { Hex.text(work.vault.suite.digest(Array($0.utf8))) }
      try work.record(LaboratorySet(laboratory: laboratory, key: digest))
    }
    try work.record(LaboratoryKeyDecided(laboratory: laboratory, approved: approved))
    try work.discharge(
      ScreeningObligations.key, about: laboratory.text, proof: ["approved": approved ? "yes" : "no"]
    )
    return Done()
  }
}

/// Takes back that an account speaks for a laboratory.
package struct DismissLaboratory: Command {
  package static let name = "screening.dismissLaboratory"
  package static let duty: Duty = SetLaboratory.duty
  package let account: AccountID

  package init(account: AccountID) { self.account = account }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let store = LaboratoriesStore(work.transaction)
    guard let found = try store.laboratory(of: account.text) else {
      throw Refusal.notFound(
        Words("代表检测机构的账户", "account that speaks for a laboratory"), account.text,
        field: "account")
    }
    try store.dismiss(account.text)
    try work.record(LaboratoryDismissed(laboratory: found.id, account: account))
    return Done()
  }
}

/// A laboratory's key is to be changed, or taken back.
package struct LaboratoryKeyAsked: Fact {
  package static let name = "screening.laboratoryKeyAsked"
  package static let words = Words("已申请更换或收回检测机构公钥", "Change of a laboratory’s key asked for")
  package static let about = Matter.laboratory
  package let laboratory: LaboratoryID
  package let removes: Bool
  package var subject: String { laboratory.text }
}

/// A second person has decided on a laboratory's key.
package struct LaboratoryKeyDecided: Fact {
  package static let name = "screening.laboratoryKeyDecided"
  package static let words = Words("第二人已决定检测机构公钥", "A second person decided on a laboratory’s key")
  package static let about = Matter.laboratory
  package let laboratory: LaboratoryID
  package let approved: Bool
  package var subject: String { laboratory.text }
}

/// An account speaks for a laboratory no longer.
package struct LaboratoryDismissed: Fact {
  package static let name = "screening.laboratoryDismissed"
  package static let words = Words("账号不再代表检测机构", "Account speaks for a laboratory no longer")
  package static let about = Matter.laboratory
  package let laboratory: LaboratoryID
  package let account: AccountID
  package var subject: String { laboratory.text }
}
