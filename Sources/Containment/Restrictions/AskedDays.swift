import Kernel
import Registry

/// What is asked of people on the days to come, whichever of their restrictions and files asks it:
/// nobody is asked twice at one hour because two clauses, or two files, ask the same.
struct AskedDays {
  private struct Step: Hashable {
    let kind: String
    let deadline: Instant
  }

  /// By live file.
  private var asked: [PersonID: Set<Step>] = [:]
  private let live: [PersonID: PersonID]

  /// Looks up at once what is asked of everybody whom some restrictions hold.
  init(of restrictions: [Restriction], in work: Work) throws {
    let residents = ResidentsStore(work.transaction)
    let people = Set(restrictions.map(\.person))
    var live = try residents.liveIdentifiers(of: people)
    var owners: [String: PersonID] = [:]
    for restriction in restrictions {
      owners[restriction.id.text] = live[restriction.person] ?? restriction.person
    }
    for (file, all) in try residents.identifiers(of: Set(live.values)) {
      for identifier in all { live[identifier] = file }
    }
    let store = RestrictionsStore(work.transaction)
    for (id, person) in try store.running(ofAny: live.keys.sorted(), at: work.now) {
      owners[id.text] = live[person] ?? person
    }
    self.live = live
    for step in try ObligationStore(work.transaction).steps(
      aboutAny: Array(owners.keys), after: work.now)
    {
      guard let owner = owners[step.subject] else { continue }
      asked[owner, default: []].insert(Step(kind: step.kind, deadline: step.deadline))
    }
  }

  /// Asks something of a person, unless it is asked already.
  mutating func ask(_ kind: ObligationKind, of person: PersonID, by deadline: Instant) -> Bool {
    asked[live[person] ?? person, default: []]
      .insert(Step(kind: kind.name, deadline: deadline)).inserted
  }
}

/// Plans that were drawn already: everybody of a zone is counted from the same day.
struct DrawnPlans {
  private struct Key: Hashable {
    let edition: String
    let clause: String
    let countedFrom: Instant
    let start: Instant
  }

  private var plans: [Key: RestrictionPlan?] = [:]

  /// The plan of a restriction by the clause of its own edition: a decision keeps the version that made
  /// it. Nil when the edition is not known any more, or nothing is left to ask.
  mutating func plan(of restriction: Restriction, _ rules: Rulebook) -> RestrictionPlan? {
    let key = Key(
      edition: restriction.edition, clause: restriction.clause,
      countedFrom: restriction.countedFrom, start: restriction.start)
    if let known = plans[key] { return known }
    let drawn = rules.clause(of: restriction).flatMap {
      RestrictionsRules.plan(
        $0, countedFrom: restriction.countedFrom, start: restriction.start, zone: rules.zone)
    }
    plans[key] = .some(drawn)
    return drawn
  }
}
