import Kernel

/// Many rows for one table on their way together: a run of the same plain INSERT goes as one COPY,
/// which the server takes in without parsing and planning each. The only place that knows of it;
/// whoever writes the rows says INSERT, as for every engine.
enum PostgresBulk {
  /// An INSERT of one row whose values are all given.
  struct Insert: Hashable {
    let table: String
    let columns: String
  }

  /// Fewer are not worth the way to the server and back that COPY takes before its rows.
  static let fewest = 16
  /// So many wait for each other at most.
  static let most = 2_000

  /// What a statement inserts; nil when it does anything else or more.
  static func insert(_ text: String) -> Insert? {
    guard text.hasPrefix("INSERT"), let found = text.wholeMatch(of: pattern) else { return nil }
    let columns = found.2.split(separator: ",").map { String($0).trimmingWhitespace() }
    let values = found.3.split(separator: ",").map { String($0).trimmingWhitespace() }
    let given = columns.indices.map { index in "$\(index + 1)" }
    guard values == given else { return nil }
    return Insert(table: String(found.1), columns: columns.joined(separator: ", "))
  }

  private static var pattern: Regex<(Substring, Substring, Substring, Substring)> {
    /INSERT INTO (\w+)\s*\(([\w\s,]+)\)\s*VALUES\s*\(([$\d\s,]+)\)\s*/
  }
}

/// What is known of the statements of a connection.
struct PostgresBulkBook {
  private var known: [String: PostgresBulk.Insert?] = [:]
  private static let mostKnown = 512

  /// What a statement inserts, looked at once.
  mutating func insert(_ text: String) -> PostgresBulk.Insert? {
    if let known = known[text] { return known }
    if known.count >= Self.mostKnown { known = [:] }
    let insert = PostgresBulk.insert(text)
    known[text] = .some(insert)
    return insert
  }
}
