/// Which obligations of an area are asked for.
package struct ObligationFilter: Sendable {
  let kind: String?
  let holder: AccountID?
  let seats: [Seat]?
  let before: Instant?
  let isTaken: Bool?
  let takenBefore: Instant?

  /// - Parameter authority: whoever wants to see only what they have claimed, and what their seats
  ///   owe and nobody has claimed.
  package init(
    kind: String? = nil, of authority: Authority? = nil, before: Instant? = nil,
    isTaken: Bool? = nil, takenBefore: Instant? = nil
  ) {
    self.kind = kind
    self.before = before
    self.isTaken = isTaken
    self.takenBefore = takenBefore
    if case .account(let account)? = authority?.sender { holder = account } else { holder = nil }
    seats = authority?.offices.map { Seat(role: $0.role, place: $0.place) }
  }

  var condition: SQL {
    var condition: SQL = "1 = 1"
    if let kind { condition = "\(condition) AND kind = \(kind)" }
    if let before { condition = "\(condition) AND deadline < \(before)" }
    switch isTaken {
    case true: condition = "\(condition) AND claimed_by IS NOT NULL"
    case false: condition = "\(condition) AND claimed_by IS NULL"
    case nil: break
    }
    if let takenBefore {
      condition = "\(condition) AND claimed_at IS NOT NULL AND claimed_at < \(takenBefore)"
    }
    guard let seats else { return condition }
    var owner: SQL = "claimed_by = \(holder)"
    for seat in seats {
      owner = "\(owner) OR (claimed_by IS NULL AND seat = \(seat.description))"
    }
    return "\(condition) AND (\(owner))"
  }
}

extension ObligationStore {
  /// How much was owed in an area at an earlier moment, and how much of it was late then.
  package func standing(
    in path: PlacePath, at moment: Instant
  ) throws -> (owed: Int, late: Int) {
    var (owed, late) = (0, 0)
    // Two statements, so that each one has its index: what is open now, and what closed since.
    for closing: SQL in ["closed_at IS NULL", "closed_at > \(moment)"] {
      let row = try transaction.row(
        """
        SELECT COUNT(*), COUNT(CASE WHEN deadline < \(moment) THEN 1 END)
        FROM obligation
        WHERE \(closing) AND opened_at <= \(moment) AND \(SQL.inside(path, column: "path"))
        """)
      owed += row?.integer(0) ?? 0
      late += row?.integer(1) ?? 0
    }
    return (owed, late)
  }
}

extension ObligationStore {
  /// How many are owed in an area with a deadline inside a span.
  package func due(in path: PlacePath, from: Instant, to: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM obligation
      WHERE closed_at IS NULL AND deadline >= \(from) AND deadline < \(to)
        AND \(SQL.inside(path, column: "path"))
      """)?.integer(0) ?? 0
  }
}

extension ObligationStore {
  /// Those of an area whose number begins so.
  func numbered(_ text: String, in area: PlacePath, limit: Int) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE id >= \(text) AND id < \(text + "\u{10FFFF}")
        AND \(SQL.inside(area, column: "path"))
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }
}

extension ObligationStore {
  /// What was closed inside an area, the latest first; the cursor names when.
  func closed(
    in path: PlacePath, filter: ObligationFilter, after: Cursor?, limit: Int
  ) throws -> [Obligation] {
    let following: SQL = after.map { "(closed_at, id) < (\($0.deadline), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE closed_at IS NOT NULL AND \(SQL.listed(path, column: "path")) AND \(following)
        AND \(filter.condition)
      ORDER BY closed_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }
}
