import Containment
import Gazette
import Town

@testable import Kernel

extension Town {
  /// A second person looks at what waits of an account, and decides on what the preview shows.
  @discardableResult
  func decideHeld(
    of account: AccountID, _ approved: Bool, as decider: String = "duty"
  ) async throws -> ApproveHeld.Answer {
    let held = try await ask(HeldRestrictions(account: account), for: .containment, as: decider)
    return try await submit(
      ApproveHeld(
        account: account, approved: approved, expected: held.people, preview: held.preview),
      as: decider)
  }
}
