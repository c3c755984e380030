import Kernel
import Registry

/// Takes in rows of a sheet of leads.
package struct ImportLeads: Command {
  package static let name = "leads.import"
  package static let duty: Duty = "leads.import"
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var intake = try LeadsIntake(work)
    var answer = ImportAnswer()
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(LeadRow.self, strict: false)
        var attempt = intake
        // A row that is refused half-way leaves nothing behind.
        let isNew = try work.transaction.savepoint { try attempt.take(row).isNew }
        intake = attempt
        if isNew {
          answer.accepted += 1
        } else {
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "lead.known",
              words: Words("线索已在册且没有新结果", "The lead is known and nothing is new")))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    if answer.accepted > 0 {
      try work.record(
        LeadsImported(
          run: run, assigned: intake.assigned, waiting: intake.waiting,
          verified: intake.verified))
    }
    return answer
  }
}

/// Takes in one lead, as somebody was told of it.
package struct EnterLead: Command {
  package struct Answer: Codable, Sendable {
    package let lead: LeadID
    /// Whether it was known already and nothing was added.
    package let known: Bool
  }

  package static let name = "leads.enter"
  package static let duty: Duty = ImportLeads.duty
  package let row: LeadRow

  package init(_ row: LeadRow) { self.row = row }
  package init(from decoder: any Decoder) throws { row = try LeadRow(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try row.encode(to: encoder) }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    var intake = try LeadsIntake(work)
    let (lead, isNew) = try intake.take(row)
    if isNew {
      try work.record(
        LeadsImported(
          run: nil, assigned: intake.assigned, waiting: intake.waiting,
          verified: intake.verified))
    }
    return Answer(lead: lead, known: !isNew)
  }
}

