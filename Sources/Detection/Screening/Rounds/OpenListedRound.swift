import Gazette
import Kernel
import Registry

/// Opens a round over a list of people: contacts, a key group, a works' staff. Each is on it because
/// somebody named them.
package struct OpenListedRound: Command {
  package static let name = "screening.openListed"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = OpenRound.duty
  private static let most = MakeRoundList.most
  /// The area in which all of them live.
  package let area: PlaceID
  package let name: String
  package let pool: Int
  /// Who is on it; nil when a list that was made before says so.
  package let people: [PersonID]?
  /// The list that was looked at before (``MakeRoundList``).
  package let list: RoundListID?
  package let dueAt: Instant?
  package let round: RoundID?

  private enum CodingKeys: String, CodingKey {
    case area
    case name
    case pool
    case people
    case list
    case round
    case dueAt = "due_at"
  }

  package init(
    area: PlaceID, name: String, pool: Int, people: [PersonID]? = nil, list: RoundListID? = nil,
    dueAt: Instant? = nil, round: RoundID? = nil
  ) {
    self.area = area
    self.name = name
    self.pool = pool
    self.people = people
    self.list = list
    self.dueAt = dueAt
    self.round = round
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> OpenRound.Answer {
    let places = try work.places([area], field: "area")
    for place in places { try work.require(Self.duty, at: place.path) }
    let made = try list.map { try RoundListsStore(work.transaction).get($0) }
    if let made, made.madeBy != work.authority.sender.text || made.area != places[0].id {
      throw Refusal(
        .conflict, "round.listOfOther",
        Words(
          "名单不是本账号为该范围整理的；请重新贴入",
          "This list was made by somebody else, or for another area; paste it again"), field: "list"
      )
    }
    let people = made?.people ?? people ?? []
    guard !people.isEmpty else {
      throw Refusal(
        .invalid, "round.listEmpty",
        Words(
          "名单里没有可列入的人；更正各行后重新贴入",
          "Nobody on the list can be listed; correct its rows and paste it again"),
        field: "people")
    }
    guard people.count <= Self.most else { throw Self.tooLong }
    var opened = try work.newRound(
      places, named: name, pool: pool, dueAt: dueAt, round: round)
    let files = try ResidentsStore(work.transaction).current(Set(people))
    let policy = try work.policy(ScreeningPolicy.self)
    let levels = try levels(of: Set(files.values.map(\.home)), in: work)
    var cells: [PlacePath: [PersonID: RosterMember]] = [:]
    for (place, person) in people.enumerated() {
      guard let file = files[person], opened.path.holds(file.path) else {
        throw Refusal(
          .notFound, "round.notInArea",
          Words(
            "名单第 \(place + 1) 人不在台账或不住在该范围",
            "Entry \(place + 1) of the list is not in the register, or lives elsewhere"),
          field: "people")
      }
      let level = levels[file.home] ?? .household
      let stand = RosterRules.frozen(
        birthDay: file.birthDay, tags: file.tags, isAway: file.isAway, on: work.today,
        policy: policy)
      // Whoever is named is to be tested at whatever age.
      let frozen = stand.standing == .exempt ? Stand(.missing) : stand
      cells[RosterRules.cellPath(of: file.path, homeLevel: level), default: [:]][file.id] =
        RosterMember(person: file.id, listing: made?.listing ?? .named, frozen: frozen)
    }
    let roster = RosterStore(work.transaction)
    for (path, members) in cells.sorted(by: { $0.key < $1.key }) {
      for cell in RosterRules.cells(of: Array(members.values), at: path, from: 1) {
        try roster.insert(cell, of: opened.id)
      }
      opened.listed += members.count
    }
    opened.cursor = PlacePath(opened.path.endOfRange)
    opened.frozenAt = work.now
    try ScreeningRoundStore(work.transaction).update(opened)
    if let made { try RoundListsStore(work.transaction).delete(made.id) }
    try work.record(RoundFrozen(round: opened.id, listed: opened.listed))
    return OpenRound.Answer(round: opened.id, listed: opened.listed, frozen: true)
  }

  static let tooLong = Refusal(
    .invalid, "round.listLong",
    Words("名单最多 \(most) 人，请分轮", "A list has at most \(most) people; open several rounds"),
    field: "people")

  private func levels(of homes: Set<PlaceID>, in work: Work) throws -> [PlaceID: PlaceLevel] {
    let store = PlacesStore(work.transaction)
    let found = try homes.sorted().chunks(of: 500).flatMap { try store.find(Set($0)) }
    return Dictionary(found.map { ($0.id, $0.level) }) { first, _ in first }
  }
}
