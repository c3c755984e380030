import Detection
import Foundation
import Gazette
import Kernel
import Testing
import Town

@testable import Registry

/// Published numbers of tests, played as rounds through the importers.
@Suite("Published tests", .serialized) struct ScreeningDataStory {
  private func rows(_ text: String, separator: Character) -> [[String]] {
    text.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: separator, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
      }
    }
  }

  /// The first weeks, before whole districts were tested: as many tests as a story can play.
  private static let mostTests = 1_500
  /// The last day of the hospital's file.
  private static let lastDay = 40

  /// Puts so many people into each community, straight into the register's table.
  private func enrol(_ counts: [(place: Place, prefix: String, count: Int)], in town: Town)
    async throws
  {
    let now = town.now
    try await town.desk.storage.write { transaction in
      for (place, prefix, count) in counts where count > 0 {
        for number in 1...count {
          try transaction.execute(
            """
            INSERT INTO person (id, home, path, home_since, tags, incomplete, opened_at, retention,
              keep_until)
            VALUES (\("\(prefix)-\(number)"), \(place.id), \(place.path), \(now), '', 1, \(now),
              'resident', '2030-01-01')
            """)
        }
      }
    }
  }

  @Test(
    "Slovakia's districts: what was tested adds up at every level, positives are recalled",
    .enabled(if: SharedData.has("mass-testing-slovakia"), "the shared data is not here"))
  func slovakia() async throws {
    let text = String(
      decoding: try SharedData.bytes("mass-testing-slovakia", "ag_tests_district_daily.csv"),
      as: UTF8.self)
    var tested: [String: (negative: Int, positive: Int)] = [:]
    var total = 0
    for row in rows(text, separator: ";").dropFirst() {
      guard row.count == 6, row[5].hasPrefix("SK"), let negative = Int(row[2]),
        let positive = Int(row[3]), let all = Int(row[4])
      else { continue }
      if total + all > Self.mostTests { break }
      #expect(negative + positive == all)
      total += all
      tested[row[5], default: (0, 0)].negative += negative
      tested[row[5], default: (0, 0)].positive += positive
    }
    #expect(total > 500)
    // A region's districts are streets of one district here, each with one community.
    let town = try await Town()
    let codes = tested.keys.sorted()
    let regions = Set(codes.map { String($0.prefix(5)) }).sorted()
    var places: [Fields] = []
    for (number, _) in regions.enumerated() {
      places.append(
        ["code": "9901\(10 + number)", "name": "区\(number)", "city_code": "9901", "city": "州"].story
      )
    }
    var community: [String: String] = [:]
    for (number, code) in codes.enumerated() {
      let region = 10 + (regions.firstIndex(of: String(code.prefix(5))) ?? 0)
      let street = "9901\(region)\(100 + number)"
      places.append(["code": street, "name": code].story)
      places.append(["code": "\(street)001", "name": "\(code)社区"].story)
      community[code] = "\(street)001"
    }
    let made = try await town.submit(ImportPlaces(rows: places, run: "sk"), as: "admin")
    #expect(made.outcomes.isEmpty)
    let known = community
    let found = try await town.desk.storage.read { transaction in
      try codes.compactMap { code in
        try known[code].flatMap { try PlacesStore(transaction).find(code: $0) }.map { (code, $0) }
      }
    }
    // Each district has ten more who do not come.
    try await enrol(
      found.map { code, place in
        let counts = tested[code] ?? (0, 0)
        return (place, code, counts.negative + counts.positive + 10)
      }, in: town)
    let opened = try await town.submit(
      OpenRound(areas: [PlaceID(trusted: "9901")], name: "SK", pool: 1))
    #expect(opened.listed == total + 10 * codes.count)
    var swabs: [Fields] = []
    var results: [Fields] = []
    for code in codes {
      let counts = tested[code] ?? (0, 0)
      for number in 0..<(counts.negative + counts.positive) {
        let tube = "\(code)-\(number)"
        swabs.append(
          [
            "round": opened.round.text, "person": "\(code)-\(number + 1)", "tube": tube,
            "sampled_at": town.now.text(in: .china),
          ].story)
        results.append(
          [
            "tube": tube, "result": number < counts.positive ? "positive" : "negative",
            "reported_at": (town.now + .hours(2)).text(in: .china), "laboratory": "SK",
            "sequence": String(results.count + 1),
          ].story)
      }
    }
    for start in stride(from: 0, to: swabs.count, by: 500) {
      let part = Array(swabs[start..<min(start + 500, swabs.count)])
      #expect(try await town.submit(ImportSwabs(rows: part)).accepted == part.count)
    }
    try await town.pass(.hours(3))
    for start in stride(from: 0, to: results.count, by: 400) {
      let part = Array(results[start..<min(start + 400, results.count)])
      #expect(try await town.submit(ImportResults(rows: part)).accepted == part.count)
    }
    // A script that knows nothing of the product adds the file up as well.
    let said: SlovakTests? = try ScreeningScript.run(
      "slovakia", "mass-testing-slovakia", "ag_tests_district_daily.csv", Self.mostTests)
    if let said {
      #expect(said.total == total)
      #expect(said.districts == tested.mapValues { $0.negative + $0.positive })
      let count = try await town.ask(CountRound(round: opened.round, by: .district))
      #expect(
        count.by.map(\.tested).sorted() == said.regions.values.sorted(), "\(said.regions)")
      let recalls = try await town.ask(WatchRound(round: opened.round))
      #expect(recalls.cases == said.positive)
    }
    for level in [PlaceLevel.district, .street, .community] {
      let count = try await town.ask(CountRound(round: opened.round, by: level))
      #expect(count.tested == total && count.by.reduce(0) { $0 + $1.tested } == total)
      #expect(count.by.reduce(0) { $0 + $1.listed } == count.listed)
      if level == .street {
        for line in count.by {
          let counts = tested[line.name] ?? (0, 0)
          #expect(line.tested == counts.negative + counts.positive && line.untested == 10)
        }
      }
    }
    let recalls = try await town.ask(ListRecalls(round: opened.round), for: .containment)
    #expect(recalls.lines.count == tested.values.reduce(0) { $0 + $1.positive })
    #expect(recalls.lines.allSatisfy { $0.state == "case" })
  }

  @Test(
    "a children's hospital: repeated and invalid tests are told apart, turnaround is as the file says",
    .enabled(if: SharedData.has("lab-tests"), "the shared data is not here"))
  func hospital() async throws {
    let text = String(
      decoding: try SharedData.bytes("lab-tests", "covid_testing_day_to_40.csv"), as: UTF8.self)
    let all = rows(text, separator: ",")
    let head = all[0]
    func column(_ name: String) throws -> Int {
      guard let place = head.firstIndex(of: name) else { throw Refusal.missing(name) }
      return place
    }
    let (person, day, result) = try (column("subject_id"), column("pan_day"), column("result"))
    let (receipt, verified) = try (column("col_rec_tat"), column("rec_ver_tat"))
    let town = try await Town()
    try await town.pass(.hours(24 * 60))
    // Each day of the pandemic is a round; the last of them ended yesterday.
    let lastDay = Self.lastDay
    let base = Day(of: town.now, in: .china) - lastDay - 1
    var expected = (accepted: 0, repeated: 0, invalid: 0)
    var minutes: [String: [Int]] = [:]
    var seen: Set<String> = []
    var swabs: [String: [Fields]] = [:]
    var results: [Fields] = []
    for (number, row) in all.dropFirst().enumerated() where row.count == head.count {
      guard let on = Int(row[day]), on <= lastDay, let first = Double(row[receipt]),
        let second = Double(row[verified])
      else { continue }
      let sampledAt = (base + on).start(in: .china) + .minutes(number % 600)
      let took = Int((first + second) * 60)
      guard (30...24 * 60).contains(took) else { continue }
      let tube = "H\(number)"
      let code = row[result]
      swabs["d\(on)", default: []].append(
        [
          "round": "d\(on)", "person": "s\(row[person])", "tube": tube,
          "sampled_at": sampledAt.text(in: .china),
        ].story)
      guard seen.insert("\(on)/\(row[person])").inserted else {
        expected.repeated += 1
        continue
      }
      expected.accepted += 1
      if code == "invalid" { expected.invalid += 1 }
      minutes["d\(on)", default: []].append(took)
      results.append(
        [
          "tube": tube, "result": code,
          "reported_at": (sampledAt + .minutes(took)).text(in: .china), "laboratory": "chop",
          "sequence": String(results.count + 1),
        ].story)
    }
    #expect(expected.accepted > 300)
    var accepted = 0
    var repeated = 0
    for (round, rows) in swabs.sorted(by: { $0.key < $1.key }) {
      try await town.submit(
        OpenRound(
          areas: [Town.Spot.district.id], name: round, pool: 1, round: RoundID(trusted: round)))
      let taken = try await town.submit(ImportSwabs(rows: rows))
      accepted += taken.accepted
      repeated += taken.outcomes.count { $0.code == "swab.secondTube" }
    }
    #expect(accepted == expected.accepted && repeated == expected.repeated)
    for start in stride(from: 0, to: results.count, by: 40) {
      let part = Array(results[start..<min(start + 40, results.count)])
      let taken = try await town.submit(ImportResults(rows: part))
      #expect(taken.accepted == part.count, "\(taken.outcomes.first?.code ?? "")")
    }
    let counted = try await town.rows(
      "SELECT result, COUNT(*) FROM tube WHERE result IS NOT NULL GROUP BY result")
    let byResult = Dictionary(counted.map { ($0.text(0), $0.integer(1)) }) { first, _ in first }
    #expect(byResult["invalid", default: 0] == expected.invalid)
    #expect(byResult.values.reduce(0, +) == expected.accepted)
    let said: HospitalTests? = try ScreeningScript.run(
      "hospital", "lab-tests", "covid_testing_day_to_40.csv", lastDay)
    if let said {
      #expect(said.accepted == accepted && said.repeated == repeated)
      #expect(said.invalid == byResult["invalid"] && said.positive == byResult["positive"])
      #expect(said.days.count == minutes.count)
      for (round, day) in said.days {
        let watch = try await town.ask(WatchRound(round: RoundID(trusted: round)))
        #expect(watch.tubes.resulted == day.tests)
        #expect(watch.turnaroundMedian == day.median && watch.turnaroundSlow == day.slow)
      }
    }
    for (round, times) in minutes {
      let watch = try await town.ask(WatchRound(round: RoundID(trusted: round)))
      let sorted = times.sorted()
      #expect(watch.turnaroundMedian == sorted[sorted.count / 2])
      #expect(watch.turnaroundSlow == sorted[sorted.count * 9 / 10])
    }
  }
}

/// What the script says of the Slovak file.
private struct SlovakTests: Decodable {
  let total: Int
  let positive: Int
  let regions: [String: Int]
  let districts: [String: Int]
}

/// What the script says of the hospital's file.
private struct HospitalTests: Decodable {
  struct OneDay: Decodable {
    let median: Int
    let slow: Int
    let tests: Int
  }
  let accepted: Int
  let repeated: Int
  let invalid: Int
  let positive: Int
  let days: [String: OneDay]
}

/// The script beside this file, which knows nothing of the product; says nothing where there is no Python.
private enum ScreeningScript {
  private static let python = "/usr/bin/python3"

  static func run<Said: Decodable>(
    _ which: String, _ set: String, _ file: String, _ number: Int
  ) throws -> Said? {
    guard FileManager.default.isExecutableFile(atPath: python),
      let data = SharedData.folder(set)?.appending(path: file)
    else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [
      URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "screening_data.py").path, which, data.path, String(number),
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Said.self, from: said)
  }
}

extension [String: String] {
  /// As a row of a file.
  fileprivate var story: Fields { .object(mapValues { .text($0) }) }
}