/// Splits what waits at a place evenly over the communities inside it, as the preview showed.
package struct SplitLeads: Command {
  package struct Answer: Codable, Sendable {
    package let leads: Int
    package let communities: Int
  }

  package static let name = "leads.split"
  package static let duty: Duty = ImportLeads.duty
  package let place: PlaceID
  /// How many leads the preview was of; another number means that the list has changed since.
  package let expected: Int?

  package init(place: PlaceID, expected: Int? = nil) {
    self.place = place
    self.expected = expected
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Answer {
    let store = LeadsStore(work.transaction)
    let plan = try store.split(of: PlacesStore(work.transaction).get(place))
    if let expected, expected != plan.count {
      throw Refusal(
        .conflict, "lead.listChanged",
        Words(
          "待分派线索已变为 \(plan.count) 条，请重新预览后再分派",
          "\(plan.count) leads wait by now; look at the split again before doing it"),
        field: "expected")
    }
    guard let first = plan.first else { return Answer(leads: 0, communities: 0) }
    guard first.to != nil else {
      throw Refusal(
        .conflict, "lead.noCommunity",
        Words("该范围内没有社区，请先导入地点", "There is no community in this area; import the places first"),
        field: "place")
    }
    var origins: Set<PlaceID> = []
    for (lead, to) in plan {
      guard let to else { continue }
      origins.insert(lead.place)
      var lead = lead
      lead.place = to.id
      lead.path = to.path
      lead.routing = .split
      lead.state = .assigned
      try store.update(lead)
      try work.owe(lead)
    }
    for origin in origins.sorted() { try work.settleSplit(of: origin) }
    let communities = Set(plan.compactMap(\.to?.id)).count
    try work.record(LeadsSplit(place: place, leads: plan.count, communities: communities))
    return Answer(leads: plan.count, communities: communities)
  }
}

/// Enters what a check found out; putting an earlier result right takes a reason.
package struct VerifyLead: Command {
  package static let name = "leads.verify"
  package static let duty: Duty = "leads.verify"
  package let lead: LeadID
  package let measure: String
  package let foundAddress: String?
  package let lastTest: Day?
  package let linkedPeople: String?
  package let codeColour: String?
  package let reason: String?

  package init(
    lead: LeadID, measure: String, foundAddress: String? = nil, lastTest: Day? = nil,
    linkedPeople: String? = nil, codeColour: String? = nil, reason: String? = nil
  ) {
    self.lead = lead
    self.measure = measure
    self.foundAddress = foundAddress
    self.lastTest = lastTest
    self.linkedPeople = linkedPeople
    self.codeColour = codeColour
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case lead
    case measure
    case reason
    case foundAddress = "found_address"
    case lastTest = "last_test"
    case linkedPeople = "linked_people"
    case codeColour = "code_colour"
  }

  package func area(in work: Work) throws -> Area {
    .path(try LeadsStore(work.transaction).get(lead).path)
  }

  package func perform(in work: Work) throws -> Done {
    let known = try LeadsStore(work.transaction).get(lead)
    let row = LeadResultRow(
      measure: measure, foundAddress: foundAddress, lastTest: lastTest,
      linkedPeople: linkedPeople, codeColour: codeColour)
    guard let result = try LeadsRules.result(row, today: work.today) else {
      throw Refusal.missing("measure")
    }
    let reason = try reason.map { text throws(Refusal) in
      try ResidentsRules.plain(text, field: "reason")
    }
    if known.state == .verified {
      if try work.results(of: lead).last?.result == result { return Done() }
      guard reason != nil else { throw Refusal.missing("reason") }
    }
    try work.verify(known, result, at: work.now, reason: reason)
    return Done()
  }
}

/// Hands a lead to another community, street or district, for a reason. Its deadline stays.
package struct HandOverLead: Command {
  package static let name = "leads.handOver"
  package static let duty: Duty = VerifyLead.duty
  package let lead: LeadID
  /// The code of the place.
  package let to: String
  package let reason: String

  package init(lead: LeadID, to: String, reason: String) {
    self.lead = lead
    self.to = to
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try LeadsStore(work.transaction).get(lead).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = LeadsStore(work.transaction)
    var known = try store.get(lead)
    let reason = try ResidentsRules.plain(reason, field: "reason")
    guard known.state != .verified else {
      throw Refusal(
        .conflict, "lead.verified",
        Words("该线索已核查，不能再移交", "This lead was checked and cannot be handed over"), field: "lead")
    }
    let target = try work.leadPlace(to, field: "to")
    guard target.id != known.place else {
      throw Refusal(
        .invalid, "lead.samePlace",
        Words("线索已在该辖区，请选择另一个", "The lead is there already; choose another place"), field: "to")
    }
    let before = known
    known.place = target.id
    known.path = target.path
    known.routing = .handedOver
    known.state = target.level == .community ? .assigned : .waiting
    try store.update(known)
    try store.addMove(
      of: lead, from: before.place, to: target.id, reason: reason, at: work.now,
      by: work.authority.sender.text)
    try owe(known, before: before, at: target, in: work)
    try work.record(LeadHandedOver(lead: lead, from: before.place, to: target.id))
    return Done()
  }

  /// The one who is to check, or to split, is now another.
  private func owe(_ lead: Lead, before: Lead, at target: Place, in work: Work) throws {
    switch (before.state, lead.state) {
    case (.assigned, .assigned):
      try work.move(LeadsObligations.verify, about: lead.id.text, to: target.id)
    case (.waiting, .assigned):
      try work.owe(lead)
    case (.assigned, _):
      try work.waive(LeadsObligations.verify, about: lead.id.text, reason: "handed_over")
      try work.oweSplit(of: target, work.policy(LeadsPolicy.self))
    case (.waiting, _), (.verified, _):
      try work.oweSplit(of: target, work.policy(LeadsPolicy.self))
    }
    if before.state == .waiting { try work.settleSplit(of: before.place) }
  }
}

extension LeadsStore {
  /// How what waits inside a place would be split over its communities.
  func split(of place: Place) throws -> [(lead: Lead, to: Place?)] {
    let waiting = try inside(place.path, Selection(state: .waiting), limit: 100_000)
    if waiting.isEmpty { return [] }
    let open = try open(inside: place.path)
    let communities = try PlacesStore(transaction).inside(
      place.path, level: .community, limit: 20_000)
    let plan = LeadsRules.split(
      waiting.map(\.id),
      over: communities.map { ($0.id, $0.path, open[$0.id] ?? 0) })
    let targets = Dictionary(plan.map { ($0.lead, $0.place) }) { first, _ in first }
    let places = Dictionary(communities.map { ($0.id, $0) }) { first, _ in first }
    return waiting.map { lead in (lead, targets[lead.id].flatMap { places[$0] }) }
  }
}
