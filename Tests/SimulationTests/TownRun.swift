import Kernel
import Town

/// One town while it is played: every step that was taken, and what was acknowledged.
struct TownRun {
  let town: Town
  private(set) var steps: [Step] = []
  private(set) var acknowledged: [(envelope: Envelope, answer: [UInt8])] = []
  private(set) var refused = 0
  /// The journal's head after each day: it must stay where it was.
  private var anchors: [(sequence: Int, head: String)] = []
  private let duties = NaiveDuties()

  init(on day: String) async throws { town = try await Town(on: day) }

  /// Takes a step; says what is wrong with how it ended.
  ///
  /// - Parameter watched: compares all tables before and after a refusal.
  mutating func take(_ step: Step, watched: Bool = true) async throws -> [String] {
    steps.append(step)
    switch step {
    case .wait(let minutes, let turns):
      if turns {
        try await town.pass(.minutes(minutes))
      } else {
        town.stall(.minutes(minutes))
      }
      return []
    case .send(let envelope, let expectation):
      return try await send(envelope, expectation, watched: watched)
    }
  }

  private mutating func send(
    _ envelope: Envelope, _ expectation: Step.Expectation, watched: Bool
  ) async throws -> [String] {
    let mayHold = try await duties.mayHold(envelope, in: town)
    let before = watched ? try await TableContents(of: town) : nil
    do {
      let receipt = try await town.desk.submit(envelope)
      acknowledged.append((envelope, receipt.answer))
      switch expectation {
      case .refusal, .code: return ["accepted what had to be refused"]
      case .anything: return mayHold ? [] : ["accepted from somebody without the duty"]
      }
    } catch let refusal as Refusal {
      refused += 1
      var faults: [String] = []
      if case .code(let code) = expectation, refusal.code != code {
        faults.append("refused with \(refusal.code) instead of \(code)")
      }
      if let before {
        faults += try await before.differences(from: TableContents(of: town)).map {
          "a refused command left a trace in \($0)"
        }
      }
      return faults
    }
  }

  /// Sends again what was acknowledged; the receipts must be the same and nothing may change (I-59).
  func resend(_ some: [(envelope: Envelope, answer: [UInt8])]) async throws -> [String] {
    let before = try await TableContents(of: town)
    var faults: [String] = []
    for (envelope, answer) in some {
      do {
        let receipt = try await town.desk.submit(envelope)
        if receipt.answer != answer || !receipt.isRepeat {
          faults.append("I-59: \(envelope.id.text) got another receipt when it came again")
        }
      } catch let refusal as Refusal {
        faults.append("I-59: \(envelope.id.text) was refused when it came again: \(refusal.code)")
      }
    }
    let changed = try await before.differences(from: TableContents(of: town))
    return faults + changed.map { "I-59: repeated commands changed \($0)" }
  }

  /// Checks that the journal still holds every head seen before, and remembers the present one.
  mutating func anchor() async throws -> [String] {
    let heads = try await town.rows("SELECT sequence, head FROM journal ORDER BY sequence")
    let known = Dictionary(heads.map { ($0.integer(0), $0.text(1)) }) { first, _ in first }
    let faults = anchors.filter { known[$0.sequence] != $0.head }
      .map { "I-53: the journal's head at \($0.sequence) is not what it was" }
    if let last = heads.last { anchors.append((last.integer(0), last.text(1))) }
    return faults
  }
}
