import Kernel

/// The clock's command: lets files that were kept before be found by initials and last signs too.
package struct LearnInitials: Command {
  package static let name = "residents.learnInitials"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// How many are done in one transaction, so that nobody waits long.
  private static let atOnce = 1_000

  /// Answers how many were done. What is left follows at once, in a transaction of its own.
  package func perform(in work: Work) throws -> Int {
    let store = ResidentsStore(work.transaction)
    let waiting = try store.withoutInitials(limit: Self.atOnce)
    if waiting.isEmpty { return 0 }
    let files = try ResidentFiles(work)
    for resident in waiting {
      try store.put(
        resident.id, initials: files.initials(of: resident),
        identityTail: tail(
          resident.identity, .identity, Vault.identityPlace(of: resident.id), work.vault),
        phoneTail: tail(resident.phone, .phone, Vault.phonePlace(of: resident.id), work.vault))
    }
    if try store.hasWithoutInitials() { try work.send(LearnInitials()) }
    return waiting.count
  }

  private func tail(
    _ sealed: Sealed?, _ kind: Vault.TailKind, _ place: String, _ vault: Vault
  ) throws -> String? {
    guard let sealed else { return nil }
    if let tail = sealed.tail { return tail }
    return try vault.tailIndex(of: vault.unlock(sealed.bytes, place: place), kind: kind)
  }
}
