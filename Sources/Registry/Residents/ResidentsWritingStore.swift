import Kernel

/// Statements that write residents' files.
extension ResidentsStore {
  /// - Parameter initials: the first letters of the name's reading.
  func insert(_ resident: Resident, initials: String) throws {
    try transaction.put(
      """
      INSERT INTO person (id, name, sex, birth_day, identity_kind, identity_sealed, identity_index,
        phone_sealed, phone_index, home, path, home_since, away_since, registered_code,
        registered_since, work_place, work_since, tags, incomplete, opened_at, retention,
        keep_until, merged_into, initials, identity_tail, phone_tail)
      VALUES (\(resident.id), \(resident.name?.revealed), \(resident.sex?.rawValue),
        \(resident.birthDay), \(resident.identityKind?.rawValue), \(resident.identity?.bytes),
        \(resident.identity?.index), \(resident.phone?.bytes), \(resident.phone?.index),
        \(resident.home), \(resident.path), \(resident.homeSince), \(resident.awaySince),
        \(resident.registered?.value), \(resident.registered?.since),
        \(resident.workPlace?.value), \(resident.workPlace?.since),
        \(resident.tags.joined(separator: "|")), \(resident.isIncomplete ? 1 : 0),
        \(resident.openedAt), \(resident.retention.rawValue), \(resident.keepUntil),
        \(resident.mergedInto), \(initials), \(resident.identity?.tail),
        \(resident.phone?.tail))
      """)
  }

  func update(_ resident: Resident, initials: String) throws {
    try transaction.execute(
      """
      UPDATE person
      SET name = \(resident.name?.revealed), sex = \(resident.sex?.rawValue),
        birth_day = \(resident.birthDay), identity_kind = \(resident.identityKind?.rawValue),
        identity_sealed = \(resident.identity?.bytes), identity_index = \(resident.identity?.index),
        phone_sealed = \(resident.phone?.bytes), phone_index = \(resident.phone?.index),
        home = \(resident.home), path = \(resident.path), home_since = \(resident.homeSince),
        away_since = \(resident.awaySince), registered_code = \(resident.registered?.value),
        registered_since = \(resident.registered?.since), work_place = \(resident.workPlace?.value),
        work_since = \(resident.workPlace?.since), tags = \(resident.tags.joined(separator: "|")),
        incomplete = \(resident.isIncomplete ? 1 : 0), retention = \(resident.retention.rawValue),
        keep_until = \(resident.keepUntil), merged_into = \(resident.mergedInto),
        initials = \(initials), identity_tail = \(resident.identity?.tail),
        phone_tail = \(resident.phone?.tail)
      WHERE id = \(resident.id)
      """)
  }

  /// Files that were kept before they could be found by initials and last signs.
  func withoutInitials(limit: Int) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE initials IS NULL
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Whether there is such a file.
  func hasWithoutInitials() throws -> Bool {
    try transaction.row("SELECT 1 FROM person WHERE initials IS NULL LIMIT 1") != nil
  }

  func put(_ id: PersonID, initials: String, identityTail: String?, phoneTail: String?) throws {
    try transaction.put(
      """
      UPDATE person
      SET initials = \(initials), identity_tail = \(identityTail), phone_tail = \(phoneTail)
      WHERE id = \(id)
      """)
  }
}
