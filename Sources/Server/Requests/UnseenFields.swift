import Kernel

/// The fields of a page that name people, sealed into one field of its address for whoever sent them:
/// neither a log of addresses nor a browser's history tells whom somebody looked for, and nobody else
/// opens what they find there.
struct UnseenFields: Sendable {
  private let names: Set<String>
  /// What a seal is good for: one page, one sender.
  private let context: String
  private let vault: Vault

  /// The field in which the others stand.
  static let name = "sealed"

  init(_ screen: Screen, sender: Sender, vault: Vault) {
    names = screen.unseen
    context = "address|\(screen.path)|\(sender.text)"
    self.vault = vault
  }

  /// The fields as an address may hold them.
  func sealed(_ pairs: [FormPair]) throws -> [FormPair] {
    let said = pairs.filter { !$0.value.isEmpty && $0.name != Self.name }
    let seen = said.filter { !names.contains($0.name) }
    let unseen = said.filter { names.contains($0.name) }
    if unseen.isEmpty { return seen }
    let sealed = Hex.text(try vault.lock(FormPair.text(unseen), place: context))
    return seen + [FormPair(name: Self.name, value: sealed)]
  }

  /// The fields of an address with those that were sealed in it. What stands there in the clear does
  /// not count, nor does a seal of somebody else.
  func opened(_ pairs: [FormPair]) -> [FormPair] {
    if names.isEmpty { return pairs }
    let seen = pairs.filter { !names.contains($0.name) && $0.name != Self.name }
    guard let bytes = pairs.first(where: { $0.name == Self.name }).flatMap({ Hex.bytes($0.value) }),
      let text = try? vault.unlock(bytes, place: context)
    else { return seen }
    return seen + (FormPair.all(in: text[...]) ?? []).filter { names.contains($0.name) }
  }
}
