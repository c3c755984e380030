import Kernel
import Registry

/// What a merge of two files does to whoever was free: they are the restricted person from then on.
extension Work {
  /// Notes that a merge put a file under another one's restrictions, and refuses it beyond what one
  /// account may restrict: files that are one by one account's word are a way round every limit.
  func requireFewJoined(_ survivor: PersonID, _ merged: PersonID) throws {
    guard let account = senderAccount, let (policy, _) = try restrictionsInForce() else { return }
    let running = try RestrictionsStore(transaction).running(for: survivor, at: now)
    let held = Set(running.map(\.person))
    if held.isEmpty || held.isSuperset(of: [survivor, merged]) { return }
    let store = JoinedStore(transaction)
    try store.note(merged, by: account, at: now)
    let alone = policy.alone
    guard try store.joined(by: account, since: now - .hours(alone.hours)) > alone.people else {
      return
    }
    throw Refusal(
      .forbidden, "merge.restrictsMany",
      Words(
        "您在 \(alone.hours) 小时内已把 \(alone.people) 份档案并入被管控的人；再多须由另一单位的人合并",
        "In \(alone.hours) hours you have merged \(alone.people) files into restricted people; more takes somebody of another office"
      ), field: "merged")
  }
}

/// Statements about files that were merged under another one's restrictions.
struct JoinedStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let table = Migration(
    "restrictions-joined-0001",
    """
    CREATE TABLE restriction_joined (
      person TEXT NOT NULL, account TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (person, at))
    """,
    "CREATE INDEX restriction_joined_account ON restriction_joined (account, at)",
    "CREATE INDEX restriction_joined_at ON restriction_joined (at)")

  func note(_ person: PersonID, by account: AccountID, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_joined (person, account, at)
      VALUES (\(person), \(account), \(now))
      ON CONFLICT (person, at) DO NOTHING
      """)
  }

  /// How many files an account has put under restrictions since a moment.
  func joined(by account: AccountID, since: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM restriction_joined
      WHERE account = \(account) AND at > \(since)
      """)?.integer(0) ?? 0
  }
}
