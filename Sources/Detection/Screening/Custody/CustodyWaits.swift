import Gazette
import Kernel

/// Statements about boxes that wait for whoever has them to give them on.
struct CustodyWaitsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Notes since when a box waits; nil when it was given on, or nothing in it waits any more.
  func wait(_ box: BoxID, since: Instant?) throws {
    try transaction.put(
      "UPDATE tube_box SET waits_since = \(since), told_after = NULL WHERE id = \(box)")
  }

  func noteTold(_ box: BoxID, after leg: Int) throws {
    try transaction.put("UPDATE tube_box SET told_after = \(leg) WHERE id = \(box)")
  }

  /// Boxes that were packed before a moment, or taken before another one, and wait since, and of which
  /// nobody was told yet; with how many legs each has behind it, the longest waiting first.
  func silent(
    packedBefore packed: Instant, takenBefore taken: Instant, limit: Int
  ) throws -> [(box: BoxID, legs: Int)] {
    try transaction.rows(
      """
      SELECT id, (SELECT COUNT(*) FROM box_leg WHERE box_leg.box = tube_box.id)
      FROM tube_box
      WHERE waits_since IS NOT NULL AND told_after IS NULL AND waits_since < \(max(packed, taken))
        AND waits_since < CASE
          WHEN EXISTS (SELECT 1 FROM box_leg WHERE box_leg.box = tube_box.id) THEN \(taken)
          ELSE \(packed) END
      ORDER BY waits_since, id
      LIMIT \(limit)
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }

  /// Boxes of which somebody was told and in which no tube waits for a result any more.
  func decided(limit: Int) throws -> [(box: BoxID, legs: Int)] {
    try transaction.rows(
      """
      SELECT id, told_after
      FROM tube_box
      WHERE told_after IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM tube
        WHERE tube.box = tube_box.id AND tube.box IS NOT NULL AND result IS NULL
          AND voided_at IS NULL)
      ORDER BY id
      LIMIT \(limit)
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }

  /// Whether a tube in a box waits for its result.
  func isOpen(_ box: BoxID) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM tube
      WHERE box = \(box) AND box IS NOT NULL AND result IS NULL AND voided_at IS NULL
      LIMIT 1
      """) != nil
  }
}

extension Work {
  /// A box was given on: nobody has to be told any more that it waits.
  func goesOn(_ box: TubeBox) throws {
    if let leg = box.toldAfter {
      try discharge(
        ScreeningObligations.carry, about: "\(box.id.text)/\(leg)", proof: ["box": box.id.text])
    }
    try CustodyWaitsStore(transaction).wait(box.id, since: nil)
  }

  /// Tells somebody of boxes that were packed, or taken by a vehicle or a store, and are not given on within
  /// the policy's time; and lets go of those whose tubes have been decided meanwhile.
  func tellWaiting(_ clocks: ScreeningPolicy.Clocks, limit: Int) throws -> Int {
    let store = CustodyWaitsStore(transaction)
    let silent = try store.silent(
      packedBefore: now - .minutes(clocks.packedMinutes),
      takenBefore: now - .minutes(clocks.carriedMinutes), limit: limit)
    for (box, legs) in silent {
      guard try store.isOpen(box) else {
        try store.wait(box, since: nil)
        continue
      }
      try oblige(
        ScreeningObligations.carry, about: "\(box.text)/\(legs)", at: area(of: self.box(box)).place,
        by: now)
      try store.noteTold(box, after: legs)
    }
    let decided = try store.decided(limit: limit)
    for (box, legs) in decided {
      try waive(ScreeningObligations.carry, about: "\(box.text)/\(legs)", reason: "tubes_decided")
      try store.wait(box, since: nil)
    }
    return max(silent.count, decided.count)
  }
}
