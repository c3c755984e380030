import Gazette
import Kernel
import Registry

/// The cases in the form in which they are imported. A converted infection has two rows: its report
/// as asymptomatic and its conversion. What was withdrawn is not given out.
package struct ExportCases: Query {
  package static let name = "cases.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "cases.export"
  package static let purposes: [Purpose] = [.exchange]
  /// The area; the whole installation when there is none.
  package let place: PlaceID?
  package let after: String?

  package init(place: PlaceID? = nil, after: String? = nil) {
    self.place = place
    self.after = after
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let limit = 1_000
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? .everywhere
    let found = try CasesStore(reading.transaction).reported(
      in: path, from: nil, to: nil, withdrawn: false, after: CaseCursor.read(after),
      limit: limit)
    reading.disclose(everybodyIn: path)
    return ExportAnswer(
      rows: try found.flatMap { try rows(of: $0, in: reading) },
      after: found.count == limit ? found.last.map(CaseCursor.text) : nil)
  }

  private func rows(of infection: Infection, in reading: Reading) throws -> [[String]] {
    let resident = try ResidentsStore(reading.transaction).current(infection.person)
    let name = resident?.name?.revealed ?? ""
    let place = try PlacesStore(reading.transaction).find(infection.district)
    let district = place?.code ?? place?.name ?? infection.district.text
    var report = infection
    // The onset came with the conversion when it lies after the report.
    if let onset = infection.onsetOn, onset > Day(of: infection.reportedAt, in: reading.zone) {
      report.onsetOn = nil
    }
    guard let at = infection.convertedAt, let number = infection.convertedAs else {
      return [row(report, number: infection.id, name: name, district, in: reading.zone)]
    }
    var conversion = infection
    conversion.kind = .converted
    conversion.reportedAt = at
    return [
      row(report, number: infection.id, name: name, district, in: reading.zone),
      row(conversion, number: number, name: name, district, in: reading.zone),
    ]
  }

  private func row(
    _ infection: Infection, number: CaseID, name: String, _ district: String, in zone: Zone
  ) -> [String] {
    func cell(_ field: CaseField) -> String { infection.text(of: field, in: zone) ?? "" }
    return [
      number.text, infection.person.text, name, cell(.sex), cell(.age), cell(.kind),
      cell(.source), district, cell(.foundIn), cell(.reportedAt), cell(.onsetOn),
      cell(.sampledAt),
    ]
  }
}
