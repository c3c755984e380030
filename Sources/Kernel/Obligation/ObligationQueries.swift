/// An obligation as lists show it. The person is named by identifier only.
package struct ObligationEntry: Codable, Sendable {
  package let obligation: ObligationID
  package let kind: String
  package let title: Words
  package let about: String
  package let person: PersonID?
  package let place: PlaceID
  package let seat: String
  package let claimedBy: AccountID?
  package let openedAt: Instant
  package let deadline: Instant
  package let state: Obligation.State
  package let late: Bool
  package let escalatedTo: String?
  package let escalatedAt: Instant?
  package let closedAt: Instant?
  /// Who closed it, as the journal names a sender.
  package let closedBy: String?
  /// Where the decision is made that alone closes it; nil when a proof closes it.
  package let decidedWhere: Words?

  init(_ obligation: Obligation, in reading: Reading) {
    self.obligation = obligation.id
    kind = obligation.kind
    title =
      reading.assembly.obligationKinds[obligation.kind]?.title
      ?? Words(obligation.kind, obligation.kind)
    about = obligation.subject
    person = obligation.person
    place = obligation.place
    seat = obligation.seat.description
    claimedBy = obligation.claimedBy
    openedAt = obligation.openedAt
    deadline = obligation.deadline
    state = obligation.state
    late = obligation.isLate(at: reading.now)
    escalatedTo = obligation.escalatedTo?.description
    escalatedAt = obligation.escalatedAt
    closedAt = obligation.closedAt
    closedBy = obligation.closedBy
    decidedWhere = reading.assembly.obligationKinds[obligation.kind]?.decidedWhere
  }
}

/// What is owed in an area, or what is late there, by deadline.
package struct ListObligations: Query {
  package struct Answer: Codable, Sendable {
    package let obligations: [ObligationEntry]
    package let after: String?
  }

  package static let name = "obligations.list"
  package static let duty: Duty = "obligations.read"
  package static let purposes: [Purpose] = []
  /// A place; everywhere when there is none.
  package let place: PlaceID?
  package let overdue: Bool?
  /// One kind only.
  package let kind: String?
  /// What the sender has claimed, and what nobody has claimed that the sender's seats owe.
  package let mine: Bool?
  /// What is due before a moment.
  package let before: Instant?
  /// Only what somebody has taken on, or only what nobody has.
  package let taken: Bool?
  /// Only what was taken on before a moment: promised, and not kept yet.
  package let takenBefore: Instant?
  /// The youngest first instead of the first due; not for what is late.
  package let newest: Bool?
  /// What is closed instead of what is owed, the latest first; of what is late, what was done late and not struck off.
  package let closed: Bool?
  package let after: String?
  package let limit: Int?

  package init(
    place: PlaceID?, overdue: Bool = false, kind: String? = nil, mine: Bool = false,
    before: Instant? = nil, taken: Bool? = nil, takenBefore: Instant? = nil,
    newest: Bool = false, closed: Bool = false, after: String? = nil, limit: Int? = nil
  ) {
    self.closed = closed
    self.newest = newest
    self.taken = taken
    self.takenBefore = takenBefore
    self.place = place
    self.overdue = overdue
    self.kind = kind
    self.mine = mine
    self.before = before
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 200, 1), 1_000)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let store = ObligationStore(reading.transaction)
    let cursor = try ObligationStore.Cursor(after)
    let filter = ObligationFilter(
      kind: kind, of: mine == true ? reading.authority : nil, before: before, isTaken: taken,
      takenBefore: takenBefore)
    let area = path ?? .everywhere
    let isClosed = closed == true && overdue != true
    let isNewest = newest == true && overdue != true && !isClosed
    let found =
      if isClosed {
        try store.closed(in: area, filter: filter, after: cursor, limit: limit)
      } else if overdue == true {
        try store.late(
          in: area, at: reading.now, filter: filter, isClosed: closed == true, after: cursor,
          limit: limit)
      } else if isNewest {
        try store.newest(in: area, filter: filter, after: cursor, limit: limit)
      } else {
        try store.owed(in: area, filter: filter, after: cursor, limit: limit)
      }
    let last = found.count == limit ? found.last : nil
    return Answer(
      obligations: found.map { ObligationEntry($0, in: reading) },
      after: last.map {
        let moment = isClosed ? $0.closedAt : isNewest ? $0.openedAt : nil
        return ObligationStore.Cursor(deadline: moment ?? $0.deadline, id: $0.id).text
      })
  }
}
