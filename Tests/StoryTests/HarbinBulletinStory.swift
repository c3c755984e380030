import Detection
import Foundation
import Headquarters
import Kernel
import Testing
import Town

@testable import Registry

/// Harbin, 29 November 2022, 00:00–15:00, as its newspaper reported it.
@Suite("Harbin's bulletin of 29 November 2022") struct HarbinBulletinStory {
  private static let districts = [
    ("230110", "香坊区", 20), ("230102", "道里区", 11), ("230103", "南岗区", 8),
    ("230111", "呼兰区", 7), ("230109", "松北区", 5), ("230112", "阿城区", 2),
    ("230125", "宾县", 2), ("230184", "五常市", 2), ("230104", "道外区", 1),
    ("230127", "木兰县", 1),
  ]
  private static let sources = [
    ("isolation", 50), ("community_screening", 5), ("contact_screening", 2), ("key_group", 1),
    ("cross_region", 1),
  ]
  private static let byDistrict = Dictionary(
    districts.map { ($0.1, $0.2) }, uniquingKeysWith: { first, _ in first })
  private static let bySource = Dictionary(
    sources.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })

  /// The line list as the districts hand it in: 59 rows.
  private static var file: String {
    let found = sources.flatMap { Array(repeating: $0.0, count: $0.1) }
    let homes = districts.flatMap { Array(repeating: $0.1, count: $0.2) }
    var lines = [Cases.columns.joined(separator: ",")]
    for (index, home) in homes.enumerated() {
      let number = index + 1
      // Every twelfth is asymptomatic, wherever they live: 5 of 59.
      let kind = number % 12 == 0 && number < 60 || number == 59 ? "asymptomatic" : "confirmed"
      let minutes = (number * 15) % (15 * 60)
      let hour = minutes / 60 < 10 ? "0\(minutes / 60)" : "\(minutes / 60)"
      let minute = minutes % 60 < 10 ? "0\(minutes % 60)" : "\(minutes % 60)"
      lines.append(
        "HRB-\(number),HRB-P\(number),,,,\(kind),\(found[index]),\(home),,"
          + "2022-11-29T\(hour):\(minute)+08:00,,")
    }
    return lines.joined(separator: "\n")
  }

  private func town() async throws -> Town {
    let town = try await Town()
    let places = Self.districts.map { code, name, _ in
      ["code": code, "name": name, "city_code": "2301", "city": "哈尔滨市"].fields
    }
    _ = try await town.submit(ImportPlaces(rows: places, run: "harbin"), as: "admin")
    try await town.pass(.hours(7))
    let rows = StoryRows.read(Self.file)
    let taken = try await town.submit(ImportCases(rows: rows.map(\.fields)))
    #expect(rows.count == 59 && taken.accepted == 59)
    return town
  }

  private func window() throws -> (from: Instant, to: Instant) {
    (
      try #require(Instant("2022-11-29T00:00", in: .china)),
      try #require(Instant("2022-11-29T15:00", in: .china))
    )
  }

  @Test("59 = 54 + 5 = 50 + 5 + 2 + 1 + 1 = 20 + 11 + 8 + 7 + 5 + 2 + 2 + 2 + 1 + 1")
  func addsUp() async throws {
    let town = try await town()
    let (from, to) = try window()
    let figures = try await town.ask(ComposeBulletin(from: from, to: to))
    #expect(figures.total == 59)
    #expect(figures.byKind == ["confirmed": 54, "asymptomatic": 5])
    #expect(figures.converted == 0)
    #expect(figures.bySource == Self.bySource)
    #expect(figures.byDistrict == Self.byDistrict)
    #expect(figures.reconciles)
    let bulletin = try await town.submit(
      PublishBulletin(
        from: from, to: to,
        declared: DeclaredBreakdown(
          total: 59, byKind: ["confirmed": 54, "asymptomatic": 5], bySource: Self.bySource,
          byDistrict: Self.byDistrict)))
    #expect(bulletin.total == 59 && bulletin.cumulative == 59)
    let answer = try await town.ask(WordBulletin(from: from, to: to))
    #expect(answer.chinese.hasPrefix("2022年11月29日0—15时，新增本土新冠肺炎确诊病例54例和无症状感染者5例"))
    #expect(answer.chinese.contains("香坊区20例、道里区11例、南岗区8例、呼兰区7例、松北区5例"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("one row altered in any breakdown, and nothing is published; the row is named")
  func altered() async throws {
    let town = try await town()
    let (from, to) = try window()
    for key in Self.byDistrict.keys.sorted() + Self.bySource.keys.sorted() {
      var districts = Self.byDistrict
      var sources = Self.bySource
      if districts[key] != nil { districts[key, default: 0] += 1 }
      if sources[key] != nil { sources[key, default: 0] -= 1 }
      let declared = DeclaredBreakdown(bySource: sources, byDistrict: districts)
      let refused = await #expect(throws: Refusal.self) {
        try await town.submit(PublishBulletin(from: from, to: to, declared: declared))
      }
      #expect(refused?.code == "bulletin.notReconciled")
      #expect(refused?.words.chinese.contains(key) == true)
    }
    #expect(try await town.ask(ListPublishedBulletins()).isEmpty)
  }

  @Test("every one of the 59 is owed a transfer and an investigation")
  func owed() async throws {
    let town = try await town()
    let counts = try await town.rows(
      """
      SELECT kind, COUNT(DISTINCT subject) FROM obligation
      WHERE kind LIKE 'cases.%' GROUP BY kind ORDER BY kind
      """)
    #expect(counts.map { $0.text(0) } == ["cases.investigate", "cases.transfer"])
    #expect(counts.map { $0.integer(1) } == [59, 59])
  }
}
