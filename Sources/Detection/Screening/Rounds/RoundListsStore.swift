import Gazette
import Kernel

/// Statements about lists that wait to become rounds.
struct RoundListsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func insert(_ list: RoundList) throws {
    try transaction.put(
      """
      INSERT INTO round_list (id, area, made_at, made_by, listing, people, faults)
      VALUES (\(list.id), \(list.area), \(list.madeAt), \(list.madeBy), \(list.listing.rawValue),
        \(list.people.map(\.text).joined(separator: "\n")),
        \(list.faults.map { "\($0.row) \($0.kind.rawValue)" }.joined(separator: "\n")))
      """)
  }

  func find(_ id: RoundListID) throws -> RoundList? {
    try transaction.row(
      """
      SELECT id, area, made_at, made_by, listing, people, faults
      FROM round_list
      WHERE id = \(id)
      """
    ).map { row in
      RoundList(
        id: row.id(0), area: row.id(1), madeAt: row.instant(2), madeBy: row.text(3),
        listing: ListingReason(rawValue: row.text(4)) ?? .named,
        people: row.text(5).split(separator: "\n").map { PersonID(trusted: String($0)) },
        faults: row.text(6).split(separator: "\n").compactMap { line in
          let parts = line.split(separator: " ").map(String.init)
          guard parts.count == 2, let number = Int(parts[0]),
            let kind = RoundList.FaultKind(rawValue: parts[1])
          else { return nil }
          return RoundList.Fault(row: number, kind: kind)
        })
    }
  }

  func delete(_ id: RoundListID) throws {
    try transaction.put("DELETE FROM round_list WHERE id = \(id)")
  }

  /// Deletes the lists from before a moment; answers how many.
  func delete(madeBefore moment: Instant) throws -> Int {
    try transaction.execute("DELETE FROM round_list WHERE made_at < \(moment)")
  }
}
