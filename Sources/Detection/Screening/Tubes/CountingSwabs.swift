import Gazette
import Kernel
import Registry

extension Work {
  /// Lets each swab of a tube count or not, as its time against those of the tube says, with what follows for
  /// its person: whoever counts no longer owes another one, and a tube that is somebody's own no longer, or
  /// after all, decides of them no longer, or after all.
  ///
  /// - Parameter swabs: everything in the tube as it stands in the tables.
  /// - Returns: the same as it stands afterwards.
  @discardableResult
  func recount(_ tube: Tube, _ swabs: [Swab], _ book: RosterBook) throws -> [Swab] {
    let store = SwabsStore(transaction)
    var found = swabs
    var changed: [Swab] = []
    for place in found.indices where found[place].withdrawnAt == nil {
      let isLate = TubesRules.isLate(found[place], in: tube)
      guard isLate != found[place].isLate else { continue }
      found[place].isLate = isLate
      try store.update(found[place])
      changed.append(found[place])
    }
    if tube.isGood {
      try resample(changed.filter(\.isLate), book)
      for swab in changed where !swab.isLate { try counts(swab, tube, book) }
    }
    try answerRecalls(tube, found)
    return found
  }

  /// A swab counts after all: nobody owes another one for it.
  private func counts(_ swab: Swab, _ tube: Tube, _ book: RosterBook) throws {
    try discharge(
      ScreeningObligations.reswab, about: Recall.subject(tube: tube.code, person: swab.person),
      proof: ["tube": tube.code.text])
    let round = try ScreeningRoundStore(transaction).get(swab.round)
    let identifiers = try ResidentsStore(transaction).identifiers(of: swab.person)
    let own = try SwabsStore(transaction).of(
      Set(identifiers + [swab.person, swab.spot?.listed ?? swab.person]).sorted(), in: swab.round)
    if let spot = swab.spot { try settle(swab.person, at: spot, in: round, book, by: own) }
    if TubesRules.isInTwoTubes(own) {
      try note(
        .secondTube, about: swab.person.text, in: swab.round,
        showing: TubesRules.evidence(ofTwoTubes: own))
    }
  }

  /// Lets a tube decide of whoever is held and alone in it, and of nobody else.
  func answerRecalls(_ tube: Tube, _ swabs: [Swab]) throws {
    guard tube.control == nil, swabs.contains(where: \.isRecheck) else { return }
    let store = RecallsStore(transaction)
    let own = try alone(in: tube, swabs)
    for recall in try store.decided(by: tube.code)
    where own.map({ !$0.identifiers.contains(recall.person) }) ?? true {
      if recall.state == .held { try recallAgain(recall) } else { try withdrawSingle(recall) }
    }
    guard let own, own.swab.isRecheck, tube.result?.holds != true else { return }
    for recall in try store.held(of: own.identifiers, in: own.swab.round)
    where recall.single == nil && recall.heldSince <= own.swab.sampledAt {
      try sampled(recall, in: tube.code)
      if tube.result == .negative {
        for answered in try store.decided(by: tube.code) { try release(answered, by: tube) }
      }
    }
  }

  /// The one whose swab alone counts in a tube that can give a result; nil where there is none, or several.
  private func alone(
    in tube: Tube, _ swabs: [Swab]
  ) throws -> (swab: Swab, identifiers: [PersonID])? {
    let counted = swabs.filter { $0.withdrawnAt == nil && !$0.isLate }
    guard tube.isGood, let first = counted.first(where: \.isRecheck) ?? counted.first else {
      return nil
    }
    let identifiers = try ResidentsStore(transaction).identifiers(of: first.person)
    guard counted.allSatisfy({ identifiers.contains($0.person) }) else { return nil }
    return (first, identifiers)
  }
}
