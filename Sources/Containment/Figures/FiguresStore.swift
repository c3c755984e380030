import Kernel

/// Statements about the public figures.
struct FiguresStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "figures-0001",
    """
    CREATE TABLE public_figure (
      day BIGINT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, count BIGINT NOT NULL,
      PRIMARY KEY (day, kind, about), CHECK (count > 0))
    """,
    // What a district has decided before it kept figures, by days of China.
    """
    INSERT INTO public_figure (day, kind, about, count)
    SELECT (start_at + 28800000) / 86400000, 'started', clause, COUNT(*)
    FROM restriction
    GROUP BY (start_at + 28800000) / 86400000, clause
    """,
    """
    INSERT INTO public_figure (day, kind, about, count)
    SELECT (ended_at + 28800000) / 86400000, 'ended', end_reason, COUNT(*)
    FROM restriction
    WHERE ended_at IS NOT NULL AND end_reason IS NOT NULL
    GROUP BY (ended_at + 28800000) / 86400000, end_reason
    """,
    """
    INSERT INTO public_figure (day, kind, about, count)
    SELECT (ended_at + 28800000) / 86400000, 'delay', CAST((ended_at - end_at) / 60000 AS TEXT),
      COUNT(*)
    FROM restriction
    WHERE ended_at >= end_at AND end_reason = 'expired'
    GROUP BY (ended_at + 28800000) / 86400000, (ended_at - end_at) / 60000
    """,
    """
    INSERT INTO public_figure (day, kind, about, count)
    SELECT (raised_at + 28800000) / 86400000, 'objection_raised', '', COUNT(*)
    FROM objection
    GROUP BY (raised_at + 28800000) / 86400000
    """,
    """
    INSERT INTO public_figure (day, kind, about, count)
    SELECT (decided_at + 28800000) / 86400000,
      CASE WHEN upheld = 1 THEN 'objection_upheld' ELSE 'objection_rejected' END, '', COUNT(*)
    FROM objection
    WHERE decided_at IS NOT NULL AND upheld IS NOT NULL
    GROUP BY (decided_at + 28800000) / 86400000, upheld
    """)

  /// One more of a kind on a day.
  func count(_ kind: FigureKind, _ about: String = "", on day: Day) throws {
    try transaction.execute(
      """
      INSERT INTO public_figure (day, kind, about, count)
      VALUES (\(day.number), \(kind.rawValue), \(about), 1)
      ON CONFLICT (day, kind, about) DO UPDATE SET count = public_figure.count + 1
      """)
  }

  /// A row of the figures.
  struct Line {
    let day: Day
    let kind: FigureKind
    let about: String
    let count: Int
  }

  /// Everything that was counted on the days of a span.
  func lines(from first: Day, to last: Day) throws -> [Line] {
    try transaction.rows(
      """
      SELECT day, kind, about, count
      FROM public_figure
      WHERE day >= \(first.number) AND day <= \(last.number)
      ORDER BY day, kind, about
      LIMIT 1000000
      """
    ).compactMap { row in
      FigureKind(rawValue: row.text(1)).map {
        Line(day: Day(number: row.integer(0)), kind: $0, about: row.text(2), count: row.integer(3))
      }
    }
  }

  /// The first day on which anything was counted.
  func firstDay() throws -> Day? {
    try transaction.row("SELECT MIN(day) FROM public_figure").flatMap { row in
      row.optionalInteger(0).map { Day(number: $0) }
    }
  }
}
