import Foundation
import Kernel
import Registry

/// Takes in a list of scans, row by row.
package struct TakeScans: Command {
  /// One scan, as a file or a program brings it.
  package struct Row: Codable, Sendable {
    package let person: PersonID
    package let venue: VenueID
    package let from: Instant
    package let to: Instant
    package let source: VisitSource?

    package init(
      person: PersonID, venue: VenueID, from: Instant, to: Instant, source: VisitSource? = nil
    ) {
      self.person = person
      self.venue = venue
      self.from = from
      self.to = to
      self.source = source
    }
  }

  package static let name = "scans.import"
  package static let duty: Duty = "scans.record"
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  // The duty goes with offices of a whole district only: a scan names nobody's home.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    let policy = try work.policy(ScansPolicy.self)
    let clock = ScanTime(work.zone)
    let gone = try ScansStore(work.transaction).gone()
    var answer = ImportAnswer()
    var batch = ScanBatch()
    var places: [Int] = []
    for (index, fields) in rows.enumerated() {
      do throws(Refusal) {
        let row = try fields.decoded(Row.self, strict: false)
        let (from, to) = try ScansRules.seconds(row.from, row.to, clock: clock)
        try ScansRules.require(ScanSpan(from, to), policy: policy, gone: gone)
        batch.add(
          ScanBatch.Scan(
            person: batch.place(ofPerson: row.person.text),
            venue: batch.place(ofVenue: row.venue.text), from: from, to: to,
            source: row.source ?? .venueCode))
        places.append(index)
      } catch {
        answer.reject(index, error)
      }
    }
    guard !batch.scans.isEmpty else { return answer }
    if try work.take(batch, run: run) {
      answer.accepted += places.count
    } else {
      answer.outcomes += places.map {
        .init(row: $0, verdict: .duplicate, code: "row.known", words: VisitsRules.known)
      }
      answer.outcomes.sort { $0.row < $1.row }
    }
    return answer
  }
}

/// Takes in a long list of scans that a program has packed already.
package struct LoadScans: Command {
  package struct Answer: Codable, Sendable {
    package let scans: Int
    /// Whether the very same list was there already.
    package let known: Bool
  }

  package static let name = "scans.load"
  package static let duty: Duty = "scans.record"
  /// A ``ScanBatch`` as base64.
  package let packed: String
  package let run: String?

  package init(_ batch: ScanBatch, run: String? = nil) {
    packed = Data(batch.packed).base64EncodedString()
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    guard let bytes = Data(base64Encoded: packed), let batch = ScanBatch(packed: Array(bytes))
    else {
      throw Refusal.malformed(
        "packed", "…", expected: Words("打包的扫码记录", "packed scans (scans1) as base64"))
    }
    let policy = try work.policy(ScansPolicy.self)
    let gone = try ScansStore(work.transaction).gone()
    for scan in batch.scans {
      try ScansRules.require(scan.span, policy: policy, gone: gone)
    }
    for name in batch.persons { _ = try PersonID(name, field: "person") }
    for name in batch.venues { _ = try VenueID(name, field: "venue") }
    let isNew = try batch.scans.isEmpty || work.take(batch, run: run)
    return Answer(scans: batch.scans.count, known: !isNew)
  }
}

extension Work {
  /// Keeps a list of scans, packed day by day under one number, and asks for the cases to be computed
  /// anew that it may concern; false when all of it was there already.
  func take(_ batch: ScanBatch, run: String?) throws -> Bool {
    let store = ScansStore(transaction)
    let number = try store.last() + 1
    let known = try batch.renamingVenues(spot)
    var taken: ScanSpan?
    var scans = 0
    for (day, part) in known.byDay() {
      let body = part.packed
      let digest = Hex.text(vault.suite.digest(body))
      guard
        try store.add(
          body, number: number, day: day, scans: part.scans.count, digest: digest, at: now)
      else { continue }
      scans += part.scans.count
      let span = ScanSpan(
        part.scans.map(\.from).min() ?? 0, part.scans.map(\.to).max() ?? 0)
      taken = taken.map { ScanSpan(min($0.from, span.from), max($0.to, span.to)) } ?? span
    }
    guard let taken else { return false }
    try store.setLast(number)
    try record(ScansTaken(run: run, batch: number, scans: scans))
    let pause = Duration.seconds(try policy(ScansPolicy.self).recomputeSeconds)
    let span = ScanTime(zone).span(taken.from, taken.to)
    try recompute(touchedBy: span, at: now + pause)
    return true
  }

  /// The place of the registry that a venue means, as the visits that people told of name it; the
  /// venue as it was written when it means none.
  private func spot(of venue: String) throws -> String {
    let store = PlacesStore(transaction)
    let found = try store.find(PlaceID(trusted: venue)) ?? store.find(code: venue)
    guard let place = found else { return venue }
    let visits = VisitsStore(transaction)
    if place.level == .household, try visits.kind(ofSpot: place.id.text) == nil {
      try noteHousehold(place.id)
    }
    return place.id.text
  }
}
