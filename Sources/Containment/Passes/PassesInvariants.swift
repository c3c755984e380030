import Kernel
import Registry

/// What must hold of codes at any moment (I-13, I-19).
enum PassesInvariants {
  /// The clock turns once a minute; what it does is due within two turns.
  private static let tick = Duration.seconds(120)
  private static let most = 10_000

  static let all: [Invariant] = [
    Invariant(
      "I-19", "the colour that was told of a person is the one that follows from what holds"
    ) { context in
      let told = try PassesStore(context.transaction).told(after: "", limit: most)
      let wrong = try told.filter { told in
        let standing = try standing(of: told.person, in: context)
        // What ended by itself a moment ago is noted with the clock's next turn.
        if told.holdsUntil <= context.now { return told.holdsUntil < context.now - tick }
        return standing.colour != told.colour || standing.holdsUntil != told.holdsUntil
      }
      let known = Set(told.map(\.person))
      let untold = try limited(in: context).filter { person in
        try !known.contains(person) && standing(of: person, in: context).colour != .green
      }
      return wrong.map(\.person.text) + untold.map(\.text)
    },
    Invariant("I-13", "no code that is issued outlasts what it says") { context in
      let office = office(of: context)
      return try PassesStore(context.transaction).told(after: "", limit: most).filter { told in
        guard let resident = try ResidentsStore(context.transaction).current(told.person),
          let issued = try office.issue(to: resident, carriedByAnother: false, onPaper: true),
          let end = issued.standing.holdsUntil
        else { return false }
        return issued.code.until > end
      }.map(\.person.text)
    },
    Invariant("I-19", "what was issued before a colour changed is on the list of revoked codes") {
      context in
      let store = PassesStore(context.transaction)
      let office = office(of: context)
      let longest = try office.policy().longestHours
      return try store.told(after: "", limit: most).filter { told in
        // Issued a moment before the change, by the day of which the bearer is made.
        let before = told.since - .seconds(1)
        // What fell to a lesser colour by itself had only codes that ended then.
        guard before > context.now - .hours(longest),
          let deciding = try standing(of: told.person, in: context).restriction,
          deciding.start >= told.since - .seconds(2)
        else { return false }
        let bearer = office.bearer(of: told.person, on: Day(of: before, in: context.rules.zone))
        let revoked = try store.revoked(Hex.text(bearer))
        return revoked.map { $0.seconds < before.seconds } ?? true
      }.map(\.person.text)
    },
  ]

  private static func office(of context: Invariant.Context) -> PassOffice {
    PassOffice(
      transaction: context.transaction, vault: context.vault, rules: context.rules,
      now: context.now)
  }

  private static func standing(
    of person: PersonID, in context: Invariant.Context
  ) throws -> PassStanding {
    try office(of: context).standing(of: person)
  }

  /// Everybody whom something limits now, under the identifiers of their files.
  private static func limited(in context: Invariant.Context) throws -> Set<PersonID> {
    let people = try RestrictionsStore(context.transaction).unended(limit: most)
      .filter { $0.isEffective(at: context.now) }.map(\.person)
    return try Set(
      people.map { try ResidentsStore(context.transaction).current($0)?.id ?? $0 })
  }
}
