import Detection
import District
import Foundation
import Gazette
import Kernel
import Testing
import Town

/// The published tracks of 304 cases of early 2020, taken in whole and traced.
@Suite("Tracks of 2020", .enabled(if: SharedData.has("cn-case-trajectories"), "no shared data"))
struct TracksStory {
  private static let set = "cn-case-trajectories"

  /// One day at one place, as this test reads it by itself.
  private struct Stay: Hashable {
    let person: String
    let venue: String
    let day: Int
  }

  @Test("all 1,056 tracks are kept, leads or rejected, and the visits are those of a plain reading")
  func importing() async throws {
    let town = try await Town()
    let (answer, tracks) = try await take(into: town)
    let rejected = answer.outcomes.filter { $0.verdict == .rejected }
    let leads = answer.outcomes.filter { $0.verdict == .lead }
    #expect(tracks.count == 1_056)
    #expect(answer.accepted + leads.count + rejected.count == 1_056)
    #expect(rejected.allSatisfy { $0.code == "field.malformed" && $0.field == "time" })
    let plain = tracks.map { PlainTrack($0) }
    #expect(answer.accepted == plain.filter { $0.days != nil }.count)
    #expect(leads.count == plain.filter { $0.days == nil }.count)
    let kept = try await town.rows("SELECT person, venue, from_at, to_at FROM visit").map { row in
      #expect(row.integer(3) - row.integer(2) == 86_400_000)
      return Stay(
        person: row.text(0), venue: row.text(1), day: (row.integer(2) + 28_800_000) / 86_400_000)
    }
    #expect(kept.count == Set(kept).count)
    #expect(Set(kept) == stays(plain))
    #expect(try await listed(town) == leads.count)

    let again = try await take(into: town).answer
    #expect(again.accepted == 0)
    #expect(again.outcomes.count == 1_056)
  }

  /// A folder of policies with the ninth edition's rules for the spring of 2020.
  private func policiesOf2020() throws -> String {
    let ninth = String(decoding: try #require(Assets.bytes("Policies/cn-9.yaml")), as: UTF8.self)
    let text = ninth.replacing("id: cn-9", with: "id: story-2020")
      .replacing("effective_from: 2022-06-28", with: "effective_from: 2020-01-23")
      .replacing("effective_to: 2022-11-10", with: "effective_to: 2020-09-10")
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tracks-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: "story-2020.yaml"))
    return folder.path
  }

  @Test("each case's contacts, direct and through others, are those of a naive scan")
  func contacts() async throws {
    // An edition for those days that knows contacts of contacts, as the ninth does.
    let policies = try policiesOf2020()
    let town = try await Town(on: "2022-07-29", policyFolder: policies)
    let (_, tracks) = try await take(into: town)
    let stays = stays(tracks.map { PlainTrack($0) })
    let byPerson = Dictionary(grouping: stays, by: \.person)
    let onset = try #require(Day("2020-01-24"))
    let reported = try #require(Day("2020-02-10"))
    let busiest = byPerson.keys.sorted()
      .sorted { (byPerson[$0]?.count ?? 0) > (byPerson[$1]?.count ?? 0) }.prefix(12)
    var found = 0
    for person in busiest {
      // A town of its own for each, in which nobody else is a case.
      let town = try await Town(on: "2022-07-29", policyFolder: policies)
      _ = try await take(into: town)
      try await town.submit(
        ReportCase(
          CaseRow(
            infection: CaseID("c"), person: PersonID(person), kind: "confirmed",
            district: Town.Spot.district.rawValue,
            reportedAt: reported.start(in: .china), onsetOn: onset)))
      try await town.pass(.seconds(1))
      let lines = try await town.ask(ContactsOfCase(infection: CaseID("c"))).lines
      let told = lines.map { "\($0.person) \($0.degree) \($0.overlapSeconds)" }
      // Two days before onset until a day after the report: days are whole.
      let window = (onset - 2).number...reported.number
      #expect(Set(told) == naive(of: person, byPerson, window: window))
      #expect(lines.allSatisfy { $0.kind == ($0.degree == 1 ? .close : .secondary) })
      #expect(try await town.violations().isEmpty)
      found += lines.count
    }
    #expect(found > 20)
  }

  /// Everybody who shared a place and a day inside the window, and those who shared one with them
  /// later than the beginning of their first.
  private func naive(
    of person: String, _ byPerson: [String: [Stay]], window: ClosedRange<Int>
  ) -> Set<String> {
    func shared(_ one: String, _ other: String, _ days: ClosedRange<Int>) -> Set<Int> {
      var common: Set<Int> = []
      for mine in byPerson[one] ?? [] where days.contains(mine.day) {
        for theirs in byPerson[other] ?? []
        where theirs.day == mine.day && theirs.venue == mine.venue { common.insert(mine.day) }
      }
      return common
    }
    var first: [String: Int] = [:]
    var lines: Set<String> = []
    for other in byPerson.keys where other != person {
      let days = shared(person, other, window)
      guard let earliest = days.min() else { continue }
      first[other] = earliest
      lines.insert("\(other) 1 \(days.count * 86_400)")
    }
    for other in byPerson.keys where other != person && first[other] == nil {
      // Seconds are of the union over all through whom it came.
      let days = first.reduce(into: Set<Int>()) { days, primary in
        days.formUnion(shared(primary.key, other, primary.value...100_000))
      }
      if !days.isEmpty { lines.insert("\(other) 2 \(days.count * 86_400)") }
    }
    return lines
  }

  private func stays(_ tracks: [PlainTrack]) -> Set<Stay> {
    var stays: Set<Stay> = []
    for track in tracks {
      for day in track.days ?? [] {
        for venue in track.venues {
          stays.insert(Stay(person: track.person, venue: venue, day: day))
        }
      }
    }
    return stays
  }

  private func listed(_ town: Town) async throws -> Int {
    var count = 0
    var after: String?
    repeat {
      let page = try await town.ask(ListLeads(after: after))
      count += page.leads.count
      after = page.after
    } while after != nil
    return count
  }

  private func take(
    into town: Town
  ) async throws -> (answer: ImportAnswer, tracks: [[String: String]]) {
    let cases = try PlainCSV.rows(SharedData.bytes(Self.set, "cases.csv"))
    let tracks = try PlainCSV.rows(SharedData.bytes(Self.set, "tracks.csv"))
    let median = try #require(TracksRules.medianDay(cases.map { $0["confirmed"] ?? "" }))
    #expect(median >= Day(number: 18_293) && median <= Day(number: 18_308))
    var answer = ImportAnswer()
    for start in stride(from: 0, to: tracks.count, by: 500) {
      let part = tracks[start..<min(start + 500, tracks.count)].map { row in
        Fields.object(row.mapValues { .text($0) })
      }
      let one = try await town.submit(
        ImportTracks(rows: part, medianDay: median, run: "story"))
      answer.accepted += one.accepted
      answer.outcomes += one.outcomes
    }
    return (answer, tracks)
  }
}

