import Gazette
import Kernel
import Look
import Registry

/// Where a case was, as each source tells it, on one line of time.
struct CaseTrajectory {
  let person: PersonID
  let investigation: InvestigationOfCase.Answer
  let reading: Reading
  let look: Look
  /// What the case said in interviews, on its page; nil elsewhere.
  let said: InterviewOfCase.Answer?

  /// How many days are drawn at most: the last ones before the case was isolated.
  private static let mostDays = 8
  private static let fewestDays = 7
  /// So many gaps are drawn, the longest in which others may have been infected; the list has all.
  private static let mostGaps = 3
  /// So many encounters stand in their lane; contacts are counted elsewhere.
  private static let mostEncounters = 60

  init(
    person: PersonID, investigation: InvestigationOfCase.Answer, reading: Reading,
    said: InterviewOfCase.Answer? = nil
  ) {
    self.person = person
    self.investigation = investigation
    self.reading = reading
    self.said = said
    look = Look(reading)
  }

  func html(id: String = "trajectory") throws -> HTML {
    let answer = try reading.ask(TrajectoryOfPerson(person: person))
    let spoken = spoken
    let spans = answer.stretches.map(\.span) + spoken.compactMap(\.span)
    guard let first = spans.map(\.from).min(), let last = spans.map(\.to).max() else {
      return look.panel(
        look("行踪", "Trajectory"), id: id,
        look.empty(
          look("还没有行踪记录", "No visit is known yet"),
          look("询问、场所码、位置都会画在这里。", "Interviews, venue codes and locations are drawn here.")))
    }
    let days = drawn(from: first, to: last)
    let (start, end) = (
      days.lowerBound.start(in: reading.zone), days.upperBound.end(in: reading.zone)
    )
    func isShown(_ span: TimeSpan) -> Bool { span.from < end && span.to > start }
    let gaps = unknown(answer.gaps, beside: spoken).filter(isShown)
    let conflicts = answer.conflicts.filter(isShown)
    let leaps = answer.leaps.filter { isShown($0.span) }
    let drawing = Trajectory(
      days: days, lanes: try lanes(answer, spoken, isShown),
      window: .init(
        from: max(investigation.window.from, start), until: min(investigation.window.to, end),
        look("可能传染期", "may infect")), marks: marks(from: start, to: end),
      gaps: longest(gaps).map(unknown), allGaps: gaps.map(unknown),
      conflicts: try conflicts.map { try conflict($0, answer.stretches) },
      leaps: try leaps.map(leap))
    return look.panel(
      look("行踪", "Trajectory"), id: id,
      note: look(
        "红框 ≠：来源不一；红点框 ↯：来不及；虚线 ?：没有人知道",
        "red ≠: sources differ; dotted ↯: no time for the way; dashed ?: nobody knows"),
      chip: doubts(gaps: gaps.count, conflicts: conflicts.count, leaps: leaps.count),
      look.trajectory(
        drawing,
        title: look(
          "\(look.day(days.lowerBound))到\(look.day(days.upperBound))的行踪",
          "Trajectory \(look.day(days.lowerBound)) to \(look.day(days.upperBound))")))
  }

  // MARK: Lanes

  private func lanes(
    _ answer: TrajectoryOfPerson.Answer, _ spoken: [InterviewOfCase.Piece],
    _ isShown: (TimeSpan) -> Bool
  ) throws -> [Trajectory.Lane] {
    let home = try ResidentsStore(reading.transaction).find(person)?.path
    let shown = answer.stretches.filter { isShown($0.span) }
    var lanes = try VisitSource.allCases.compactMap { source -> Trajectory.Lane? in
      var stays = try shown.filter { $0.source == source }.map { try stay($0, home: home) }
      if source == .interview {
        stays += spoken.compactMap { piece in
          piece.span.flatMap { isShown($0) ? self.spoken(piece, $0) : nil }
        }
      }
      return stays.isEmpty ? nil : Trajectory.Lane(look(source.words), stays)
    }
    let encounters = answer.encounters.filter { isShown($0.span) }.prefix(Self.mostEncounters)
    if !encounters.isEmpty {
      let files = try ResidentsStore(reading.transaction).current(Set(encounters.map(\.other)))
      lanes.append(
        Trajectory.Lane(
          look("近距离", "encounters"),
          encounters.map { one in
            let name = files[one.other]?.name.map { Mask.name($0.revealed) }
            return Trajectory.Stay(
              look("与 \(name ?? one.other.text)", "with \(name ?? one.other.text)"),
              from: one.span.from, until: one.span.to, tone: .soon,
              address: "/residents/\(Address.escaped(one.other.text))")
          }))
    }
    return lanes
  }

