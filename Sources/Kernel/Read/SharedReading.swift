/// Answers small questions that come at the same moment on one view of the data, as the queue of
/// commands does with writing: who stands at the door is asked with every request.
package actor SharedReading {
  private struct Question: Sendable {
    let ask: @Sendable (any Transaction) throws -> any Sendable
    let done: @Sendable (Result<any Sendable, any Error>) -> Void
  }

  /// How many share a view at most, so that none waits long.
  private static let most = 64

  private let storage: any Storage
  private var waiting: [Question] = []
  private var isReading = false

  package init(_ storage: any Storage) { self.storage = storage }

  /// Asks one question; the view is never older than the question.
  ///
  /// - Throws: what the body threw, or the storage's failure.
  package func ask<Answer: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Answer
  ) async throws -> Answer {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Answer, any Error>) in
      waiting.append(
        Question(ask: body) { outcome in
          done.resume(
            with: outcome.flatMap { answer in
              guard let answer = answer as? Answer else {
                return .failure(Defect("a question was answered with another's answer"))
              }
              return .success(answer)
            })
        })
      if !isReading {
        isReading = true
        Task { await drain() }
      }
    }
  }

  private func drain() async {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.most))
      waiting.removeFirst(batch.count)
      await answer(batch)
    }
    isReading = false
  }

  private func answer(_ batch: [Question]) async {
    let outcomes: [Result<any Sendable, any Error>]
    do {
      outcomes = try await storage.read { transaction in
        try batch.map { question in
          do {
            return .success(try question.ask(transaction))
          } catch let failure as StorageFailure {
            // The engine may try the whole again.
            throw failure
          } catch {
            return .failure(error)
          }
        }
      }
    } catch {
      for question in batch { question.done(.failure(error)) }
      return
    }
    for (question, outcome) in zip(batch, outcomes) { question.done(outcome) }
  }
}
