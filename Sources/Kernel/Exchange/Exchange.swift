/// A kind of file that a slice takes in, row by row.
package struct ImportKind: Sendable {
  /// `cases`, as the command line names it.
  package let kind: String
  package let columns: [ExchangeColumn]
  /// The command that takes the rows: its body is `{"rows": […]}`, its answer ``ImportAnswer``.
  package let command: String
  /// How many rows one command takes.
  package let rowsPerCommand: Int
  /// What each command says of the whole file besides its rows; nil when nothing.
  package let tally: ImportTally?

  package init(
    kind: String, columns: [ExchangeColumn], command: String, rowsPerCommand: Int = 500,
    tally: ImportTally? = nil
  ) {
    self.tally = tally
    self.kind = kind
    self.columns = columns
    self.command = command
    self.rowsPerCommand = rowsPerCommand
  }
}

/// What is counted over a whole file before its first rows are sent: how many rows there are by the
/// values of one column, and how many of them are marked.
package struct ImportTally: Sendable {
  /// The field of the command's body: a list of objects with `column`, `rows` and `marked`.
  package let name: String
  package let column: String
  package let marked: String
  package let isMarked: @Sendable ([String: String]) -> Bool

  package init(
    _ name: String, by column: String, marked: String,
    isMarked: @escaping @Sendable ([String: String]) -> Bool
  ) {
    self.name = name
    self.column = column
    self.marked = marked
    self.isMarked = isMarked
  }
}

/// A column of an interchange file.
package struct ExchangeColumn: Sendable {
  package let name: String
  /// Other headers that mean the same, Chinese ones among them.
  package let aliases: [String]
  package let isRequired: Bool

  package init(_ name: String, _ aliases: String..., required: Bool = false) {
    self.name = name
    self.aliases = aliases
    isRequired = required
  }
}

/// What became of the rows of one importing command. Kept in the receipt: holds no personal data.
package struct ImportAnswer: Codable, Sendable {
  /// What became of one row that was not simply accepted.
  package struct Outcome: Codable, Sendable {
    /// The row's place among the rows of the command, from 0.
    package let row: Int
    package let verdict: Verdict
    package let code: String
    package let field: String?
    package let words: Words

    package init(row: Int, verdict: Verdict, code: String, field: String? = nil, words: Words) {
      self.row = row
      self.verdict = verdict
      self.code = code
      self.field = field
      self.words = words
    }
  }

  /// What became of a row.
  package enum Verdict: String, Codable, CaseIterable, Sendable {
    case rejected
    case duplicate
    case lead
  }

  package var accepted: Int
  package var outcomes: [Outcome]

  package init(accepted: Int = 0, outcomes: [Outcome] = []) {
    self.accepted = accepted
    self.outcomes = outcomes
  }

  /// Notes that a row was refused.
  package mutating func reject(_ row: Int, _ refusal: Refusal) {
    outcomes.append(
      Outcome(
        row: row, verdict: .rejected, code: refusal.code, field: refusal.field,
        words: refusal.words))
  }
}

/// A kind of file that a slice gives out, with headers that import back.
package struct ExportKind: Sendable {
  package let kind: String
  package let header: [String]
  /// The query that gives the rows: takes `after`, answers ``ExportAnswer``.
  package let query: String

  package init(kind: String, header: [String], query: String) {
    self.kind = kind
    self.header = header
    self.query = query
  }
}

/// A page of an export.
package struct ExportAnswer: Codable, Sendable {
  package let rows: [[String]]
  /// Where the next page begins, nil after the last.
  package let after: String?

  package init(rows: [[String]], after: String?) {
    self.rows = rows
    self.after = after
  }
}
