import Kernel

/// What is written about a person on a form or in a row of a file, before it is understood.
/// Every cell may be empty, which means that nothing is known, and never that something is erased.
package struct PersonForm: Codable, Sendable {
  package var name: String?
  package var sex: String?
  package var birthDate: String?
  package var identityKind: String?
  package var identityNumber: String?
  package var phone: String?
  package var registeredCode: String?
  package var workPlace: String?
  /// Codes or words of special needs, parted by `|`, `、`, `;` or commas.
  package var tags: String?

  package init(
    name: String? = nil, sex: String? = nil, birthDate: String? = nil,
    identityKind: String? = nil, identityNumber: String? = nil, phone: String? = nil,
    registeredCode: String? = nil, workPlace: String? = nil, tags: String? = nil
  ) {
    self.name = name
    self.sex = sex
    self.birthDate = birthDate
    self.identityKind = identityKind
    self.identityNumber = identityNumber
    self.phone = phone
    self.registeredCode = registeredCode
    self.workPlace = workPlace
    self.tags = tags
  }

  private enum CodingKeys: String, CodingKey {
    case name
    case sex
    case phone
    case tags
    case birthDate = "birth_date"
    case identityKind = "identity_kind"
    case identityNumber = "identity_number"
    case registeredCode = "registered_code"
    case workPlace = "work_place"
  }
}

/// What a form says once it is understood; nil where it says nothing.
package struct PersonDetails: Sendable {
  package var name: String?
  package var sex: Sex?
  package var birthDay: Day?
  package var document: IdentityDocument?
  package var phone: String?
  package var registeredCode: String?
  package var workPlace: String?
  package var tags: [String]?
  /// The digests of its numbers, once they were made.
  var signs: PersonSigns?
}
