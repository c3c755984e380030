import Gazette
import Kernel
import Registry

extension Work {
  /// A box that must be there.
  func box(_ id: BoxID) throws -> TubeBox {
    guard let found = try CustodyStore(transaction).find(id) else {
      throw Refusal.notFound(Words("样本箱", "box"), id.text, field: "box")
    }
    return found
  }

  /// Where a box takes effect: its point's place, or the whole round.
  func area(of box: TubeBox) throws -> (place: PlaceID, path: PlacePath) {
    let store = ScreeningRoundStore(transaction)
    if let point = try box.point.flatMap({ try store.point($0) }) {
      return (point.place, point.path)
    }
    let round = try store.get(box.round)
    return (round.area, round.path)
  }

  /// When a step took place: as somebody says, or now; a clock may be a little ahead, as with swabs.
  func custodyMoment(_ said: Instant?) throws -> Instant {
    guard let said else { return now }
    let ahead = try policy(ScreeningPolicy.self).clocks.clockAheadMinutes
    try CustodyRules.requirePast(said, by: now + .minutes(ahead))
    return said
  }
}

/// Packs sealed tubes into a box; from then on they travel together.
package struct PackBox: Command {
  package struct Answer: Codable, Sendable {
    package let tubes: Int
  }

  package static let name = "screening.pack"
  package static let duty: Duty = "screening.carry"
  static let mostTubes = 2_000
  package let box: BoxID
  package let round: RoundID
  package let tubes: [TubeCode]
  package let point: PointID?
  package let at: Instant?

  package init(
    box: BoxID, round: RoundID, tubes: [TubeCode], point: PointID? = nil, at: Instant? = nil
  ) {
    self.box = box
    self.round = round
    self.tubes = tubes
    self.point = point
    self.at = at
  }

  // Where the box is packed: a point's own area, or the whole round's.
  package func area(in work: Work) throws -> Area {
    let round = try ScreeningRoundStore(work.transaction).get(round)
    return .path(try packing(in: work)?.path ?? round.path)
  }

  private func packing(in work: Work) throws -> SamplingPoint? {
    guard let point else { return nil }
    guard let found = try ScreeningRoundStore(work.transaction).point(point) else {
      throw Refusal.notFound(Words("采样点", "point"), point.text, field: "point")
    }
    return found
  }

  package func perform(in work: Work) throws -> Answer {
    let store = CustodyStore(work.transaction)
    guard try store.find(box) == nil else {
      throw Refusal(
        .conflict, "box.known", Words("该箱号已使用，请换一个", "This box's number is used; take another"),
        field: "box")
    }
    let codes = Set(tubes)
    guard !codes.isEmpty else { throw Refusal.missing("tubes") }
    guard codes.count == tubes.count, codes.count <= Self.mostTubes else {
      throw Refusal(
        .invalid, "box.tubes",
        Words(
          "试管重复，或超过一箱 \(Self.mostTubes) 管；去掉重复的，或分箱装",
          "A tube stands twice, or there are more than \(Self.mostTubes): take the double out, or pack several boxes"
        ),
        field: "tubes")
    }
    let at = try work.custodyMoment(at)
    let found = try TubesStore(work.transaction).find(codes)
    let isOfRound = try concernsRound(in: work)
    for code in tubes {
      guard let tube = found[code], tube.round == round else {
        throw Refusal.notFound(Words("本轮试管", "tube of this round"), code.text, field: "tubes")
      }
      try check(tube, isOfRound: isOfRound, at: at)
    }
    let packed = TubeBox(
      id: box, round: round, point: point, packedAt: at, tubes: codes.count, waitsSince: at)
    try store.insert(packed, by: work.authority.sender.text)
    try TubesStore(work.transaction).put(codes, into: box)
    try work.record(
      BoxMoved(box: box, leg: 0, step: "packed", tubes: codes.count, at: at))
    return Answer(tubes: codes.count)
  }

  /// Whether the point that packs lies in the round's area, or the area in its place.
  private func concernsRound(in work: Work) throws -> Bool {
    guard let place = try packing(in: work)?.path else { return true }
    let round = try ScreeningRoundStore(work.transaction).get(round).path
    return round.holds(place) || place.holds(round)
  }

  private func check(_ tube: Tube, isOfRound: Bool, at: Instant) throws(Refusal) {
    // Whoever packs at a point packs what is there: its own tubes, and those from door to door.
    guard point == nil || (tube.point.map { $0 == point } ?? isOfRound) else {
      throw .tube(
        "tube.otherPoint", "试管 \(tube.code.text) 属于另一采样点，请在该点装箱",
        "The tube \(tube.code.text) is of another point; pack it there", field: "tubes")
    }
    guard tube.box == nil else {
      throw .tube(
        "tube.packed", "试管 \(tube.code.text) 已装箱", "The tube \(tube.code.text) is in a box already",
        field: "tubes")
    }
    guard tube.voidedAt == nil else {
      throw .tube(
        "tube.void", "试管 \(tube.code.text) 已作废", "The tube \(tube.code.text) is void",
        field: "tubes")
    }
    guard let sealedAt = tube.sealedAt, sealedAt <= at else {
      throw .tube(
        "tube.unsealed", "试管 \(tube.code.text) 尚未封管",
        "The tube \(tube.code.text) is not sealed yet",
        field: "tubes")
    }
    guard tube.result == nil else {
      throw .tube(
        "tube.resulted", "试管 \(tube.code.text) 已出结果，无需装箱",
        "The tube \(tube.code.text) has a result; it goes nowhere", field: "tubes")
    }
  }
}

