import Gazette
import Kernel
import Registry

/// Why codes were revoked.
enum PassRevocation: String, Codable, CaseIterable, Sendable {
  /// What a code says holds no longer, or not as long.
  case changed
  /// A telephone or a sheet of paper was lost, or somebody else shows it.
  case lost
  /// The code was given to the wrong person.
  case mistaken

  var words: Words {
    switch self {
    case .changed: Words("情况有变", "What it says has changed")
    case .lost: Words("手机或纸码遗失、被人冒用", "A telephone or a sheet was lost, or somebody else shows it")
    case .mistaken: Words("发错了人", "Given to the wrong person")
    }
  }
}

/// Codes of a person that were issued before are worth nothing from now on.
struct PassesRevoked: Fact {
  static let name = "passes.revoked"
  static let words = Words("此人先前的健康码已作废", "Earlier pass codes of a person revoked")
  static let about = Matter.person
  let person: PersonID
  let reason: PassRevocation
  /// The colour that a new code shows.
  let colour: CodeColour
  var subject: String { person.text }
}

/// A code was revoked of which only the code itself is known.
struct PassRevoked: Fact {
  static let name = "passes.codeRevoked"
  static let words = Words("一张健康码已作废", "One pass code revoked")
  static let about = Matter.passCode
  let bearer: String
  let reason: PassRevocation
  var subject: String { bearer }
}

/// Somebody shows another's code from now on, or no longer.
struct PassCareChanged: Fact {
  static let name = "passes.careChanged"
  static let words = Words("代为出示健康码的委托变更", "Who shows another’s pass code changed")
  static let about = Matter.person
  let person: PersonID
  let carer: PersonID
  let ended: Bool
  var subject: String { person.text }
}

extension Work {
  var passStore: PassesStore { PassesStore(transaction) }

  /// Looks at a person's colour again: what was issued before and says something else is revoked at
  /// once, through the list that every verifier carries.
  func recolour(_ person: PersonID) throws {
    let residents = ResidentsStore(transaction)
    let live = try residents.current(person)?.id ?? person
    let (standing, course) = try passes.course(of: live)
    let policy = try policy(PassesPolicy.self)
    let files = try residents.identifiers(of: live)
    let told = try passStore.told(of: live)
    let before = (told?.course ?? .green).said(before: now)
    if PassesRules.outdates(before, standing, at: now, longestHours: policy.longestHours) {
      for file in files.isEmpty ? [live] : files { try revoke(file, because: .changed, policy) }
      try record(PassesRevoked(person: live, reason: .changed, colour: standing.colour))
    }
    if course == .green {
      if told != nil { try passStore.forget(live) }
      return
    }
    let since = PassesRules.since(
      told.map { ($0.course, $0.since) }, standing.colour, at: now)
    try passStore.tell(.init(person: live, since: since, course: course))
  }

  /// Revokes what was issued under a file that has just become another's, where it says something else
  /// than holds for the person: of who was green nothing was told, but green codes are about.
  func revokeCodes(ofMerged file: PersonID) throws {
    let residents = ResidentsStore(transaction)
    guard let live = try residents.current(file)?.id, live != file else { return }
    let policy = try policy(PassesPolicy.self)
    let before = (try passStore.told(of: file)?.course ?? .green).said(before: now)
    try passStore.forget(file)
    let standing = try passes.standing(of: live)
    guard PassesRules.outdates(before, standing, at: now, longestHours: policy.longestHours)
    else { return }
    // Also of files that had become this one's before.
    for other in try residents.identifiers(of: live) where other != live {
      try revoke(other, because: .changed, policy)
    }
  }

  /// Revokes everything that was issued under an identifier and may still be shown.
  func revoke(
    _ person: PersonID, because reason: PassRevocation, _ policy: PassesPolicy
  ) throws {
    let days = PassesRules.issuingDays(
      at: now, longestHours: policy.longestHours, aheadSeconds: policy.revokeAheadSeconds,
      zone: zone)
    for day in days {
      try revoke(
        bearer: Hex.text(passes.bearer(of: person, on: day)), on: day, of: person,
        because: reason, policy)
    }
  }

  /// Revokes what was issued to a bearer of a day, and what is being issued by whoever reads just now.
  func revoke(
    bearer: String, on day: Day, of person: PersonID?, because reason: PassRevocation,
    _ policy: PassesPolicy
  ) throws {
    let before = PassesRules.revokedUntil(
      of: day, at: now, aheadSeconds: policy.revokeAheadSeconds,
      earlier: try passStore.revoked(bearer), zone: zone)
    try passStore.revoke(
      bearer, of: person, before: before, until: keptUntil(policy), because: reason.rawValue)
  }

  /// Until when a revocation of now can matter: the last code that it is about has ended then, by any
  /// clock that is not refused. It began ahead of now by less than two clocks may differ.
  func keptUntil(_ policy: PassesPolicy) -> Instant {
    now + .hours(policy.longestHours) + .minutes(2 * policy.skewMinutes)
  }
}

/// What follows for codes from what others say.
enum PassesReactions {
  static let all: [Reaction] = [
    .on(RestrictionStarted.self) { fact, work in try work.recolour(fact.person) },
    .on(RestrictionMoved.self) { fact, work in try work.recolour(fact.person) },
    .on(RestrictionEnded.self) { fact, work in try work.recolour(fact.person) },
    .on(ObjectionRaised.self) { fact, work in try recolour(fact.restriction, in: work) },
    .on(ObjectionDecided.self) { fact, work in try recolour(fact.restriction, in: work) },
    .on(ObjectionLapsed.self) { fact, work in try recolour(fact.restriction, in: work) },
    .on(ResidentsMerged.self) { fact, work in
      try work.revokeCodes(ofMerged: fact.merged)
      try work.recolour(fact.survivor)
      try work.endSelfCare(fact.survivor)
    },
    .on(ResidentsUnmerged.self) { fact, work in
      for person in [fact.survivor, fact.merged] { try work.recolour(person) }
    },
  ]

  private static func recolour(_ restriction: RestrictionID, in work: Work) throws {
    guard let found = try RestrictionsStore(work.transaction).find(restriction) else { return }
    try work.recolour(found.person)
  }
}

extension Work {
  /// Two files that turn out to be one person do not look after each other.
  fileprivate func endSelfCare(_ person: PersonID) throws {
    let files = try ResidentsStore(transaction).identifiers(of: person)
    for care in try passStore.caredFor(by: files) where files.contains(care.person) {
      try passStore.end(care, at: now, by: authority.sender.text)
      try record(PassCareChanged(person: care.person, carer: care.carer, ended: true))
    }
  }
}

extension Matter {
  /// A code of which nobody says whose it is.
  static let passCode = Matter(Words("健康码", "Pass code"))
}
