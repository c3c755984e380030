import Kernel

/// The browsers on which people sign in, the work that waits on them, and what of it did not go in.
///
/// In the street: a grid worker goes up a stairwell without network. What is done at the doors waits
/// on the phone, sealed with a key that only the district can give. In the street again the phone
/// hands everything over. What the district then refuses is shown to the worker, and to whoever
/// answers for the street; a phone that was lost is revoked from afar, gets its key no more, and
/// empties itself when it next comes into contact.
///
/// Retention: devices as long as their accounts; what an unsent entry says is deleted some days
/// after it was settled, as the policy's `keep_days` says.
package enum Devices {
  /// A supervisor looks at what did not go in from the field.
  static let look = ObligationKind(
    "devices.look",
    title: Words("查看现场没有录进去的内容", "Look at what did not go in from the field"),
    action: Words("去处理", "Settle it"),
    closing: .byDecision(
      Words("在“现场”页逐条处理", "settle each entry on the page “From the field”")),
    page: "/field")

  package static let slice = Slice(
    name: "devices",
    commands: [
      CommandKind(TellDevice.self), CommandKind(RevokeDevice.self),
      CommandKind(ReportUnsent.self), CommandKind(SettleUnsent.self),
      CommandKind(TakeOverRemains.self, edgeOnly: true), CommandKind(ForgetUnsent.self),
    ],
    queries: [
      QueryKind(OwnDevices.self), QueryKind(ListDevices.self), QueryKind(ListUnsent.self),
    ],
    facts: [
      DeviceRegistered.self, DeviceRevoked.self, DeviceEmptied.self, EntryUnsent.self,
      UnsentSettled.self,
    ],
    screens: [DevicesScreens.own, FromTheFieldScreens.field],
    ticks: [Tick(every: .hours(1)) { ForgetUnsent() }], obligationKinds: [look],
    migrations: DevicesSchema.migrations, policySections: [DevicesPolicy.self],
    invariants: DevicesSchema.invariants)
}

/// The tables of devices, and what must hold in them.
private enum DevicesSchema {
  static let migrations = [
    Migration(
      "devices-0001",
      """
      CREATE TABLE device (
        id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id),
        fingerprint TEXT NOT NULL, name TEXT NOT NULL, registered_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL, waiting BIGINT NOT NULL, oldest_at BIGINT, revoked_at BIGINT,
        emptied_at BIGINT, CHECK (emptied_at IS NULL OR revoked_at IS NOT NULL))
      """,
      "CREATE INDEX device_account ON device (account, seen_at)",
      "CREATE INDEX device_fingerprint ON device (fingerprint, account)",
      """
      CREATE TABLE unsent (
        id TEXT PRIMARY KEY, device TEXT, account TEXT NOT NULL, command TEXT NOT NULL,
        cause TEXT NOT NULL, code TEXT NOT NULL, subject TEXT, place TEXT, path TEXT NOT NULL,
        done_at BIGINT, reported_at BIGINT NOT NULL, content BYTEA, settled_at BIGINT,
        settled_by TEXT, outcome TEXT, CHECK ((settled_at IS NULL) = (outcome IS NULL)))
      """,
      "CREATE INDEX unsent_open ON unsent (path) WHERE settled_at IS NULL",
      "CREATE INDEX unsent_account ON unsent (account) WHERE settled_at IS NULL",
      """
      CREATE INDEX unsent_settled ON unsent (settled_at)
      WHERE settled_at IS NOT NULL AND content IS NOT NULL
      """)
  ]

  static let invariants = [
    Invariant(
      "V-1", "no session of a revoked device is open",
      violations: """
        SELECT credential.id
        FROM device
        JOIN credential ON credential.device = device.id
        WHERE device.revoked_at IS NOT NULL AND credential.ended_at IS NULL
        ORDER BY credential.id
        LIMIT 20
        """),
    Invariant(
      "V-2", "what did not go in from the field is owed by somebody until it is settled",
      violations: """
        SELECT unsent.id
        FROM unsent
        WHERE settled_at IS NULL AND path <> '' AND NOT EXISTS (
          SELECT 1
          FROM obligation
          WHERE obligation.kind = 'devices.look' AND obligation.subject = unsent.account
            AND obligation.closed_at IS NULL)
        ORDER BY unsent.id
        LIMIT 20
        """),
  ]
}
