import Kernel
import Registry

/// A row of the file of links, or one link as a form says it: the columns as somebody wrote them.
package struct TransmissionRow: Codable, Sendable {
  package let infection: CaseID
  /// A case's number, or `imported`, `unknown` or `venue`, or their Chinese words.
  package let infector: String
  package let basis: String?
  package let venue: VenueID?
  package let exposedFrom: Instant?
  package let exposedTo: Instant?
  /// `confirmed` or `proposed`.
  package let state: String?

  package init(
    infection: CaseID, infector: String, basis: String? = nil, venue: VenueID? = nil,
    exposedFrom: Instant? = nil, exposedTo: Instant? = nil, state: String? = nil
  ) {
    self.infection = infection
    self.infector = infector
    self.basis = basis
    self.venue = venue
    self.exposedFrom = exposedFrom
    self.exposedTo = exposedTo
    self.state = state
  }

  private enum CodingKeys: String, CodingKey {
    case infector
    case basis
    case venue
    case state
    case infection = "case"
    case exposedFrom = "exposed_from"
    case exposedTo = "exposed_to"
  }
}

/// Links a case to its source; without a state the link is confirmed. The same again changes nothing,
/// and a proposal of the same source becomes confirmed.
package struct LinkSource: Command {
  package struct Answer: Codable, Sendable {
    package let link: TransmissionLinkID
    /// What contradicts itself in it, by code: it is kept all the same, and shown.
    package let contradictions: [String]
  }

  package static let name = "transmission.link"
  package static let duty: Duty = "transmission.decide"
  package let row: TransmissionRow

  package init(_ row: TransmissionRow) { self.row = row }
  package init(from decoder: any Decoder) throws { row = try TransmissionRow(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try row.encode(to: encoder) }

  package func area(in work: Work) throws -> Area {
    .path(try CasesStore(work.transaction).get(row.infection).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let link = try work.link(from: row, or: .confirmed)
    let (id, _) = try work.takeLink(link)
    return Answer(
      link: id,
      contradictions: try work.contradictions(of: link).map(\.kind.rawValue))
  }
}

/// Says that a likely source is none, for a reason; it is not proposed again.
package struct RejectSource: Command {
  package static let name = "transmission.reject"
  package static let duty: Duty = LinkSource.duty
  package let infection: CaseID
  package let infector: String
  package let venue: VenueID?
  package let reason: String

  package init(infection: CaseID, infector: String, venue: VenueID? = nil, reason: String) {
    self.infection = infection
    self.infector = infector
    self.venue = venue
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case infector
    case venue
    case reason
    case infection = "case"
  }

  package func area(in work: Work) throws -> Area {
    .path(try CasesStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Done {
    let reason = try ResidentsRules.plain(reason, field: "reason")
    let origin = try TransmissionRowRules.origin(
      TransmissionRow(infection: infection, infector: infector, venue: venue))
    if let source = origin.infector { _ = try CasesStore(work.transaction).get(source) }
    let store = TransmissionStore(work.transaction)
    let known = try store.links(of: infection).filter { $0.origin == origin }
    if known.contains(where: { $0.state == .confirmed }) {
      throw Refusal(
        .conflict, "transmission.confirmed",
        Words("该传染源已确认，请先撤销", "This source is confirmed; withdraw it first"), field: "infector")
    }
    let waiting = known.filter { $0.state == .proposed }.compactMap(\.id)
    if waiting.isEmpty && known.contains(where: { $0.state == .rejected }) { return Done() }
    let sender = work.authority.sender.text
    var ids = waiting
    for id in waiting {
      try store.decide(id, .rejected, reason: reason, at: work.now, by: sender)
    }
    if waiting.isEmpty {
      let id: TransmissionLinkID = work.newID()
      let link = TransmissionLink(
        infection: infection, origin: origin, venue: venue, state: .rejected, reason: reason)
      try store.add(link, id: id, at: work.now, by: sender)
      ids = [id]
    }
    for id in ids {
      try work.record(
        SourceRejected(
          link: id, infection: infection, origin: origin.code, infector: origin.infector))
    }
    return Done()
  }
}

/// Takes a link back, for a reason.
package struct WithdrawSource: Command {
  package static let name = "transmission.withdraw"
  package static let duty: Duty = LinkSource.duty
  package let link: TransmissionLinkID
  package let reason: String

  package init(link: TransmissionLinkID, reason: String) {
    self.link = link
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area { .path(try work.place(of: link)) }

  package func perform(in work: Work) throws -> Done {
    try work.withdraw(link, reason: reason)
    return Done()
  }
}

/// Puts a link right, for a reason: the old one is withdrawn, the new one says which it replaces.
package struct CorrectSource: Command {
  package static let name = "transmission.correct"
  package static let duty: Duty = LinkSource.duty
  package let link: TransmissionLinkID
  package let infector: String
  package let basis: String?
  package let venue: VenueID?
  package let exposedFrom: Instant?
  package let exposedTo: Instant?
  package let reason: String

  package init(
    link: TransmissionLinkID, infector: String, basis: String? = nil, venue: VenueID? = nil,
    exposedFrom: Instant? = nil, exposedTo: Instant? = nil, reason: String
  ) {
    self.link = link
    self.infector = infector
    self.basis = basis
    self.venue = venue
    self.exposedFrom = exposedFrom
    self.exposedTo = exposedTo
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case link
    case infector
    case basis
    case venue
    case reason
    case exposedFrom = "exposed_from"
    case exposedTo = "exposed_to"
  }

  package func area(in work: Work) throws -> Area { .path(try work.place(of: link)) }

  package func perform(in work: Work) throws -> LinkSource.Answer {
    let before = try work.withdraw(link, reason: reason)
    let row = TransmissionRow(
      infection: before.infection, infector: infector, basis: basis, venue: venue,
      exposedFrom: exposedFrom, exposedTo: exposedTo)
    let corrected = try work.link(from: row, or: before.state)
    let (id, _) = try work.takeLink(corrected, replaces: link)
    return LinkSource.Answer(
      link: id, contradictions: try work.contradictions(of: corrected).map(\.kind.rawValue))
  }
}

/// Takes in rows of a file of links.
package struct ImportTransmission: Command {
  package static let name = "transmission.import"
  package static let duty: Duty = LinkSource.duty
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(TransmissionRow.self, strict: false)
        let infected = try CasesStore(work.transaction).get(row.infection)
        try work.require(Self.duty, at: infected.path)
        // A file that says nothing of the state proposes.
        let link = try work.link(from: row, or: .proposed)
        if try work.takeLink(link).isNew {
          answer.accepted += 1
        } else {
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "transmission.known",
              words: Words("该链接已在册且内容一致", "The link is known with the same content")))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    return answer
  }
}
