import Gazette
import Kernel
import Registry

/// The results in the form in which they are imported: those of files with their numbers, then those of
/// signed lists and those entered by hand, whose number is ``ImportResults/noNumber``. What two people put
/// right stays in the district: a file cannot make anything negative that was not (I-29).
package struct ExportResults: Query {
  package static let name = "screening.exportResults"
  package static let urgency = Urgency.export
  package static let duty: Duty = "screening.export"
  package static let purposes: [Purpose] = []
  private static let page = 2_000
  package let after: String?

  package init(after: String? = nil) { self.after = after }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let store = ResultsStore(reading.transaction)
    switch start {
    case .numbered(let last):
      let found = try store.page(after: last, limit: Self.page)
      return ExportAnswer(
        rows: found.map { Self.row($0.row, $0.laboratory, $0.sequence, in: reading) },
        after: found.count == Self.page
          ? found.last.map { "\($0.sequence)/\($0.laboratory.text)" } : Self.mark)
    case .unnumbered(let last):
      let found = try store.unnumbered(after: last, limit: Self.page)
      let end = found.count == Self.page ? found.last?.key : nil
      return ExportAnswer(
        rows: found.map { Self.row($0.row, $0.laboratory, ImportResults.noNumber, in: reading) },
        after: end.map {
          "\(Self.mark)\($0.recordedAt.milliseconds) \($0.id) \($0.tube.text)"
        })
    }
  }

  /// Where a page begins: first those with numbers, then the others.
  private enum Start {
    case numbered((laboratory: String, sequence: Int)?)
    case unnumbered(ResultsStore.Unnumbered?)
  }

  /// Begins the place of a page of those without numbers; no number begins with it.
  private static let mark = "-"

  private var start: Start {
    guard let after else { return .numbered(nil) }
    guard after.hasPrefix(Self.mark) else {
      let parts = after.split(separator: "/", maxSplits: 1).map(String.init)
      return .numbered(parts.count == 2 ? (parts[1], Int(parts[0]) ?? 0) : nil)
    }
    let parts = after.dropFirst(Self.mark.count).split(separator: " ", maxSplits: 2)
      .map(String.init)
    guard parts.count == 3, let recorded = Int64(parts[0]) else { return .unnumbered(nil) }
    return .unnumbered(
      ResultsStore.Unnumbered(
        tube: TubeCode(trusted: parts[2]), recordedAt: Instant(milliseconds: recorded),
        id: parts[1]))
  }

  private static func row(
    _ row: ResultRow, _ laboratory: LaboratoryID, _ sequence: Int, in reading: Reading
  ) -> [String] {
    [
      row.tube.text, row.result.rawValue, row.reportedAt.text(in: reading.zone),
      laboratory.text, String(sequence),
    ]
  }
}
