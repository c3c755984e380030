import Kernel

/// Takes in published tracks of cases: a visit of each place on each day that a track names; a
/// track without a readable day is kept as a lead.
package struct ImportTracks: Command {
  package struct Row: Codable, Sendable {
    package let person: PersonID
    package let sequence: Int
    package let time: String?
    package let event: String?
    package let transport: String?
    package let places: String?
    package let coordinates: String?
    package let description: String?

    private enum CodingKeys: String, CodingKey {
      case time
      case event
      case transport
      case places
      case description
      case person = "case"
      case sequence = "seq"
      case coordinates = "coords"
    }
  }

  package static let name = "tracks.import"
  package static let duty: Duty = "visits.record"
  package let rows: [Fields]
  /// The median report date of the file of cases, which gives the year of each track.
  package let medianDay: Day
  package let run: String?

  package init(rows: [Fields], medianDay: Day, run: String?) {
    self.rows = rows
    self.medianDay = medianDay
    self.run = run
  }

  private enum CodingKeys: String, CodingKey {
    case rows
    case run
    case medianDay = "median_day"
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var recorder = VisitsRecorder(work, duty: Self.duty)
    var answer = ImportAnswer()
    var leads = 0
    var visits = 0
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(Row.self, strict: false)
        // A row that is refused half-way leaves nothing behind.
        var attempt = recorder
        let taken = try work.transaction.savepoint {
          try take(row, with: &attempt, in: work)
        }
        recorder = attempt
        switch taken {
        case .accepted(let count):
          answer.accepted += 1
          visits += count
        case .lead:
          leads += 1
          answer.outcomes.append(
            .init(
              row: index, verdict: .lead, code: "track.noDay", field: "time",
              words: Words("时间中没有可识别的日期，已作为线索保留", "No day can be read; kept as a lead")))
        case .duplicate:
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "track.known", words: VisitsRules.known))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    if answer.accepted + leads > 0 {
      try work.record(
        TracksImported(run: run, accepted: answer.accepted, leads: leads, visits: visits))
    }
    try recorder.finish(run: run)
    return answer
  }

  private enum Taken {
    case accepted(visits: Int)
    case lead
    case duplicate
  }

  private func take(
    _ row: Row, with recorder: inout VisitsRecorder, in work: Work
  ) throws -> Taken {
    let reading = TracksRules.days(row.time ?? "", near: medianDay)
    let days: ClosedRange<Day>?
    switch reading {
    case .days(let read): days = read
    case .none: days = nil
    case .backwards, .tooLong: throw Refusal.trackTime(row.time ?? "", reading)
    }
    let venues = try TracksRules.places(row.places).map { place throws(Refusal) in
      try VenueID(place, field: "places")
    }
    let track = Track(
      person: row.person, sequence: row.sequence, time: row.time ?? "", event: row.event ?? "",
      transport: row.transport ?? "", places: row.places ?? "",
      coordinates: row.coordinates ?? "", description: row.description ?? "",
      isLead: days == nil)
    guard try TracksStore(work.transaction).add(track, at: work.now) else { return .duplicate }
    guard let days else { return .lead }
    var visits = 0
    for number in days.lowerBound.number...days.upperBound.number {
      let day = Day(number: number)
      for venue in venues {
        let visit = VisitRow(
          person: row.person, venue: venue, from: day.start(in: work.zone),
          to: day.end(in: work.zone), source: .interview)
        if try recorder.take(visit) { visits += 1 }
      }
    }
    return .accepted(visits: visits)
  }
}

extension Refusal {
  /// A range of days that cannot be.
  fileprivate static func trackTime(_ time: String, _ reading: TracksRules.Reading) -> Refusal {
    let words: Words
    switch reading {
    case .tooLong:
      words = Words(
        "不超过 \(TracksRules.mostDays) 天的日期范围", "days not more than \(TracksRules.mostDays) apart")
    case .days, .none, .backwards:
      words = Words("先后顺序正确的日期范围", "a range whose last day does not lie before its first")
    }
    return .malformed("time", time, expected: words)
  }
}
