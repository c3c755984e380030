import Kernel

/// A version of the policy that has decided, and that is not what it was: a decision keeps the version
/// that made it, and nobody can read or check that version any more.
package struct EditionFault: Sendable, Hashable {
  /// `cn-9@1`.
  package let edition: String
  /// Whether it is there, with another content than when it decided; otherwise it is missing.
  package let isChanged: Bool

  package init(edition: String, isChanged: Bool) {
    self.edition = edition
    self.isChanged = isChanged
  }

  package var words: Words {
    isChanged
      ? Words(
        "政策版本 \(edition) 的内容与作出决定时不同",
        "Version \(edition) of the policy says something else than when it decided")
      : Words(
        "作出过决定的政策版本 \(edition) 不见了",
        "Version \(edition) of the policy has decided and is missing")
  }

  /// What to do about it.
  package static let remedy = Words(
    "请把原文件放回数据目录的 policies/（新规则请用更高的 version），再重新启动服务；在此之前个人页按同名条款计算每日事项",
    "Put the file as it was back into policies/ in the data folder (new rules are a higher version) and start "
      + "the server again; until then people's days are counted by the clause of the same name")
}

/// Which versions have decided, and what they said then.
package struct DecidedEditions: Sendable {
  /// What is wrong with what is there now.
  ///
  /// - Parameter present: the digest of what each version says now of restrictions and zones.
  package static func faults(
    _ present: [String: String], in transaction: any Transaction
  ) throws -> [EditionFault] {
    let store = EditionsStore(transaction)
    let seen = try store.seen()
    return try store.decided().sorted().compactMap { edition in
      guard let digest = present[edition] else {
        return EditionFault(edition: edition, isChanged: false)
      }
      guard let known = seen[edition], known != digest else { return nil }
      return EditionFault(edition: edition, isChanged: true)
    }
  }
}

/// Notes what each version of the policy says, when the program starts: one that has decided since keeps
/// it, so that another text under its name is found. Sent by the program itself.
package struct NoteEditions: Command {
  /// A version and the digest of what it says of restrictions and zones.
  package struct Content: Codable, Sendable {
    package let edition: String
    package let digest: String

    package init(edition: String, digest: String) {
      self.edition = edition
      self.digest = digest
    }
  }

  package static let name = "restrictions.noteEditions"
  package static let duty: Duty = .clockOnly
  /// What the obligation is about.
  package static let subject = "policy"
  package let editions: [Content]

  package init(editions: [Content]) { self.editions = editions }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many versions are not what they were.
  package func perform(in work: Work) throws -> Int {
    let store = EditionsStore(work.transaction)
    let decided = try store.decided()
    let present = Dictionary(
      editions.map { ($0.edition, $0.digest) }, uniquingKeysWith: { first, _ in first })
    for (edition, digest) in present.sorted(by: { $0.key < $1.key }) {
      try store.note(edition, digest, isDecided: decided.contains(edition), at: work.now)
    }
    let faults = try DecidedEditions.faults(present, in: work.transaction)
    let owed = try ObligationStore(work.transaction).owed(
      RestrictionDuties.editions.name, about: Self.subject)
    if faults.isEmpty {
      try work.discharge(
        RestrictionDuties.editions, about: Self.subject, proof: ["editions": "as_decided"])
    } else if owed.isEmpty, let place = try work.firstDistrict() {
      try work.oblige(
        RestrictionDuties.editions, about: Self.subject, at: place,
        by: work.now + .minutes(try work.policy(AcceptedClockPolicy.self).lookMinutes))
    }
    return faults.count
  }
}
