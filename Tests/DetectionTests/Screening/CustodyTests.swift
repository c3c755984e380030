import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: custody") struct ScreeningCustodyTests {
  private let round = RoundID(trusted: "r1")
  private let box = BoxID(trusted: "B1")

  /// Two sealed tubes with three people, a courier and a laboratory.
  private func sealed() async throws -> Town {
    let town = try await Town()
    try await town.enrol(4)
    try await town.open()
    try await town.appoint("sampler", "sampler", at: .district)
    try await town.appoint("courier", "courier", at: .district)
    try await town.appoint("lab", "laboratory", at: .district)
    try await town.submit(SetLaboratory(laboratory: LaboratoryID(trusted: "lab"), name: "检测所"))
    for (person, tube) in [("p1", "T1"), ("p2", "T1"), ("p3", "T2")] {
      try await town.swab(person, tube)
    }
    for tube in ["T1", "T2"] {
      try await town.submit(SealTube(tube: TubeCode(trusted: tube), round: round))
    }
    return town
  }

  private func pack(_ town: Town) async throws {
    try await town.submit(
      PackBox(box: box, round: round, tubes: [TubeCode("T1"), TubeCode("T2")]), as: "sampler")
  }

  private func give(
    _ town: Town, to kind: Holder.Kind, count: Int = 2, at: Instant? = nil,
    as account: String
  ) async throws {
    try await town.submit(
      GiveBox(box: box, to: Holder(kind: kind, id: "lab"), count: count, at: at), as: account)
  }

  @Test("each hand-over takes two people, adds up, and never runs backwards")
  func chain() async throws {
    let town = try await sealed()
    #expect(
      await refused {
        try await town.swab("p4", "T4")
        try await town.submit(PackBox(box: box, round: round, tubes: [TubeCode("T4")]))
      } == "tube.unsealed")
    try await pack(town)
    #expect(await refused { try await pack(town) } == "box.known")
    #expect(
      await refused {
        try await town.submit(
          PackBox(box: BoxID("B2"), round: round, tubes: [TubeCode("T1")]))
      } == "tube.packed")
    #expect(
      await refused { try await town.submit(TakeBox(box: box, count: 2), as: "courier") }
        == "box.notGiven")
    #expect(
      await refused { try await give(town, to: .vehicle, count: 3, as: "sampler") }
        == "box.count")
    #expect(
      await refused {
        try await give(town, to: .vehicle, at: town.now - .seconds(1), as: "sampler")
      } == "box.backwards")
    try await give(town, to: .vehicle, as: "sampler")
    #expect(
      await refused { try await give(town, to: .laboratory, as: "courier") } == "box.notTaken")
    try await town.appoint("sampler", "courier", at: .district)
    #expect(
      await refused { try await town.submit(TakeBox(box: box, count: 2), as: "sampler") }
        == "box.samePerson")
    #expect(
      await refused {
        try await town.submit(
          TakeBox(box: box, count: 2, at: town.now - .seconds(1)), as: "courier")
      } == "box.backwards")
    try await town.submit(TakeBox(box: box, count: 2), as: "courier")
    // Its way is written down: the laboratory says nothing of it before it is there.
    try await town.pass(.hours(1))
    #expect(
      try await town.results([("T1", "negative")], from: 1).outcomes.map(\.code) == [
        "result.not_received"
      ])
    try await give(town, to: .laboratory, as: "courier")
    try await town.submit(TakeBox(box: box, count: 2), as: "lab")
    #expect(
      await refused { try await give(town, to: .vehicle, as: "courier") } == "box.arrived")
    #expect(
      try await town.results([("T1", "negative")], from: 1, at: town.now - .seconds(1)).outcomes
        .map(\.code) == ["result.before_receipt"])
    try await town.pass(.minutes(29))
    #expect(
      try await town.results([("T1", "negative")], from: 1).outcomes.map(\.code) == [
        "result.too_fast"
      ])
    try await town.pass(.minutes(1))
    #expect(
      try await town.results([("T1", "negative")], from: 1, laboratory: "other").outcomes.map(
        \.code) == ["result.not_received"])
    #expect(try await town.results([("T1", "negative")], from: 1).accepted == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a tube and a box are found by their codes, where their round may be read")
  func found() async throws {
    let town = try await sealed()
    try await pack(town)
    try await town.appoint("far", "sampler", at: .otherDistrict)
    func found(_ text: String, as account: String) async throws -> [String] {
      try await town.read(as: account) { reading in
        try ScreeningFinder.all.flatMap { try $0.find(Finder.Wanted(text), 20, reading) }
          .map(\.address)
      }
    }
    #expect(try await found("T1", as: "duty") == ["/screening/tube?of=T1"])
    #expect(try await found("t1", as: "sampler") == ["/screening/tube?of=T1"])
    #expect(try await found(" b1 ", as: "courier") == ["/screening/box?of=B1"])
    #expect(try await found("T9", as: "duty") == [])
    for text in ["T1", "B1"] { #expect(try await found(text, as: "far") == [], "\(text)") }
  }

  @Test("a point packs its own tubes, and none that has a result")
  func packed() async throws {
    let town = try await sealed()
    try await town.enrol([
      ListedPerson(id: "q1"), ListedPerson(id: "q2"), ListedPerson(id: "q3"),
    ])
    for (point, place) in [("near", Town.Spot.estate), ("far", .otherDistrict)] {
      try await town.submit(
        SetPoint(point: PointID(trusted: point), name: point, place: place.id))
    }
    try await town.swab("q1", "N1", point: "near")
    try await town.swab("q2", "F1", point: "far")
    try await town.swab("q3", "D1")
    for tube in ["N1", "F1", "D1"] {
      try await town.submit(SealTube(tube: TubeCode(trusted: tube), round: round))
    }
    try await town.appoint("near", "sampler", at: .estate)
    try await town.appoint("far", "sampler", at: .otherDistrict)
    func pack(_ box: String, _ tubes: [String], at point: String?, as account: String) async
      -> String?
    {
      await refused {
        try await town.submit(
          PackBox(
            box: BoxID(trusted: box), round: round, tubes: tubes.map { TubeCode(trusted: $0) },
            point: point.map { PointID(trusted: $0) }), as: account)
      }
    }
    // A point elsewhere opens nobody's tubes, whoever may work there.
    #expect(await pack("X1", ["N1"], at: "far", as: "far") == "tube.otherPoint")
    #expect(await pack("X1", ["D1"], at: "far", as: "far") == "tube.otherPoint")
    #expect(await pack("X1", ["N1"], at: "near", as: "far") == "duty.outsideArea")
    #expect(await pack("X1", ["N1"], at: "none", as: "near") == "notFound")
    #expect(await pack("X1", ["N1"], at: nil, as: "near") == "duty.outsideArea")
    #expect(await pack("X1", ["F1", "N1"], at: "near", as: "near") == "tube.otherPoint")
    #expect(await pack("X1", ["N1", "D1"], at: "near", as: "near") == nil)
    #expect(await pack("X2", ["F1"], at: "far", as: "far") == nil)
    try await town.pass(.hours(1))
    try await town.results([("T1", "negative")], from: 1)
    #expect(await pack("X3", ["T1", "T2"], at: nil, as: "sampler") == "tube.resulted")
    #expect(try await town.violations().isEmpty)
  }

  @Test("no step takes place in the future, but for a clock a little ahead")
  func future() async throws {
    let town = try await sealed()
    func step(_ minutes: Int, _ command: (Instant) async throws -> Void) async -> String? {
      await refused { try await command(town.now + .minutes(minutes)) }
    }
    let tubes = [TubeCode(trusted: "T1"), TubeCode(trusted: "T2")]
    func pack(_ at: Instant) async throws {
      try await town.submit(
        PackBox(box: box, round: round, tubes: tubes, at: at), as: "sampler")
    }
    func take(_ at: Instant) async throws {
      try await town.submit(TakeBox(box: box, count: 2, at: at), as: "courier")
    }
    func receive(_ at: Instant) async throws {
      try await town.submit(TakeBox(box: box, count: 2, at: at), as: "lab")
    }
    for minutes in [11, 60 * 24 * 365 * 4] {
      #expect(await step(minutes, pack) == "box.inFuture")
    }
    #expect(await step(10, pack) == nil)
    try await town.pass(.minutes(10))
    let given = await step(11) { try await give(town, to: .vehicle, at: $0, as: "sampler") }
    #expect(given == "box.inFuture")
    try await give(town, to: .vehicle, as: "sampler")
    #expect(await step(11, take) == "box.inFuture")
    try await town.submit(TakeBox(box: box, count: 2), as: "courier")
    try await give(town, to: .laboratory, as: "courier")
    #expect(await step(11, receive) == "box.inFuture")
    #expect(await step(0, receive) == nil)
    #expect(try await town.violations().isEmpty)
  }

  @Test("who has a box gives it on, and whom it is given to takes it")
  func sides() async throws {
    let town = try await sealed()
    try await town.appoint("courier2", "courier", at: .district)
    func take(_ account: String) async -> String? {
      await refused { try await town.submit(TakeBox(box: box, count: 2), as: account) }
    }
    func page(_ account: String) async throws -> String {
      try await town.page("/screening/box", ["of": "B1"], as: account)
    }
    try await pack(town)
    // At the point it is the point's.
    #expect(await refused { try await give(town, to: .vehicle, as: "courier") } == "box.notHolder")
    #expect(try await !page("courier").contains("I gave it"))
    try await give(town, to: .vehicle, as: "sampler")
    #expect(await take("lab") == "box.otherSide")
    #expect(try await !page("lab").contains("I took it"))
    #expect(await take("courier") == nil)
    // In the vehicle it is that of who took it.
    for account in ["sampler", "courier2"] {
      #expect(
        await refused { try await give(town, to: .laboratory, as: account) } == "box.notHolder")
      #expect(try await !page(account).contains("I gave it"))
    }
    #expect(try await page("courier").contains("I gave it"))
    try await give(town, to: .laboratory, as: "courier")
    #expect(await take("courier2") == "box.otherSide")
    #expect(try await !page("courier2").contains("I took it"))
    #expect(try await page("lab").contains("I took it"))
    #expect(await take("lab") == nil)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a laboratory takes what is given to it, by an account that speaks for it, or the district's")
  func laboratories() async throws {
    let town = try await sealed()
    let none = Holder(kind: .laboratory, id: "no-such-lab")
    try await pack(town)
    #expect(
      await refused {
        try await town.submit(GiveBox(box: box, to: none, count: 2), as: "sampler")
      } == "notFound")
    #expect(
      try await town.rows("SELECT id FROM laboratory ORDER BY id").map { $0.text(0) } == ["lab"])
    #expect(try await town.rows("SELECT box FROM box_leg").isEmpty)
    try await give(town, to: .laboratory, as: "sampler")
    try await town.submit(
      SetLaboratory(laboratory: LaboratoryID(trusted: "other"), name: "另一检测所"))
    for (laboratory, account) in [("other", "stranger"), ("lab", "speaker")] {
      try await town.appoint(account, "laboratory", at: .district)
      if account == "speaker" {
        // Nobody speaks for it yet: any laboratory's account does, but another one's own.
        #expect(
          try await town.page("/screening/box", ["of": "B1"], as: "lab").contains("I took it"))
        #expect(
          await refused { try await town.submit(TakeBox(box: box, count: 2), as: "stranger") }
            == "box.otherSide")
      }
      try await town.submit(
        AppointLaboratory(
          laboratory: LaboratoryID(trusted: laboratory), account: AccountID(trusted: account)))
    }
    for account in ["stranger", "lab", "courier"] {
      #expect(
        await refused { try await town.submit(TakeBox(box: box, count: 2), as: account) }
          == "box.otherSide")
    }
    #expect(try await town.page("/screening/box", ["of": "B1"], as: "duty").contains("I took it"))
    try await town.submit(TakeBox(box: box, count: 2), as: "speaker")
    // The district steps in.
    try await town.swab("p4", "T4")
    let next = BoxID(trusted: "B2")
    try await town.submit(SealTube(tube: TubeCode(trusted: "T4"), round: round))
    try await town.submit(
      PackBox(box: next, round: round, tubes: [TubeCode(trusted: "T4")]), as: "sampler")
    try await town.submit(
      GiveBox(box: next, to: Holder(kind: .laboratory, id: "lab"), count: 1), as: "sampler")
    try await town.submit(TakeBox(box: next, count: 1), as: "duty")
    #expect(try await town.violations().isEmpty)
  }

  @Test("what is missing is looked for, and its people are sampled again")
  func missing() async throws {
    let town = try await sealed()
    try await pack(town)
    try await give(town, to: .laboratory, as: "sampler")
    for count in [Int.min, -1, 2_001] {
      #expect(
        await refused { try await town.submit(TakeBox(box: box, count: count), as: "lab") }
          == "field.malformed")
    }
    let taken = try await town.submit(
      TakeBox(box: box, count: 1, missing: [TubeCode("T2")]), as: "lab")
    #expect(taken.difference == -1)
    #expect(
      try await town.rows("SELECT code FROM tube WHERE received_at IS NOT NULL").map { $0.text(0) }
        == ["T1"])
    #expect(try await town.owed("screening.custody") == ["B1/1"])
    #expect(try await town.owed("screening.reswab") == ["T2/p3"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("only what is named or scanned is received, and the counts go together with it")
  func partial() async throws {
    let town = try await sealed()
    let (first, second) = (TubeCode(trusted: "T1"), TubeCode(trusted: "T2"))
    func take(
      _ count: Int, missing: [TubeCode]? = nil, tubes: [TubeCode]? = nil, as account: String
    ) async -> String? {
      await refused {
        try await town.submit(
          TakeBox(box: box, count: count, missing: missing, tubes: tubes), as: account)
      }
    }
    func received() async throws -> [String] {
      try await town.rows("SELECT code FROM tube WHERE received_at IS NOT NULL ORDER BY code")
        .map { $0.text(0) }
    }
    try await pack(town)
    try await give(town, to: .vehicle, as: "sampler")
    #expect(await take(2, missing: [second], as: "courier") == "box.count")
    #expect(await take(1, as: "courier") == nil)
    #expect(try await town.owed("screening.custody") == ["B1/1"])
    try await give(town, to: .laboratory, count: 1, as: "courier")
    // One of two came: which, somebody has to say.
    #expect(await take(1, as: "lab") == "box.which")
    #expect(await take(2, tubes: [first], as: "lab") == "box.count")
    #expect(await take(1, missing: [first], tubes: [first], as: "lab") == "box.both")
    #expect(await take(1, tubes: [TubeCode(trusted: "T9")], as: "lab") == "notFound")
    #expect(try await received() == [])
    #expect(await take(1, tubes: [first], as: "lab") == nil)
    #expect(try await received() == ["T1"])
    #expect(try await town.owed("screening.custody") == ["B1/1", "B1/2"])
    try await town.pass(.hours(1))
    #expect(
      try await town.results([("T1", "negative"), ("T2", "negative")], from: 1).outcomes
        .map(\.code).contains("result.not_received"))
    #expect(try await town.rows("SELECT code FROM tube WHERE result IS NOT NULL").count == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("nobody looks any more for a tube that is void or lost")
  func voided() async throws {
    let town = try await sealed()
    try await pack(town)
    try await give(town, to: .laboratory, as: "sampler")
    try await town.pass(.hours(25))
    #expect(try await town.owed("screening.late") == ["T1", "T2"])
    try await town.submit(VoidTube(tube: TubeCode("T1"), round: round, reason: .leaking))
    #expect(try await town.owed("screening.late") == ["T2"])
    try await town.submit(
      TakeBox(box: box, count: 1, missing: [TubeCode("T2")]), as: "lab")
    #expect(try await town.owed("screening.late") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a hand-over that nobody confirms, and a tube without a result, are told to somebody")
  func alarms() async throws {
    let town = try await sealed()
    try await pack(town)
    try await give(town, to: .vehicle, as: "sampler")
    try await town.pass(.minutes(60))
    #expect(try await town.owed("screening.custody") == [])
    try await town.pass(.minutes(1))
    #expect(try await town.owed("screening.custody") == ["B1/1"])
    try await town.pass(.hours(24))
    #expect(try await town.owed("screening.late") == ["T1", "T2"])
    try await town.submit(TakeBox(box: box, count: 2), as: "courier")
    try await give(town, to: .laboratory, as: "courier")
    try await town.submit(TakeBox(box: box, count: 2), as: "lab")
    try await town.pass(.hours(1))
    try await town.results([("T1", "negative"), ("T2", "negative")], from: 1)
    #expect(try await town.owed("screening.late") == [])
    #expect(try await town.violations().isEmpty)
  }
}
