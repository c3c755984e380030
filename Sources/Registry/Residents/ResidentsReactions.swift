import Gazette
import Kernel

/// What is owed at somebody's door follows the person: to another door, and to the home of the file
/// into which theirs was merged and back.
enum ResidentsReactions {
  static let all: [Reaction] = [
    .on(ResidentMoved.self) { fact, work in
      if fact.from != fact.to { try follow(fact.person, in: work) }
    },
    .on(ResidentsMerged.self) { fact, work in try follow(fact.survivor, in: work) },
    .on(ResidentsUnmerged.self) { fact, work in
      for person in [fact.survivor, fact.merged] { try follow(person, in: work) }
    },
  ]

  private static func follow(_ person: PersonID, in work: Work) throws {
    let store = ResidentsStore(work.transaction)
    guard let home = try store.current(person)?.home else { return }
    for id in try store.identifiers(of: person) { try work.moveObligations(of: id, to: home) }
  }
}
