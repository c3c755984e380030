import Kernel
import Testing
import Town

@testable import Registry

@Suite("Residents' files") struct ResidentsCommandsTests {
  private let newborn = PersonForm(
    name: "王小小", sex: "女", birthDate: "2022-11-01", identityKind: "none")

  private func enrol(
    _ town: Town, _ id: String, _ form: PersonForm, at spot: Town.Spot = .door101
  ) async throws -> EnrolResident.Answer {
    try await town.submit(
      EnrolResident(person: PersonID(trusted: id), home: spot.id, form: form), as: "worker")
  }

  @Test("a newborn without a number is temporary, and complete once the number is there")
  func newbornCompleted() async throws {
    let town = try await Town()
    let answer = try await enrol(town, "B1", newborn)
    #expect(answer.missing == [.identity])
    #expect(try await town.card("B1").retention == .temporary)
    let number = RowFixture.number("37020320221101", 2)
    let completed = try await town.submit(
      UpdateResident(
        person: PersonID(trusted: "B1"),
        form: PersonForm(identityKind: "resident_id", identityNumber: number)),
      as: "worker")
    #expect(completed.missing.isEmpty && completed.fields.contains("identity_number"))
    #expect(try await town.card("B1").retention == .resident)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a day of birth alone cannot contradict the number on file")
  func birthAlone() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(
        UpdateResident(
          person: PersonID(trusted: "P1"), form: PersonForm(birthDate: "1991-01-01")))
    }
    #expect(refusal?.code == "identity.birthDiffers")
  }

  @Test("an enrolment needs a name, a free identifier and a free number")
  func enrolRefused() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let number = RowFixture.number("37020319900101", 1)
    let cases: [(String, PersonForm, String)] = [
      ("P2", PersonForm(sex: "男"), "field.missing"),
      ("P1", newborn, "person.known"),
      ("P2", PersonForm(name: "李雷", identityNumber: number), "identity.taken"),
      ("13800138000", newborn, "text.personalNumber"),
    ]
    for (id, form, code) in cases {
      let refusal = await #expect(throws: Refusal.self) { try await enrol(town, id, form) }
      #expect(refusal?.code == code)
      #expect(refusal?.words.english.contains(number) == false)
    }
  }

  @Test("who moves leaves a span behind, and yesterday's coverage stays answerable")
  func move() async throws {
    let town = try await Town()
    _ = try await enrol(town, "B1", newborn)
    let before = town.now
    try await town.pass(.hours(24))
    _ = try await town.submit(
      MoveResident(person: PersonID(trusted: "B1"), to: Town.Spot.otherDoor.id), as: "leader")
    func covered(_ spot: Town.Spot, _ moment: Instant) async throws -> Int {
      try await town.ask(CountCoverage(place: spot.id, at: moment)).residents
    }
    #expect(try await covered(.grid, before) == 1)
    #expect(try await covered(.otherGrid, before) == 0)
    #expect(try await covered(.grid, town.now) == 0)
    #expect(try await covered(.otherGrid, town.now) == 1)
    #expect(try await covered(.estate, before - .hours(1)) == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("whoever moves a person must answer for both homes")
  func moveBothEnds() async throws {
    let town = try await Town()
    _ = try await enrol(town, "B1", newborn)
    for account in ["worker", "otherWorker"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(
          MoveResident(person: PersonID(trusted: "B1"), to: Town.Spot.otherDoor.id), as: account)
      }
      #expect(refusal?.code == "duty.outsideArea")
    }
  }

  @Test("who is away is still counted at home, and comes back")
  func away() async throws {
    let town = try await Town()
    _ = try await enrol(town, "B1", newborn)
    let person = PersonID(trusted: "B1")
    try await town.pass(.hours(1))
    _ = try await town.submit(MoveResident(person: person, away: true), as: "worker")
    var counts = try await town.ask(CountResidents(place: Town.Spot.grid.id))
    #expect(counts.total.residents == 1 && counts.total.away == 1)
    try await town.pass(.hours(1))
    _ = try await town.submit(MoveResident(person: person, away: false), as: "worker")
    counts = try await town.ask(CountResidents(place: Town.Spot.grid.id))
    #expect(counts.total.residents == 1 && counts.total.away == 0)
    #expect(try await town.card("B1").former.map(\.kind) == [.away])
    #expect(try await town.violations().isEmpty)
  }

  @Test("counts roll up from the door to the city, with those of whom only the estate is known")
  func counts() async throws {
    let town = try await Town()
    _ = try await enrol(town, "B1", newborn)
    _ = try await town.take([
      RowFixture("P1"),
      RowFixture(
        "P2",
        [
          "identity_number": RowFixture.number("37020319900101", 3), "building": "", "entrance": "",
          "household": "", "room": "", "floor": "",
        ]),
    ])
    let expected: [(Town.Spot, Int, Int, Int)] = [
      (.door101, 1, 1, 0), (.entrance, 2, 0, 1), (.grid, 2, 0, 1), (.estate, 3, 1, 2),
      (.community, 3, 0, 2), (.city, 3, 0, 2),
    ]
    for (spot, residents, directly, withNeeds) in expected {
      let counts = try await town.ask(CountResidents(place: spot.id))
      #expect(counts.total.residents == residents && counts.directly == directly)
      #expect(counts.total.withNeeds == withNeeds)
      #expect(counts.children.reduce(directly) { $0 + $1.residents } == residents)
    }
    let needs = try await town.ask(CountResidents(place: Town.Spot.city.id)).needs
    #expect(needs.map(\.tag.code) == ["dialysis", "alone", "infant"])
    #expect(needs.map(\.people) == [2, 2, 1])
  }

  @Test("what is named is erased, and only that")
  func erase() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    try await town.pass(.hours(1))
    let answer = try await town.submit(
      UpdateResident(person: PersonID(trusted: "P1"), erase: [.phone, .tags, .workPlace]))
    #expect(answer.fields == ["phone", "tags", "work_place"])
    let card = try await town.card("P1", reveal: true)
    #expect(card.card.phone == nil && card.card.tags.isEmpty && card.card.workPlace == nil)
    #expect(card.card.registeredCode == "370203" && card.former.map(\.kind) == [.work])
  }

  @Test("places are added by hand under the right level, once by a name")
  func makePlace() async throws {
    let town = try await Town()
    let made = try await town.submit(
      MakePlace(parent: Town.Spot.entrance.id, level: .household, title: "301", floor: 3),
      as: "leader")
    _ = try await enrol(town, "B1", newborn)
    _ = try await town.submit(
      MoveResident(person: PersonID(trusted: "B1"), to: made.place), as: "worker")
    let cases: [(Town.Spot, PlaceLevel, String, String)] = [
      (.entrance, .household, "301", "place.known"), (.estate, .building, "9号楼", "place.misplaced"),
      (.street, .community, "新社区", "place.division"),
    ]
    for (parent, level, title, code) in cases {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(
          MakePlace(parent: parent.id, level: level, title: title), as: "duty")
      }
      #expect(refusal?.code == code)
    }
  }
}
