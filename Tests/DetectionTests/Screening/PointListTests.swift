import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: the list of a point") struct PointListTests {
  private func list(
    _ town: Town, _ point: String? = nil, as account: String
  ) async throws -> ListPoint.Answer {
    try await town.ask(
      ListPoint(round: RoundID(trusted: "r1"), point: point.map { PointID(trusted: $0) }),
      for: .fieldwork, as: account)
  }

  @Test("a phone is given whom its owner may register, with how each stands, and nobody else")
  func ownArea() async throws {
    let town = try await Town()
    try await town.enrol(4)
    try await town.enrol(2, at: .otherDoor, prefix: "other")
    try await town.appoint("sampler", "sampler", at: .street)
    try await town.open(pool: 5)
    try await town.swab("p1", "T1")
    try await town.submit(
      IssueSlip(
        person: PersonID(trusted: "p2"), fingerprint: String(repeating: "ab", count: 32)))
    let own = try await list(town, as: "worker")
    #expect(own.lines.map(\.person.text) == ["p1", "p2", "p3", "p4"])
    #expect(own.lines.map(\.standing) == ["sampled", "missing", "missing", "missing"])
    #expect(own.lines.map(\.slips) == [[], ["abababababababab"], [], []])
    #expect(!own.cut && own.lines.allSatisfy { !$0.single })
    #expect(try await list(town, as: "otherWorker").lines.allSatisfy { $0.person.text != "p1" })
    #expect(try await list(town, as: "sampler").lines.count == 6)
    #expect(await refused { _ = try await list(town, as: "auditor") } != nil)
  }

  @Test("somebody who is held needs a tube of their own until it is there")
  func held() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open(pool: 5)
    try await town.swab("p1", "T1")
    try await town.swab("p2", "T1")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    #expect(try await list(town, as: "worker").lines.map(\.single) == [true, true])
    try await town.swab("p1", "S1")
    #expect(try await list(town, as: "worker").lines.map(\.single) == [false, true])
  }

  @Test("who goes from door to door seals the tube, whichever word comes first, and nobody else's")
  func doorToDoor() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open(pool: 5)
    let round = RoundID(trusted: "r1")
    func seal(_ tube: String, as account: String, device: String? = "phone") async throws {
      try await town.submit(
        SealTube(tube: TubeCode(trusted: tube), round: round, device: device), as: account)
    }
    try await town.swab("p1", "T1", device: "phone", as: "worker")
    try await seal("T1", as: "worker")
    #expect(
      await refused { try await seal("T1", as: "otherWorker") } == "duty.outsideArea")
    try await seal("T2", as: "worker")
    try await town.swab("p2", "T2", at: town.now - .minutes(1), device: "phone", as: "worker")
    #expect(await refused { try await seal("T3", as: "worker", device: nil) } != nil)
    let sealed = try await town.rows(
      "SELECT code FROM tube WHERE sealed_at IS NOT NULL ORDER BY code")
    #expect(sealed.map { $0.text(0) } == ["T1", "T2"])
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a point's list is the community around it")
  func point() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol(1, at: .otherDoor, prefix: "other")
    try await town.enrol(2, at: .otherCommunity, prefix: "far")
    try await town.appoint("sampler", "sampler", at: .street)
    try await town.open(pool: 5)
    try await town.submit(
      SetPoint(point: PointID(trusted: "gate"), name: "门口", place: Town.Spot.grid.id))
    let lines = try await list(town, "gate", as: "sampler").lines
    #expect(Set(lines.map(\.person.text)) == ["p1", "p2", "other1"])
    #expect(try await list(town, as: "sampler").lines.count == 5)
  }
}

@Suite("Screening: its pages") struct ScreeningPagesTests {
  /// A page as somebody sees it.
  private func page(
    _ path: String, _ query: [String: String] = [:], as account: String = "duty",
    _ language: Language = .english, in town: Town
  ) async throws -> String {
    try await open(path, query, as: account, language, in: town).body.text
  }

