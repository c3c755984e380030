import Engines
import Kernel
import Storage
import Testing

@Suite("Questions that share a view")
struct SharedReadingTests {
  private struct Wrong: Error {}

  private func storage() async throws -> any Storage {
    let storage = try await TestStorage.open([
      Migration("shared-0001", "CREATE TABLE note (number BIGINT NOT NULL)")
    ])
    _ = try await storage.write { try $0.execute("INSERT INTO note (number) VALUES (1)") }
    return storage
  }

  @Test("each gets its own answer, and what one throws is its own")
  func many() async throws {
    let reading = SharedReading(try await storage())
    let answers = await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
      for number in 0..<500 {
        group.addTask {
          do {
            let answer = try await reading.ask { transaction in
              if number.isMultiple(of: 7) { throw Wrong() }
              let one = try transaction.row("SELECT number FROM note")?.integer(0) ?? 0
              return one * number
            }
            return (number, .success(answer))
          } catch { return (number, .failure(error)) }
        }
      }
      return await group.reduce(into: [Int: Result<Int, any Error>]()) { $0[$1.0] = $1.1 }
    }
    #expect(answers.count == 500)
    for (number, answer) in answers {
      switch answer {
      case .success(let value): #expect(value == number && !number.isMultiple(of: 7))
      case .failure(let error): #expect(error is Wrong && number.isMultiple(of: 7))
      }
    }
  }

  @Test("a question sees what was durable before it was asked")
  func fresh() async throws {
    let storage = try await storage()
    let reading = SharedReading(storage)
    for number in 2..<60 {
      _ = try await storage.write { try $0.execute("UPDATE note SET number = \(number)") }
      let seen = try await reading.ask { try $0.row("SELECT number FROM note")?.integer(0) }
      #expect(seen == number)
    }
  }

  @Test("a failure of the engine is told to each")
  func failing() async throws {
    let reading = SharedReading(try await storage())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          await #expect(throws: StorageFailure.self) {
            try await reading.ask { try $0.row("SELECT nothing FROM nowhere")?.integer(0) }
          }
        }
      }
    }
  }
}
