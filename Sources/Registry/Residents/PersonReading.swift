import Kernel

/// The digests by which a person's numbers are found. They need the district's key and no rows.
package struct PersonSigns: Sendable {
  let identity: String?
  let identityTail: String?
  let phone: String?
  let phoneTail: String?

  init(of details: PersonDetails, by vault: Vault) {
    let number = details.document?.revealed
    identity = details.document.flatMap(vault.identityIndex)
    identityTail = number.flatMap { vault.tailIndex(of: $0, kind: .identity) }
    phone = details.phone.map(vault.phoneIndex)
    phoneTail = details.phone.flatMap { vault.tailIndex(of: $0, kind: .phone) }
  }
}

/// What was understood of a command on a day, before its turn.
struct PersonReading<Said: Sendable>: Sendable {
  private let today: Day
  private let said: Said

  /// Nil when this installation lacks what a form is judged by; the command says so in its turn.
  init?(
    _ preparation: Preparation,
    _ read: (ResidentsRules.Ground, Vault) -> Said
  ) {
    guard let policy: RegistryPolicy = try? preparation.policy(),
      let areas: AreaCodes = try? preparation.rules.reference()
    else { return nil }
    today = preparation.today
    said = read(
      ResidentsRules.Ground(policy: policy, areas: areas, today: today), preparation.vault)
  }

  /// What was understood, unless it is another day by now: a day of birth may lie ahead no longer,
  /// and another policy may be in force.
  func said(on day: Day) -> Said? { day == today ? said : nil }
}

extension ResidentsRules {
  /// What a form says, with the digests of its numbers.
  static func signedDetails(
    _ form: PersonForm, on ground: Ground, by vault: Vault
  ) -> Result<PersonDetails, Refusal> {
    Result { () throws(Refusal) in
      var details = try details(form, on: ground)
      details.signs = PersonSigns(of: details, by: vault)
      return details
    }
  }
}
