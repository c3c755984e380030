import Kernel

/// Everybody who lives in an area, whole, in the form in which they are imported. Everyone there
/// sees that the list was taken.
package struct ExportResidents: Query {
  package static let name = "residents.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "residents.export"
  package static let purposes: [Purpose] = [.exchange]
  private static let page = 1_000

  /// The area; the whole installation when there is none.
  package let place: PlaceID?
  package let after: String?

  package init(place: PlaceID? = nil, after: String? = nil) {
    self.place = place
    self.after = after
  }

  package func area(in reading: Reading) -> Area { place.map { .place($0) } ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? .everywhere
    reading.disclose(everybodyIn: path)
    let found = try ResidentsStore(reading.transaction).living(
      in: path, after: try after.map(PageMark.init)?.position, limit: Self.page)
    var writer = RowWriter(reading)
    return ExportAnswer(
      rows: try found.map { try writer.row($0) },
      after: found.count == Self.page ? found.last.map { PageMark($0).text } : nil)
  }
}

/// Writes rows of a file of residents.
private struct RowWriter {
  private let reading: Reading
  private let places: PlacesStore
  private var named: [PlacePath: Place] = [:]

  init(_ reading: Reading) {
    self.reading = reading
    places = PlacesStore(reading.transaction)
  }

  mutating func row(_ resident: Resident) throws -> [String] {
    var address: [PlaceLevel: Place] = [:]
    for path in [resident.path] + resident.path.ancestors {
      if named[path] == nil { named[path] = try places.find(path: path) }
      if let place = named[path] { address[place.level] = place }
    }
    let number = try open(resident.identity, Vault.identityPlace(of: resident.id))
    let phone = try open(resident.phone, Vault.phonePlace(of: resident.id))
    let door = address[.household]
    return [
      resident.id.text, resident.name?.revealed ?? "", resident.sex?.rawValue ?? "",
      resident.birthDay?.text ?? "", resident.identityKind?.rawValue ?? "", number, phone,
      door?.id.text ?? "", address[.community]?.code ?? "", address[.estate]?.name ?? "",
      address[.building]?.name ?? "", address[.entrance]?.name ?? "",
      door?.floor.map(String.init) ?? "", door?.name ?? "", resident.registered?.value ?? "",
      resident.workPlace?.value ?? "", resident.tags.joined(separator: "|"),
    ]
  }

  private func open(_ sealed: Sealed?, _ place: String) throws -> String {
    try sealed.map { try reading.vault.unlock($0.bytes, place: place) } ?? ""
  }
}
