import Kernel

/// By which document a person is known.
package enum IdentityKind: String, Codable, CaseIterable, Sendable {
  case residentID = "resident_id"
  case passport
  /// The travel permit or the residence permit of people from Hong Kong and Macau.
  case hongKongMacauPermit = "hk_macau_permit"
  /// The travel permit or the residence permit of people from Taiwan.
  case taiwanPermit = "taiwan_permit"
  /// The medical certificate of birth: the only document of a newborn.
  case birthCertificate = "birth_certificate"
  /// No document (yet): the person is found by name, sex, birth, telephone and address.
  case none

  package var words: Words {
    switch self {
    case .residentID: Words("居民身份证", "resident identity card")
    case .passport: Words("护照", "passport")
    case .hongKongMacauPermit:
      Words("港澳居民来往内地通行证或居住证", "travel or residence permit for Hong Kong and Macau residents")
    case .taiwanPermit:
      Words("台湾居民来往大陆通行证或居住证", "travel or residence permit for Taiwan residents")
    case .birthCertificate: Words("出生医学证明", "medical certificate of birth")
    case .none: Words("无证件", "no document")
    }
  }
}

/// A document by which a person is known: its kind and a plausible number, never another pair.
package enum IdentityDocument: Hashable, Sendable {
  case residentID(IdentityNumber)
  /// Any other document, its number in capitals and without spaces.
  case other(IdentityKind, number: String)
  case none

  /// A document from a form or a file.
  ///
  /// - Throws: a refusal that names the field and the form of the number and never quotes it.
  package init(
    _ kind: IdentityKind, number written: String?, areas: AreaCodes, asOf: Day,
    field: String = "identity_number"
  ) throws(Refusal) {
    var number = (written ?? "").uppercased()
    // Asking each character what it is takes longer than everything else here.
    if !number.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      number.removeAll(where: \.isWhitespace)
    }
    if kind == .none {
      guard number.isEmpty else {
        throw Refusal(
          .invalid, "identity.kindMissing",
          Words("填写了证件号码，请选择证件种类", "There is a number; choose the kind of document"), field: field)
      }
      self = .none
      return
    }
    guard !number.isEmpty else { throw .missing(field) }
    if kind == .residentID {
      self = .residentID(try IdentityNumber(number, areas: areas, asOf: asOf, field: field))
      return
    }
    guard kind.isPlausible(Array(number.utf8)) else {
      throw Refusal(
        .invalid, "identity.implausible",
        Words(
          "\(kind.words.chinese)号码形式不符，应为\(kind.form.chinese)",
          "The number does not look like that of a \(kind.words.english): \(kind.form.english)"),
        field: field)
    }
    self = .other(kind, number: number)
  }

  package var kind: IdentityKind {
    switch self {
    case .residentID: .residentID
    case .other(let kind, _): kind
    case .none: .none
    }
  }

  /// The number for the registry's blind index and vault, nil without a document.
  package var revealed: String? {
    switch self {
    case .residentID(let number): number.revealed
    case .other(_, let number): number
    case .none: nil
    }
  }
}

extension IdentityDocument: CustomStringConvertible {
  package var description: String { "\(kind.rawValue) \(Mask.identity(revealed ?? ""))" }
}
