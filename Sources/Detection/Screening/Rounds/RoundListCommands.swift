import Gazette
import Kernel
import Registry

/// Reads a list of people for a round without opening it: who can be listed, and what is wrong with each
/// row that names nobody. It waits for whoever made it, and is deleted after the hours of the policy.
package struct MakeRoundList: Command {
  package struct Answer: Codable, Sendable {
    package let list: RoundListID
    package let people: Int
    package let faults: Int
  }

  package static let name = "screening.makeList"
  package static let duty: Duty = OpenRound.duty
  static let most = 20_000
  /// The area in which all of them live, by identifier or statistical code.
  package let area: PlaceID
  /// A number of the register or an identity card in each row; a sheet with a header as well.
  package let people: String?
  /// Instead of rows: whom the register or another round names (``PeopleGroup``).
  package let group: String?
  /// Its number, when the sender has one; otherwise a new one.
  package let list: RoundListID?

  package init(
    area: PlaceID, people: String? = nil, group: String? = nil, list: RoundListID? = nil
  ) {
    self.area = area
    self.people = people
    self.group = group
    self.list = list
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let places = try work.places([area], field: "area")
    for place in places { try work.require(Self.duty, at: place.path) }
    let written = people.map { $0.trimmingWhitespace() } ?? ""
    let asked = try group.flatMap { $0.isEmpty ? nil : try PeopleGroup($0) }
    guard written.isEmpty != (asked == nil) else {
      throw Refusal(
        .invalid, "round.listOrGroup",
        Words("贴入名单，或选一类人，二者取一", "Paste a list or choose a group of people: one of the two"),
        field: "people")
    }
    var rows = RoundListRows(work, inside: places[0].path)
    if let asked {
      try rows.take(asked)
    } else {
      try rows.take(RoundListRules.numbers(in: written))
    }
    guard rows.people.count <= Self.most else { throw OpenListedRound.tooLong }
    guard !rows.people.isEmpty || !rows.faults.isEmpty else {
      guard asked != nil else {
        throw Refusal(
          .invalid, "round.listEmpty",
          Words(
            "名单只有表头、没有人；表头下每行写一个人员编号或证件号",
            "The list has a header and nobody under it; write a number or a card in each row below"),
          field: "people")
      }
      throw Refusal(
        .notFound, "round.listEmpty",
        Words(
          "所选范围内没有这类人；换一类或换范围",
          "Nobody of this group lives in the area; choose another group or area"),
        field: "group")
    }
    let id = list ?? work.newID()
    let store = RoundListsStore(work.transaction)
    guard try store.find(id) == nil else {
      throw Refusal(
        .conflict, "round.listKnown",
        Words("该名单编号已存在，请换一个编号", "A list has this number already; use another one"), field: "list")
    }
    try store.insert(
      RoundList(
        id: id, area: places[0].id, madeAt: work.now, madeBy: work.authority.sender.text,
        listing: asked?.listing ?? .named, people: rows.people, faults: rows.faults))
    try work.record(
      RoundListMade(list: id, people: rows.people.count, faults: rows.faults.count))
    return Answer(list: id, people: rows.people.count, faults: rows.faults.count)
  }
}

/// A list of people was read for a round.
package struct RoundListMade: Fact {
  package static let name = "screening.listMade"
  package static let words = Words("已读入检测名单", "List of people read for a round")
  package static let about = Matter.roundList
  package let list: RoundListID
  package let people: Int
  package let faults: Int
  package var subject: String { list.text }
}

/// Whom the rows of a list name, inside an area.
private struct RoundListRows {
  private let work: Work
  private let path: PlacePath
  private let residents: ResidentsStore
  private var seen: Set<PersonID> = []
  private(set) var people: [PersonID] = []
  private(set) var faults: [RoundList.Fault] = []

  private static let atOnce = 500

  init(_ work: Work, inside path: PlacePath) {
    self.work = work
    self.path = path
    residents = ResidentsStore(work.transaction)
  }

  mutating func take(_ rows: [(row: Int, number: String)]) throws {
    guard rows.count <= MakeRoundList.most else { throw OpenListedRound.tooLong }
    for part in rows.chunks(of: Self.atOnce) {
      let named = part.filter { !$0.number.isEmpty }
        .compactMap { try? PersonID($0.number, field: "people") }
      let known = try residents.current(Set(named))
      for (row, number) in part {
        if number.isEmpty {
          note(row, .empty)
        } else if let file = known[PersonID(trusted: number)] {
          take(file, in: row)
        } else {
          try takeCard(number, in: row)
        }
      }
    }
  }

