import Kernel
import Registry

/// Notes that somebody tried to restrict people and was refused. Sent by the desk after a refusal;
/// many within the hour are told to the auditor and the district at once.
package struct NoteAttempt: Command {
  package static let name = "restrictions.noteAttempt"
  package static let duty: Duty = .clockOnly
  package let account: AccountID
  package let command: String
  package let code: String

  package init(account: AccountID, command: String, code: String) {
    self.account = account
    self.command = command
    self.code = code
  }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were refused to the account within the policy's time.
  package func perform(in work: Work) throws -> Int {
    guard let (policy, _) = try work.restrictionsInForce(), let alone = policy.alone else {
      return 0
    }
    let limits = RestrictionLimitsStore(work.transaction)
    let ordinal = work.command.text
    try limits.noteAttempt(
      ordinal, by: account, command: command, code: code, at: work.now)
    let since = work.now - .minutes(alone.attemptMinutes)
    try limits.forgetAttempts(before: since - .hours(alone.hours))
    let attempts = try limits.attempts(by: account, since: since)
    if attempts >= alone.attempts, let place = try work.district(of: account) {
      try work.alarm(about: account, at: place, alone)
    }
    return attempts
  }
}

extension IssueRestriction: WatchedCommand {
  /// Notes that it was refused.
  package static func attempt(by account: AccountID, refused code: String) -> any Command {
    NoteAttempt(account: account, command: name, code: code)
  }
}

extension ApproveRestriction: WatchedCommand {
  /// Notes that it was refused.
  package static func attempt(by account: AccountID, refused code: String) -> any Command {
    NoteAttempt(account: account, command: name, code: code)
  }
}

extension ApproveHeld: WatchedCommand {
  /// Notes that it was refused.
  package static func attempt(by account: AccountID, refused code: String) -> any Command {
    NoteAttempt(account: account, command: name, code: code)
  }
}

extension ProposeZone: WatchedCommand {
  /// Notes that it was refused.
  package static func attempt(by account: AccountID, refused code: String) -> any Command {
    NoteAttempt(account: account, command: name, code: code)
  }
}

extension OpenZone: WatchedCommand {
  /// Notes that it was refused.
  package static func attempt(by account: AccountID, refused code: String) -> any Command {
    NoteAttempt(account: account, command: name, code: code)
  }
}
