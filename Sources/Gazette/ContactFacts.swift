import Kernel

/// What a contact is under the edition in force.
package enum ContactKind: String, Codable, CaseIterable, Sendable {
  /// 密切接触者
  case close
  /// 密接的密接
  case secondary
  /// 一般接触者
  case general
  /// 时空伴随者: a notice, never a restriction by itself.
  case companion

  package var words: Words {
    switch self {
    case .close: Words("密切接触者", "close contact")
    case .secondary: Words("密接的密接", "contact of a contact")
    case .general: Words("一般接触者", "general contact")
    case .companion: Words("时空伴随者", "time-space companion")
    }
  }
}

/// An investigator confirmed that a person is a contact, or their last exposure moved.
package struct ContactConfirmed: Fact {
  package static let name = "contacts.confirmed"
  package static let words = Words("已确认密接", "Contact confirmed")
  package static let about = Matter.contact
  package let contact: ContactID
  package let person: PersonID
  /// The case, or for a contact of a contact the case behind the contact.
  package let infection: CaseID
  package let kind: ContactKind
  /// Where the person lives, or the nearest known place.
  package let home: PlaceID
  /// When the clock of the person's measure starts.
  package let lastExposureAt: Instant
  /// One of so many confirmed together that what follows for each is done in parts afterwards, so
  /// that thousands are handed over within seconds and hold up nobody.
  package let isAmongMany: Bool
  package var subject: String { contact.text }

  package init(
    contact: ContactID, person: PersonID, infection: CaseID, kind: ContactKind, home: PlaceID,
    lastExposureAt: Instant, isAmongMany: Bool = false
  ) {
    self.contact = contact
    self.person = person
    self.infection = infection
    self.kind = kind
    self.home = home
    self.lastExposureAt = lastExposureAt
    self.isAmongMany = isAmongMany
  }
}

/// A person is no contact after all: what rests on it ends.
package struct ContactWithdrawn: Fact {
  package static let name = "contacts.withdrawn"
  package static let words = Words("已撤销密接", "Contact withdrawn")
  package static let about = Matter.contact
  package let contact: ContactID
  package let person: PersonID
  package let reason: String
  package var subject: String { contact.text }

  package init(contact: ContactID, person: PersonID, reason: String) {
    self.contact = contact
    self.person = person
    self.reason = reason
  }
}
