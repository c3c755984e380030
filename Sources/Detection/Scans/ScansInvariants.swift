import Kernel

/// What must hold of packed scans and of their index.
enum ScansInvariants {
  static let all: [Invariant] = [
    Invariant("I-36", "every list of scans is as it was taken in") { context in
      let store = ScansStore(context.transaction)
      var damaged: [String] = []
      for head in try store.heads(after: 0) {
        let body = try store.body(head.number, of: head.day) ?? []
        guard Hex.text(context.vault.suite.digest(body)) == head.digest,
          ScanBatch(packed: body)?.scans.count == head.scans
        else {
          damaged.append("scan_batch \(head.number)/\(head.day)")
          continue
        }
      }
      return Array(damaged.prefix(20))
    },
    Invariant("I-36", "the index of scans is whole and holds what the lists say") { context in
      try context.rules.scanIndex?.faults(against: context.transaction) ?? []
    },
    Invariant(
      "I-36", "no scan is left of a deleted day",
      violations: """
        SELECT scan_batch.number
        FROM scan_batch
        JOIN scan_day_gone ON scan_day_gone.day = scan_batch.day
        ORDER BY scan_batch.number LIMIT 20
        """),
  ]
}
