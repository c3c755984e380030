import Kernel

/// Delegation: a holder hands an office to a colleague for a bounded time, with a reason that both read.
///
/// In the street: a community leader goes home for the night and a colleague acts for the community until
/// seven. It ends by itself. What takes two people (approving), appointing and inviting stay with the
/// holder: two people must not become one by it, nor two organisations.
///
/// Retention: delegations as long as the journal names them.
package enum Delegations {
  package static let slice = Slice(
    name: "delegations",
    commands: [CommandKind(DelegateOffice.self), CommandKind(EndDelegation.self)],
    queries: [QueryKind(ListDelegations.self)],
    facts: [
      OfficeDelegated.self, DelegationEnded.self,
    ],
    screens: [OwnOfficesScreens.own],
    migrations: [
      Migration(
        "delegations-0001",
        """
        CREATE TABLE delegation (
          id TEXT PRIMARY KEY, giver TEXT NOT NULL REFERENCES account (id),
          taker TEXT NOT NULL REFERENCES account (id), role TEXT NOT NULL, place TEXT NOT NULL,
          path TEXT NOT NULL, from_at BIGINT NOT NULL, until_at BIGINT NOT NULL,
          reason TEXT NOT NULL, ended_at BIGINT, CHECK (until_at > from_at),
          CHECK (giver <> taker))
        """,
        "CREATE INDEX delegation_taker ON delegation (taker, until_at)",
        "CREATE INDEX delegation_giver ON delegation (giver, until_at)")
    ],
    policySections: [DelegationPolicy.self])
}
