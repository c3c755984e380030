import Kernel

/// A small round of mass testing, played through the public commands beside an outbreak's last hours:
/// one community, partly swabbed; one pool is positive, its people are held and followed up; a box has
/// a gap in its way, and a list of results is put aside. What is left waits for the reader.
package actor SampleRound {
  private let script: Script
  private let community: String
  private let name: String
  private let end: Instant
  private var stage = 0
  private var round = Fields.null
  private var codes: [String] = []
  /// Who is in which tube, in the order of the tubes.
  private var tubes: [(code: String, people: [String])] = []
  /// The own tubes of those who are held.
  private var own: [(code: String, person: String)] = []
  private var sequence = 0

  private static let pool = 10
  private static let point = "demo-point"
  private static let mobilePoint = "demo-van"
  private static let laboratory = "demo-lab"
  private static let mostTubes = 12
  private static let box = "BOX-1"
  private static let lateBox = "BOX-2"
  private static let ownBox = "BOX-3"
  /// Of a pool's people so many have given their own swab, and of those so many are decided.
  private static let singles = 6
  private static let decided = 4
  /// How long before the end each stage is played.
  private static let hoursBefore = [8, 7, 6, 4, 3, 1]

  /// - Parameter end: the moment at which the reader takes over.
  package init(script: Script, community: String, name: String, end: Instant) {
    self.script = script
    self.community = community
    self.name = name
    self.end = end
  }

  /// Plays what is due at an hour.
  package func play(at hour: Instant) async throws {
    while stage < Self.hoursBefore.count, hour >= end - .hours(Self.hoursBefore[stage]) {
      switch stage {
      case 0: try await open()
      case 1: try await swab(at: hour)
      case 2: try await carry()
      case 3: try await results(at: hour)
      case 4: try await ownSwabs(at: hour)
      default: try await ownResults(at: hour)
      }
      stage += 1
      try await script.pump.turn()
    }
  }

  private func open() async throws {
    try await script.send(
      "screening.setPoint",
      [
        "point": .text(Self.point), "name": .text("\(name)采样点"), "place": .text(community),
        "kind": .text("fixed"), "opens": .text("06:00"), "closes": .text("22:00"),
        "samplers": .integer(2), "latitude": .real(36.0903), "longitude": .real(120.3712),
      ], as: "duty")
    try await script.send(
      "screening.setPoint",
      [
        "point": .text(Self.mobilePoint), "name": .text("\(name)流动采样车"),
        "place": .text(community), "kind": .text("mobile"), "opens": .text("07:30"),
        "closes": .text("20:30"), "samplers": .integer(1), "latitude": .real(36.0938),
        "longitude": .real(120.3769),
      ], as: "duty")
    try await script.send(
      "screening.setLaboratory",
      ["laboratory": .text(Self.laboratory), "name": .text("区检测点")], as: "admin")
    try await script.send(
      "screening.appointLaboratory",
      ["laboratory": .text(Self.laboratory), "account": .text("laboratory")], as: "admin")
    let opened = try await script.send(
      "screening.open",
      [
        "areas": .list([.text(community)]), "name": .text("\(name)重点筛查"),
        "pool": .integer(Int64(Self.pool)),
      ], as: "duty")
    round = opened["round"]
    try await script.pump.turn()
    let labels = try await script.send(
      "screening.makeLabels", ["count": .integer(60)], as: "duty")
    codes = labels["codes"].items.map(\.string)
  }

  /// Who is on the list, door after door.
  private func missing() async throws -> [String] {
    var people: [String] = []
    var after = Fields.null
    repeat {
      var body: [String: Fields] = ["round": round]
      if after != .null { body["after"] = after }
      let answer = try await script.ask(
        "screening.untested", body, for: .fieldwork, as: "duty")
      people += answer["lines"].items.map { $0["person"].string }
      after = answer["after"]
    } while after != .null
    return people
  }

  private func swab(at hour: Instant) async throws {
    let people = try await missing()
    // Three doors of five have come, all over the community.
    let coming = Array(
      people.enumerated().filter { $0.offset % 5 < 3 }.map(\.element)
        .prefix(Self.mostTubes * Self.pool))
    var rows: [Fields] = []
    for start in stride(from: 0, to: coming.count, by: Self.pool) {
      guard let code = nextCode() else { break }
      let members = Array(coming[start..<min(start + Self.pool, coming.count)])
      for (place, person) in members.enumerated() {
        let at = hour - .minutes(50) + .seconds(20 * (start + place))
        rows.append(row(person, code, at: at))
      }
      tubes.append((code, members))
    }
    try await script.send(rows: rows, to: "screening.importRegistrations", as: "sampler")
    // The last tube is still open when the reader comes.
    for tube in tubes.dropLast() { try await seal(tube.code, count: tube.people.count) }
  }

  private func nextCode() -> String? { codes.isEmpty ? nil : codes.removeFirst() }

  private func row(_ person: String, _ code: String, at: Instant) -> Fields {
    .object([
      "round": round, "person": .text(person), "tube": .text(code),
      "point": .text(Self.point), "sampled_at": .text(at.text(in: .china)),
    ])
  }

  private func seal(_ code: String, count: Int) async throws {
    try await script.send(
      "screening.seal",
      ["tube": .text(code), "round": round, "count": .integer(Int64(count))], as: "sampler")
  }

  // MARK: Custody

  /// Behind those that were carried: one in a box of which nobody says that it came, one that waits to
  /// be packed, and the open one; in a small community the last only.
  private var carriedCount: Int {
    max(0, tubes.count - 1 - (tubes.count >= 4 ? 1 : 0) - (tubes.count >= 5 ? 1 : 0))
  }

  private var carried: [String] { tubes.prefix(carriedCount).map(\.code) }

  private var late: String? { tubes.count >= 4 ? tubes[carriedCount].code : nil }

  private func carry() async throws {
    guard !carried.isEmpty else { return }
    try await pack(Self.box, carried)
    try await hand(Self.box, "vehicle", "V-17", count: carried.count, from: "sampler")
    try await take(Self.box, count: carried.count, as: "courier")
    try await hand(Self.box, "laboratory", Self.laboratory, count: carried.count, from: "courier")
    try await take(Self.box, count: carried.count, as: "laboratory")
    guard let late else { return }
    try await pack(Self.lateBox, [late])
    try await hand(Self.lateBox, "vehicle", "V-21", count: 1, from: "sampler")
  }

  private func pack(_ box: String, _ codes: [String]) async throws {
    try await script.send(
      "screening.pack",
      [
        "box": .text(box), "round": round, "point": .text(Self.point),
        "tubes": .list(codes.map(Fields.text)),
      ], as: "sampler")
  }

  private func hand(
    _ box: String, _ kind: String, _ to: String, count: Int, from account: String
  ) async throws {
    try await script.send(
      "screening.give",
      [
        "box": .text(box), "to": .object(["kind": .text(kind), "id": .text(to)]),
        "count": .integer(Int64(count)),
      ], as: account)
  }

  private func take(_ box: String, count: Int, as account: String) async throws {
    try await script.send(
      "screening.take", ["box": .text(box), "count": .integer(Int64(count))], as: account)
  }

  // MARK: Results

  /// The pool that is positive.
  private var positive: (code: String, people: [String])? {
    tubes.first { $0.people.count == Self.pool && carried.contains($0.code) }
  }

  private func result(_ code: String, _ result: String, at: Instant) -> Fields {
    sequence += 1
    return .object([
      "tube": .text(code), "result": .text(result), "reported_at": .text(at.text(in: .china)),
      "laboratory": .text(Self.laboratory), "sequence": .integer(Int64(sequence)),
    ])
  }

  private func results(at hour: Instant) async throws {
    // One received tube waits for whoever reads, who enters its result.
    let known = carried.count >= 2 ? carried.dropLast() : carried[...]
    let rows = known.map {
      result($0, $0 == positive?.code ? "positive" : "negative", at: hour - .minutes(5))
    }
    try await script.send(rows: rows, to: "screening.importResults", as: "admin")
    // A signed list of a laboratory whose key nobody knows is put aside.
    guard let waiting = late ?? tubes.last?.code else { return }
    try await script.send(
      "screening.deliver",
      [
        "laboratory": .text(Self.laboratory), "sequence": .integer(1),
        "signature": .text(String(repeating: "0", count: 128)),
        "rows": .list([
          .object([
            "tube": .text(waiting), "result": .text("negative"),
            "reported_at": .text((hour - .minutes(5)).text(in: .china)),
          ])
        ]),
      ], as: "laboratory")
  }

  private func ownSwabs(at hour: Instant) async throws {
    for (place, person) in (positive?.people ?? []).prefix(Self.singles).enumerated() {
      guard let code = nextCode() else { return }
      let at = hour - .minutes(30) + .minutes(3 * place)
      try await script.send(
        rows: [row(person, code, at: at)], to: "screening.importRegistrations", as: "sampler")
      try await seal(code, count: 1)
      own.append((code, person))
    }
    // All of them are at the laboratory; of some the result waits for whoever reads.
    if own.isEmpty { return }
    try await pack(Self.ownBox, own.map(\.code))
    try await hand(Self.ownBox, "vehicle", "V-17", count: own.count, from: "sampler")
    try await take(Self.ownBox, count: own.count, as: "courier")
    try await hand(
      Self.ownBox, "laboratory", Self.laboratory, count: own.count, from: "courier")
    try await take(Self.ownBox, count: own.count, as: "laboratory")
  }

  private func ownResults(at hour: Instant) async throws {
    let rows = own.prefix(Self.decided).map {
      result($0.code, "negative", at: hour - .minutes(5))
    }
    if rows.isEmpty { return }
    try await script.send(rows: rows, to: "screening.importResults", as: "admin")
  }
}
