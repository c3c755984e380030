import Kernel

extension Residents {
  /// What holds of the register at any moment.
  static let invariants: [Invariant] = [
    Invariant(
      "I-1", "everybody lives at the path of one home",
      violations: """
        SELECT person.id
        FROM person
        LEFT JOIN place ON place.id = person.home
        WHERE place.path IS NULL OR place.path <> person.path
        ORDER BY person.id
        LIMIT 20
        """),
    Invariant(
      "I-1", "a person's spans of one kind never overlap, nor the present one",
      violations: """
        SELECT residence.person
        FROM residence
        JOIN person ON person.id = residence.person
        WHERE (residence.kind = 'home' AND residence.until_at > person.home_since)
          OR (residence.kind = 'away' AND residence.until_at > person.away_since)
          OR EXISTS (
            SELECT 1
            FROM residence other
            WHERE other.person = residence.person AND other.kind = residence.kind
              AND other.from_at > residence.from_at AND other.from_at < residence.until_at)
        ORDER BY residence.person
        LIMIT 20
        """),
    Invariant("I-1", "counts roll up exactly from the door to the city") { context in
      try rollUpFaults(in: context.transaction)
    },
    Invariant(
      "I-2", "one live file per identity number, and merges lead to a live file",
      violations: """
        SELECT MIN(id)
        FROM person
        WHERE identity_index IS NOT NULL AND merged_into IS NULL
        GROUP BY identity_index
        HAVING COUNT(*) > 1
        UNION ALL
        SELECT person.id
        FROM person
        WHERE merged_into IS NOT NULL AND NOT EXISTS (
          SELECT 1
          FROM person_merge
          WHERE person_merge.merged = person.id AND person_merge.survivor = person.merged_into
            AND person_merge.undone_at IS NULL)
        LIMIT 20
        """),
    Invariant(
      "I-3", "every file has a retention class and a due date",
      violations: """
        SELECT id
        FROM person
        WHERE retention NOT IN ('resident', 'temporary') OR LENGTH(keep_until) <> 10
        ORDER BY id
        LIMIT 20
        """),
    Invariant("I-56", "no identity or telephone number stands in the open") { context in
      try openNumbers(in: context.transaction)
    },
  ]

  /// Counts people once through the links of places to their parents and once through the paths;
  /// places for which the two differ.
  private static func rollUpFaults(in transaction: any Transaction) throws -> [String] {
    var parents: [String: (parent: String?, path: String)] = [:]
    try transaction.eachRow("SELECT id, parent, path FROM place") { row in
      parents[row.text(0)] = (row.optionalText(1), row.text(2))
    }
    var byLink: [String: Int] = [:]
    var byPath: [String: Int] = [:]
    try transaction.eachRow(
      """
      SELECT home, path, COUNT(*)
      FROM person
      WHERE merged_into IS NULL
      GROUP BY home, path
      """
    ) { row in
      var place: String? = row.text(0)
      while let id = place, let known = parents[id] {
        byLink[known.path, default: 0] += row.integer(2)
        place = known.parent
      }
      let path = PlacePath(row.text(1))
      for above in [path] + path.ancestors { byPath[above.text, default: 0] += row.integer(2) }
    }
    let paths = Set(byLink.keys).union(byPath.keys)
    return paths.filter { byLink[$0] != byPath[$0] }.sorted().prefix(20).map(\.self)
  }

  /// The texts that anybody with the file of the database can read.
  private static func openNumbers(in transaction: any Transaction) throws -> [String] {
    var found: [String] = []
    let texts: [SQL] = [
      """
      SELECT 'person ' || id, id, COALESCE(name, ''), COALESCE(work_place, ''),
        COALESCE(registered_code, ''), tags
      FROM person
      """,
      "SELECT 'residence ' || person, value FROM residence",
      "SELECT 'place ' || id, id, name FROM place",
      "SELECT 'journal ' || sequence, subject, COALESCE(payload, '') FROM journal",
      "SELECT 'receipt ' || command, answer FROM receipt",
    ]
    for statement in texts {
      try transaction.eachRow(statement) { row in
        guard found.count < 20 else { return }
        let holdsNumber = row.values.indices.dropFirst().contains {
          PersonalNumbers.isIn(row.text($0))
        }
        if holdsNumber { found.append(row.text(0)) }
      }
    }
    return found
  }
}
