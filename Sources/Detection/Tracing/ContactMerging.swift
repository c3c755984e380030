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

  /// A confirmed contact before a proposed one, a closer before a looser one, the survivor's own.
  static func isLess(_ left: Contact, _ right: Contact, survivor: PersonID) -> Bool {
    func rank(_ contact: Contact) -> (Int, Int, Int, ContactID) {
      (
        contact.state == .confirmed ? 1 : 0, (contact.confirmedKind ?? contact.kind).weight,
        contact.person == survivor ? 1 : 0, contact.id
      )
    }
    return rank(left) < rank(right)
  }
}
