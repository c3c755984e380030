import Kernel

/// Accounts, the offices they hold (role, area, period), and how people sign in.
///
/// Retention: accounts and offices as long as the journal names them.
package enum Offices {
  /// The place of offices that cover the whole installation.
  package static let everywhere = PlaceID(trusted: "everywhere")

  package static let slice = Slice(
    name: "offices",
    migrations: [
      Migration(
        "offices-0001",
        """
        CREATE TABLE account (
          id TEXT PRIMARY KEY, title TEXT NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT)
        """,
        """
        CREATE TABLE office (
          account TEXT NOT NULL REFERENCES account (id), role TEXT NOT NULL, place TEXT NOT NULL,
          path TEXT NOT NULL, from_at BIGINT NOT NULL, until_at BIGINT,
          PRIMARY KEY (account, role, place, from_at))
        """,
        "CREATE INDEX office_place ON office (place, role)")
    ],
    policySections: [OfficesPolicy.self])
}
