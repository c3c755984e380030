import Foundation
import Headquarters
import Kernel
import Testing
import Town

/// The sixty bulletins of Shanghai's spring of 2022, read back into numbers.
@Suite(
  "Shanghai's bulletins", .enabled(if: SharedData.has("cn-shanghai-2022"), "no shared data"))
struct BulletinStory {
  private static let set = "cn-shanghai-2022"

  /// What another program made of the later layout.
  private struct Expected: Decodable {
    struct Headline: Decodable {
      let confirmed: Int
      let asymptomatic: Int
      let converted: Int?
    }
    struct Ranges: Decodable {
      let confirmedBySource: [String: Int]
      let asymptomaticBySource: [String: Int]
      let confirmedByDistrict: [String: Int]
      let asymptomaticByDistrict: [String: Int]
    }
    struct Pair: Decodable {
      let bulletin: [Int]
      let districtDaily: [Int]
    }
    let headline: Headline
    let fromRanges: Ranges
    let districtTableDifferences: [String: Pair]
  }

  private func bulletin(_ day: String) throws -> BulletinText {
    BulletinText(
      file: "\(day).txt", bytes: try SharedData.bytes(Self.set, "bulletins/\(day).txt"))
  }

  @Test("give the numbers that another program found, on all 34 days that it covers")
  func expectedDays() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let expected = try decoder.decode(
      [String: Expected].self,
      from: Data(SharedData.bytes(Self.set, "expected_bulletins.json")))
    #expect(expected.count == 34)
    let table = try BulletinTable(
      PlainTable(csv: SharedData.bytes(Self.set, "district_daily.csv")))
    for (day, expected) in expected {
      let check = BulletinTextCheck(try bulletin(day), against: table)
      let (headline, breakdown) = (check.bulletin.headline, check.bulletin.breakdown)
      #expect(headline.date == Day(day))
      #expect(headline.count[.confirmed] == expected.headline.confirmed, "\(day)")
      #expect(headline.count[.asymptomatic] == expected.headline.asymptomatic, "\(day)")
      #expect(headline.converted == expected.headline.converted ?? 0, "\(day)")
      #expect(check.bulletin.differences == [], "\(day)")
      let ranges = expected.fromRanges
      #expect(named(breakdown.bySource(.confirmed)) == ranges.confirmedBySource, "\(day)")
      #expect(named(breakdown.bySource(.asymptomatic)) == ranges.asymptomaticBySource, "\(day)")
      #expect(breakdown.byDistrict(.confirmed) == ranges.confirmedByDistrict, "\(day)")
      #expect(breakdown.byDistrict(.asymptomatic) == ranges.asymptomaticByDistrict, "\(day)")
      let differences = expected.districtTableDifferences.map {
        BulletinTableDifference(
          district: $0.key, bulletin: $0.value.bulletin, table: $0.value.districtDaily)
      }
      #expect(
        check.tableDifferences == differences.sorted { $0.district < $1.district }, "\(day)")
    }
  }

  private func named(_ sums: [PublishedSource: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: sums.map { ($0.key.rawValue, $0.value) })
  }

  /// On two days the commission's own sentence does not fit its own list: on 13 March it counts the
  /// two converted among the isolated, on 16 March it names one where two contacts are listed.
  @Test("reconcile on 58 of 60 days, and the other two differences are the text's own")
  func allDays() throws {
    let folder = try #require(SharedData.folder(Self.set)).appending(path: "bulletins")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count == 60)
    var differing: [String: [BulletinDifference]] = [:]
    for file in files {
      let day = String(file.dropLast(4))
      let bulletin = try bulletin(day)
      #expect(bulletin.headline.date == Day(day), "\(day)")
      if !bulletin.differences.isEmpty { differing[day] = bulletin.differences }
    }
    #expect(
      differing == [
        "2022-03-13": [.source(.isolation, .confirmed, published: 32, rebuilt: 30)],
        "2022-03-16": [.source(.isolation, .confirmed, published: 1, rebuilt: 2)],
      ])
  }

  /// The lines are those of daily.csv, transcribed by others from the same notices.
  @Test("give the daily figures that others wrote down, 19 March to 30 April")
  func dailyFigures() throws {
    let daily = try PlainTable(csv: SharedData.bytes(Self.set, "daily.csv"))
    let columns = try [
      "date", "confirmed", "asymptomatic", "asymptomatic_to_confirmed",
      "confirmed_found_in_isolation", "asymptomatic_found_in_isolation",
    ].map { try daily.column($0) }
    #expect(daily.rows.count == 43)
    for row in daily.rows.indices {
      let day = daily.cell(row, columns[0])
      let headline = try bulletin(day).headline
      let mine = [
        headline.count[.confirmed], headline.count[.asymptomatic], headline.converted,
        headline.isolation[.confirmed], headline.isolation[.asymptomatic],
      ]
      #expect(mine == columns.dropFirst().map { Int(daily.cell(row, $0)) }, "\(day)")
    }
  }

  /// 虹口区 and 崇明区 are missing from the table on these days; the bulletins have them.
  @Test("show what the district table left out on 19 and 20 March")
  func leftOut() throws {
    let table = try BulletinTable(
      PlainTable(csv: SharedData.bytes(Self.set, "district_daily.csv")))
    let found = try ["2022-03-19", "2022-03-20"].map {
      BulletinTextCheck(try bulletin($0), against: table).tableDifferences
    }
    #expect(
      found == [
        [BulletinTableDifference(district: "虹口区", bulletin: [1, 6], table: [0, 0])],
        [BulletinTableDifference(district: "崇明区", bulletin: [0, 12], table: [0, 0])],
      ])
  }
}
