import District
import Kernel

extension JournalKeeper {
  private static let pauseAfterFailure = Duration.seconds(5)

  /// Takes along what is new until the task is cancelled; tells once when it cannot, and once when
  /// it can again.
  func run(_ voice: Voice) async {
    var isFailing = false
    while !Task.isCancelled {
      do {
        try await turn()
        if isFailing {
          voice.note(Words("日志已能另存", "the journal is kept in its second place again"))
        }
        isFailing = false
      } catch is CancellationError {
        return
      } catch {
        if !isFailing { complain(error, voice) }
        isFailing = true
      }
      try? await Task.sleep(for: (try? pause) ?? Self.pauseAfterFailure)
    }
  }

  /// Takes along what is left, before the process ends.
  func end(_ desk: Desk, _ voice: Voice) async {
    do {
      // Nobody is there to sign later what this process wrote.
      try await desk.submit(
        MakeCheckpoint(isLast: true), id: desk.newCommandID(), as: .clock)
      try await turn()
      try close()
    } catch { complain(error, voice) }
  }

  private nonisolated func complain(_ error: any Error, _ voice: Voice) {
    let reason = Words(of: error)
    voice.complain(
      Words(
        "日志未能另存，将继续尝试：\(reason.chinese)",
        "the journal could not be kept in its second place and will be: \(reason.english)"))
  }
}
