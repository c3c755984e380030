import Kernel

/// Shifts that end access: an office that is tied to shifts is held during them, and for a short while
/// after, to hand over.
///
/// In the street: a volunteer has the office of one grid from eight to eight. At half past eight the work
/// pages are closed with a sentence that names the end and who can extend; what was done at the doors
/// without network during the shift is still taken the next morning.
///
/// Retention: shifts as long as the journal names them; they hold accounts and hours only.
package enum Shifts {
  package static let slice = Slice(
    name: "shifts",
    commands: [
      CommandKind(PlanShift.self), CommandKind(ExtendShift.self), CommandKind(EndShift.self),
      CommandKind(UntieOffice.self),
    ],
    queries: [QueryKind(ListShifts.self)],
    facts: [
      OfficeTied.self, OfficeUntied.self, ShiftPlanned.self, ShiftMoved.self,
    ],
    screens: [ShiftsScreens.list],
    migrations: [
      Migration(
        "shifts-0001",
        """
        CREATE TABLE shift_tie (
          account TEXT NOT NULL, role TEXT NOT NULL, place TEXT NOT NULL,
          tied_at BIGINT NOT NULL, PRIMARY KEY (account, role, place))
        """,
        """
        CREATE TABLE shift (
          id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), role TEXT NOT NULL,
          place TEXT NOT NULL, path TEXT NOT NULL, begins_at BIGINT NOT NULL,
          ends_at BIGINT NOT NULL, extended_by TEXT, CHECK (ends_at >= begins_at))
        """,
        "CREATE INDEX shift_office ON shift (account, role, place, begins_at)",
        "CREATE INDEX shift_path ON shift (path, begins_at)"),
      Migration("shifts-0002", "ALTER TABLE shift ADD COLUMN ended_by TEXT"),
    ],
    policySections: [ShiftsPolicy.self],
    invariants: [
      Invariant(
        "I-48", "nobody has two shifts at once",
        violations: """
          SELECT one.id
          FROM shift one
          JOIN shift other ON other.account = one.account AND other.id > one.id
            AND other.begins_at < one.ends_at AND other.ends_at > one.begins_at
            AND other.begins_at < other.ends_at AND one.begins_at < one.ends_at
          ORDER BY one.id
          LIMIT 20
          """)
    ])
}
