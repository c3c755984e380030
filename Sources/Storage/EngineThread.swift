import Foundation

/// A thread on which one connection's work runs, one piece after another.
///
/// Both engines' libraries wait for the disk or the server where they are called; on a thread of its own it holds up nobody else.
/// A serial dispatch queue has as many threads below it as are waiting, which Swift's own pool, with
/// one a core, has not.
final class EngineThread: SerialExecutor {
  private let queue: DispatchQueue

  init(_ name: String) { queue = DispatchQueue(label: "denghuo.engine.\(name)") }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
