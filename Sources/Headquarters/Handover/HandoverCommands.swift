import Kernel
import Registry

/// Hands a shift over: the note, and by number what is late and what was promised.
package struct GiveHandover: Command {
  package static let name = "handover.give"
  package static let duty: Duty = ClaimObligation.duty
  /// Longer notes are not read at a change of shift.
  private static let written = WrittenWords(
    "note", Words("交班说明", "The note"), longest: 2_000, tooLong: "handover.long",
    remedy: Words("请改写人员或事项编号", "write the person’s or obligation’s number"))
  /// How many of what is late go with the note by number, what is late longest first; the counts are
  /// of all. What somebody promised goes along without a limit: each is somebody's word.
  static let mostLate = 300

  /// The area of the shift; the whole installation when there is none.
  package let place: PlaceID?
  package let note: String

  package init(place: PlaceID?, note: String) {
    self.place = place
    self.note = note
  }

  package func area(in work: Work) -> Area { place.map(Area.place) ?? .everywhere }

  /// Answers the hand-over's identifier.
  package func perform(in work: Work) throws -> HandoverID {
    let text = try Self.written.required(note)
    guard case .account(let giver) = work.authority.sender else {
      throw Refusal.outsideArea(Self.duty)
    }
    let path = try place.map { try PlacesStore(work.transaction).get($0).path } ?? .everywhere
    let counts = try ObligationStore(work.transaction).standing(in: path, at: work.now)
    let store = HandoverStore(work.transaction)
    let promised = try store.promised(in: path)
    let handover = HandoverNote(
      handover: work.newID(), place: place, at: work.now, giver: giver, note: text,
      owed: counts.owed, late: counts.late, promised: promised, taker: nil, takenAt: nil)
    try store.insert(handover, path: path)
    try store.addPromised(in: path, to: handover.handover)
    try store.addLate(
      in: path, at: work.now, most: Self.mostLate, to: handover.handover)
    try work.record(
      HandoverGiven(
        handover: handover.handover, owed: counts.owed, late: counts.late, promised: promised))
    return handover.handover
  }
}

/// Takes a shift over; whoever gave it cannot.
package struct TakeHandover: Command {
  package static let name = "handover.take"
  package static let duty: Duty = ClaimObligation.duty
  package let handover: HandoverID

  package init(handover: HandoverID) { self.handover = handover }

  package func area(in work: Work) throws -> Area {
    .path(try HandoverStore(work.transaction).get(handover).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = HandoverStore(work.transaction)
    let found = try store.get(handover).note
    guard case .account(let taker) = work.authority.sender else {
      throw Refusal.outsideArea(Self.duty)
    }
    if found.taker == taker { return Done() }
    guard found.taker == nil else {
      throw Refusal(
        .conflict, "handover.taken",
        Words("已有人接班，请看交接记录", "Somebody has taken over already; see the record"))
    }
    guard found.giver != taker else {
      throw Refusal(
        .forbidden, "handover.same",
        Words(
          "交班人不能自己接班，请接班的同事登录后签收",
          "Whoever hands over cannot take over; your colleague signs in and takes it"))
    }
    try store.take(handover, by: taker, at: work.now)
    try work.record(HandoverTaken(handover: handover))
    return Done()
  }
}
