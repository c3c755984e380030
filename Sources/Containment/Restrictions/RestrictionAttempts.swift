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
    guard let alone = try work.restrictionsInForce()?.section.alone else { return 0 }
    let limits = RestrictionLimitsStore(work.transaction)
    try limits.noteAttempt(
      work.command.text, by: account, command: command, code: code, at: work.now)
    let since = work.now - .minutes(alone.attemptMinutes)
    try limits.forgetAttempts(before: since - .hours(alone.hours))
    let attempts = try limits.attempts(by: account, since: since)
    if attempts >= alone.attempts, let place = try work.district(of: account) {
      try work.alarm(about: account, at: place, alone)
    }
    return attempts
  }
}

/// A command by which somebody may try to restrict many; each refusal of it is counted.
package protocol RestrictingCommand: WatchedCommand {}

extension RestrictingCommand {
  /// Notes that it was refused.
  package static func attempt(by account: AccountID, refused code: String) -> any Command {
    NoteAttempt(account: account, command: name, code: code)
  }
}

extension IssueRestriction: RestrictingCommand {}
extension ApproveRestriction: RestrictingCommand {}
extension ApproveHeld: RestrictingCommand {}
extension ProposeZone: RestrictingCommand {}
extension OpenZone: RestrictingCommand {}
