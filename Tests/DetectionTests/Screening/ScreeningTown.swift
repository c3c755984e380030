import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

/// Puts people into the register as given facts of a test.
struct ListedPerson: Sendable {
  var id: String
  var home = Town.Spot.door101
  var born: String?
  var isAway = false
  var tags = ""
  var livesSince: Instant?
}

extension Town {
  /// Puts people into the register, straight into its table.
  func enrol(_ people: [ListedPerson]) async throws {
    let now = self.now
    try await desk.storage.write { transaction in
      for person in people {
        let place = try PlacesStore(transaction).get(person.home.id)
        let since = person.livesSince ?? now
        try transaction.execute(
          """
          INSERT INTO person (id, birth_day, home, path, home_since, away_since, tags, incomplete,
            opened_at, retention, keep_until)
          VALUES (\(person.id), \(person.born), \(place.id), \(place.path), \(since),
            \(person.isAway ? since : nil), \(person.tags), 1, \(now), 'resident',
            '2030-01-01')
          """)
      }
    }
  }

  /// Puts so many people behind a door: `p1`, `p2`, …
  func enrol(_ count: Int, at home: Spot = .door101, prefix: String = "p") async throws {
    guard count > 0 else { return }
    try await enrol((1...count).map { ListedPerson(id: "\(prefix)\($0)", home: home) })
  }

  /// Gives somebody an office.
  func appoint(_ account: String, _ role: String, at spot: Spot?) async throws {
    let now = self.now
    try await desk.storage.write { transaction in
      let store = OfficesStore(transaction)
      let id = AccountID(trusted: account)
      if try !store.hasAccount(id) { try store.insertAccount(id, title: account, at: now) }
      let path = try spot.map { try PlacesStore(transaction).get($0.id).path } ?? .everywhere
      try store.insertOffice(
        Office(
          account: id, role: role, place: spot?.id ?? Offices.everywhere, path: path, from: now,
          until: nil))
    }
  }

  /// Opens a round over an area.
  @discardableResult
  func open(
    _ name: String = "r1", over spot: Spot = .district, pool: Int = 10
  ) async throws -> OpenRound.Answer {
    try await submit(
      OpenRound(areas: [spot.id], name: name, pool: pool, round: RoundID(trusted: name)))
  }

  /// Registers a swab at a desk, or as a device did it.
  @discardableResult
  func swab(
    _ person: String, _ tube: String, at: Instant? = nil, round: String = "r1",
    point: String? = nil, device: String? = nil, as account: String = "duty"
  ) async throws -> SwabAnswer {
    try await submit(
      RegisterSwab(
        SwabRow(
          round: RoundID(trusted: round), person: PersonID(trusted: person),
          tube: TubeCode(trusted: tube), point: point.map { PointID(trusted: $0) },
          sampledAt: at), device: device), as: account)
  }

  /// Brings in results of a file: `tube result`, numbered on.
  @discardableResult
  func results(
    _ lines: [(tube: String, result: String)], from first: Int, at: Instant? = nil,
    laboratory: String = "lab"
  ) async throws -> ImportAnswer {
    let reported = (at ?? now).text(in: .china)
    return try await submit(
      ImportResults(
        rows: lines.enumerated().map { place, line in
          .object([
            "tube": .text(line.tube), "result": .text(line.result),
            "reported_at": .text(reported), "laboratory": .text(laboratory),
            "sequence": .text(String(first + place)),
          ])
        }))
  }

  /// How the round stands.
  func count(_ round: String = "r1", by level: PlaceLevel? = nil) async throws -> CountRound.Answer
  {
    try await ask(CountRound(round: RoundID(trusted: round), by: level))
  }

  /// Who is held and how it ended, as `person state single`.
  func recalls(_ round: String = "r1") async throws -> [String] {
    try await ask(ListRecalls(round: RoundID(trusted: round)), for: .containment).lines.map {
      "\($0.person) \($0.state) \($0.singleTube?.text ?? "-")"
    }.sorted()
  }

  /// What contradicts what, as `kind about`.
  func conflicts(_ round: String = "r1") async throws -> [String] {
    try await ask(ListConflicts(round: RoundID(trusted: round)), for: .fieldwork).map {
      "\($0.kind) \($0.about)"
    }.sorted()
  }

  /// Who has no result, as `person reason`.
  func untested(_ round: String = "r1") async throws -> [String] {
    try await ask(ListUntested(round: RoundID(trusted: round)), for: .fieldwork).lines.map {
      "\($0.person) \($0.reason)"
    }.sorted()
  }

  /// What is owed of a kind, by what it is about.
  func owed(_ kind: String) async throws -> [String] {
    try await rows(
      """
      SELECT subject FROM obligation WHERE kind = \(kind) AND closed_at IS NULL ORDER BY subject
      """
    ).map { $0.text(0) }
  }
}

/// The code of the refusal with which something ends.
func refused(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch let refusal as Refusal {
    return refusal.code
  } catch {
    Issue.record("no refusal but \(error)")
    return nil
  }
}

/// A policy folder whose screening section differs from the built-in one.
enum ScreeningPolicyFolder {
  static func make(_ changes: [(String, String)]) throws -> String {
    let base = String(decoding: try SharedData.repositoryFile("Policies/base.yaml"), as: UTF8.self)
    let from = try #require(base.range(of: "\n  screening:\n"))
    let rest = base[from.upperBound...]
    let end = try #require(rest.range(of: "\n  sign_in:"))
    var section = String(rest[..<end.lowerBound])
    for (old, new) in changes {
      try #require(section.contains(old))
      section = section.replacing(old, with: new)
    }
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "screening-policy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = """
      id: trial
      version: 1
      title: {zh: 试验, en: Trial}
      source: ["a test"]
      effective_from: 2021-01-01
      sections:
        screening:
      \(section)
      """
    try Data(text.utf8).write(to: folder.appending(path: "trial.yaml"))
    return folder.path
  }
}

extension Town {
  /// A page of a round as somebody sees it.
  func page(
    _ path: String, _ query: [String: String] = [:], as account: String = "duty",
    _ language: Language = .english, person: String = "p1"
  ) async throws -> String {
    let screen = try #require(desk.assembly.screens.first { $0.path == path })
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: screen.purpose, language: language,
      question: path)
    let request = ScreenRequest(
      parameters: ["round": "r1", "person": person], query: query, address: path,
      newCommandID: { "one" })
    return try await desk.read(look) { try screen.render(request, $0).body.text }
  }
}
