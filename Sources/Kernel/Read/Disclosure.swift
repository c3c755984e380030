/// One look at a person's data, as the person sees it.
package struct Disclosure: Codable, Sendable {
  package let at: Instant
  package let sender: String
  package let purpose: Purpose
  /// The question or the page.
  package let question: String
  /// Whether it was a list or an export of a whole area.
  package let isList: Bool
}

/// Statements about the disclosure log.
package struct DisclosureStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  func add(
    _ disclosed: Disclosed, id: String, at: Instant, sender: Sender, purpose: Purpose,
    question: String
  ) throws {
    let person: PersonID?
    let area: PlacePath?
    switch disclosed {
    case .person(let id): (person, area) = (id, nil)
    case .area(let path): (person, area) = (nil, path)
    }
    try transaction.put(
      """
      INSERT INTO disclosure (id, person, area, at, sender, purpose, question)
      VALUES (\(id), \(person), \(area), \(at), \(sender.text), \(purpose.rawValue), \(question))
      ON CONFLICT (id) DO NOTHING
      """)
  }

  /// Who looked at a person who lives at a path, by all identifiers of the person, the latest
  /// first.
  package func about(_ person: [PersonID], livingAt path: PlacePath, limit: Int) throws
    -> [Disclosure]
  {
    let areas = ([path] + path.ancestors + [.everywhere]).map(\.text)
    var found = try transaction.rows(
      """
      SELECT at, sender, purpose, question, 0
      FROM disclosure
      WHERE person IN (\(SQL.list(person))) AND person IS NOT NULL
      ORDER BY at DESC, id DESC
      LIMIT \(limit)
      """)
    for area in Set(areas) {
      found += try transaction.rows(
        """
        SELECT at, sender, purpose, question, 1
        FROM disclosure
        WHERE area = \(area)
        ORDER BY at DESC, id DESC
        LIMIT \(limit)
        """)
    }
    return found.map { row in
      Disclosure(
        at: row.instant(0), sender: row.text(1),
        purpose: Purpose(rawValue: row.text(2)) ?? .audit, question: row.text(3),
        isList: row.integer(4) == 1)
    }
    .sorted { $0.at > $1.at }.prefix(limit).map { $0 }
  }
}
