import Testing

@testable import Kernel

@Suite("The desk") struct DeskTests {
  @Test("gives the same receipt for the same command and applies it once")
  func idempotent() async throws {
    let town = try await ToyTown()
    let first = try await town.submit(Mark(mark: "a"), id: "one")
    town.pass(.minutes(5))
    let second = try await town.submit(Mark(mark: "a"), id: "one")
    #expect(!first.isRepeat && second.isRepeat)
    #expect(second.at == first.at && second.answer == first.answer && second.name == "toy.mark")
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
  }

  @Test("gives one receipt whether a command comes as a value or as fields")
  func valueAndFields() async throws {
    let town = try await ToyTown()
    try await town.submit(Mark(mark: "a"), id: "one")
    let again = try await town.desk.submit(
      Envelope(
        id: "one".command, name: "toy.mark", body: #"{"mark":"a"}"#.fields,
        sender: .account("worker".account)))
    #expect(again.isRepeat)
  }

  @Test(
    "refuses an identifier that stands for something else",
    arguments: [("b", "worker"), ("a", "colleague")])
  func reused(mark: String, sender: String) async throws {
    let town = try await ToyTown()
    try await town.submit(Mark(mark: "a"), id: "one")
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(Mark(mark: mark), id: "one", as: sender)
    }
    #expect(refusal?.code == "command.idReused" && refusal?.kind == .conflict)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
  }

  @Test(
    "keeps no receipt of what it refused, so that the corrected command may keep its identifier")
  func refusedLeavesNothing() async throws {
    let town = try await ToyTown()
    await #expect(throws: Refusal.self) {
      try await town.submit(Mark(mark: "a", end: .refused), id: "one")
    }
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == 0)
    #expect(try await !town.submit(Mark(mark: "a"), id: "one").isRepeat)
  }

  @Test(
    "lets nobody do what their office does not carry",
    arguments: [
      ("idle", nil, "duty.notHeld"), ("neighbour", nil, "duty.outsideArea"),
      ("neighbour", "p:1.3", "duty.outsideArea"), ("neighbour", "p:1.20", "duty.outsideArea"),
      ("neighbour", "p:1", "duty.outsideArea"), ("neighbour", "nowhere", "notFound"),
      ("stranger", nil, "account.unknown"),
    ])
  func duties(account: String, place: String?, code: String) async throws {
    let town = try await ToyTown()
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(Mark(mark: "a", place: place?.place), as: account)
    }
    #expect(refusal?.code == code)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 0)
  }

  @Test("lets an office work in its area and below", arguments: ["p:1.2", "p:1.2.5"])
  func insideArea(place: String) async throws {
    let town = try await ToyTown()
    try await town.submit(Mark(mark: "a", place: place.place), as: "neighbour")
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
  }

  @Test("asks whoever has not signed in to do so")
  func nobody() async throws {
    let town = try await ToyTown()
    let refusal = await #expect(throws: Refusal.self) {
      try await town.desk.submit(Mark(mark: "a"), id: "one".command, as: .nobody)
    }
    #expect(refusal?.kind == .unknownSender)
  }

  @Test("refuses a command that it does not know, and fields that the command does not")
  func unknown() async throws {
    let town = try await ToyTown()
    let envelopes = [
      ("toy.nothing", #"{}"#, "notFound"), ("toy.mark", #"{"mark":"a","marc":1}"#, "field.unknown"),
      ("toy.mark", #"{}"#, "field.missing"), ("toy.mark", #"{"mark":[]}"#, "field.malformed"),
      ("toy.mark", #"[]"#, "field.malformed"), ("toy.mark", #"7"#, "field.malformed"),
    ]
    for (name, body, code) in envelopes {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.desk.submit(
          Envelope(
            id: "one".command, name: name, body: body.fields,
            sender: .account("worker".account)))
      }
      #expect(refusal?.code == code, "\(name) \(body)")
    }
  }

  @Test("says that something changed when something did, and only then")
  func changed() async throws {
    let town = try await ToyTown()
    try await town.submit(Mark(mark: "a"), id: "one")
    #expect(town.changed == 1)
    try await town.submit(Mark(mark: "a"), id: "one")
    _ = try? await town.submit(Mark(mark: "b", end: .refused))
    #expect(town.changed == 1)
    try await town.desk.submit(EscalateObligations(), id: "tick".command, as: .clock)
    #expect(town.changed == 1)
  }

  @Test("rehearses in order and leaves nothing behind")
  func rehearsal() async throws {
    let town = try await ToyTown()
    let done = try await town.submit(Mark(mark: "done"), id: "done")
    let sender = Sender.account("worker".account)
    let envelopes = try [
      Envelope(
        id: "done".command, name: "toy.mark", body: #"{"mark":"done"}"#.fields, sender: sender),
      Envelope(
        id: "two".command, name: "toy.mark", body: #"{"mark":"two"}"#.fields, sender: sender),
    ]
    let receipts = try await town.desk.rehearse(envelopes)
    #expect(receipts.map(\.command.text) == ["done", "two"])
    #expect(receipts[0].isRepeat && receipts[0].answer == done.answer)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == 1)
    let twice = try await town.desk.rehearse(envelopes)
    #expect(twice.count == 2)
    try await town.submit(Mark(mark: "two"), id: "two")
    #expect(try await town.faults() == [])
  }

  @Test("a rehearsal of something that is refused says so")
  func refusedRehearsal() async throws {
    let town = try await ToyTown()
    let refusal = await #expect(throws: Refusal.self) {
      try await town.desk.rehearse([
        Envelope(
          id: "two".command, name: "toy.mark", body: #"{"mark":"two","end":"refused"}"#.fields,
          sender: .account("worker".account))
      ])
    }
    #expect(refusal?.code == "toy.refused")
    #expect(try await town.number("SELECT COUNT(*) FROM journal") == 0)
  }
}

extension String {
  var command: CommandID { CommandID(trusted: self) }
  var account: AccountID { AccountID(trusted: self) }
}
