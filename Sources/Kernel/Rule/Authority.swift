/// Who asks.
package enum Sender: Hashable, Sendable {
  /// A person or program that signed in to an account.
  case account(AccountID)
  /// The clock and the jobs that follow from facts.
  case clock

  /// How the journal and the disclosure log name the sender.
  package var text: String {
    switch self {
    case .account(let id): id.text
    case .clock: "clock"
    }
  }
}

/// An office that somebody holds: a role with its duties, over an area.
package struct HeldOffice: Sendable {
  package let role: String
  package let place: PlaceID
  package let path: PlacePath
  package let duties: Set<Duty>

  package init(role: String, place: PlaceID, path: PlacePath, duties: Set<Duty>) {
    self.role = role
    self.place = place
    self.path = path
    self.duties = duties
  }
}

/// What a sender may do at this moment, and where.
package struct Authority: Sendable {
  package let sender: Sender
  package let offices: [HeldOffice]

  package init(sender: Sender, offices: [HeldOffice]) {
    self.sender = sender
    self.offices = offices
  }

  /// Whether a duty may be carried out at a path.
  package func may(_ duty: Duty, at path: PlacePath) -> Bool {
    if sender == .clock { return true }
    return offices.contains { $0.path.holds(path) && $0.duties.contains(duty) }
  }

  /// Whether a duty is held anywhere at all.
  package func holds(_ duty: Duty) -> Bool {
    sender == .clock || duty == .ownAccount || offices.contains { $0.duties.contains(duty) }
  }

  /// The areas in which a duty is held.
  package func areas(for duty: Duty) -> [PlacePath] {
    if sender == .clock { return [.everywhere] }
    return offices.filter { $0.duties.contains(duty) }.map(\.path)
  }
}

/// What the registry answers for the kernel: who is who, and what lies where.
package struct Jurisdiction: Sendable {
  /// The offices that a sender holds now. Throws a refusal when there is no such account.
  package var authority: @Sendable (Sender, any Transaction, Instant, PolicyLibrary) throws -> Authority
  /// The path of a place, nil when there is none.
  package var path: @Sendable (PlaceID, any Transaction) throws -> PlacePath?
  /// The seats that answer for something at a place: the first owns it, each later one is told
  /// when the one before is late; the last is the command's duty seat.
  package var ladder: @Sendable (String, PlaceID, any Transaction, Instant, PolicyLibrary) throws -> [Seat]

  package init(
    authority:
      @escaping @Sendable (Sender, any Transaction, Instant, PolicyLibrary) throws -> Authority,
    path: @escaping @Sendable (PlaceID, any Transaction) throws -> PlacePath?,
    ladder:
      @escaping @Sendable (String, PlaceID, any Transaction, Instant, PolicyLibrary) throws -> [Seat]
  ) {
    self.authority = authority
    self.path = path
    self.ladder = ladder
  }
}
