import Kernel

extension Work {
  /// Keeps a challenge until its answer comes or its time is over.
  func keepChallenge(
    _ fingerprint: String, for purpose: PasskeyPurpose, of account: AccountID, in session: String
  ) throws {
    let minutes = try policy(PasskeyPolicy.self).challengeMinutes
    try PasskeyStore(transaction).keepChallenge(
      fingerprint, for: purpose, of: account, in: session, until: now + .minutes(minutes))
  }

  /// Refuses one passkey more than an account may have.
  func requireRoomForPasskey(of account: AccountID) throws {
    let most = try policy(PasskeyPolicy.self).most
    guard try PasskeyStore(transaction).all(of: account).count < most else {
      throw Refusal(
        .conflict, "passkey.most",
        Words(
          "每个账号最多 \(most) 个通行密钥，请先移除不用的",
          "An account has \(most) passkeys at most; remove one that is not used"), field: "passkey")
    }
  }

  /// Uses a passkey of an account that was shown.
  ///
  /// - Throws: a refusal when it is not the account's, is out of use, or its counter did not grow (WebAuthn
  ///   Level 2, §7.2 step 21).
  func usePasskey(_ shown: PasskeyShown, of account: AccountID) throws {
    let store = PasskeyStore(transaction)
    guard let passkey = try store.find(shown.passkey), passkey.account == account else {
      throw Refusal.passkeyUnknown
    }
    guard passkey.suspectedAt == nil,
      PasskeyRules.mayFollow(shown.counter, after: passkey.counter)
    else { throw Refusal.passkeyCopied }
    try store.use(passkey.id, counter: shown.counter, at: now)
  }

  /// Ends the other sessions and unused links of an account.
  func endOtherSessions(of account: AccountID, except session: String) throws {
    let ended = try CredentialsStore(transaction).endSessions(of: account, at: now, except: session)
    if ended > 0 { try record(CredentialsRevoked(account: account, count: ended)) }
  }
}
