import Kernel

/// Invitations at the door.
extension Doorkeeping {
  var invitationDoor: InvitationDoor {
    InvitationDoor(
      issue: { try await invite($0, by: $1) }, show: { try await invitation($0) },
      accept: { try await accept($0, $1, on: $2) })
  }

  private func invite(
    _ order: InvitationDoor.Order, by sender: Sender
  ) async throws -> (secret: Redacted<String>, slip: InvitationDoor.Slip) {
    let secret = Redacted(desk.vault.newSecret())
    try await desk.submit(
      IssueInvitation(
        account: AccountID(order.account, field: "account"), title: order.title,
        role: order.role, place: PlaceID(order.place, field: "place"), officeUntil: order.until,
        fingerprint: desk.vault.fingerprint(of: secret.revealed)),
      id: desk.newCommandID(), as: sender)
    return (secret, try await invitation(secret))
  }

  private func invitation(_ secret: Redacted<String>) async throws -> InvitationDoor.Slip {
    let fingerprint = desk.vault.fingerprint(of: secret.revealed)
    let now = desk.clock.now()
    let today = Day(of: now, in: desk.rules.zone)
    let policies = desk.rules.policies
    return try await desk.storage.read { transaction in
      guard let (found, path) = try InvitationsStore(transaction).find(fingerprint: fingerprint),
        found.isOpen(at: now)
      else { throw Refusal.invitationSpent }
      let roles = try policies.section(OfficesPolicy.self, on: today).section.roles
      let factors = try policies.section(FactorPolicy.self, on: today).section.roles
      let names = try PlacesStore(transaction).line(to: path).map(\.name)
      let place = names.isEmpty ? nil : names.joined(separator: " › ")
      return InvitationDoor.Slip(
        account: found.account, title: found.title,
        role: roles[found.role]?.title ?? Words(found.role, found.role),
        place: Words(place ?? "全部", place ?? "everywhere"),
        inviter: try OfficesStore(transaction).title(of: found.inviter) ?? found.inviter.text,
        until: found.until, officeUntil: found.officeUntil,
        needsFactor: factors.contains(found.role),
        number: String(found.invitation.text.suffix(8)).uppercased())
    }
  }

  private func accept(
    _ secret: Redacted<String>, _ password: Redacted<String>, on device: Device?
  ) async throws -> Doorkeeper.Entry {
    let slip = try await invitation(secret)
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    let policy = try desk.rules.policies.section(SignInPolicy.self, on: today).section
    try OfficesRules.check(
      password: password.revealed, of: slip.account, minimum: policy.passwordMinimum)
    let salt = desk.vault.entropy.bytes(16)
    let digest = try await bench.stretch(password, salt: salt)
    let session = desk.vault.newSecret()
    let receipt = try await desk.submit(
      AcceptInvitation(
        invitation: desk.vault.fingerprint(of: secret.revealed),
        session: desk.vault.fingerprint(of: session), salt: Hex.text(salt),
        digest: Hex.text(digest), device: mark(device)), id: desk.newCommandID(), as: .nobody)
    return try entry(session, receipt)
  }
}