  /// What was said without a venue that others could share: ways, and hours of which the case knows
  /// nothing.
  private var spoken: [InterviewOfCase.Piece] {
    (said?.pieces ?? []).filter { piece in
      guard piece.struckAt == nil, piece.span != nil else { return false }
      return piece.topic == .day || piece.topic == .ride && piece.venue == nil
    }
  }

  private func spoken(_ piece: InterviewOfCase.Piece, _ span: TimeSpan) -> Trajectory.Stay {
    let isTold = piece.answer == .told
    let words =
      piece.transport.map { look($0.words) } ?? (isTold ? piece.words : nil)
      ?? look(piece.answer.words)
    return Trajectory.Stay(
      words, from: span.from, until: span.to, tone: isTold ? .information : .soon)
  }

  /// The holes that no word of the case covers either.
  private func unknown(
    _ gaps: [TimeSpan], beside spoken: [InterviewOfCase.Piece]
  ) -> [TimeSpan] {
    gaps.flatMap { gap in
      InterviewRules.gaps(in: gap, known: spoken.compactMap(\.span), least: .minutes(1))
    }
  }

  // MARK: What does not fit

  private func doubts(gaps: Int, conflicts: Int, leaps: Int) -> Look.Label? {
    var words: [String] = []
    if conflicts > 0 {
      words.append(look("冲突 \(conflicts)", look.count(conflicts, "", "conflict", "conflicts")))
    }
    if leaps > 0 {
      words.append(
        look("来不及的行程 \(leaps)", look.count(leaps, "", "impossible way", "impossible ways")))
    }
    if gaps > 0 { words.append(look("空白 \(gaps)", look.count(gaps, "", "gap", "gaps"))) }
    if words.isEmpty { return nil }
    return Look.Label(
      words.joined(separator: " · "), conflicts + leaps > 0 ? .late : .soon)
  }

  private func conflict(
    _ span: TimeSpan, _ stretches: [TrajectoryOfPerson.Stretch]
  ) throws -> Trajectory.Span {
    let told = try stretches.filter { !$0.span.common(with: span).isEmpty && $0.conflict }
      .map {
        look(
          "\(try name(of: $0))（\(look($0.source.words))）",
          "\(try name(of: $0)) (\(look($0.source.words)))")
      }
    return .init(
      from: span.from, until: span.to, look("说法不一", "they differ"),
      detail: told.joined(separator: " ≠ "))
  }

  private func leap(_ leap: Leap) throws -> Trajectory.Span {
    let kilometres = "\(leap.metres / 1_000).\(leap.metres % 1_000 / 100)"
    let length = look.duration(leap.span.to - leap.span.from)
    let (from, to) = (try name(of: leap.from), try name(of: leap.to))
    return .init(
      from: leap.span.from, until: leap.span.to, look("来不及", "no time for it"),
      detail: look(
        "\(from) 到 \(to)：\(kilometres) 公里只有 \(length)，来不及",
        "\(from) to \(to): \(kilometres) km in \(length) cannot be"))
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

  // MARK: Days and names

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
    return Trajectory.Stay(
      isHome ? look("住处", "Home") : try name(of: stretch), from: stretch.span.from,
      until: stretch.span.to,
      tone: stretch.conflict ? .late : isHome ? .neutral : .information)
  }

  private func name(of stretch: TrajectoryOfPerson.Stretch) throws -> String {
    try stretch.place.map { try reading.name(of: $0) } ?? stretch.venue.text
  }

  private func name(of venue: VenueID) throws -> String {
    try reading.name(of: PlaceID(trusted: venue.text))
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
