import Kernel
import Look
import Registry

/// Where a case was, as each source tells it, on one line of time.
struct CaseTrajectory {
  let person: PersonID
  let investigation: InvestigationOfCase.Answer
  let reading: Reading
  let look: Look

  /// How many days are drawn at most: the last ones before the case was isolated.
  private static let mostDays = 8
  private static let fewestDays = 7
  /// So many gaps are drawn, the longest in which others may have been infected; the list has all.
  private static let mostGaps = 3

  init(person: PersonID, investigation: InvestigationOfCase.Answer, reading: Reading) {
    self.person = person
    self.investigation = investigation
    self.reading = reading
    look = Look(reading)
  }

  func html() throws -> HTML {
    let answer = try reading.ask(TrajectoryOfPerson(person: person))
    guard let first = answer.stretches.first?.span.from,
      let last = answer.stretches.map(\.span.to).max()
    else {
      return look.panel(
        look("行踪", "Trajectory"),
        look.empty(
          look("还没有行踪记录", "No visit is known yet"),
          look("询问、场所码、位置都会画在这里。", "Interviews, venue codes and locations are drawn here.")))
    }
    let days = drawn(from: first, to: last)
    let (start, end) = (
      days.lowerBound.start(in: reading.zone), days.upperBound.end(in: reading.zone)
    )
    let home = try ResidentsStore(reading.transaction).find(person)?.path
    let shown = answer.stretches.filter { $0.span.from < end && $0.span.to > start }
    let lanes = try VisitSource.allCases.compactMap { source -> Trajectory.Lane? in
      let stays = try shown.filter { $0.source == source }.map { try stay($0, home: home) }
      return stays.isEmpty ? nil : Trajectory.Lane(look(source.words), stays)
    }
    func inside(_ spans: [TimeSpan]) -> [TimeSpan] {
      spans.filter { $0.from < end && $0.to > start }
    }
    let gaps = inside(answer.gaps)
    let conflicts = inside(answer.conflicts)
    let drawing = Trajectory(
      days: days, lanes: lanes,
      window: .init(
        from: max(investigation.window.from, start), until: min(investigation.window.to, end),
        look("可能传染期", "may infect")), marks: marks(from: start, to: end),
      gaps: longest(gaps).map(unknown), allGaps: gaps.map(unknown),
      conflicts: conflicts.map {
        .init(from: $0.from, until: $0.to, look("说法不一", "they differ"))
      })
    return look.panel(
      look("行踪", "Trajectory"),
      note: look("红框：来源不一；虚线：没有人知道", "red frame: sources differ; dashed: nobody knows"),
      chip: doubts(conflicts: conflicts.count, leaps: answer.leaps.count),
      look.trajectory(
        drawing,
        title: look(
          "\(look.day(days.lowerBound))到\(look.day(days.upperBound))的行踪",
          "Trajectory \(look.day(days.lowerBound)) to \(look.day(days.upperBound))")))
  }

  private func doubts(conflicts: Int, leaps: Int) -> Look.Label? {
    var words: [String] = []
    if conflicts > 0 { words.append(look("冲突 \(conflicts)", "\(conflicts) conflicts")) }
    if leaps > 0 { words.append(look("来不及的行程 \(leaps)", "\(leaps) impossible ways")) }
    return words.isEmpty ? nil : Look.Label(words.joined(separator: " · "), .late)
  }

  private func unknown(_ gap: TimeSpan) -> Trajectory.Span {
    let length = look.duration(gap.to - gap.from)
    return Trajectory.Span(
      from: gap.from, until: gap.to, look("\(length)不明", "\(length) unknown"))
  }

  private func longest(_ gaps: [TimeSpan]) -> [TimeSpan] {
    let window = investigation.window
    let counted = gaps.filter { $0.from < window.to && $0.to > window.from }
    return Array(
      counted.sorted { ($1.to - $1.from, $0.from) < ($0.to - $0.from, $1.from) }
        .prefix(Self.mostGaps))
  }

  private func drawn(from first: Instant, to last: Instant) -> ClosedRange<Day> {
    let end = Day(of: max(last - .milliseconds(1), first), in: reading.zone)
    let start = Day(of: first, in: reading.zone)
    // Fewer days would stretch the drawing over the whole page.
    return max(min(start, end - (Self.fewestDays - 1)), end - (Self.mostDays - 1))...end
  }

  private func stay(
    _ stretch: TrajectoryOfPerson.Stretch, home: PlacePath?
  ) throws -> Trajectory.Stay {
    let place = try stretch.place.flatMap { try PlacesStore(reading.transaction).find($0) }
    let isHome = place.map { found in home.map { found.path.holds($0) } ?? false } ?? false
    let name = isHome ? look("住处", "Home") : place?.name ?? stretch.venue.text
    return Trajectory.Stay(
      name, from: stretch.span.from, until: stretch.span.to,
      tone: stretch.conflict ? .late : isHome ? .neutral : .information)
  }

  private func marks(from start: Instant, to end: Instant) -> [Trajectory.Mark] {
    let known: [(Instant?, String)] = [
      (investigation.onsetOn?.start(in: reading.zone), look("发病", "onset")),
      (investigation.sampledAt, look("采样", "sample")),
      (investigation.isolatedAt, look("隔离", "isolated")),
    ]
    return known.compactMap { at, words in
      at.flatMap { $0 >= start && $0 <= end ? Trajectory.Mark(at: $0, words) : nil }
    }
  }
}
