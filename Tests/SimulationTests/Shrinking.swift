import Kernel

/// Finds fewer steps that lead to the same fault, by playing parts of what was played.
enum Shrinking {
  /// A town takes a second or so; more plays than this are not worth the wait.
  private static let mostPlays = 60
  private static let stepsShown = 40

  /// The steps that are still needed. Half of them is left out at a time, then a quarter, and so on.
  ///
  /// What a bare replay does not show, as a code that somebody carried, cannot be shrunk: then all of
  /// the steps are needed.
  static func shortest(_ failure: TownDays.Failure) async throws -> [Step] {
    guard try await isFaulty(failure.steps, like: failure) else { return failure.steps }
    var needed = failure.steps
    var plays = 0
    var size = needed.count / 2
    while size >= 1 && plays < mostPlays {
      var start = 0
      while start < needed.count && plays < mostPlays {
        var fewer = needed
        let end = min(start + size, needed.count)
        fewer.replaceSubrange(start..<end, with: passing(needed[start..<end]))
        plays += 1
        if fewer.count < needed.count, try await isFaulty(fewer, like: failure) {
          needed = fewer
        } else {
          start += size
        }
      }
      size /= 2
    }
    return needed
  }

  /// The time that steps take, without what is done in it.
  private static func passing(_ steps: ArraySlice<Step>) -> [Step] {
    let minutes = steps.reduce(0) { sum, step in
      if case .wait(let minutes, _) = step { sum + minutes } else { sum }
    }
    return minutes == 0 ? [] : [.wait(minutes: minutes, turns: true)]
  }

  private static func isFaulty(
    _ steps: [Step], like failure: TownDays.Failure
  ) async throws -> Bool {
    let kinds = Set(failure.faults.map(kind))
    do {
      var run = try await TownRun(on: TownDays.start(of: failure.seed))
      var faults: [String] = []
      for step in steps { faults += try await run.take(step, watched: false) }
      faults += try await NaiveChecks(of: run.town).beforeTurn()
      faults += try await run.take(.wait(minutes: 2, turns: true))
      faults += try await NaiveChecks(of: run.town).afterTurn()
      return faults.contains { kinds.contains(kind($0)) }
    } catch {
      return kinds.contains(kind("\(error)"))
    }
  }

  /// What a fault is about, without the identifiers in it.
  private static func kind(_ fault: String) -> String {
    String(fault.split(separator: " ").prefix(2).joined(separator: " "))
  }

  static func report(_ failure: TownDays.Failure, _ needed: [Step]) -> String {
    let hidden = needed.count > stepsShown ? ["… \(needed.count - stepsShown) steps before"] : []
    let shown = hidden + needed.suffix(stepsShown).map(\.line)
    return """
      seed \(failure.seed), replay it with DENGHUO_SEED=\(failure.seed)
      \(failure.faults.joined(separator: "\n"))
      \(needed.count) of \(failure.steps.count) steps, from \(TownDays.start(of: failure.seed)):
      \(shown.joined(separator: "\n"))
      """
  }
}
