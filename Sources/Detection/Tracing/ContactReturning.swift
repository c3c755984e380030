import Kernel
import Registry

extension Work {
  /// Makes somebody who was taken for a case the contact again that they were before.
  func returnContact(of person: PersonID) throws {
    let store = ContactsStore(transaction)
    if try InvestigationStore(transaction).isCase(person) { return }
    let all = try store.all(of: person)
    if all.contains(where: \.state.isLive) { return }
    let closed = all.filter { $0.state == .becameCase }
    guard let kept = closed.max(by: { Self.isLess($0, $1, survivor: person) }) else { return }
    try bringForward(kept)
  }

  /// Lets a contact that had ended stand where it stood before, as confirmed or not, and tells those
  /// who act on it.
  func bringForward(_ ended: Contact) throws {
    let store = ContactsStore(transaction)
    var contact = ended
    contact.state = ended.confirmedKind == nil ? .proposed : .confirmed
    contact.reason = nil
    try store.update(contact)
    try ContactRulingsStore(transaction).note(
      contact, was: ended, at: now, by: authority.sender.text, reason: nil)
    try refreshAndTell(contact)
  }
}

/// The person was no case after all, or the case was another one's: what they were a contact of before holds again.
struct ReturnContact: Command {
  static let name = "contacts.return"
  static let duty: Duty = .clockOnly
  let person: PersonID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    try work.returnContact(of: person)
    return Done()
  }
}
