import Testing

@testable import Kernel

@Suite("Asking") struct AskingTests {
  @Test("whose data was read is written down before the answer is given")
  func disclosed() async throws {
    let town = try await ToyTown()
    let answer = try await town.look(LookAt(person: PersonID(trusted: "ann")))
    #expect(answer == Array("7".utf8))
    let rows = try await town.rows(
      "SELECT person, area, sender, purpose, question, at FROM disclosure")
    #expect(rows.count == 1)
    #expect(rows.first?.text(0) == "ann" && rows.first?.optionalText(1) == nil)
    #expect(rows.first?.text(2) == "worker" && rows.first?.text(3) == "investigation")
    #expect(rows.first?.text(4) == "toy" && rows.first?.instant(5) == town.now)
  }

  @Test("no answer is given when that cannot be written down")
  func notWritten() async throws {
    let town = try await ToyTown()
    try await town.storage.write { _ = try $0.execute("DROP TABLE disclosure") }
    await #expect(throws: StorageFailure.self) {
      try await town.look(LookAt(person: PersonID(trusted: "ann")))
    }
    #expect(try await town.look(LookAt()) == Array("7".utf8))
  }

  @Test("a question about people needs one of its purposes")
  func purposes() async throws {
    let town = try await ToyTown()
    let person = LookAt(person: PersonID(trusted: "ann"))
    for purpose in Purpose.allCases {
      if LookAt.purposes.contains(purpose) {
        _ = try await town.look(person, for: purpose)
      } else {
        let refusal = await #expect(throws: Refusal.self) {
          try await town.look(person, for: purpose)
        }
        #expect(refusal?.code == "purpose.notAllowed" && refusal?.field == "purpose")
      }
      #expect(try await town.look(HowMany(), for: purpose) == Array("0".utf8))
    }
    #expect(try await town.number("SELECT COUNT(*) FROM disclosure") == 2)
  }

  @Test(
    "nobody reads what their office does not carry, or elsewhere",
    arguments: [
      ("idle", nil, "duty.notHeld"), ("neighbour", "p:1.3", "duty.outsideArea"),
      ("neighbour", "elsewhere", "notFound"), ("stranger", nil, "account.unknown"),
    ])
  func duties(account: String, place: String?, code: String) async throws {
    let town = try await ToyTown()
    let refusal = await #expect(throws: Refusal.self) {
      try await town.look(
        LookAt(person: PersonID(trusted: "ann"), place: place?.place), as: account)
    }
    #expect(refusal?.code == code)
    #expect(try await town.number("SELECT COUNT(*) FROM disclosure") == 0)
  }

  @Test("a person sees looks at themself and at lists of every area they live in, latest first")
  func seen() async throws {
    let town = try await ToyTown()
    let ann = PersonID(trusted: "ann")
    let looks: [(PersonID?, String?)] = [
      (nil, "1.2.3"), (ann, nil), (nil, "1.2"), (nil, "1.20"), (nil, ""), (nil, "1.2.3.4"),
      (PersonID(trusted: "bob"), nil),
    ]
    for (person, path) in looks {
      town.pass(.seconds(1))
      _ = try await town.look(
        LookAt(person: person, path: path.map(PlacePath.init), everywhere: path == ""))
    }
    let seen = try await town.storage.read {
      try DisclosureStore($0).about([ann], livingAt: PlacePath("1.2.3"), limit: 10)
    }
    #expect(seen.map(\.isList) == [true, true, false, true])
    #expect(seen.map(\.at) == seen.map(\.at).sorted(by: >))
    #expect(seen.map { ($0.at - ToyTown.start).inSeconds } == [5, 3, 2, 1])
    let two = try await town.storage.read {
      try DisclosureStore($0).about([ann], livingAt: PlacePath("1.2.3"), limit: 2)
    }
    #expect(two.map { ($0.at - ToyTown.start).inSeconds } == [5, 3])
  }

  @Test("everything is verified even when an account with claims was closed")
  func verified() async throws {
    let town = try await ToyTown()
    try await town.submit(Owe(subject: "s", place: "p:1".place, by: town.now + .hours(1)))
    try await town.storage.write {
      _ = try $0.execute("UPDATE obligation SET claimed_by = 'stranger', state = 'claimed'")
    }
    let answer = try await Fields.json(town.look(VerifyEverything(), for: .audit))
      .decoded(VerifyEverything.Answer.self)
    #expect(answer.violated.isEmpty && answer.entries == 1)
  }
}