/// A track read without the product's rules: by characters, and in the winter of 2020 only.
private struct PlainTrack {
  let person: String
  let venues: [String]
  /// Days since 1970, nil when the time names none.
  let days: [Int]?

  init(_ row: [String: String]) {
    person = row["case"] ?? ""
    venues = (row["places"] ?? "").components(separatedBy: "|")
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    var dates: [(Int?, Int)] = []
    var month: Int?
    var digits = ""
    for character in row["time"] ?? "" {
      switch character {
      case "0"..."9": digits.append(character)
      case "月":
        month = Int(digits)
        digits = ""
      case "日":
        if let day = Int(digits) { dates.append((month, day)) }
        (month, digits) = (nil, "")
      default: digits = ""
      }
    }
    guard let first = dates.first, let from = first.0 else {
      days = nil
      return
    }
    let start = Self.number(from, first.1)
    let end = dates.count > 1 ? Self.number(dates[1].0 ?? from, dates[1].1) : start
    days = start <= end ? Array(start...end) : []
  }

  /// 1 January 2020 was the 18,262nd day; before July a day is of 2020, after of 2019.
  private static func number(_ month: Int, _ day: Int) -> Int {
    let before = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335][month - 1]
    return month <= 7 ? 18_262 + before + day - 1 : 17_897 + before - 1 + day - 1
  }
}

/// Rows of a CSV text, by header.
enum PlainCSV {
  static func rows(_ bytes: [UInt8]) throws -> [[String: String]] {
    var records: [[String]] = [[]]
    var cell = ""
    var quoted = false
    let text = String(decoding: bytes, as: UTF8.self)
      .replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\u{FEFF}", with: "")
    for character in text {
      if character == "\"" {
        quoted.toggle()
      } else if !quoted && (character == "," || character == "\n") {
        records[records.count - 1].append(cell)
        cell = ""
        if character == "\n" { records.append([]) }
      } else {
        cell.append(character)
      }
    }
    let header = records.removeFirst()
    return records.filter { !$0.isEmpty }.map { cells in
      Dictionary(uniqueKeysWithValues: zip(header, cells))
    }
  }
}
