import Gazette
import Kernel
import Registry

/// The hand-overs of an area as the page lists them, for a spreadsheet: people by number and with stars.
package struct ExportReferrals: Query {
  package static let name = "referrals.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListReferrals.duty
  package static let purposes: [Purpose] = ListReferrals.purposes
  package static let columns = [
    "referral", "person", "name", "case", "kind", "to", "letter", "state", "sent_at",
    "answer_due", "result_due", "outcome", "told_at", "moved_at",
  ]
  private static let page = 1_000

  package let place: PlaceID?
  package let direction: ReferralDirection?
  package let show: ReferralShow?
  package let kind: ContactKind?
  package let after: ReferralID?

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let answer = try reading.ask(
      ListReferrals(
        place: place, direction: direction ?? .incoming, show: show ?? .all, kind: kind,
        after: after, limit: Self.page))
    let files = try ResidentsStore(reading.transaction).current(
      Set(answer.referrals.map(\.person)))
    let rows = try answer.referrals.map { entry in
      let name = files[entry.person]?.name
      func text(_ moment: Instant?) -> String { moment?.text(in: reading.zone) ?? "" }
      return [
        entry.referral.text, entry.person.text, name.map { Mask.name($0.revealed) } ?? "",
        entry.infection.text, entry.kind.rawValue,
        try reading.jurisdiction.path(entry.to, reading.transaction)
          .map { try reading.shortAddress(of: $0) } ?? "", entry.letter ?? "",
        entry.state.rawValue, text(entry.sentAt), text(entry.answerDue), text(entry.resultDue),
        entry.outcome?.rawValue ?? "", text(entry.toldAt), text(entry.movedAt),
      ]
    }
    return ExportAnswer(rows: rows, after: answer.after)
  }
}
