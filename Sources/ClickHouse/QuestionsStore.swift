import Visits

/// The questions as statements, in words that ClickHouse 18.16 has and current versions still have:
/// no window functions, parameters or as-of joins. What they hold are numbers; identifiers stand in
/// temporary tables beside them.
struct QuestionsStore {
  let tables: TablesStore

  private static let day: UInt32 = 86_400

  // MARK: - Questions

  /// The companions of the people in `names`. Rows: who is asked about, the other, common seconds,
  /// meetings, begin of the first, end of the last.
  func companions(by rule: MeetingRule, in window: SecondSpan) -> String {
    settled(crossingSpans(in: window, and: "asked, person, venue"), rule)
  }

  /// Everyone at the venues in `names` inside a span, in the same rows.
  func visitors(in span: SecondSpan) -> String {
    let spans = """
      SELECT venue AS asked, person, venue,
        greatest(since, toUInt32(\(span.from))) AS start, least(until, toUInt32(\(span.to))) AS stop
      FROM \(tables.allVenues)
      WHERE venue IN (SELECT name FROM names) AND \(Self.within(span))
      GROUP BY person, venue, since, until, source
      HAVING sum(copies) > 0
      """
    return settled(spans, MeetingRule(minimumTotal: 1))
  }

  /// The common spans of the people in `names` with anybody else. Rows: the other, venue, begin, end,
  /// source of the other.
  func crossings(in window: SecondSpan) -> String {
    """
    SELECT person, venue, start, stop, source
    FROM (\(crossingSpans(in: window, and: "asked, person, venue, source"))) AS spans
    FORMAT RowBinary
    """
  }

  /// The stays of the people in `names`. Rows: venue, begin, end, source, how many times.
  func stays(in window: SecondSpan) -> String {
    let moment = "since = until AND since >= \(window.from) AND since < \(window.to)"
    return """
      SELECT venue, since, until, source, toUInt32(sum(copies))
      FROM \(tables.allPeople)
      WHERE person IN (SELECT name FROM names) AND (\(Self.within(window)) OR (\(moment)))
      GROUP BY venue, since, until, source
      HAVING sum(copies) > 0
      FORMAT RowBinary
      """
  }

  /// For how many seconds it is known where the people in `names` were. Rows: person, seconds.
  func located(in window: SecondSpan) -> String {
    """
    SELECT person, toUInt32(\(Self.seconds))
    FROM (
      SELECT person, \(Self.events("groupArray(start)", "groupArray(stop)")) AS times,
        \(Self.depths) AS depths
      FROM (
        SELECT person, greatest(since, toUInt32(\(window.from))) AS start,
          least(until, toUInt32(\(window.to))) AS stop
        FROM \(tables.allPeople)
        WHERE person IN (SELECT name FROM names) AND \(Self.within(window))
        GROUP BY person, venue, since, until, source
        HAVING sum(copies) > 0
      ) AS spans
      GROUP BY person
    ) AS people
    FORMAT RowBinary
    """
  }

  /// Who was near the people in `carriers` in their time, other than those in `names`. Rows: person,
  /// first second. Where many carriers were at one venue their stretches are joined first, so that
  /// each stay is compared with few.
  func onward() -> String {
    let own = """
      SELECT venue, day, greatest(since, carries_from) AS start, least(until, carries_to) AS stop
      FROM (
        SELECT venue, day, person AS name, since, until
        FROM \(tables.people)
        WHERE person IN (SELECT name FROM carriers)
        GROUP BY venue, day, person, since, until, source
        HAVING sum(copies) > 0
      ) AS stays
      ALL INNER JOIN (SELECT name, carries_from, carries_to FROM carriers) AS times USING (name)
      WHERE greatest(since, carries_from) < least(until, carries_to)
      """
    return """
      SELECT person, min(earliest)
      FROM (
        SELECT person, min(greatest(since, stretch_start)) AS earliest
        FROM \(tables.allVenues)
        ALL INNER JOIN (
          SELECT venue, day, stretch.1 AS stretch_start, stretch.2 AS stretch_stop
          FROM (
            SELECT venue, day,
              arrayJoin(arrayMap((x, y) -> (x, y), \(Self.begins), \(Self.ends))) AS stretch
            FROM (
              SELECT venue, day, \(Self.events("groupArray(start)", "groupArray(stop)")) AS times,
                \(Self.depths) AS depths
              FROM (\(own)) AS own
              GROUP BY venue, day
            ) AS days
          ) AS stretches
        ) AS carried USING (venue, day)
        WHERE \(placesOf("carriers")) AND person NOT IN (SELECT name FROM names)
          AND greatest(since, stretch_start) < least(until, stretch_stop)
        GROUP BY person, venue, since, until, source
        HAVING sum(copies) > 0
      ) AS exposures
      GROUP BY person
      ORDER BY person
      FORMAT RowBinary
      """
  }

