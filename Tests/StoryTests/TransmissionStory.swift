import Detection
import Foundation
import Kernel
import Testing
import Town

/// Two published outbreaks, whose trees an independent script works out as well.
@Suite(
  "Known transmission trees",
  .enabled(
    if: SharedData.has("outbreaks-reconhub") && SharedData.has("cluster-singapore")
      && TransmissionScript.isThere, "no shared data, or no python3"))
struct TransmissionStory {
  private static let header = [
    "case", "infector", "basis", "venue", "exposed_from", "exposed_to", "state",
  ]

  private func report(_ rows: [(String, onset: String, on: String)], in town: Town) async throws {
    let fields = rows.map { id, onset, on in
      var row = [
        "case": id, "kind": "confirmed", "district": Town.Spot.district.rawValue,
        // An onset is never after the report; the clock says nothing of the hour.
        "reported_at": "\(max(onset, on))T20:00",
      ]
      if !onset.isEmpty { row["onset_on"] = onset }
      return row.fields
    }
    let answer = try await town.submit(ImportCases(rows: fields))
    #expect(answer.accepted == rows.count && answer.outcomes.isEmpty)
  }

  @Test("98 links of the outbreak of 2015 in Korea give the script's generations and chains")
  func korea() async throws {
    let set = "outbreaks-reconhub"
    let script = try TransmissionScript.run(
      "mers",
      [(set, "mers_korea_2015_linelist.csv"), (set, "mers_korea_2015_contacts.csv")])
    let town = try await Town()
    let lines = try PlainCSV.rows(SharedData.bytes(set, "mers_korea_2015_linelist.csv"))
    try await report(
      lines.map { ($0["id"] ?? "", $0["dt_onset"] ?? "", $0["dt_report"] ?? "") }, in: town)
    let rows = try PlainCSV.rows(SharedData.bytes(set, "mers_korea_2015_contacts.csv")).map { row in
      let exposure = (row["exposure"] ?? "").trimmingCharacters(in: .whitespaces)
      return [
        "case": row["to"] ?? "", "infector": row["from"] ?? "",
        "basis": exposure.hasPrefix("Family") ? "household" : "venue",
        "venue": exposure.hasPrefix("Family") ? "" : exposure, "state": "confirmed",
      ].filter { !$0.value.isEmpty }
    }
    #expect(rows.count == script["links"] as? Int)
    let answer = try await town.submit(ImportTransmission(rows: rows.map(\.fields)))
    // A second source of one case is refused with what to do, and taken as a proposal.
    let refused = answer.outcomes.filter { $0.code == "transmission.secondSource" }.map(\.row)
    #expect(answer.outcomes.count == refused.count)
    #expect(
      Set(refused.map { rows[$0]["case"] ?? "" }).sorted() == script["several"] as? [String])
    let again = refused.map { rows[$0].merging(["state": "proposed"]) { $1 }.fields }
    #expect(try await town.submit(ImportTransmission(rows: again)).accepted == refused.count)
    #expect(answer.accepted + again.count == rows.count)

