import Detection
import District
import Foundation
import Kernel
import Spreadsheets
import Visits

/// Files of scans by the million: plain ones are packed here and go to the district in long lists.
struct ScanLists {
  /// How many scans one command takes.
  private static let size = 250_000
  private let tables: [VisitTable]
  private let voice: Voice

  /// Looks at the files; nil when one of them is not plain text with the usual columns, or a row is
  /// wrong, which the reader that knows every form explains.
  init?(_ files: [String], _ voice: Voice) {
    var tables: [VisitTable] = []
    for file in files {
      guard let path = try? NamedFile.path(file), let plain = try? PlainFile(path: path),
        let table = VisitTable(plain, source: true), Self.pass(table, { _ in })
      else { return nil }
      tables.append(table)
    }
    self.tables = tables
    self.voice = voice
  }

  /// Takes a file apart; false when it is not plain.
  private static func pass(_ table: VisitTable, _ take: (VisitList) -> Void) -> Bool {
    var clock = SearchClock().text
    let usual = [VisitSource.venueCode] + VisitSource.allCases.filter { $0 != .venueCode }
    return table.lists(
      of: size, sources: usual.map { ($0.rawValue, $0.number) }, longest: .max, clock: &clock,
      take)
  }

  /// Sends everything; a list that is there already counts as duplicates.
  func load(through door: any Door) async throws -> ImportSummary {
    var summary = ImportSummary(kind: "scans")
    let run = UUID().uuidString.lowercased()
    let progress = ProgressLine(voice, Words("已读取行数", "rows read:"))
    defer { progress.finish() }
    let offset = UInt32(SearchClock.zone)
    for table in tables {
      var packed: [[UInt8]] = []
      _ = Self.pass(table) { list in
        let scans = list.visits.map { visit in
          ScanBatch.Scan(
            person: visit.person, venue: visit.venue, from: visit.from + offset,
            to: visit.to + offset, source: VisitSource(number: visit.source) ?? .venueCode)
        }
        packed.append(
          ScanBatch(persons: list.persons, venues: list.venues, scans: scans).packed)
      }
      for bytes in packed {
        let body = Fields.object([
          "packed": .text(Data(bytes).base64EncodedString()), "run": .text(run),
        ])
        let answer = try Fields.json(try await door.submit(LoadScans.name, body).answer)
          .decoded(LoadScans.Answer.self, strict: false)
        if answer.known {
          summary.duplicate += answer.scans
        } else {
          summary.accepted += answer.scans
        }
        progress.show(summary.accepted + summary.duplicate, share: nil)
      }
    }
    try await door.followUp()
    return summary
  }
}
