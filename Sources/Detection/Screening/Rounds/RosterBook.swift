import Gazette
import Kernel
import Registry

/// The cells of frozen lists that one command looks into, each read once and written once.
final class RosterBook {
  private struct Place: Hashable {
    let round: RoundID
    let key: RosterCell.Key
  }

  private let store: RosterStore
  private let residents: ResidentsStore
  private let residences: ResidencesStore
  private var cells: [Place: RosterCell] = [:]
  private var changed: Set<Place> = []

  init(_ transaction: any Transaction) {
    store = RosterStore(transaction)
    residents = ResidentsStore(transaction)
    residences = ResidencesStore(transaction)
  }

  /// Where a person stands on the list of a round; nil when they are not on it.
  func spot(of resident: Resident, in round: ScreeningRound) throws -> RosterSpot? {
    if let found = try spot(of: [resident.id], at: [resident.path], in: round) { return found }
    // The list says where they lived when it was frozen, and as whom they were known then.
    let former = try residences.of(resident.id).filter {
      $0.from <= round.openedAt && $0.until > round.openedAt
    }.compactMap(\.path)
    let ids = try residents.identifiers(of: resident.id)
    guard !former.isEmpty || ids.count > 1 else { return nil }
    let homes = try residents.find(Set(ids)).map(\.path)
    return try spot(of: ids, at: homes + former, in: round)
  }

  /// Where exactly one identifier stands on the list of a round.
  func spot(
    listed id: PersonID, homes: [PlacePath], in round: ScreeningRound
  ) throws -> RosterSpot? { try spot(of: [id], at: homes, in: round) }

  private func spot(
    of ids: [PersonID], at homes: [PlacePath], in round: ScreeningRound
  ) throws -> RosterSpot? {
    // The cell of a door is the place in which the door is; other homes are cells of their own.
    let paths = Set(homes.flatMap { [$0] + $0.ancestors.prefix(1) })
    let inside = paths.filter { round.path.holds($0) || $0.holds(round.path) }.sorted()
    guard !inside.isEmpty else { return nil }
    for id in ids {
      for cell in try store.cells(of: round.id, at: inside, holding: id) {
        let place = Place(round: round.id, key: cell.key)
        let latest = cells[place] ?? cell
        guard latest.index(of: id) != nil else { continue }
        cells[place] = latest
        return RosterSpot(key: cell.key, listed: id)
      }
    }
    return nil
  }

  /// How somebody on a list stands.
  func member(at spot: RosterSpot, of round: RoundID) throws -> RosterMember? {
    guard let cell = try cell(spot.key, of: round) else { return nil }
    return cell.index(of: spot.listed).map { cell.members[$0] }
  }

  /// Lets somebody on a list stand otherwise.
  func set(_ stand: Stand, at spot: RosterSpot, of round: RoundID) throws {
    let place = Place(round: round, key: spot.key)
    guard var cell = try cell(spot.key, of: round), let index = cell.index(of: spot.listed),
      cell.members[index].now != stand
    else { return }
    cell.members[index].now = stand
    cells[place] = cell
    changed.insert(place)
  }

  private func cell(_ key: RosterCell.Key, of round: RoundID) throws -> RosterCell? {
    let place = Place(round: round, key: key)
    if let known = cells[place] { return known }
    let found = try store.cell(key, of: round)
    cells[place] = found
    return found
  }

  /// Does something after which the lists stand as before when it fails.
  func attempt<Result>(_ body: () throws -> Result) throws -> Result {
    let before = (cells, changed)
    do {
      return try body()
    } catch {
      (cells, changed) = before
      throw error
    }
  }

  /// Writes what was changed.
  func save() throws {
    let order = changed.sorted {
      ($0.round, $0.key.path, $0.key.number) < ($1.round, $1.key.path, $1.key.number)
    }
    for place in order {
      if let cell = cells[place] { try store.update(cell, of: place.round) }
    }
    changed = []
  }
}
