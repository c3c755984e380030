import Kernel
import Look
import Registry

/// What is owed in an area as the page lists it, for a spreadsheet. People stand in it by number only.
package struct ExportObligations: Query {
  package static let name = "dispatch.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  package static let columns = [
    "obligation", "kind", "title", "about", "person", "place", "holder", "opened_at", "deadline",
    "late", "escalated_to",
  ]
  private static let page = 1_000

  package let place: PlaceID?
  /// `all`, `late`, `soon`, `untaken`, `promised`, `mine`, `unstruck`, `done`.
  package let show: String?
  package let kind: String?
  package let after: String?

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let shown = show.flatMap(ObligationsShow.init) ?? .all
    let answer = try reading.ask(
      shown.question(
        place: place, kind: kind, after: after, limit: Self.page, in: reading))
    let rows = try answer.obligations.map { entry in
      [
        entry.obligation.text, entry.kind, entry.title(reading.language), entry.about,
        entry.person?.text ?? "",
        try reading.jurisdiction.path(entry.place, reading.transaction)
          .map { try reading.address(of: $0) } ?? "",
        try reading.holder(claimedBy: entry.claimedBy, seat: entry.seat),
        entry.openedAt.text(in: reading.zone), entry.deadline.text(in: reading.zone),
        entry.late ? "true" : "false",
        try entry.escalatedTo.flatMap(Seat.init).map { try reading.words(of: $0) } ?? "",
      ]
    }
    return ExportAnswer(rows: rows, after: answer.after)
  }
}