/// One side's word, that of who has the box: with so many tubes it was given to somebody.
package struct GiveBox: Command {
  package struct Answer: Codable, Sendable {
    package let leg: Int
  }

  package static let name = "screening.give"
  package static let duty: Duty = "screening.carry"
  package let box: BoxID
  package let to: Holder
  package let count: Int
  package let at: Instant?

  package init(box: BoxID, to: Holder, count: Int, at: Instant? = nil) {
    self.box = box
    self.to = to
    self.count = count
    self.at = at
  }

  package func area(in work: Work) throws -> Area {
    .path(try work.area(of: work.box(box)).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let box = try work.box(box)
    let holder = try LaboratoryID(to.id, field: "to")
    let sides = try work.sides(of: box)
    if to.kind == .laboratory { try sides.requireKnown(holder) }
    let store = CustodyStore(work.transaction)
    let legs = try store.legs(of: box.id)
    let at = try work.custodyMoment(at)
    try CustodyRules.requireGiving(box, after: legs, at: at, count: count)
    try sides.requireHolding(after: legs.last)
    let leg = BoxLeg(
      number: legs.count + 1, to: Holder(kind: to.kind, id: holder.text), givenAt: at,
      givenBy: work.authority.sender.text, givenTubes: count)
    try store.insert(leg, of: box.id)
    try work.goesOn(box)
    try work.record(
      BoxMoved(box: box.id, leg: leg.number, step: "given", tubes: count, at: at))
    return Answer(leg: leg.number)
  }
}

/// The other side's word, that of whom it was given to: the box was taken, with so many tubes. What is missing is named, sampled again
/// and looked for.
package struct TakeBox: Command {
  package struct Answer: Codable, Sendable {
    package let leg: Int
    /// How many fewer, or more, were taken than given.
    package let difference: Int
  }

  package static let name = "screening.take"
  package static let duty: Duty = "screening.receive"
  package let box: BoxID
  package let count: Int
  package let missing: [TubeCode]?
  /// The tubes that a laboratory scanned as it took the box; nil where what is missing says it all.
  package let tubes: [TubeCode]?
  /// The same as a scanner wrote them into a field: one a line, or with commas or spaces between them.
  package let scanned: String?
  package let at: Instant?

  package init(
    box: BoxID, count: Int, missing: [TubeCode]? = nil, tubes: [TubeCode]? = nil,
    scanned: String? = nil, at: Instant? = nil
  ) {
    self.box = box
    self.count = count
    self.missing = missing
    self.tubes = tubes
    self.scanned = scanned
    self.at = at
  }

  /// The tubes that were named one by one or scanned into a field; nil where nobody did either.
  private func scannedTubes() throws(Refusal) -> [TubeCode]? {
    let codes = (scanned ?? "").split { $0.isWhitespace || $0.isNewline || ",，;；".contains($0) }
    if codes.isEmpty { return tubes }
    guard codes.count <= PackBox.mostTubes else {
      throw Refusal.malformed(
        "scanned", String(codes.count),
        expected: Words("最多 \(PackBox.mostTubes) 管", "at most \(PackBox.mostTubes) tubes"))
    }
    var read: [TubeCode] = []
    for code in codes { read.append(try TubeCode(String(code), field: "scanned")) }
    return read + (tubes ?? [])
  }

  package func area(in work: Work) throws -> Area {
    .path(try work.area(of: work.box(box)).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let box = try work.box(box)
    guard (0...PackBox.mostTubes).contains(count) else {
      throw Refusal.malformed(
        "count", String(count),
        expected: Words("0–\(PackBox.mostTubes) 管", "0 to \(PackBox.mostTubes) tubes"))
    }
    let store = CustodyStore(work.transaction)
    let at = try work.custodyMoment(at)
    let sender = work.authority.sender.text
    var leg = try CustodyRules.requireTaking(store.legs(of: box.id), at: at, by: sender)
    try work.sides(of: box).requireTaking(for: leg.to)
    let scanned = try scannedTubes()
    let (inside, missing) = try named(of: box, scanned, in: work)
    try CustodyRules.requireCount(count, of: inside, missing: missing, scanned: scanned)
    let received =
      leg.to.kind == .laboratory
      ? try CustodyRules.received(count, of: inside, missing: missing, scanned: scanned) : inside
    leg.takenAt = at
    leg.takenBy = sender
    leg.takenTubes = count
    try store.take(leg, of: box.id)
    if leg.to.kind != .laboratory {
      try CustodyWaitsStore(work.transaction).wait(box.id, since: at)
    }
    try work.record(
      BoxMoved(box: box.id, leg: leg.number, step: "taken", tubes: count, at: at))
    try lose(missing, of: box, at: at, in: work)
    if leg.to.kind == .laboratory {
      try TubesStore(work.transaction).receive(
        received, of: box.id, at: LaboratoryID(trusted: leg.to.id), at)
    }
    let difference = count - leg.givenTubes
    let about = "\(box.id.text)/\(leg.number)"
    if difference != 0 || !missing.isEmpty
      || (leg.to.kind == .laboratory && received.count < inside.count)
    {
      let kind = ScreeningObligations.custody
      if try ObligationStore(work.transaction).owed(kind.name, about: about).isEmpty {
        try work.oblige(kind, about: about, at: work.area(of: box).place, by: work.now)
      }
    } else {
      // The word that was missing is said, and all is there.
      try work.discharge(ScreeningObligations.custody, about: about, proof: ["outcome": "found"])
    }
    return Answer(leg: leg.number, difference: difference)
  }

  /// What is in a box as far as it is not lost already, and what of it is missing now.
  private func named(
    of box: TubeBox, _ scanned: [TubeCode]?, in work: Work
  ) throws -> (inside: Set<TubeCode>, missing: Set<TubeCode>) {
    let held = try CustodyStore(work.transaction).contents(of: box.id)
    for (field, codes) in [
      ("missing", missing), (self.scanned == nil ? "tubes" : "scanned", scanned),
    ] {
      if let stranger = codes?.first(where: { held[$0] == nil }) {
        throw Refusal.notFound(
          Words("箱内试管", "tube of this box"), stranger.text, field: field)
      }
    }
    let inside = Set(held.filter { $0.value != .lost }.keys)
    return (inside, inside.intersection(missing ?? []))
  }

  private func lose(
    _ missing: Set<TubeCode>, of box: TubeBox, at: Instant, in work: Work
  ) throws {
    let store = TubesStore(work.transaction)
    for code in missing.sorted() {
      guard var tube = try store.find(code), tube.box == box.id else {
        throw Refusal.notFound(
          Words("箱内试管", "tube of this box"), code.text, field: "missing")
      }
      guard tube.voidedAt == nil, tube.result == nil else { continue }
      tube.voidedAt = at
      tube.voidReason = .lost
      try store.update(tube)
      let swabs = try SwabsStore(work.transaction).inTube(code)
      try work.resample(swabs)
      try work.noteVoid(code, .lost, members: swabs.count)
    }
  }
}
