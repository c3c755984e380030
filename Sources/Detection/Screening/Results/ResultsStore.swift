import Gazette
import Kernel

/// Statements about laboratories and what they sent.
package struct ResultsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The laboratory with an identifier.
  package func laboratory(_ id: LaboratoryID) throws -> Laboratory? {
    try transaction.row(
      "SELECT id, name, key, last_sequence FROM laboratory WHERE id = \(id)"
    ).map(Self.laboratory)
  }

  private static func laboratory(_ row: Row) -> Laboratory {
    Laboratory(
      id: row.id(0), name: row.text(1), key: row.optionalText(2), lastSequence: row.integer(3))
  }

  func save(_ laboratory: LaboratoryID, name: String, key: String?) throws {
    try transaction.put(
      """
      INSERT INTO laboratory (id, name, key, last_sequence)
      VALUES (\(laboratory), \(name), \(key), 0)
      ON CONFLICT (id) DO UPDATE
      SET name = excluded.name, key = excluded.key
      """)
  }

  /// A laboratory of which only files are known so far.
  func note(_ laboratory: LaboratoryID) throws {
    try transaction.put(
      """
      INSERT INTO laboratory (id, name, last_sequence)
      VALUES (\(laboratory), \(laboratory), 0)
      ON CONFLICT (id) DO NOTHING
      """)
  }

  /// Whether any laboratory signs its lists.
  func hasKeys() throws -> Bool {
    try transaction.row("SELECT 1 FROM laboratory WHERE key IS NOT NULL LIMIT 1") != nil
  }

  func setLast(_ sequence: Int, of laboratory: LaboratoryID) throws {
    try transaction.put(
      "UPDATE laboratory SET last_sequence = \(sequence) WHERE id = \(laboratory)")
  }

  // MARK: Lists

  static let batchColumns: SQL = """
    id, laboratory, sequence, digest, rows, body, came_at, state, reasons, area, said_release,
    said_by, said_organisations, said_at, tube, entered_by
    """

  func insert(_ batch: ResultBatch) throws {
    try transaction.put(
      """
      INSERT INTO result_batch (id, laboratory, sequence, digest, rows, body, came_at, state,
        reasons, area, tube, entered_by)
      VALUES (\(batch.id), \(batch.laboratory), \(batch.sequence), \(batch.digest),
        \(batch.rows), \(batch.body), \(batch.cameAt), \(batch.state.rawValue),
        \(batch.reasons.joined(separator: " ")), \(batch.area), \(batch.tube),
        \(batch.enteredBy))
      """)
  }

  func decide(_ id: BatchID, _ state: ResultBatch.State, at now: Instant, by sender: String) throws
  {
    try transaction.put(
      """
      UPDATE result_batch
      SET state = \(state.rawValue), decided_at = \(now), decided_by = \(sender)
      WHERE id = \(id)
      """)
  }

  /// The list with an identifier.
  package func batch(_ id: BatchID) throws -> ResultBatch? {
    try transaction.row(
      """
      SELECT \(Self.batchColumns)
      FROM result_batch
      WHERE id = \(id)
      """
    ).map(Self.batch)
  }

  /// A list that a laboratory sent under a number, as often as it came.
  func batches(
    of laboratory: LaboratoryID, sequence: Int, digest: String
  ) throws -> [ResultBatch] {
    try transaction.rows(
      """
      SELECT \(Self.batchColumns)
      FROM result_batch
      WHERE laboratory = \(laboratory) AND sequence = \(sequence) AND digest = \(digest)
      ORDER BY id DESC
      LIMIT 10
      """
    ).map(Self.batch)
  }

  /// Whether a list of a number of a laboratory counts.
  func hasCounted(_ sequence: Int, of laboratory: LaboratoryID) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM result_batch
      WHERE laboratory = \(laboratory) AND sequence = \(sequence) AND tube IS NULL
        AND state IN ('applied', 'released')
      LIMIT 1
      """) != nil
  }

  /// The result of a tube that was entered by hand and waits for two people.
  func waiting(of tube: TubeCode) throws -> ResultBatch? {
    try transaction.row(
      """
      SELECT \(Self.batchColumns)
      FROM result_batch
      WHERE tube = \(tube) AND tube IS NOT NULL AND state = 'quarantined'
      LIMIT 1
      """
    ).map(Self.batch)
  }

  /// The lists that wait for somebody's decision, the oldest first.
  package func quarantined(limit: Int) throws -> [ResultBatch] {
    try transaction.rows(
      """
      SELECT \(Self.batchColumns)
      FROM result_batch
      WHERE state = 'quarantined'
      ORDER BY came_at, id
      LIMIT \(limit)
      """
    ).map(Self.batch)
  }

  /// Whether a list of a laboratory that was wrong about a control waits for a decision.
  func isSuspended(_ laboratory: LaboratoryID) throws -> Bool {
    try transaction.rows(
      """
      SELECT reasons
      FROM result_batch
      WHERE state = 'quarantined' AND laboratory = \(laboratory)
      ORDER BY came_at, id
      LIMIT 500
      """
    ).contains {
      $0.text(0).split(separator: " ").contains { $0 == ResultFault.control.rawValue }
    }
  }

  static func batch(_ row: Row) -> ResultBatch {
    ResultBatch(
      id: row.id(0), laboratory: row.id(1), sequence: row.integer(2), digest: row.text(3),
      rows: row.integer(4), body: row.text(5), cameAt: row.instant(6),
      state: ResultBatch.State(rawValue: row.text(7)) ?? .quarantined,
      reasons: row.text(8).split(separator: " ").map(String.init),
      area: row.optionalText(9).map { PlacePath($0) }, said: word(row),
      tube: row.optionalID(14), enteredBy: row.optionalText(15))
  }

  private static func word(_ row: Row) -> ResultBatch.Word? {
    guard let release = row.optionalInteger(10), let by = row.optionalText(11),
      let at = row.optionalInstant(13)
    else { return nil }
    return ResultBatch.Word(
      release: release == 1, by: by,
      organisations: Set((row.optionalText(12) ?? "").split(separator: "|").map(String.init)),
      at: at)
  }

  /// Keeps what the first of two said of a list; nil strikes it out.
  func note(_ word: ResultBatch.Word?, on id: BatchID) throws {
    try transaction.put(
      """
      UPDATE result_batch
      SET said_release = \(word.map { $0.release ? 1 : 0 }), said_by = \(word?.by),
        said_organisations = \(word?.organisations.sorted().joined(separator: "|")),
        said_at = \(word?.at)
      WHERE id = \(id)
      """)
  }

  // MARK: Results

  func add(
    _ row: ResultRow, id: ID<BatchTag>, laboratory: LaboratoryID, batch: BatchID?, sequence: Int?,
    correction: CorrectionID?, enteredBy: String? = nil, at now: Instant
  ) throws {
    try transaction.put(
      """
      INSERT INTO tube_result (id, tube, result, reported_at, laboratory, batch, sequence,
        recorded_at, correction, entered_by)
      VALUES (\(id), \(row.tube), \(row.result.rawValue), \(row.reportedAt), \(laboratory),
        \(batch), \(sequence), \(now), \(correction), \(enteredBy))
      """)
  }

  /// What a laboratory said under a number of its own.
  func said(by laboratory: LaboratoryID, sequence: Int) throws -> ResultRow? {
    try transaction.row(
      """
      SELECT tube, result, reported_at
      FROM tube_result
      WHERE laboratory = \(laboratory) AND sequence = \(sequence) AND sequence IS NOT NULL
      """
    ).map { row in
      ResultRow(
        tube: row.id(0), result: TubeResult(rawValue: row.text(1)) ?? .invalid,
        reportedAt: row.instant(2))
    }
  }

  /// Whether a laboratory said just this of a tube, under whichever number.
  func isSaid(_ row: ResultRow, by laboratory: LaboratoryID) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM tube_result
      WHERE tube = \(row.tube) AND laboratory = \(laboratory)
        AND result = \(row.result.rawValue) AND reported_at = \(row.reportedAt)
      LIMIT 1
      """) != nil
  }

  /// What was said of a tube once, by whom and how.
  package struct Said: Sendable {
    package let row: ResultRow
    package let laboratory: LaboratoryID
    package let correction: CorrectionID?
    /// Who entered it by hand; nil when it came in a list or a file.
    package let enteredBy: String?
    package let isSigned: Bool
  }

  /// Everything that was said of a tube, the earliest first.
  package func history(of tube: TubeCode) throws -> [Said] {
    try transaction.rows(
      """
      SELECT tube, result, reported_at, laboratory, correction, entered_by, batch
      FROM tube_result
      WHERE tube = \(tube)
      ORDER BY recorded_at, id
      LIMIT 100
      """
    ).map { row in
      Said(
        row: ResultRow(
          tube: row.id(0), result: TubeResult(rawValue: row.text(1)) ?? .invalid,
          reportedAt: row.instant(2)), laboratory: row.id(3), correction: row.optionalID(4),
        enteredBy: row.optionalText(5), isSigned: row.optionalText(6) != nil)
    }
  }

  /// The results of files in their order, for an export.
  package func page(
    after last: (laboratory: String, sequence: Int)?, limit: Int
  ) throws -> [(row: ResultRow, laboratory: LaboratoryID, sequence: Int)] {
    try transaction.rows(
      """
      SELECT tube, result, reported_at, laboratory, sequence
      FROM tube_result
      WHERE sequence IS NOT NULL
        AND (laboratory, sequence) > (\(last?.laboratory ?? ""), \(last?.sequence ?? 0))
      ORDER BY laboratory, sequence
      LIMIT \(limit)
      """
    ).map { row in
      (
        ResultRow(
          tube: row.id(0), result: TubeResult(rawValue: row.text(1)) ?? .invalid,
          reportedAt: row.instant(2)), row.id(3), row.integer(4)
      )
    }
  }

  /// Where a page of results without a number begins.
  struct Unnumbered {
    let tube: TubeCode
    let recordedAt: Instant
    let id: String
  }

  /// The results without a number of their own, those of signed lists and those entered by hand, by tube;
  /// what two people put right is no laboratory's.
  func unnumbered(
    after last: Unnumbered?, limit: Int
  ) throws -> [(row: ResultRow, laboratory: LaboratoryID, key: Unnumbered)] {
    try transaction.rows(
      """
      SELECT tube, result, reported_at, laboratory, recorded_at, id
      FROM tube_result
      WHERE sequence IS NULL AND correction IS NULL AND tube >= \(last?.tube.text ?? "")
        AND (tube, recorded_at, id)
          > (\(last?.tube.text ?? ""), \(last?.recordedAt ?? Instant(milliseconds: 0)), \(last?.id ?? ""))
      ORDER BY tube, recorded_at, id
      LIMIT \(limit)
      """
    ).map { row in
      (
        ResultRow(
          tube: row.id(0), result: TubeResult(rawValue: row.text(1)) ?? .invalid,
          reportedAt: row.instant(2)), row.id(3),
        Unnumbered(tube: row.id(0), recordedAt: row.instant(4), id: row.text(5))
      )
    }
  }

  // MARK: Corrections

  func insert(_ correction: ResultCorrection, reason: String) throws {
    try transaction.put(
      """
      INSERT INTO result_correction (id, tube, was, result, reason, asked_by, organisations,
        asked_at)
      VALUES (\(correction.id), \(correction.tube), \(correction.was.rawValue),
        \(correction.result.rawValue), \(reason), \(correction.askedBy),
        \(correction.organisations.sorted().joined(separator: "|")), \(correction.askedAt))
      """)
  }

  func correction(_ id: CorrectionID) throws -> ResultCorrection? {
    try transaction.row(
      """
      SELECT id, tube, was, result, asked_by, organisations, asked_at, decided_at
      FROM result_correction
      WHERE id = \(id)
      """
    ).map(Self.correction)
  }

  /// The corrections that wait for their second person, the earliest first, with their reasons.
  func openCorrections(limit: Int) throws -> [(correction: ResultCorrection, reason: String)] {
    try transaction.rows(
      """
      SELECT id, tube, was, result, asked_by, organisations, asked_at, decided_at, reason
      FROM result_correction
      WHERE decided_at IS NULL
      ORDER BY tube
      LIMIT \(limit)
      """
    ).map { (Self.correction($0), $0.text(8)) }
  }

  func openCorrection(of tube: TubeCode) throws -> ResultCorrection? {
    try transaction.row(
      """
      SELECT id, tube, was, result, asked_by, organisations, asked_at, decided_at
      FROM result_correction
      WHERE tube = \(tube) AND decided_at IS NULL
      """
    ).map(Self.correction)
  }

  func decide(_ id: CorrectionID, approved: Bool, at now: Instant, by sender: String) throws {
    try transaction.put(
      """
      UPDATE result_correction
      SET decided_at = \(now), decided_by = \(sender), approved = \(approved ? 1 : 0)
      WHERE id = \(id)
      """)
  }

  private static func correction(_ row: Row) -> ResultCorrection {
    ResultCorrection(
      id: row.id(0), tube: row.id(1), was: TubeResult(rawValue: row.text(2)) ?? .positive,
      result: TubeResult(rawValue: row.text(3)) ?? .negative, askedBy: row.text(4),
      organisations: Set(row.text(5).split(separator: "|").map(String.init)),
      askedAt: row.instant(6), decidedAt: row.optionalInstant(7))
  }
}
