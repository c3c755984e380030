import Kernel
import Registry

/// What was scanned or typed for a person: an identifier, an identity card, or the slip by which a resident
/// signs in. Cards and slips are looked up sealed; neither ever becomes anybody's identifier.
struct PersonCode {
  private let code: PersonID
  private let work: Work
  private let residents: ResidentsStore

  init(_ code: PersonID, in work: Work) {
    self.code = code
    self.work = work
    residents = ResidentsStore(work.transaction)
  }

  /// The file that it names; nil when it may be somebody new.
  ///
  /// - Parameter isDesk: whether the swab is still to be taken. What was done away from the network is kept,
  ///   also when the card was read wrongly.
  /// - Throws: a ``Refusal`` at a desk when a card or a slip is nobody's.
  func resident(isDesk: Bool) throws -> Resident? {
    if let known = try residents.current(code) ?? residents.current(stranger) { return known }
    if let secret {
      let slip = try SlipsStore(work.transaction)
        .holder(ofFingerprint: work.vault.fingerprint(of: secret), at: work.now)
      if let slip, let holder = try residents.current(slip) { return holder }
      if isDesk { throw slipUnknown }
    }
    guard isCard else { return nil }
    do { return try ownerOfCard() } catch let refusal as Refusal {
      if isDesk { throw refusal }
      return nil
    }
  }

  /// The identifier under which somebody new is kept: their own, or one that is made of a card or a slip
  /// and tells nothing of it. The same code makes the same one on every device.
  var stranger: PersonID {
    guard isCard || isAddress else { return code }
    let index = work.vault.index(code.text.uppercased(), kind: "unlisted")
    return PersonID(trusted: "unlisted-\(index.prefix(16))")
  }

  /// Whether it is neither a card nor a slip: a number that the register may know, or a tube's.
  var isNobodysNumber: Bool { !isCard && !isAddress }

  /// At a desk nobody becomes a stranger by a slip of the finger.
  var unknown: Refusal {
    Refusal(
      .notFound, "swab.unknown",
      Words(
        "台账中没有这个编号：请重扫居民码或证件；确是外来人员的，在“名单外的人”登记",
        "No file has this number: scan the code or the card again, or register somebody from elsewhere under “Somebody unknown”"
      ), field: "person")
  }

  private var slipUnknown: Refusal {
    Refusal(
      .notFound, "swab.slipUnknown",
      Words(
        "这张凭条已失效或不是本区的，请扫证件或输入编号",
        "This slip is nobody’s any more; scan the card or type the number"),
      field: "person")
  }

  /// What stands behind `/s/` in the address of a slip.
  private var secret: String? {
    let parts = code.text.split(separator: "/")
    guard parts.count > 1, parts[parts.count - 2] == "s" else { return nil }
    return parts.last.map(String.init)
  }

  /// An address opens something; kept as an identifier it would open it to whoever reads a list.
  private var isAddress: Bool { code.text.contains("://") || secret != nil }

  private func ownerOfCard() throws -> Resident {
    let document = try IdentityDocument.residentID(
      IdentityNumber(
        code.text, areas: work.rules.reference(), asOf: work.today, field: "person"))
    let index = work.vault.identityIndex(of: document)
    guard let index, let owner = try residents.owners(ofIdentity: [index]).first else {
      throw Refusal(
        .notFound, "swab.cardUnknown",
        Words("台账中没有这张证件，请先建档再登记", "No file has this card; enrol the person first, then register"),
        field: "person")
    }
    return owner
  }

  /// Whether it holds a number that identifies somebody, or has the form of an identity number, even with
  /// one character read wrongly.
  private var isCard: Bool {
    let text = code.text
    if PersonalNumbers.isIn(text) { return true }
    guard text.utf8.count == 18, let last = text.utf8.last else { return false }
    return text.utf8.dropLast().allSatisfy(IdentityCheck.isDigit)
      && (IdentityCheck.isDigit(last) || last | 0x20 == UInt8(ascii: "x"))
  }
}
