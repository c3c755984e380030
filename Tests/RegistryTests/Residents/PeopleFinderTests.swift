import District
import Engines
import Kernel
import Testing
import Town

@testable import Registry

@Suite("Finding by what stands on paper") struct PeopleFinderTests {
  /// Two people in the town: 王小明 in 501 of building 1, 曾丽 in 102 of building 2.
  private static func town() async throws -> Town {
    let town = try await Town()
    let answer = try await town.take([
      RowFixture("P1"),
      RowFixture(
        "P2",
        [
          "name": "曾丽", "sex": "female", "birth_date": "1988-05-06", "phone": "13900008812",
          "identity_number": RowFixture.number("37020319880506", 2), "household": "H2",
          "building": "2号楼", "room": "102", "floor": "1", "tags": "",
        ]),
    ])
    #expect(answer.accepted == 2)
    return town
  }

  private static func found(
    _ text: String, in town: Town, for purpose: Purpose = .registry, as account: String = "duty"
  ) async throws -> [Finder.Found] {
    try await town.read(for: purpose, as: account) { reading in
      try PeopleFinder.finder.find(Finder.Wanted(text), 20, reading)
    }
  }

  @Test(
    "a name, its initials, the last four and a door each find, and words narrow each other down",
    arguments: [
      ("王小明", ["P1"]), ("王小", ["P1"]), ("wxm", ["P1"]), ("WX", ["P1"]), ("zl", ["P2"]),
      ("cl", []), ("8812", ["P2"]), ("8000", ["P1"]), ("13900008812", ["P2"]), ("P2", ["P2"]),
      ("wxm 8000", ["P1"]), ("wxm 8812", []), ("曾丽 102", ["P2"]), ("曾丽 2号楼", ["P2"]),
      ("曾丽 1号楼", []), ("王", []), ("", []),
    ] as [(String, [String])])
  func finds(text: String, people: [String]) async throws {
    let town = try await Self.town()
    let found = try await Self.found(text, in: town)
    #expect(found.compactMap(\.person?.text).sorted() == people)
  }

  @Test("the tail of an identity number finds, its last letter included")
  func identityTail() async throws {
    let town = try await Self.town()
    let tail = String(RowFixture.number("37020319880506", 2).suffix(4))
    let found = try await Self.found(tail, in: town)
    #expect(found.contains { $0.person?.text == "P2" })
  }

  @Test("names are shown with stars, and whoever is shown sees it")
  func masked() async throws {
    let town = try await Self.town()
    let found = try await Self.found("王小明", in: town)
    #expect(found.map(\.title) == ["王＊＊"])
    let looks = try await town.ask(
      ListDisclosures(person: PersonID(trusted: "P1")), for: .supervision)
    #expect(looks.disclosures.count == 1)
    #expect(try await town.rows("SELECT id FROM disclosure WHERE person = 'P2'").isEmpty)
  }

  @Test("nobody is found outside the reader's area, or for a purpose that is none")
  func area() async throws {
    let town = try await Self.town()
    #expect(try await Self.found("王小明", in: town, as: "leader").count == 1)
    #expect(try await Self.found("王小明", in: town, as: "otherLeader").isEmpty)
    #expect(try await Self.found("王小明", in: town, for: .bulletin).isEmpty)
  }

  @Test("files from before are found once the clock has learnt them")
  func learning() async throws {
    let town = try await Self.town()
    _ = try await town.desk.storage.write { transaction in
      try transaction.execute(
        "UPDATE person SET initials = NULL, identity_tail = NULL, phone_tail = NULL")
    }
    #expect(try await Self.found("wxm", in: town).isEmpty)
    #expect(try await town.submit(LearnInitials(), from: .clock) == 2)
    #expect(try await town.submit(LearnInitials(), from: .clock) == 0)
    #expect(try await Self.found("wxm", in: town).count == 1)
    #expect(try await Self.found("8812", in: town).count == 1)
  }

  @Test(
    "initials are those of the name's reading",
    arguments: [
      ("王小明", "wxm"), ("曾丽", "zl"), ("单雄信", "sxx"), ("赵单", "zd"), ("吕布", "lb"),
      ("John Smith", "js"), ("阿卜杜拉·买买提", "abdlmmt"), ("", ""),
    ])
  func initials(name: String, initials: String) throws {
    let readings: PinyinInitials = try District.rulebook().reference()
    #expect(readings.of(name) == initials)
  }

