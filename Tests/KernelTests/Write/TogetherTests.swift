import Testing

@testable import Kernel

@Suite("Commands handed over together")
struct TogetherTests {
  private func envelope(_ id: String, _ mark: String, _ end: String? = nil) throws -> Envelope {
    let more = end.map { #","end":"\#($0)""# } ?? ""
    return Envelope(
      id: id.command, name: "toy.mark", body: try #"{"mark":"\#(mark)"\#(more)}"#.fields,
      sender: .account("worker".account))
  }

  @Test("are done in their order, and what one is refused for undoes nothing of the others")
  func order() async throws {
    let town = try await ToyTown()
    let envelopes = try (0..<600).map { number in
      try envelope("together-\(number)", "m\(number)", number.isMultiple(of: 5) ? "refused" : nil)
    }
    let outcomes = try await town.desk.submit(all: envelopes)
    #expect(outcomes.count == 600)
    for (number, outcome) in outcomes.enumerated() {
      switch outcome {
      case .success(let receipt):
        #expect(receipt.command.text == "together-\(number)" && !number.isMultiple(of: 5))
      case .failure(let error):
        #expect(error is Refusal && number.isMultiple(of: 5))
      }
    }
    let marks = try await town.desk.storage.read { transaction in
      try transaction.rows("SELECT command FROM journal ORDER BY sequence").map { $0.text(0) }
    }
    #expect(marks == (0..<600).filter { !$0.isMultiple(of: 5) }.map { "together-\($0)" })
    let again = try await town.desk.submit(all: envelopes)
    #expect(
      again.allSatisfy { outcome in
        if case .success(let receipt) = outcome { return receipt.isRepeat }
        return true
      })
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 480)
  }

  @Test("may be none, and may be the same one twice")
  func edges() async throws {
    let town = try await ToyTown()
    #expect(try await town.desk.submit(all: []).isEmpty)
    let twice = try await town.desk.submit(all: [
      try envelope("one", "a"), try envelope("one", "a"),
    ])
    #expect(try twice.map { try $0.get().isRepeat } == [false, true])
  }
}
