import Gazette
import Kernel
import Registry

extension Work {
  /// Notes that a laboratory's list of a number counts: what it passed over somebody looks into, and what was
  /// missed before has come.
  func count(list number: Int, of laboratory: Laboratory, at area: PlacePath?) throws {
    let gaps = GapsStore(transaction)
    let last = laboratory.lastSequence
    if number <= last {
      let first = try gaps.first(of: laboratory.id, holding: number)
      try gaps.came(number, of: laboratory.id, at: now, by: authority.sender.text)
      if let first { try tendGap(first, of: laboratory.id, by: number, at: area) }
      return
    }
    try ResultsStore(transaction).setLast(number, of: laboratory.id)
    guard number > last + 1 else { return }
    try gaps.note(last + 1...number - 1, of: laboratory.id, at: area, now)
    try tendGap(last + 1, of: laboratory.id, by: number, at: area)
  }

  /// Notes that a list waits for two people, or waits no more: of what waits nothing is missing.
  func wait(forList number: Int, of laboratory: LaboratoryID, at area: PlacePath?) throws {
    guard let first = try GapsStore(transaction).first(of: laboratory, holding: number) else {
      return
    }
    try tendGap(first, of: laboratory, by: number, at: area)
  }

  /// Lets somebody owe to look for what is missing of a gap, and nobody when nothing is.
  private func tendGap(
    _ first: Int, of laboratory: LaboratoryID, by number: Int, at area: PlacePath?
  ) throws {
    let (kind, about) = (ScreeningObligations.gap, ListGap.subject(laboratory, first: first))
    guard try GapsStore(transaction).isOpen(laboratory, first: first) else {
      return try discharge(kind, about: about, proof: ["list": String(number)])
    }
    guard try ObligationStore(transaction).owed(kind.name, about: about).isEmpty,
      let place = try area.flatMap({ try PlacesStore(transaction).find(path: $0) })
    else { return }
    let minutes = try policy(ScreeningPolicy.self).clocks.handOverMinutes
    try oblige(kind, about: about, at: place.id, by: now + .minutes(minutes))
  }

  /// Whether a number lies before the last one and was not missed.
  func isUsed(_ number: Int, by laboratory: Laboratory) throws -> Bool {
    try number <= laboratory.lastSequence
      && GapsStore(transaction).first(of: laboratory.id, holding: number) == nil
  }
}

/// Says what became of lists whose numbers were passed over and that will not come.
package struct ExplainGap: Command {
  package static let name = "screening.explainGap"
  package static let duty: Duty = DecideBatch.duty
  package let laboratory: LaboratoryID
  /// The first number of the gap.
  package let first: Int
  package let reason: GapReason

  package init(laboratory: LaboratoryID, first: Int, reason: GapReason) {
    self.laboratory = laboratory
    self.first = first
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area { .path(try gap(in: work).path ?? .everywhere) }

  private func gap(in work: Work) throws -> ListGap {
    let open = try GapsStore(work.transaction).open(of: laboratory, limit: ListGaps.most)
    guard let found = open.first(where: { $0.first == first }) else {
      throw Refusal.notFound(
        Words("缺批", "gap in the lists"), "\(laboratory.text)/\(first)", field: "first")
    }
    return found
  }

  package func perform(in work: Work) throws -> Done {
    let found = try gap(in: work)
    try GapsStore(work.transaction).explain(
      laboratory, first: first, reason, at: work.now, by: work.authority.sender.text)
    try work.discharge(
      ScreeningObligations.gap, about: ListGap.subject(laboratory, first: first),
      proof: ["reason": reason.rawValue])
    try work.record(
      GapExplained(laboratory: laboratory, numbers: found.missing, reason: reason.rawValue))
    return Done()
  }
}

/// Somebody said what became of lists that never came.
package struct GapExplained: Fact {
  package static let name = "screening.gapExplained"
  package static let words = Words("已说明检测机构的缺批", "Missing lists of a laboratory explained")
  package static let about = Matter.laboratory
  package let laboratory: LaboratoryID
  package let numbers: [Int]
  package let reason: String
  package var subject: String { laboratory.text }
}

/// The lists of laboratories that are missing: their numbers were passed over. Shows nobody's data.
package struct ListGaps: Query {
  package static let name = "screening.gaps"
  package static let duty: Duty = DecideBatch.duty
  package static let purposes: [Purpose] = []
  static let most = 5_000

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> [ListGap] {
    try GapsStore(reading.transaction).open(limit: Self.most).filter {
      reading.authority.may(Self.duty, at: $0.path ?? .everywhere)
    }
  }
}
