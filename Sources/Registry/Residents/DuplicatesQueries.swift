import Kernel
import Linkage

/// Files of an area that are likely one person, the likeliest first, masked. Merging them is
/// somebody's decision: ``MergeResidents``.
package struct ListDuplicates: Query {
  /// Two files and what they have in common.
  package struct Pair: Codable, Sendable {
    /// The file that was opened first, which would stay.
    package let survivor: ResidentCard
    package let merged: ResidentCard
    /// How likely they are one person; 0.5 is as likely as not.
    package let probability: Double
    /// What is exactly the same in both.
    package let same: [Detail]
    /// What the file that stays lacks and would take over.
    package let taken: [String]
    /// How many things somebody owes about the file that would go; they follow to the one that stays.
    package let owed: Int
    /// Whether both have an identity number, so that one has to be corrected before merging.
    package let hasTwoNumbers: Bool
  }

  /// What two files may have in common.
  package enum Detail: String, Codable, CaseIterable, Sendable {
    case name
    case sex
    case birthDate = "birth_date"
    case phone
    case door
  }

  package struct Answer: Codable, Sendable {
    package let pairs: [Pair]
    /// Whether there are more than are shown.
    package let isCut: Bool
  }

  package static let name = "residents.duplicates"
  package static let duty = MergeResidents.duty
  package static let purposes: [Purpose] = [.registry]
  private static let limit = 20
  private static let page = 1_000

  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let policy: DuplicatesPolicy = try reading.policy()
    let residents = try residents(in: reading, atMost: policy.searchAtMost)
    var people = PeopleList(columns: [.name, .sex, .birthDate, .identity, .phone, .address])
    for resident in residents.values.sorted(by: { $0.id.text < $1.id.text }) {
      people.append(resident.id.text, try cells(of: resident, in: reading))
    }
    let likely = DuplicateSearch(people, threshold: policy.reviewFrom).pairs()
    var writer = try CardWriter(reading)
    let pairs = try likely.prefix(Self.limit).compactMap { pair -> Pair? in
      guard let one = residents[pair.first], let other = residents[pair.second] else { return nil }
      let isTurned = (other.openedAt, other.id.text) < (one.openedAt, one.id.text)
      let (kept, gone) = isTurned ? (other, one) : (one, other)
      return Pair(
        survivor: try writer.card(kept), merged: try writer.card(gone),
        probability: pair.probability, same: Self.same(kept, gone),
        taken: Self.taken(kept, gone),
        owed: try ObligationStore(reading.transaction).owed(concerning: gone.id).count,
        hasTwoNumbers: kept.identity != nil && gone.identity != nil)
    }
    return Answer(pairs: pairs, isCut: likely.count > Self.limit)
  }

  private func residents(in reading: Reading, atMost: Int) throws -> [String: Resident] {
    let path = try PlacesStore(reading.transaction).get(place).path
    let store = ResidentsStore(reading.transaction)
    var residents: [String: Resident] = [:]
    var after: (path: PlacePath, id: PersonID)?
    while true {
      let page = try store.living(in: path, after: after, limit: Self.page)
      for resident in page { residents[resident.id.text] = resident }
      guard residents.count <= atMost else {
        throw Refusal(
          .invalid, "duplicates.tooMany",
          Words(
            "这里超过 \(atMost) 人，请选择较小的范围",
            "More than \(atMost) people live here; choose a smaller area"),
          field: "place")
      }
      guard page.count == Self.page, let last = page.last else { return residents }
      after = (last.path, last.id)
    }
  }

  private func cells(of resident: Resident, in reading: Reading) throws -> [String] {
    func open(_ sealed: Sealed?, _ place: String) throws -> String {
      try sealed.map { try reading.vault.unlock($0.bytes, place: place) } ?? ""
    }
    return [
      resident.name?.revealed ?? "", resident.sex?.rawValue ?? "", resident.birthDay?.text ?? "",
      try open(resident.identity, Vault.identityPlace(of: resident.id)),
      try open(resident.phone, Vault.phonePlace(of: resident.id)), resident.home.text,
    ]
  }

  private static func taken(_ kept: Resident, _ gone: Resident) -> [String] {
    let columns: [(String, Bool)] = [
      ("name", kept.name == nil && gone.name != nil), ("sex", kept.sex == nil && gone.sex != nil),
      ("birth_date", kept.birthDay == nil && gone.birthDay != nil),
      ("identity_number", kept.identity == nil && gone.identity != nil),
      ("phone", kept.phone == nil && gone.phone != nil),
      ("work_place", kept.workPlace == nil && gone.workPlace != nil),
      ("registered_code", kept.registered == nil && gone.registered != nil),
      ("tags", gone.tags.contains { !kept.tags.contains($0) }),
    ]
    return columns.filter(\.1).map(\.0)
  }

  private static func same(_ one: Resident, _ other: Resident) -> [Detail] {
    Detail.allCases.filter { detail in
      switch detail {
      case .name: one.name != nil && one.name?.revealed == other.name?.revealed
      case .sex: one.sex != nil && one.sex == other.sex
      case .birthDate: one.birthDay != nil && one.birthDay == other.birthDay
      case .phone: one.phone != nil && one.phone?.index == other.phone?.index
      case .door: one.home == other.home
      }
    }
  }
}

/// The merges of an area that stand, the latest first, so that a mistake is undone where it was made.
package struct ListMerges: Query {
  /// One merge.
  package struct Line: Codable, Sendable {
    package let survivor: ResidentCard
    package let merged: ResidentCard
    package let at: Instant
    /// The columns that the survivor took over.
    package let taken: [String]
  }

  package struct Answer: Codable, Sendable {
    package let merges: [Line]
  }

  package static let name = "residents.merges"
  package static let duty = MergeResidents.duty
  package static let purposes: [Purpose] = [.registry]
  private static let limit = 20

  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try PlacesStore(reading.transaction).get(place).path
    let store = ResidentsStore(reading.transaction)
    var writer = try CardWriter(reading)
    let found = try MergesStore(reading.transaction).standing(in: path, limit: Self.limit)
    return Answer(
      merges: try found.map { merge in
        Line(
          survivor: try writer.card(store.get(merge.survivor)),
          merged: try writer.card(store.get(merge.merged)), at: merge.at, taken: merge.taken)
      })
  }
}
