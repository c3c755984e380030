import Kernel
import Registry

extension Contact {
  /// Why a contact stands back: the person is a contact, or a case, under another file.
  static let merged = "merged"
}

extension Work {
  /// Leaves one live contact of a person whose files were merged, and none of a case. The others
  /// stand back with what they rest on, so that undoing the merge brings them forward again.
  func foldContacts(of person: PersonID) throws {
    let store = ContactsStore(transaction)
    let live = try store.all(of: person).filter(\.state.isLive)
    let isCase = try InvestigationStore(transaction).isCase(person)
    let kept = isCase ? nil : live.max { Self.isLess($0, $1, survivor: person) }
    for contact in live where contact.id != kept?.id {
      if let kept { try store.lendTold(from: contact, to: kept) }
      try close(contact, as: .withdrawn, reason: Contact.merged)
    }
    if let kept, live.count > 1 { try refresh(kept) }
  }

  /// Brings forward what stood back while files were merged.
  func unfoldContacts(of person: PersonID) throws {
    let store = ContactsStore(transaction)
    for folded in try store.all(of: person)
    where folded.state == .withdrawn && folded.reason == Contact.merged {
      let borrowers = try store.giveBackTold(to: folded)
      for borrower in borrowers where borrower.state.isLive { try refresh(borrower) }
      let isCase = try InvestigationStore(transaction).isCase(person)
      if try isCase || store.all(of: person).contains(where: \.state.isLive) { continue }
      try bringForward(folded)
    }
  }

  /// Makes somebody who was taken for a case the contact again that they were before.
  fileprivate func returnContact(of person: PersonID) throws {
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
  private func bringForward(_ ended: Contact) throws {
    let store = ContactsStore(transaction)
    var contact = ended
    contact.state = ended.confirmedKind == nil ? .proposed : .confirmed
    contact.reason = nil
    try store.update(contact)
    try ContactRulingsStore(transaction).note(
      contact, was: ended, at: now, by: authority.sender.text, reason: nil)
    try refreshAndTell(contact)
  }

  /// A confirmed contact before a proposed one, a closer before a looser one, the survivor's own.
  private static func isLess(_ left: Contact, _ right: Contact, survivor: PersonID) -> Bool {
    func rank(_ contact: Contact) -> (Int, Int, Int, ContactID) {
      (
        contact.state == .confirmed ? 1 : 0, (contact.confirmedKind ?? contact.kind).weight,
        contact.person == survivor ? 1 : 0, contact.id
      )
    }
    return rank(left) < rank(right)
  }
}

/// The person was no case after all: what they were a contact of before holds again.
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
