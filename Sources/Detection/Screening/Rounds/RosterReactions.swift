import Gazette
import Kernel
import Registry

/// What follows for lists when somebody is isolated, or free again: whom a round of those whose test is due takes
/// up. And when two files turn out to be of one person, or not to be after all: nobody is
/// looked for twice.
enum RosterReactions {
  static let all: [Reaction] = [
    .on(RestrictionStarted.self) { fact, work in
      try ClausesStore(work.transaction).start(
        fact.restriction, of: fact.person, by: fact.clause)
    },
    .on(RestrictionEnded.self) { fact, work in
      try ClausesStore(work.transaction).end(fact.restriction)
    },
    .on(ResidentsMerged.self) { fact, work in
      try eachRound(of: [fact.survivor, fact.merged], in: work) { round, book, found in
        guard found.count == 2 else { return }
        // The one that was swabbed stays; of two alike the surviving file.
        let swabbed = try found.map { found in
          try !SwabsStore(work.transaction).of([found.listed], in: round.id)
            .filter(\.isGood).isEmpty
        }
        if swabbed == [true, true] { return }
        let idle = found[swabbed[0] || !swabbed[1] ? 1 : 0]
        try note(Stand(.exempt, .duplicate), idle, round, book, in: work)
      }
    },
    .on(ResidentsUnmerged.self) { fact, work in
      try eachRound(of: [fact.survivor, fact.merged], in: work) { round, book, found in
        for spot in found
        where try book.member(at: spot, of: round.id)?.now.reason == .duplicate {
          try note(Stand(.missing), spot, round, book, in: work)
        }
      }
      for person in [fact.survivor, fact.merged] { try recallApart(person, in: work) }
    },
  ]

  private static let mostRounds = 50

  /// A tube of the other file's swab is nobody's own any more: who is held for it owes one.
  private static func recallApart(_ person: PersonID, in work: Work) throws {
    let identifiers = try ResidentsStore(work.transaction).identifiers(of: person)
    for recall in try RecallsStore(work.transaction).withSingle(of: identifiers) {
      guard let single = recall.single else { continue }
      let isOwn = try SwabsStore(work.transaction).inTube(single).contains {
        identifiers.contains($0.person)
      }
      if !isOwn { try work.withdrawSingle(recall) }
    }
  }

  /// Hands over the rounds that are not over with where these files stand on their lists.
  private static func eachRound(
    of people: [PersonID], in work: Work,
    _ body: (ScreeningRound, RosterBook, [RosterSpot]) throws -> Void
  ) throws {
    let files = try people.compactMap { try ResidentsStore(work.transaction).find($0) }
    let rounds = try ScreeningRoundStore(work.transaction).latest(limit: mostRounds)
    for round in rounds where round.closedAt == nil && round.frozenAt != nil {
      let book = RosterBook(work.transaction)
      let homes = files.map(\.path)
      try body(
        round, book,
        people.compactMap { try book.spot(listed: $0, homes: homes, in: round) })
      try book.save()
    }
  }

  private static func note(
    _ stand: Stand, _ spot: RosterSpot, _ round: ScreeningRound, _ book: RosterBook,
    in work: Work
  ) throws {
    let said = StandingNote(
      person: spot.listed, stand: stand, at: work.now, claim: work.command.text)
    try ScreeningRoundStore(work.transaction).add(
      said, of: round.id, by: work.authority.sender.text)
    try work.settle(spot.listed, at: spot, in: round, book)
  }
}
