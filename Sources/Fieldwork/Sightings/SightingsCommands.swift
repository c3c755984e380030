import Kernel
import Registry

/// Reports what was noticed at a place; the community looks into it.
package struct ReportSighting: Command {
  package static let name = "sightings.report"
  package static let duty: Duty = "sightings.report"
  package let place: PlaceID
  package let kind: Sighting.Kind
  package let words: String
  private static let longest = 1_000

  package init(place: PlaceID, kind: Sighting.Kind, words: String) {
    self.place = place
    self.kind = kind
    self.words = words
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> SightingID {
    let account = try work.authority.account()
    let said = words.trimmingWhitespace()
    guard !said.isEmpty else { throw Refusal.missing("words") }
    guard said.count <= Self.longest else {
      throw Refusal(
        .invalid, "sighting.long",
        Words("最多 \(Self.longest) 个字，请写短些", "At most \(Self.longest) characters; make it shorter"),
        field: "words")
    }
    let found = try PlacesStore(work.transaction).get(place)
    let policy = try work.policy(SightingsPolicy.self)
    let sighting = Sighting(
      id: work.newID(), place: found.id, path: found.path, kind: kind, account: account,
      reportedAt: work.now)
    try SightingsStore(work.transaction).insert(
      sighting, words: try work.vault.lock(said, place: Self.wordsPlace(sighting.id)))
    try work.record(
      SightingReported(sighting: sighting.id, kind: kind, place: found.id))
    try work.oblige(
      Sightings.look, about: sighting.id.text, at: found.id,
      by: work.now + .minutes(policy.minutes(kind)))
    return sighting.id
  }

  /// Where what was written is locked.
  static func wordsPlace(_ sighting: SightingID) -> String { "sighting|words|\(sighting.text)" }
}

/// The clock's command: deletes what was written when its time is over.
package struct ForgetSightings: Command {
  package static let name = "sightings.forget"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were emptied.
  package func perform(in work: Work) throws -> Int {
    let keepDays = try work.policy(SightingsPolicy.self).keepDays
    return try SightingsStore(work.transaction).forget(before: work.now - .days(keepDays))
  }
}
