import Kernel

/// Statements about residents' files. Files that were merged into others are found by their
/// identifier only; every list and count is of live ones.
package struct ResidentsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  static let columns: SQL = """
    id, name, sex, birth_day, identity_kind, identity_sealed, identity_index, phone_sealed,
    phone_index, home, path, home_since, away_since, registered_code, registered_since, work_place,
    work_since, tags, incomplete, opened_at, retention, keep_until, merged_into, identity_tail,
    phone_tail
    """

  /// The person with an identifier.
  package func find(_ id: PersonID) throws -> Resident? {
    try transaction.row("SELECT \(Self.columns) FROM person WHERE id = \(id)").map(Self.resident)
  }

  /// A person who must be there.
  package func get(_ id: PersonID, field: String = "person") throws -> Resident {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("人员", "person"), id.text, field: field)
    }
    return found
  }

  /// The live file of a person: the one that an identifier's file was merged into, if it was.
  package func current(_ id: PersonID) throws -> Resident? {
    var found = try find(id)
    while let next = found?.mergedInto { found = try find(next) }
    return found
  }

  /// The live files of many people, by each identifier that was given and has one.
  package func current(_ ids: Set<PersonID>) throws -> [PersonID: Resident] {
    var files: [PersonID: Resident] = [:]
    var wanted = ids
    while !wanted.isEmpty {
      let sorted = wanted.sorted()
      for start in stride(from: 0, to: sorted.count, by: 500) {
        let part = sorted[start..<min(start + 500, sorted.count)]
        for file in try find(Set(part)) { files[file.id] = file }
      }
      wanted = Set(files.values.compactMap(\.mergedInto)).subtracting(files.keys)
    }
    var live: [PersonID: Resident] = [:]
    for id in ids {
      var file = files[id]
      while let next = file?.mergedInto { file = files[next] }
      live[id] = file
    }
    return live
  }

  /// For each of many live files every identifier under which its person may stand somewhere, the
  /// file's own first.
  package func identifiers(of live: Set<PersonID>) throws -> [PersonID: [PersonID]] {
    var all = Dictionary(uniqueKeysWithValues: live.map { ($0, [$0]) })
    var owner = Dictionary(uniqueKeysWithValues: live.map { ($0, $0) })
    var youngest = live
    while !youngest.isEmpty {
      let sorted = youngest.sorted()
      youngest = []
      for start in stride(from: 0, to: sorted.count, by: 500) {
        let rows = try transaction.rows(
          """
          SELECT id, merged_into
          FROM person
          WHERE merged_into IN (\(SQL.list(sorted[start..<min(start + 500, sorted.count)])))
            AND merged_into IS NOT NULL
          ORDER BY id
          LIMIT 100000
          """)
        for row in rows {
          let (id, into): (PersonID, PersonID) = (row.id(0), row.id(1))
          guard owner[id] == nil, let live = owner[into] else { continue }
          owner[id] = live
          all[live, default: []].append(id)
          youngest.insert(id)
        }
      }
    }
    return all
  }

  /// The live file of a person who must be there, whichever of the person's identifiers is given.
  package func survivor(of id: PersonID, field: String = "person") throws -> Resident {
    guard let found = try current(id) else {
      throw Refusal.notFound(Words("人员", "person"), id.text, field: field)
    }
    return found
  }

  /// Every identifier under which a person may stand somewhere: that of the live file first, then
  /// those of the files merged into it. One without a file stands for itself (decision 5).
  package func identifiers(of id: PersonID) throws -> [PersonID] {
    var all = [try liveIdentifier(of: id)]
    var youngest = all
    while !youngest.isEmpty {
      youngest = try transaction.rows(
        """
        SELECT id
        FROM person
        WHERE merged_into IN (\(SQL.list(youngest))) AND merged_into IS NOT NULL
        ORDER BY id
        LIMIT 1000
        """
      ).map { $0.id(0) }
      all += youngest
    }
    return all
  }

  /// Under which identifier a person's file is kept now; the one that is given where there is none.
  package func liveIdentifier(of id: PersonID) throws -> PersonID {
    var live = id
    while let next: PersonID = try transaction.row(
      "SELECT merged_into FROM person WHERE id = \(live) AND merged_into IS NOT NULL")?.id(0)
    {
      live = next
    }
    return live
  }

  /// The same of many, by each identifier that was given.
  package func liveIdentifiers(of ids: Set<PersonID>) throws -> [PersonID: PersonID] {
    var into: [PersonID: PersonID] = [:]
    var wanted = ids
    while !wanted.isEmpty {
      var next: Set<PersonID> = []
      for part in wanted.sorted().chunks(of: 500) {
        let rows = try transaction.rows(
          """
          SELECT id, merged_into
          FROM person
          WHERE id IN (\(SQL.list(part))) AND merged_into IS NOT NULL
          """)
        for row in rows {
          into[row.id(0)] = row.id(1)
          next.insert(row.id(1))
        }
      }
      wanted = next.subtracting(into.keys)
    }
    return Dictionary(
      uniqueKeysWithValues: ids.map { id in
        var live = id
        while let next = into[live] { live = next }
        return (id, live)
      })
  }

  /// The files that were merged into others and say that their person lives behind one door.
  package func mergedMembers(of home: PlaceID) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE merged_into IS NOT NULL AND home = \(home)
      ORDER BY id
      LIMIT 1000
      """
    ).map(Self.resident)
  }

  /// The files with these identifiers.
  package func find(_ ids: Set<PersonID>) throws -> [Resident] {
    if ids.isEmpty { return [] }
    return try transaction.rows(
      "SELECT \(Self.columns) FROM person WHERE id IN (\(SQL.list(ids.sorted())))"
    ).map(Self.resident)
  }

  /// The live files that hold one of these blind indices of identity numbers.
  package func owners(ofIdentity indices: Set<String>) throws -> [Resident] {
    if indices.isEmpty { return [] }
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE identity_index IN (\(SQL.list(indices.sorted())))
        AND identity_index IS NOT NULL AND merged_into IS NULL
      """
    ).map(Self.resident)
  }

  /// Live files with a telephone number; a family may share one.
  package func owners(ofPhone index: String, limit: Int) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE phone_index = \(index) AND phone_index IS NOT NULL AND merged_into IS NULL
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Live files with exactly this name inside an area.
  package func named(_ name: String, in area: PlacePath, limit: Int) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE name = \(name) AND \(SQL.inside(area, column: "path")) AND merged_into IS NULL
      ORDER BY path, id
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Which files a list is of.
  package enum Selection: Hashable, Sendable {
    case everybody
    case away
    case incomplete
    case withNeeds
    case withNeed(String)
    /// With a need that follows from the day of birth, or was noted where that is not known.
    case withNeedByAge(String, after: String?, until: String?)

    fileprivate var condition: SQL {
      switch self {
      case .everybody: "1 = 1"
      case .away: "away_since IS NOT NULL"
      case .incomplete: "incomplete = 1"
      case .withNeeds: "tags <> ''"
      case .withNeed(let tag): "tags <> '' AND ('|' || tags || '|') LIKE \("%|\(tag)|%")"
      case .withNeedByAge(let tag, let after, let until):
        """
        ((\(Self.born(after: after, until: until)))
          OR (birth_day IS NULL AND \(Selection.withNeed(tag).condition)))
        """
      }
    }

    fileprivate static func born(after: String?, until: String?) -> SQL {
      let lower: SQL = after.map { "birth_day > \($0)" } ?? "birth_day IS NOT NULL"
      let upper: SQL = until.map { "birth_day <= \($0)" } ?? "1 = 1"
      return "\(lower) AND \(upper)"
    }
  }

  /// How many in an area have a need that follows from the day of birth, or was noted where that is
  /// not known.
  package func countNeed(
    _ tag: String, bornAfter after: String?, until: String?, in area: PlacePath
  ) throws -> Int {
    let inside = SQL.inside(area, column: "path")
    // Two statements, so that each one has its index.
    return try [
      Selection.born(after: after, until: until),
      "birth_day IS NULL AND \(Selection.withNeed(tag).condition)",
    ].reduce(0) { sum, condition in
      try sum
        + (transaction.row(
          """
          SELECT COUNT(*)
          FROM person
          WHERE \(condition) AND \(inside) AND merged_into IS NULL
          """)?.integer(0) ?? 0)
    }
  }

  /// Those who live at a place or anywhere inside it, by path.
  package func living(
    in area: PlacePath, _ selection: Selection = .everybody,
    after: (path: PlacePath, id: PersonID)? = nil, limit: Int
  ) throws -> [Resident] {
    let following: SQL =
      after.map { "(path, id) > (\($0.path), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE \(SQL.inside(area, column: "path")) AND merged_into IS NULL AND \(following)
        AND \(selection.condition)
      ORDER BY path, id
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Those who live behind one door.
  package func members(of home: PlaceID) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE path = (SELECT path FROM place WHERE place.id = \(home)) AND merged_into IS NULL
      ORDER BY id
      LIMIT 1000
      """
    ).map(Self.resident)
  }

  /// The identifiers of those who live behind one door.
  package func household(_ home: PlaceID) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT id
      FROM person
      WHERE path = (SELECT path FROM place WHERE place.id = \(home)) AND merged_into IS NULL
      ORDER BY id
      LIMIT 1000
      """
    ).map { $0.id(0) }
  }

  /// How many live in an area.
  package func count(in area: PlacePath, _ selection: Selection = .everybody) throws -> Int {
    try count(where: SQL.inside(area, column: "path"), selection)
  }

  /// Whether at least so many people are in the register; costs what that number costs to count, and not
  /// what the whole register does.
  package func hasAtLeast(_ people: Int) throws -> Bool {
    if people <= 0 { return true }
    return try transaction.row(
      "SELECT 1 FROM person WHERE merged_into IS NULL LIMIT 1 OFFSET \(people - 1)") != nil
  }

  /// How many live in a place, but in none of its children.
  package func count(directlyAt path: PlacePath, _ selection: Selection = .everybody) throws -> Int
  {
    try count(where: "path = \(path)", selection)
  }

  private func count(where place: SQL, _ selection: Selection) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM person
      WHERE \(place) AND merged_into IS NULL AND \(selection.condition)
      """)?.integer(0) ?? 0
  }

  /// How many people in an area have each special need, by the needs that stand together.
  package func needs(in area: PlacePath) throws -> [(tags: [String], people: Int)] {
    try transaction.rows(
      """
      SELECT tags, COUNT(*)
      FROM person
      WHERE \(SQL.inside(area, column: "path")) AND merged_into IS NULL AND tags <> ''
      GROUP BY tags
      ORDER BY tags
      LIMIT 5000
      """
    ).map { (Self.tags($0.text(0)), $0.integer(1)) }
  }

  /// Files whose last day of keeping lies before a day, the oldest first.
  package func past(keeping day: Day, limit: Int) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT id
      FROM person
      WHERE keep_until < \(day)
      ORDER BY keep_until, id
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  static func resident(_ row: Row) -> Resident {
    Resident(
      id: row.id(0), name: row.optionalText(1).map { Redacted($0) },
      sex: row.optionalText(2).flatMap(Sex.init), birthDay: row.optionalText(3).flatMap(Day.init),
      identityKind: row.optionalText(4).flatMap(IdentityKind.init),
      identity: sealed(row, 5, tail: 23), phone: sealed(row, 7, tail: 24), home: row.id(9),
      path: PlacePath(row.text(10)), homeSince: row.instant(11),
      awaySince: row.optionalInstant(12), registered: dated(row, 13), workPlace: dated(row, 15),
      tags: tags(row.text(17)), isIncomplete: row.integer(18) == 1, openedAt: row.instant(19),
      retention: RetentionClass(rawValue: row.text(20)) ?? .temporary,
      keepUntil: Day(row.text(21)) ?? Day(number: 0), mergedInto: row.optionalID(22))
  }

  private static func sealed(_ row: Row, _ column: Int, tail: Int) -> Sealed? {
    guard let bytes = row.bytes(column), let index = row.optionalText(column + 1) else {
      return nil
    }
    return Sealed(bytes: bytes, index: index, tail: row.optionalText(tail))
  }

  private static func dated(_ row: Row, _ column: Int) -> Dated<String>? {
    guard let value = row.optionalText(column), let since = row.optionalInstant(column + 1) else {
      return nil
    }
    return Dated(value: value, since: since)
  }

  private static func tags(_ text: String) -> [String] {
    text.isEmpty ? [] : text.split(separator: "|").map(String.init)
  }
}
