import Kernel

/// A track of a published list: what it said, kept as it was printed.
struct Track: Sendable {
  let person: PersonID
  let sequence: Int
  let time: String
  let event: String
  let transport: String
  let places: String
  let coordinates: String
  let description: String
  /// Whether no day could be read from it.
  let isLead: Bool
}

/// Statements about tracks.
struct TracksStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "tracks-0001",
    """
    CREATE TABLE track (
      person TEXT NOT NULL, sequence BIGINT NOT NULL, time TEXT NOT NULL, event TEXT NOT NULL,
      transport TEXT NOT NULL, places TEXT NOT NULL, coordinates TEXT NOT NULL,
      description TEXT NOT NULL, lead BIGINT NOT NULL, recorded_at BIGINT NOT NULL,
      PRIMARY KEY (person, sequence), CHECK (lead IN (0, 1)))
    """,
    "CREATE INDEX track_lead ON track (person, sequence) WHERE lead = 1")

  /// Keeps a track; false when the person has one with that number already.
  func add(_ track: Track, at now: Instant) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO track (person, sequence, time, event, transport, places, coordinates,
        description, lead, recorded_at)
      VALUES (\(track.person), \(track.sequence), \(track.time), \(track.event),
        \(track.transport), \(track.places), \(track.coordinates), \(track.description),
        \(track.isLead ? 1 : 0), \(now))
      ON CONFLICT (person, sequence) DO NOTHING
      """) == 1
  }

  func drop(before moment: Instant) throws -> Int {
    try transaction.execute("DELETE FROM track WHERE recorded_at < \(moment)")
  }

  /// Tracks without a readable day, by person and number.
  func leads(after: (person: String, sequence: Int)?, limit: Int) throws -> [Track] {
    try transaction.rows(
      """
      SELECT person, sequence, time, event, transport, places, coordinates, description, lead
      FROM track
      WHERE lead = 1 AND \(Self.following(after))
      ORDER BY person, sequence
      LIMIT \(limit)
      """
    ).map(Self.track)
  }

  /// All tracks, by person and number.
  func tracks(after: (person: String, sequence: Int)?, limit: Int) throws -> [Track] {
    try transaction.rows(
      """
      SELECT person, sequence, time, event, transport, places, coordinates, description, lead
      FROM track
      WHERE \(Self.following(after))
      ORDER BY person, sequence
      LIMIT \(limit)
      """
    ).map(Self.track)
  }

  private static func following(_ after: (person: String, sequence: Int)?) -> SQL {
    after.map { "(person, sequence) > (\($0.person), \($0.sequence))" } ?? "1 = 1"
  }

  private static func track(_ row: Row) -> Track {
    Track(
      person: row.id(0), sequence: row.integer(1), time: row.text(2), event: row.text(3),
      transport: row.text(4), places: row.text(5), coordinates: row.text(6),
      description: row.text(7), isLead: row.integer(8) == 1)
  }
}
