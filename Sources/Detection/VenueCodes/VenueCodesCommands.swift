import Kernel
import Registry

/// A venue got its code, got another, or has none any more.
struct VenueCodeChanged: Fact {
  static let name = "venues.codeChanged"
  static let words = Words("场所码已制作、更换或停用", "Venue code made, replaced or ended")
  static let about = Matter.place
  let number: Int
  let place: PlaceID
  /// `made`, `renewed`, `ended`.
  let what: String
  var subject: String { place.text }
}

/// Scans of venues' codes went to the others.
struct VenueScansGathered: Fact {
  static let name = "venues.scansGathered"
  static let words = Words("场所码扫码已汇入到访记录", "Scans of venue codes gathered")
  static let about = Matter.district
  let scans: Int
  var subject: String { "venues" }
}

/// Gives a venue a code of its own.
package struct MakeVenueCode: Command {
  package struct Answer: Codable, Sendable {
    package let number: Int
  }

  package static let name = "venues.makeCode"
  package static let duty: Duty = "venues.codes"
  package let place: PlaceID
  /// What stands above the door.
  package let title: String
  /// A kind of the policy, such as `shop`.
  package let kind: String

  package init(place: PlaceID, title: String, kind: String) {
    self.place = place
    self.title = title
    self.kind = kind
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Answer {
    let policy = try work.policy(VenueCodesPolicy.self)
    try policy.requireUse()
    guard policy.kind(kind) != nil else {
      throw Refusal.malformed(
        "kind", kind,
        expected: Words(
          policy.kinds.map(\.code).joined(separator: "、"),
          policy.kinds.map(\.code).joined(separator: ", ")))
    }
    let title = self.title.trimmingWhitespace()
    _ = try VenueID(title, field: "title")
    guard title.count <= 40 else {
      throw Refusal(
        .invalid, "venues.title",
        Words("场所名称应为 1 到 40 个字", "A venue’s name has 1 to 40 letters"), field: "title")
    }
    let store = VenueCodesStore(work.transaction)
    let found = try PlacesStore(work.transaction).get(place)
    guard try store.find(at: place, named: title) == nil else {
      throw Refusal(
        .conflict, "venues.known",
        Words("该地点已有同名场所的码", "A venue of this name has a code here already"), field: "title")
    }
    let number = try store.next()
    try store.insert(
      CodedVenue(
        number: number, generation: 1, name: title, kind: kind, place: place, path: found.path,
        endedAt: nil, placeName: found.name),
      at: work.now, by: work.authority.sender.text)
    try work.record(VenueCodeChanged(number: number, place: place, what: "made"))
    return Answer(number: number)
  }
}

/// Makes a venue's code anew: the earlier ones, and the address of the earlier screen, are worth nothing.
package struct RenewVenueCode: Command {
  package static let name = "venues.renewCode"
  package static let duty: Duty = MakeVenueCode.duty
  package let number: Int

  package init(number: Int) { self.number = number }

  package func area(in work: Work) throws -> Area { .path(try work.venue(number).path) }

  package func perform(in work: Work) throws -> Done {
    try work.policy(VenueCodesPolicy.self).requireUse()
    let venue = try work.venue(number)
    try VenueCodesStore(work.transaction).renew(
      number, generation: venue.generation + 1, endedAt: nil)
    try work.record(VenueCodeChanged(number: number, place: venue.place, what: "renewed"))
    return Done()
  }
}

/// Takes a venue's code away: it closed, or codes are not used any more.
package struct EndVenueCode: Command {
  package static let name = "venues.endCode"
  package static let duty: Duty = MakeVenueCode.duty
  package let number: Int

  package init(number: Int) { self.number = number }

  package func area(in work: Work) throws -> Area { .path(try work.venue(number).path) }

  package func perform(in work: Work) throws -> Done {
    let venue = try work.venue(number)
    guard venue.endedAt == nil else {
      throw Refusal(
        .conflict, "venues.endedAlready", Words("该场所码已停用", "This code is not used any more"),
        field: "number")
    }
    try VenueCodesStore(work.transaction).renew(
      number, generation: venue.generation, endedAt: work.now)
    try work.record(VenueCodeChanged(number: number, place: venue.place, what: "ended"))
    return Done()
  }
}

/// A resident scans the code of the venue that they enter.
package struct ScanVenueCode: Command {
  package struct Answer: Codable, Sendable {
    package let strength: ScanStrength
    package let reason: ScanReason
    package let words: Words
  }

  package static let name = "venues.scan"
  package static let duty: Duty = .ownFile
  /// What the telephone read: the code, or the address with it.
  package let code: String

  package init(code: String) { self.code = code }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Answer {
    let policy = try work.policy(VenueCodesPolicy.self)
    try policy.requireUse()
    guard case .resident(let sender) = work.authority.sender else { throw Refusal.notSignedIn }
    let person = try ResidentsStore(work.transaction).survivor(of: sender)
    let store = VenueCodesStore(work.transaction)
    let (_, strength, reason, number) = try VenueCodesWork.read(
      code, at: work.now, policy: policy, store: store, vault: work.vault)
    let id: CommandID = work.newID()
    // Our own clock counts, not the telephone's: a step is a minute, and a minute is the proof.
    try store.insert(
      VenueScan(
        person: person.id, number: number, at: work.now, strength: strength, reason: reason),
      id: id.text)
    return Answer(strength: strength, reason: reason, words: reason.words)
  }
}

/// Reads codes of venues for commands and pages alike.
enum VenueCodesWork {
  /// What a scanned text means and is worth at a moment.
  static func read(
    _ code: String, at now: Instant, policy: VenueCodesPolicy, store: VenueCodesStore, vault: Vault
  ) throws -> (venue: CodedVenue, strength: ScanStrength, reason: ScanReason, number: Int) {
    guard let read = VenueCode(code, by: vault), let venue = try store.find(read.number) else {
      throw Refusal(
        .invalid, "venues.notACode",
        Words(
          "这不是本区的场所码，请对准门口的码重扫",
          "This is no venue’s code of this district; scan the one at the door"),
        field: "code")
    }
    guard venue.endedAt == nil, read.generation == venue.generation else {
      throw Refusal(
        .conflict, "venues.oldCode",
        Words(
          "该场所的码已更换或停用，请扫门口现在的码",
          "The venue has another code now, or none; scan the one at the door"),
        field: "code")
    }
    guard let (strength, reason) = VenueCodesRules.judge(read.form, at: now, policy: policy) else {
      throw Refusal(
        .invalid, "venues.futureCode",
        Words(
          "这个码还没有显示过，请扫屏幕上现在的码",
          "No screen has shown this code yet; scan the one that stands there now"),
        field: "code")
    }
    return (venue, strength, reason, venue.number)
  }
}

/// The clock's part: scans that prove something go to the others, old ones go.
package struct GatherVenueScans: Command {
  package static let name = "venues.gather"
  package static let duty: Duty = .clockOnly
  private static let mostAtOnce = 5_000

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let policy = try work.policy(VenueCodesPolicy.self)
    let store = VenueCodesStore(work.transaction)
    let waiting = try store.waiting(limit: Self.mostAtOnce)
    if !waiting.isEmpty {
      var batch = ScanBatch()
      let clock = ScanTime(work.zone)
      let venues = try store.find(Set(waiting.map(\.scan.number)))
      for (_, scan) in waiting {
        guard let venue = venues[scan.number] else { continue }
        let stay = policy.kind(venue.kind)?.stayMinutes ?? 1
        let (from, to) = try ScansRules.seconds(
          scan.at, scan.at + .minutes(stay), clock: clock)
        batch.add(
          ScanBatch.Scan(
            person: batch.place(ofPerson: scan.person.text),
            venue: batch.place(ofVenue: venue.venue.text), from: from, to: to, source: .venueCode))
      }
      _ = try work.take(batch, run: nil)
      try store.noteGathered(waiting.map(\.id))
      try work.record(VenueScansGathered(scans: waiting.count))
    }
    try store.forget(before: work.now - .days(policy.keepDays))
    return Done()
  }
}

extension VenueCodesPolicy {
  /// Refuses where venues have no codes any more.
  fileprivate func requireUse() throws(Refusal) {
    if inUse { return }
    throw Refusal(
      .conflict, "venues.notUsed",
      Words("按现行政策，已不再使用场所码", "Under the policy in force venues have no codes any more"))
  }
}

extension Work {
  fileprivate func venue(_ number: Int) throws -> CodedVenue {
    try VenueCodesStore(transaction).get(number)
  }
}
