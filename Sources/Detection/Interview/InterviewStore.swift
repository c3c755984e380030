import Kernel
import Registry

/// Statements about what cases said.
struct InterviewStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "interview-0001",
    """
    CREATE TABLE interview_entry (
      id TEXT PRIMARY KEY, infection TEXT NOT NULL, topic TEXT NOT NULL, answer TEXT NOT NULL,
      day TEXT, from_at BIGINT, to_at BIGINT, venue TEXT, place TEXT, transport TEXT, person TEXT,
      contact TEXT, lead TEXT, masked BIGINT, onset_on TEXT, codes TEXT NOT NULL,
      has_visit BIGINT NOT NULL, words_sealed BYTEA, name_sealed BYTEA, phone_sealed BYTEA,
      recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL, struck_at BIGINT, struck_by TEXT,
      struck_reason TEXT,
      CHECK (answer IN ('told', 'not_known', 'refused')),
      CHECK ((from_at IS NULL) = (to_at IS NULL)), CHECK (from_at <= to_at),
      CHECK (masked IN (0, 1)), CHECK (has_visit IN (0, 1)),
      CHECK ((struck_at IS NULL) = (struck_reason IS NULL)))
    """,
    "CREATE INDEX interview_entry_infection ON interview_entry (infection, recorded_at, id)",
    "CREATE INDEX interview_entry_recorded ON interview_entry (recorded_at)")

  static let leads = Migration(
    "interview-0002",
    "CREATE INDEX interview_entry_lead ON interview_entry (lead) WHERE lead IS NOT NULL",
    "CREATE INDEX interview_entry_venue ON interview_entry (venue) WHERE lead IS NOT NULL")

  /// What was told of a contact, as it was told: the window may be another when it is taken back.
  static let told = Migration(
    "interview-0003", "ALTER TABLE interview_entry ADD COLUMN told_by TEXT",
    "ALTER TABLE interview_entry ADD COLUMN told_from BIGINT",
    "ALTER TABLE interview_entry ADD COLUMN told_to BIGINT")

  private static let columns: SQL = """
    id, infection, topic, answer, day, from_at, to_at, venue, place, transport, person, contact,
    lead, masked, onset_on, codes, has_visit, words_sealed, name_sealed, phone_sealed, recorded_at,
    recorded_by, struck_at, struck_reason, told_by, told_from, told_to
    """

  /// An entry that must be there.
  func get(_ id: InterviewEntryID) throws -> InterviewEntry {
    let found = try transaction.row(
      "SELECT \(Self.columns) FROM interview_entry WHERE id = \(id)"
    ).map(Self.entry)
    guard let found else {
      throw Refusal.notFound(Words("询问记录", "entry"), id.text, field: "entry")
    }
    return found
  }

  /// All that a case said, in the order in which it was written down; struck ones, too.
  func entries(of infection: CaseID) throws -> [InterviewEntry] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM interview_entry
      WHERE infection = \(infection)
      ORDER BY recorded_at, id
      LIMIT 5000
      """
    ).map(Self.entry)
  }

  /// The pieces of any case by which one lead is looked for, and that nobody struck.
  func standing(with lead: LeadID) throws -> [InterviewEntry] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM interview_entry
      WHERE lead = \(lead) AND struck_at IS NULL
      ORDER BY recorded_at, id
      LIMIT 1000
      """
    ).map(Self.entry)
  }

  /// The lead by which any case's venue of this spelling is still looked for.
  func lead(forVenue venue: VenueID) throws -> LeadID? {
    try transaction.row(
      """
      SELECT lead
      FROM interview_entry
      WHERE venue = \(venue) AND lead IS NOT NULL AND struck_at IS NULL AND place IS NULL
        AND topic <> \(InterviewTopic.meeting.rawValue)
      ORDER BY recorded_at DESC, id DESC
      LIMIT 1
      """)?.optionalID(0)
  }

  /// Another standing piece that says the very same of where the case was, and has no visit of its own.
  func twin(of entry: InterviewEntry) throws -> InterviewEntryID? {
    try transaction.row(
      """
      SELECT id
      FROM interview_entry
      WHERE infection = \(entry.infection) AND id <> \(entry.id) AND struck_at IS NULL
        AND topic IN (\(InterviewTopic.stay.rawValue), \(InterviewTopic.ride.rawValue))
        AND venue = \(entry.venue) AND from_at = \(entry.span?.from) AND to_at = \(entry.span?.to)
        AND has_visit = 0
      ORDER BY recorded_at, id
      LIMIT 1
      """)?.id(0)
  }

  /// Whether the very same was told of a contact by another standing piece.
  func isToldAgain(_ entry: InterviewEntry) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM interview_entry
      WHERE infection = \(entry.infection) AND id <> \(entry.id) AND struck_at IS NULL
        AND contact = \(entry.contact) AND told_by = \(entry.toldBy)
        AND told_from = \(entry.told?.from) AND told_to = \(entry.told?.to)
      LIMIT 1
      """) != nil
  }

  /// Hands a piece the visit that was recorded for another.
  func takeVisit(_ id: InterviewEntryID) throws {
    try transaction.execute("UPDATE interview_entry SET has_visit = 1 WHERE id = \(id)")
  }

  /// The meetings of a case with somebody who is known and became no contact by them.
  func meetingsWithoutContact(of infection: CaseID) throws -> [InterviewEntry] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM interview_entry
      WHERE infection = \(infection) AND topic = \(InterviewTopic.meeting.rawValue)
        AND person IS NOT NULL AND contact IS NULL AND struck_at IS NULL
      ORDER BY recorded_at, id
      LIMIT 5000
      """
    ).map(Self.entry)
  }

  func add(_ entry: InterviewEntry) throws {
    let sealed = entry.sealed
    try transaction.execute(
      """
      INSERT INTO interview_entry (id, infection, topic, answer, day, from_at, to_at, venue, place,
        transport, person, contact, lead, masked, onset_on, codes, has_visit, words_sealed,
        name_sealed, phone_sealed, recorded_at, recorded_by, told_by, told_from, told_to)
      VALUES (\(entry.id), \(entry.infection), \(entry.topic.rawValue), \(entry.answer.rawValue),
        \(entry.day), \(entry.span?.from), \(entry.span?.to), \(entry.venue), \(entry.place),
        \(entry.transport?.rawValue), \(entry.person), \(entry.contact), \(entry.lead),
        \(entry.isMasked.map { $0 ? 1 : 0 }), \(entry.onsetOn),
        \(entry.codes.joined(separator: "|")), \(entry.hasVisit ? 1 : 0), \(sealed.words),
        \(sealed.name), \(sealed.phone), \(entry.recordedAt), \(entry.recordedBy),
        \(entry.toldBy), \(entry.told?.from), \(entry.told?.to))
      """)
  }

  /// Saves what was found out about an entry's venue or person.
  func resolve(_ entry: InterviewEntry) throws {
    try transaction.execute(
      """
      UPDATE interview_entry
      SET venue = \(entry.venue), place = \(entry.place), person = \(entry.person),
        contact = \(entry.contact), lead = \(entry.lead), has_visit = \(entry.hasVisit ? 1 : 0),
        told_by = \(entry.toldBy), told_from = \(entry.told?.from), told_to = \(entry.told?.to)
      WHERE id = \(entry.id)
      """)
  }

  /// Follows what was told of a contact when that is put right.
  func follow(_ told: TimeSpan, to span: TimeSpan, of contact: ContactID, _ infection: CaseID)
    throws
  {
    try transaction.execute(
      """
      UPDATE interview_entry
      SET told_from = \(span.from), told_to = \(span.to)
      WHERE infection = \(infection) AND contact = \(contact) AND told_from = \(told.from)
        AND told_to = \(told.to)
      """)
  }

  func strike(
    _ id: InterviewEntryID, at now: Instant, by account: String, reason: String
  ) throws {
    try transaction.execute(
      """
      UPDATE interview_entry
      SET struck_at = \(now), struck_by = \(account), struck_reason = \(reason)
      WHERE id = \(id)
      """)
  }

  func drop(before moment: Instant) throws -> Int {
    try transaction.execute("DELETE FROM interview_entry WHERE recorded_at < \(moment)")
  }

  /// The venues of which anybody's visits are known, or that somebody has classified. Goes from one
  /// name to the next in the index, so that a million visits at a thousand venues cost a thousand steps.
  func knownVenues(limit: Int) throws -> [VenueID] {
    try transaction.rows(
      """
      WITH RECURSIVE known (spot) AS (
        SELECT MIN(spot) FROM visit
        UNION ALL
        SELECT (SELECT MIN(visit.spot) FROM visit WHERE visit.spot > known.spot)
        FROM known
        WHERE known.spot IS NOT NULL)
      SELECT spot FROM known WHERE spot IS NOT NULL
      UNION
      SELECT spot FROM venue
      ORDER BY spot
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// Whether anybody is known to have been at a venue, or somebody has classified it.
  func isKnown(_ venue: VenueID) throws -> Bool {
    try transaction.row(
      """
      SELECT 1 FROM visit WHERE spot = \(venue)
      UNION ALL
      SELECT 1 FROM venue WHERE spot = \(venue)
      LIMIT 1
      """) != nil
  }

  /// Whether anybody who lives in an area, or is a case there, is known to have been at a venue.
  func isVisited(_ venue: VenueID, from area: PlacePath) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM visit
      WHERE visit.spot = \(venue) AND (
        EXISTS (
          SELECT 1 FROM person
          WHERE person.id = visit.person AND \(SQL.inside(area, column: "person.path")))
        OR EXISTS (
          SELECT 1 FROM investigation
          WHERE investigation.person = visit.person
            AND \(SQL.inside(area, column: "investigation.path"))))
      LIMIT 1
      """) != nil
  }

  private static func entry(_ row: Row) -> InterviewEntry {
    var entry = InterviewEntry(
      row.id(0), of: row.id(1), InterviewTopic(rawValue: row.text(2)) ?? .day,
      InterviewAnswer(rawValue: row.text(3)) ?? .told,
      day: row.optionalText(4).flatMap(Day.init), at: row.instant(20), by: row.text(21))
    if let from = row.optionalInstant(5), let to = row.optionalInstant(6) {
      entry.span = TimeSpan(from, to)
    }
    entry.venue = row.optionalID(7)
    entry.place = row.optionalID(8)
    entry.transport = row.optionalText(9).flatMap(InterviewTransport.init)
    entry.person = row.optionalID(10)
    entry.contact = row.optionalID(11)
    entry.lead = row.optionalID(12)
    entry.isMasked = row.optionalInteger(13).map { $0 == 1 }
    entry.onsetOn = row.optionalText(14).flatMap(Day.init)
    entry.codes = row.text(15).split(separator: "|").map(String.init)
    entry.hasVisit = row.integer(16) == 1
    entry.sealed = SealedSaying(words: row.bytes(17), name: row.bytes(18), phone: row.bytes(19))
    entry.struckAt = row.optionalInstant(22)
    entry.struckReason = row.optionalText(23)
    entry.toldBy = row.optionalText(24)
    if let from = row.optionalInstant(25), let to = row.optionalInstant(26) {
      entry.told = TimeSpan(from, to)
    }
    return entry
  }
}
