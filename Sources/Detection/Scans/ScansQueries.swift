import Kernel

/// All scans, list by list, in the form in which they are imported. A scan that passes midnight is
/// several that touch.
package struct ExportScans: Query {
  package static let name = "scans.export"
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.exchange]
  private static let page = 5_000

  package let after: String?

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    reading.disclose(everybodyIn: .everywhere)
    let store = ScansStore(reading.transaction)
    let cursor = (after ?? "").split(separator: "/").compactMap { Int($0) }
    let (number, day, from) = cursor.count == 3 ? (cursor[0], cursor[1], cursor[2]) : (0, 0, 0)
    let head =
      try from > 0
      ? ScansStore.Head(number: number, day: day, scans: 0, digest: "")
      : store.next(after: number, day)
    guard let head else { return ExportAnswer(rows: [], after: nil) }
    let batch = try store.batch(head.number, of: head.day)
    let clock = ScanTime(reading.zone)
    let part = batch.scans.dropFirst(from).prefix(Self.page)
    let rows = part.map { scan in
      [
        batch.persons[Int(scan.person)], batch.venues[Int(scan.venue)],
        clock.instant(of: scan.from).text(in: reading.zone),
        clock.instant(of: scan.to).text(in: reading.zone), scan.source.rawValue,
      ]
    }
    let next = from + part.count
    let isLast = next >= batch.scans.count
    return ExportAnswer(
      rows: rows, after: "\(head.number)/\(head.day)/\(isLast ? 0 : next)")
  }
}