    let tree = try await town.ask(TransmissionTreeOf(place: Town.Spot.district.id))
    #expect(tree.cases.count == script["cases"] as? Int)
    #expect(tree.confirmed == answer.accepted)
    let generations = Dictionary(grouping: tree.cases) { String($0.generation ?? 0) }
      .mapValues(\.count)
    #expect(generations == script["generations"] as? [String: Int])
    #expect(tree.chains.map(\.size).filter { $0 > 1 } == script["chains"] as? [Int])
    let most = tree.cases.sorted {
      ($1.infected.count, $0.infection) < ($0.infected.count, $1.infection)
    }.prefix(5).map { "\($0.infection) \($0.infected.count)" }
    let expected = (script["infected"] as? [[Any]])?.map { "\($0[0]) \($0[1])" }
    #expect(most == expected)
    let venues = Dictionary(
      uniqueKeysWithValues: tree.venues.map { ($0.venue.text, $0.cases.count) })
    #expect(venues == script["venues"] as? [String: Int])
    #expect(faults(.onsetOrder, tree) == script["onset_order"] as? [String])
    #expect(tree.contradictions.isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("links both ways of the first 93 cases in Singapore: contradictions and circles are named")
  func singapore() async throws {
    let set = "cluster-singapore"
    let file = "singapore_93_cases.csv"
    let script = try TransmissionScript.run("singapore", [(set, file)])
    let town = try await Town()
    let lines = try PlainCSV.rows(SharedData.bytes(set, file))
    func known(_ text: String?) -> String { text == "NA" ? "" : text ?? "" }
    try await report(
      lines.map {
        ($0["CaseID"] ?? "", known($0["date_onset_symptoms"]), known($0["date_confirmation"]))
      }, in: town)
    let numbers = Set(lines.compactMap { $0["CaseID"] })
    let rows = lines.flatMap { line -> [[String: String]] in
      let own = line["CaseID"] ?? ""
      return known(line["Related cases"]).split(separator: ",")
        .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        .filter { numbers.contains($0) && $0 != own }
        .map { ["case": own, "infector": $0, "basis": "told"] }
    }
    #expect(rows.count == script["links"] as? Int)
    let answer = try await town.submit(ImportTransmission(rows: rows.map(\.fields)))
    #expect(answer.accepted == rows.count && answer.outcomes.isEmpty)

    let tree = try await town.ask(TransmissionTreeOf())
    #expect(faults(.onsetOrder, tree) == script["onset_order"] as? [String])
    let loops = tree.contradictions.filter { $0.kind == .loop }
    #expect(loops.count == script["loops"] as? Int)
    let inLoops = try #require(script["in_loops"] as? [String])
    #expect(Set(loops.flatMap(\.cases).map(\.text)).isSubset(of: inLoops))
    #expect(loops.allSatisfy { $0.cases.count > 1 && $0.words.english.hasPrefix("a circle") })
    let several = tree.cases.filter { $0.sources > 1 }.map(\.infection.text).sorted()
    #expect(several == script["several"] as? [String])
    // From one case everything that hangs together with it comes along.
    let groups = try #require(script["groups"] as? [String: Int])
    for (infection, size) in groups.sorted(by: { $0.key < $1.key }) {
      let part = try await town.ask(TransmissionTreeOf(infection: CaseID(infection)))
      #expect(part.cases.count == size, "case \(infection)")
    }
    let exported = try await town.ask(ExportTransmission(), for: .exchange).rows
    #expect(exported.count == rows.count)
    let back = exported.map { cells in
      Dictionary(uniqueKeysWithValues: zip(Self.header, cells)).filter { !$0.value.isEmpty }.fields
    }
    let repeated = try await town.submit(ImportTransmission(rows: back))
    #expect(repeated.accepted == 0 && repeated.outcomes.allSatisfy { $0.verdict == .duplicate })
    #expect(try await town.violations().isEmpty)
  }

  /// Faults of a kind as `infected infector`, in order of text.
  private func faults(
    _ kind: TransmissionContradiction.Kind, _ tree: TransmissionTreeOf.Answer
  ) -> [String] {
    tree.contradictions.filter { $0.kind == kind }
      .map { $0.cases.map(\.text).joined(separator: " ") }.sorted()
  }
}

/// The script beside this file, which knows nothing of the product.
enum TransmissionScript {
  private static let python = "/usr/bin/python3"

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python) }

  /// What it says of some files.
  static func run(_ which: String, _ files: [(set: String, file: String)]) throws -> [String: Any] {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "transmission.py")
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments =
      [script.path, which]
      + files.compactMap { SharedData.folder($0.set)?.appending(path: $0.file).path }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONSerialization.jsonObject(with: said) as? [String: Any] ?? [:]
  }
}
