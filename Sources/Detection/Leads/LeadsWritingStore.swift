import Kernel

/// Statements that write leads, their results and their ways.
extension LeadsStore {
  func add(_ lead: Lead) throws {
    let sealed = lead.sealed
    try transaction.execute(
      """
      INSERT INTO lead (id, fingerprint, title, category, urgency, name, requirement_sealed,
        address_sealed, identity_sealed, identity_index, phone_sealed, phone_index, person, place,
        path, routing, state, received_at, deadline, measure, verified_at)
      VALUES (\(lead.id), \(lead.fingerprint), \(lead.title), \(lead.category),
        \(lead.urgency.rawValue), \(lead.name.revealed), \(sealed.requirement), \(sealed.address),
        \(sealed.identity), \(sealed.identityIndex), \(sealed.phone), \(sealed.phoneIndex),
        \(lead.person), \(lead.place), \(lead.path), \(lead.routing.rawValue),
        \(lead.state.rawValue), \(lead.receivedAt), \(lead.deadline), \(lead.measure?.rawValue),
        \(lead.verifiedAt))
      """)
  }

  /// Saves where a lead stands.
  func update(_ lead: Lead) throws {
    try transaction.execute(
      """
      UPDATE lead
      SET place = \(lead.place), path = \(lead.path), routing = \(lead.routing.rawValue),
        state = \(lead.state.rawValue), measure = \(lead.measure?.rawValue),
        verified_at = \(lead.verifiedAt)
      WHERE id = \(lead.id)
      """)
  }

  func addResult(
    _ result: LeadResult, found: [UInt8]?, linked: [UInt8]?, of lead: LeadID, at: Instant,
    by sender: String, reason: String?
  ) throws {
    try transaction.execute(
      """
      INSERT INTO lead_result (lead, number, measure, found_sealed, last_test_on, linked_sealed,
        colour, at, sender, reason)
      SELECT \(lead), COALESCE(MAX(number), 0) + 1, \(result.measure.rawValue), \(found),
        \(result.lastTestOn), \(linked), \(result.colour?.rawValue), \(at), \(sender), \(reason)
      FROM lead_result
      WHERE lead = \(lead)
      """)
  }

  /// The results of a lead as they are stored, the oldest first, with what opens the sealed parts.
  func results(
    of lead: LeadID, opening open: ([UInt8], _ column: String) throws -> String
  ) throws -> [KeptResult] {
    try transaction.rows(
      """
      SELECT number, measure, found_sealed, last_test_on, linked_sealed, colour, at, sender, reason
      FROM lead_result
      WHERE lead = \(lead)
      ORDER BY number
      LIMIT 1000
      """
    ).map { row in
      KeptResult(
        number: row.integer(0),
        result: LeadResult(
          measure: LeadMeasure(rawValue: row.text(1)) ?? .notFound,
          foundAddress: try row.bytes(2).map { try open($0, "found") },
          lastTestOn: row.optionalText(3).flatMap(Day.init),
          linkedPeople: try row.bytes(4).map { try open($0, "linked") },
          colour: row.optionalText(5).flatMap(LeadColour.init)),
        at: row.instant(6), sender: row.text(7), reason: row.optionalText(8))
    }
  }

  func addMove(
    of lead: LeadID, from: PlaceID, to: PlaceID, reason: String, at: Instant, by sender: String
  ) throws {
    try transaction.execute(
      """
      INSERT INTO lead_move (lead, number, at, sender, from_place, to_place, reason)
      SELECT \(lead), COALESCE(MAX(number), 0) + 1, \(at), \(sender), \(from), \(to), \(reason)
      FROM lead_move
      WHERE lead = \(lead)
      """)
  }

  /// How a lead went from place to place, the oldest first.
  func moves(
    of lead: LeadID
  ) throws -> [(at: Instant, sender: String, from: PlaceID, to: PlaceID, reason: String)] {
    try transaction.rows(
      """
      SELECT at, sender, from_place, to_place, reason
      FROM lead_move
      WHERE lead = \(lead)
      ORDER BY number
      LIMIT 1000
      """
    ).map { ($0.instant(0), $0.text(1), $0.id(2), $0.id(3), $0.text(4)) }
  }
}