  private mutating func takeCard(_ number: String, in row: Int) throws {
    let code = PersonCode(PersonID(trusted: number), in: work)
    guard !code.isNobodysNumber else { return note(row, .unknown) }
    do {
      guard let file = try code.resident(isDesk: true) else { return note(row, .unknown) }
      take(file, in: row)
    } catch let refusal as Refusal {
      note(row, refusal.kind == .notFound ? .unknown : .badCard)
    }
  }

  private mutating func take(_ file: Resident, in row: Int) {
    guard path.holds(file.path) else { return note(row, .elsewhere) }
    guard seen.insert(file.id).inserted else { return note(row, .twice) }
    people.append(file.id)
  }

  private mutating func note(_ row: Int, _ kind: RoundList.FaultKind) {
    faults.append(RoundList.Fault(row: row, kind: kind))
  }

  mutating func take(_ group: PeopleGroup) throws {
    switch group {
    case .contacts:
      let contacts = try ContactsStore(work.transaction).inside(
        path, state: .confirmed, after: nil, limit: MakeRoundList.most + 1)
      try take(Set(contacts.map(\.person)))
    case .need(let tag):
      let policy = try work.policy(RegistryPolicy.self)
      guard policy.tag(tag) != nil else {
        throw Refusal.notFound(Words("特殊需要", "special need"), tag, field: "group")
      }
      let selection: ResidentsStore.Selection
      if let ages = policy.needsByAge[tag] {
        let births = ages.births(on: work.today)
        selection = .withNeedByAge(tag, after: births.after, until: births.until)
      } else {
        selection = .withNeed(tag)
      }
      for file in try residents.living(in: path, selection, limit: MakeRoundList.most + 1)
      where seen.insert(file.id).inserted { people.append(file.id) }
    case .untested(let round): try take(round) { $0 != .tested && $0 != .exempt }
    case .again(let round): try take(round) { _ in true }
    case .clause(let clause):
      // Whoever is due before the round has to be done.
      let hours = try work.policy(ScreeningPolicy.self).sizing.finishHours
      try take(
        Set(
          ClausesStore(work.transaction).due(
            by: work.now + .hours(hours), under: clause, limit: MakeRoundList.most + 1)))
    }
  }

  private mutating func take(_ round: RoundID, _ isMeant: (Standing) -> Bool) throws {
    let found = try ScreeningRoundStore(work.transaction).frozen(round)
    var members: Set<PersonID> = []
    try RosterStore(work.transaction).eachCell(of: found.id, in: path) { cell in
      members.formUnion(cell.members.filter { isMeant($0.now.standing) }.map(\.person))
      return members.count <= MakeRoundList.most
    }
    try take(members)
  }

  private mutating func take(_ members: Set<PersonID>) throws {
    for (_, file) in try residents.current(members).sorted(by: { $0.key < $1.key })
    where path.holds(file.path) && seen.insert(file.id).inserted { people.append(file.id) }
  }
}

/// What a list for a round came to: how many people, and what is wrong with which rows. Shows nobody's data.
package struct ShowRoundList: Query {
  package struct Answer: Codable, Sendable {
    package let list: RoundListID
    package let area: PlaceID
    package let people: Int
    package let faults: [RoundList.Fault]
    package let listing: ListingReason
  }

  package static let name = "screening.list"
  package static let duty: Duty = OpenRound.duty
  package static let purposes: [Purpose] = []
  package let list: RoundListID

  package init(list: RoundListID) { self.list = list }

  package func area(in reading: Reading) throws -> Area {
    .place(try RoundListsStore(reading.transaction).get(list).area)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try RoundListsStore(reading.transaction).get(list)
    return Answer(
      list: found.id, area: found.area, people: found.people.count, faults: found.faults,
      listing: found.listing)
  }
}

extension RoundListsStore {
  /// A list that must be there.
  func get(_ id: RoundListID) throws -> RoundList {
    guard let found = try find(id) else {
      throw Refusal(
        .notFound, "round.listGone",
        Words(
          "没有这份名单：已开轮，或已过保留时间；请重新贴入",
          "There is no such list: it became a round, or was kept long enough; paste it again"),
        field: "list")
    }
    return found
  }
}