  private func open(
    _ path: String, _ query: [String: String] = [:], as account: String = "duty",
    _ language: Language = .english, in town: Town
  ) async throws -> Page {
    let screen = try #require(town.desk.assembly.screens.first { $0.path == path })
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: screen.purpose, language: language,
      question: path)
    let request = ScreenRequest(
      parameters: ["round": "r1"], query: query, address: path, newCommandID: { "one" })
    return try await town.desk.read(look) { try screen.render(request, $0) }
  }

  @Test("a point is busy from the policy's share of what its samplers can do, and then has a queue")
  func busy() async throws {
    let folder = try ScreeningPolicyFolder.make([
      ("swabs_per_hour: 90", "swabs_per_hour: 10"), ("busy_percent: 80", "busy_percent: 50"),
    ])
    let town = try await Town(policyFolder: folder)
    try await town.enrol(10)
    try await town.open()
    try await town.submit(
      SetPoint(
        point: PointID(trusted: "gate"), name: "gate", place: Town.Spot.community.id, samplers: 1))
    var said: [String] = []
    for person in 1...10 {
      try await town.swab("p\(person)", "T1", point: "gate")
      let points = try await page("/screening/:round", in: town)
      said.append([">queue<", ">busy<", ">open<"].first { points.contains($0) } ?? "none")
    }
    #expect(
      said == Array(repeating: ">open<", count: 4) + Array(repeating: ">busy<", count: 5) + [
        ">queue<"
      ])
  }

  @Test("a long roll is printed in parts that leave out no label")
  func longRoll() async throws {
    let town = try await Town()
    try await town.submit(MakeLabels(count: 1_400))
    let runs = try await page("/screening/labels", in: town)
    for (first, count) in [(1, 650), (651, 650), (1_301, 100)] {
      #expect(runs.contains("first=\(first)") && runs.contains(">\(count)<"), "\(first)")
      let query = ["first": String(first), "count": String(count)]
      let bytes = try await open("/screening/labels/sheet", query, in: town).file?.bytes ?? []
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("(\(LabelRules.code(first))) Tj"))
      #expect(text.contains("(\(LabelRules.code(first + count - 1))) Tj"))
    }
  }

  @Test("a box's page shows who has it, waits for the other side, and says when that is late")
  func box() async throws {
    let there = try await DeliveryTown(tubes: 2)
    let town = there.town
    try await town.enrol(1, prefix: "more")
    try await town.swab("more1", "T9")
    let round = RoundID(trusted: "r1")
    try await town.submit(SealTube(tube: TubeCode(trusted: "T9"), round: round))
    #expect(try await page("/screening/:round/boxes", in: town).contains("value=\"T9\""))
    try await town.submit(
      PackBox(box: BoxID("C"), round: round, tubes: [TubeCode(trusted: "T9")]))
    #expect(try await page("/screening/box", ["of": "C"], in: town).contains("I gave it"))
    try await town.submit(
      GiveBox(box: BoxID("C"), to: Holder(kind: .vehicle, id: "V-1"), count: 1))
    let waiting = try await page("/screening/box", ["of": "C"], as: "courier", in: town)
    #expect(waiting.contains("waits for the other side") && waiting.contains("I took it"))
    try await town.pass(.hours(2))
    #expect(try await page("/screening/box", ["of": "C/1"], in: town).contains("gap: nobody"))
    #expect(
      try await page("/screening/box", ["of": "B"], in: town).contains("received by the laboratory")
    )
  }

  @Test("a round's wall says what comes next, from the first point to the end")
  func steps() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    let fresh = try await page("/screening/:round", in: town)
    #expect(fresh.contains("What comes next") && fresh.contains("set one up, or go from door"))
    #expect(fresh.contains("3 left") && !fresh.contains("id=\"pace\""))
    for (name, latitude) in [("gate", 36.09), ("van", 36.10)] {
      try await town.submit(
        SetPoint(
          point: PointID(trusted: name), name: name, place: Town.Spot.community.id,
          opens: "07:00", closes: "20:00", latitude: latitude, longitude: 120.37, samplers: 1))
    }
    for person in 1...3 { try await town.swab("p\(person)", "T1", point: "gate") }
    let swabbed = try await page("/screening/:round", in: town)
    #expect(swabbed.contains("id=\"point-map\"") && swabbed.contains("1 gate"))
    #expect(swabbed.contains("everybody is sampled or has a reason"))
    #expect(swabbed.contains("id=\"pace\"") && swabbed.contains("0 to swab, 3 without a result"))
    try await town.pass(.hours(2))
    try await town.results([("T1", "grey")], from: 1)
    #expect(try await page("/screening/:round", in: town).contains("at once"))
    let held = try await page("/screening/:round/recalls", in: town)
    #expect(held.contains("take a single swab") && held.contains("Owe a swab"))
    try await town.swab("p1", "S1")
    let one = try await page("/screening/:round/recalls", in: town)
    #expect(one.contains("result of S1 is awaited"))
    try await town.submit(CloseRound(round: RoundID(trusted: "r1"), confirmed: true))
    #expect(try await page("/screening/:round", in: town).contains("This round is over"))
  }

  @Test("labels are printed only as they were given out")
  func labels() async throws {
    let town = try await Town()
    #expect(try await page("/screening/labels", in: town).contains("No label was made yet"))
    try await town.submit(MakeLabels(count: 66))
    let runs = try await page("/screening/labels", in: town)
    #expect(runs.contains("T0000001F") && runs.contains("66"))
    let file = try await open("/screening/labels/sheet", ["first": "1", "count": "66"], in: town)
      .file
    #expect(file?.type == "application/pdf" && file?.name == "labels-T0000001F.pdf")
    let sheet = String(decoding: file?.bytes ?? [], as: UTF8.self)
    #expect(sheet.hasPrefix("%PDF-1.4") && sheet.contains("/Count 2 "))
    let codes = (1...66).map(LabelRules.code)
    #expect(codes.allSatisfy { sheet.ranges(of: "(\($0)) Tj").count == 1 })
    let part = try await open("/screening/labels/sheet", ["first": "65", "count": "2"], in: town)
    let last = String(decoding: part.file?.bytes ?? [], as: UTF8.self)
    #expect(last.ranges(of: ") Tj").count == 2 && last.contains("(\(codes[65])) Tj"))
    let none = try await open("/screening/labels/sheet", in: town)
    #expect(none.file == nil && none.body.text.contains("Choose a roll of labels first"))
    for wrong in [["first": "1", "count": "67"], ["first": "0", "count": "1"]] {
      #expect(
        await refused { _ = try await page("/screening/labels/sheet", wrong, in: town) } != nil)
    }
  }

  @Test(
    "a sheet is asked for with numbers of any size, and the field that is wrong is named",
    arguments: [
      ("1", "9223372036854775807", "count"), ("1", "10001", "count"), ("1", "-1", "count"),
      ("1", "many", "count"), ("9223372036854775807", "1", "first"),
      ("9223372036854775807", "10000", "first"), ("-9223372036854775808", "1", "first"),
      ("66", "2", "first"),
    ])
  func labelNumbers(first: String, count: String, field: String) async throws {
    let town = try await Town()
    try await town.submit(MakeLabels(count: 66))
    let refusal = await #expect(throws: Refusal.self) {
      _ = try await page("/screening/labels/sheet", ["first": first, "count": count], in: town)
    }
    #expect(refusal?.field == field)
  }

  @Test("a point has as many samplers as are counted with, and not as many as numbers go")
  func samplers() async throws {
    let town = try await Town()
    func set(_ samplers: Int) async throws {
      try await town.submit(
        SetPoint(
          point: PointID(trusted: "gate"), name: "gate", place: Town.Spot.community.id,
          samplers: samplers))
    }
    for wrong in [10_001, Int.max] {
      let refusal = await #expect(throws: Refusal.self) { try await set(wrong) }
      #expect(refusal?.field == "samplers")
    }
    try await town.enrol(1)
    try await town.open()
    try await set(10_000)
    #expect(try await page("/screening/:round", in: town).contains("900"))
  }

  @Test("a building's untested are found whatever the round is called")
  func oddNames() async throws {
    let town = try await Town()
    try await town.enrol(2)
    for name in ["2022/11/29", "第一轮", "r/1", "r"] {
      try await town.open(name)
      for place in [Town.Spot.building.rawValue, Town.Spot.community.rawValue] {
        let text = try await page("/untested", ["of": "\(name)/\(place)"], in: town)
        #expect(text.contains("2 people"), "\(name) \(place)")
      }
    }
    for wrong in ["r", "/", "r/", "nobody/town-building", "r/1/2/3"] {
      let code = await refused { _ = try await page("/untested", ["of": wrong], in: town) }
      #expect(code == "place.notFound" || code == "notFound", "\(wrong) \(code ?? "opened")")
    }
  }

  @Test("the pages of a round open in both languages, for everybody who may")
  func everyPage() async throws {
    let there = try await DeliveryTown(tubes: 2)
    _ = try await there.deliver(there.list(1, [there.row("T9")]))
    _ = try await there.deliver(there.list(1, [there.row("T1", .positive)]))
    let tube = TubeCode(trusted: "T1")
    try await there.town.submit(
      AskCorrection(tube: tube, result: .negative, reason: "read again"))
    for language in [Language.chinese, .english] {
      for path in [
        "/screening/:round", "/screening/:round/boxes", "/screening/:round/slots",
        "/screening/:round/homes", "/screening/quarantine", "/screening/corrections",
        "/sampling", "/sampling/:round", "/screening/:round/recalls",
      ] {
        #expect(
          try await page(path, [:], as: "duty", language, in: there.town).count > 200, "\(path)")
      }
    }
    let quarantine = try await page("/screening/quarantine", in: there.town)
    #expect(quarantine.contains("it can only be discarded"))
    let asked = try await page("/screening/tube", ["of": "T1"], in: there.town)
    #expect(asked.contains("read again") && asked.contains("name=\"approved\""))
  }
}