  @Test("statements find by an index and never read the whole table")
  func plans() async throws {
    let town = try await Self.town()
    let faults = try await town.desk.storage.read { transaction in
      let explaining = try QueryPlan(transaction, isCarriedOut: true)
      let residents = ResidentsStore(explaining)
      for area in [PlacePath.everywhere, PlacePath("1.1.1")] {
        _ = try residents.ending((identity: "x", phone: "x"), in: area, limit: 10)
        _ = try residents.named(startingWith: "王小", in: area, limit: 10)
        _ = try residents.withInitials("wx", in: area, limit: 10)
        _ = try residents.owners(ofPhone: "x", in: area, limit: 10)
        _ = try PlacesStore(explaining).named(startingWith: "水清", in: area, limit: 10)
        _ = try PlacesStore(explaining).named(startingWith: "水清", around: area, limit: 10)
      }
      _ = try residents.withoutInitials(limit: 10)
      _ = try residents.hasWithoutInitials()
      return explaining.scans
    }
    #expect(faults.isEmpty)
  }

  @Test("a place is found by the beginning of its name, or by its code")
  func places() async throws {
    let town = try await Self.town()
    for text in ["水清", "370203030"] {
      let found = try await town.read { try PlacesFinder.finder.find(Finder.Wanted(text), 20, $0) }
      #expect(found.map(\.title) == ["水清沟街道"], "\(text)")
    }
    let elsewhere = try await town.read(as: "leader") {
      try PlacesFinder.finder.find(Finder.Wanted("北山"), 20, $0)
    }
    #expect(elsewhere.isEmpty)
  }

  @Test(
    "each further word narrows the places down, from either end",
    arguments: [
      ("水清沟街道 2号楼", [Town.Spot.otherBuilding]), ("2号楼 水清沟街道", [.otherBuilding]),
      ("水清 海云 2号楼", [.otherBuilding]), ("水清 2 号楼", [.otherBuilding]), ("北山 2号楼", []),
      ("水清 9号楼", []), ("水清 9 号楼", []),
    ] as [(String, [Town.Spot])])
  func narrowed(text: String, spots: [Town.Spot]) async throws {
    let town = try await Self.town()
    let found = try await town.read { try PlacesFinder.finder.find(Finder.Wanted(text), 20, $0) }
    #expect(found.map(\.address) == spots.map { "/places/\($0.rawValue)" })
  }

  @Test("places of the same name elsewhere do not crowd out those of the reader's area")
  func crowdedPlaces() async throws {
    let town = try await Town()
    try await town.desk.storage.write { transaction in
      for ordinal in 1...250 {
        let path = "1.0.\(PlacePath.everywhere.child(ordinal).text)"
        try transaction.execute(
          """
          INSERT INTO place (id, level, code, name, parent, ordinal, path)
          VALUES (\("crowd-\(ordinal)"), 'building', NULL, '2号楼', '370202', \(ordinal), \(path))
          """)
      }
    }
    let found = try await town.read(as: "leader") {
      try PlacesFinder.finder.find(Finder.Wanted("2号楼"), 20, $0)
    }
    #expect(found.map(\.address) == ["/places/\(Town.Spot.otherBuilding.rawValue)"])
  }

  @Test("a telephone shared by many elsewhere still finds its owner in the reader's area")
  func crowdedPhone() async throws {
    let town = try await Self.town()
    try await town.desk.storage.write { transaction in
      for number in 0..<450 {
        try transaction.execute(
          """
          INSERT INTO person (id, home, path, home_since, phone_sealed, phone_index, tags, incomplete,
            opened_at, retention, keep_until)
          SELECT \("A\(number)"), '370203030002', '1.1.1.2', home_since, phone_sealed, phone_index,
            tags, incomplete, opened_at, retention, keep_until
          FROM person
          WHERE id = 'P2'
          """)
      }
    }
    #expect(try await Self.found("13900008812", in: town, as: "leader").count == 1)
  }
}