  // MARK: - Parts of questions

  /// A stay that has a second in common with a span. The days come first: other days' parts are not
  /// even opened.
  private static func within(_ span: SecondSpan) -> String {
    let last = max(span.to, 1) - 1
    return """
      day >= \(span.from / day) AND day <= \(last / day)
        AND greatest(since, toUInt32(\(span.from))) < least(until, toUInt32(\(span.to)))
      """
  }

  /// The venues and days where the people of a temporary table were. It is asked of the same machine
  /// on which the venue's other stays are.
  private func placesOf(_ names: String) -> String {
    """
    (venue, day) IN (
      SELECT venue, day FROM \(tables.people) WHERE person IN (SELECT name FROM \(names)))
    """
  }

  /// Pairs of stays with common seconds: each machine joins what it holds.
  private func crossingSpans(in window: SecondSpan, and columns: String) -> String {
    """
    SELECT \(columns), greatest(since, own_since) AS start, least(until, own_until) AS stop
    FROM \(tables.allVenues)
    ALL INNER JOIN (
      SELECT venue, day, person AS asked, greatest(since, toUInt32(\(window.from))) AS own_since,
        least(until, toUInt32(\(window.to))) AS own_until
      FROM \(tables.people)
      WHERE person IN (SELECT name FROM names) AND \(Self.within(window))
      GROUP BY venue, day, person, since, until, source
      HAVING sum(copies) > 0
    ) AS own USING (venue, day)
    WHERE \(placesOf("names")) AND \(Self.within(window))
      AND person NOT IN (SELECT name FROM names)
      AND greatest(since, own_since) < least(until, own_until)
    GROUP BY asked, person, venue, since, until, source, own_since, own_until
    HAVING sum(copies) > 0
    """
  }

  /// Joins spans that touch at one venue to meetings, leaves out those that are too short, and adds up
  /// each pair's seconds over all venues, none of them twice.
  private func settled(_ spans: String, _ rule: MeetingRule) -> String {
    """
    SELECT asked, person, toUInt32(overlap), toUInt32(meetings), first, last
    FROM (
      SELECT asked, person, meetings, first, last, \(Self.seconds) AS overlap
      FROM (
        SELECT asked, person, sum(length(opened)) AS meetings, min(opened[1]) AS first,
          max(closed[-1]) AS last,
          \(Self.events("groupArrayArray(opened)", "groupArrayArray(closed)")) AS times,
          \(Self.depths) AS depths
        FROM (
          SELECT asked, person, arrayFilter((x, y) -> \(Self.isLong(rule)), begins, ends) AS opened,
            arrayFilter((y, x) -> \(Self.isLong(rule)), ends, begins) AS closed
          FROM (
            SELECT asked, person, \(Self.begins) AS begins, \(Self.ends) AS ends
            FROM (
              SELECT asked, person, venue,
                \(Self.events("groupArray(start)", "groupArray(stop)")) AS times,
                \(Self.depths) AS depths
              FROM (\(spans)) AS spans
              GROUP BY asked, person, venue
            ) AS venues
          ) AS meetings
          WHERE notEmpty(opened)
        ) AS long_meetings
        GROUP BY asked, person
      ) AS pairs
    ) AS companions
    WHERE overlap >= \(max(rule.minimumTotal, 1))
    ORDER BY overlap DESC, person, asked
    FORMAT RowBinary
    """
  }

  private static func isLong(_ rule: MeetingRule) -> String {
    "y - x >= \(max(rule.minimumMeeting, 1))"
  }

  // MARK: - Spans as events

  /// Begins and ends in order, a begin as twice its second and an end as one more: so a span that ends
  /// where another begins is followed by it without a gap.
  private static func events(_ starts: String, _ stops: String) -> String {
    """
    arraySort(arrayConcat(arrayMap(x -> toUInt64(x) * 2, \(starts)),
      arrayMap(x -> toUInt64(x) * 2 + 1, \(stops))))
    """
  }

  /// How many spans are open behind each event.
  private static let depths = "arrayCumSum(arrayMap(x -> if(bitAnd(x, 1) = 0, 1, -1), times))"

  /// Where the first of a row of touching spans begins.
  private static let begins = """
    arrayMap(x -> toUInt32(intDiv(x, 2)),
      arrayFilter((x, y) -> bitAnd(x, 1) = 0 AND y = 1, times, depths))
    """

  /// Where the last of them ends.
  private static let ends = """
    arrayMap(x -> toUInt32(intDiv(x, 2)),
      arrayFilter((x, y) -> bitAnd(x, 1) = 1 AND y = 0, times, depths))
    """

  /// The length of the union of all spans.
  private static let seconds = "arraySum(\(ends)) - arraySum(\(begins))"
}
