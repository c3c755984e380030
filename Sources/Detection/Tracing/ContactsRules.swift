import Gazette
import Kernel

/// What several exposures make of one person.
enum ContactsRules {
  /// What exposures come to together.
  struct Summary: Equatable {
    let kind: ContactKind
    let degree: Int
    let firstAt: Instant
    let lastAt: Instant
  }

  /// The strongest kind decides, and the latest exposure of that kind is the last one: a later
  /// passing-by does not lengthen a close contact's clock. Nil when there is none.
  static func summary(of exposures: [Exposure]) -> Summary? {
    guard let kind = exposures.map(\.kind).max(by: { $0.weight < $1.weight }) else { return nil }
    return summary(of: exposures, as: kind)
  }

  /// What others may act on: what was computed, and what one account told and another confirmed.
  static func standing(_ exposures: [Exposure]) -> [Exposure] {
    exposures.filter { $0.toldBy == nil || $0.confirmedBy != nil }
  }

  /// What an account may confirm alone: everything but what it told itself.
  static func confirmable(_ exposures: [Exposure], by account: String) -> [Exposure] {
    exposures.filter { $0.toldBy != account || $0.confirmedBy != nil }
  }

  /// Whether confirming a contact would rest on an account's own word alone.
  static func isOwnWord(
    of account: String, _ contact: Contact, _ exposures: [Exposure]
  ) -> Bool {
    let known = summary(of: confirmable(exposures, by: account))
    return (try? requireSecondWord(known, for: contact)) == nil
  }

  /// What the exposures of one kind come to; nil when there is none.
  static func summary(of exposures: [Exposure], as kind: ContactKind) -> Summary? {
    let deciding = exposures.filter { $0.kind == kind }
    guard let first = deciding.map(\.span.from).min(), let last = deciding.map(\.span.to).max(),
      let degree = deciding.map(\.degree).min()
    else { return nil }
    return Summary(kind: kind, degree: degree, firstAt: first, lastAt: last)
  }

  /// What a confirmed kind comes to on what is left: the kind itself, or the strongest weaker one.
  /// Where only a stronger one is left, nothing changes until somebody decides.
  static func kept(_ confirmed: ContactKind, by exposures: [Exposure]) -> ContactKind {
    let kinds = exposures.map(\.kind)
    if kinds.contains(confirmed) { return confirmed }
    return kinds.filter { $0.weight < confirmed.weight }.max { $0.weight < $1.weight } ?? confirmed
  }

  /// The case to which the latest exposure of a kind leads.
  static func infection(of exposures: [Exposure], as kind: ContactKind) -> CaseID? {
    exposures.filter { $0.kind == kind }
      .max { ($0.span.to, $1.infection) < ($1.span.to, $0.infection) }?.infection
  }

  /// Whether everything that was found was there when the person was rejected.
  static func isCovered(_ found: [Exposure], by rejected: [Exposure]) -> Bool {
    found.allSatisfy { exposure in
      rejected.contains {
        $0.infection == exposure.infection && $0.kind.weight >= exposure.kind.weight
          && $0.basis == exposure.basis && $0.venue == exposure.venue && $0.via == exposure.via
          // Living together goes on: what was said of it holds for the days after, too.
          && (exposure.basis == .household
            || $0.span.from <= exposure.span.from && exposure.span.to <= $0.span.to)
      }
    }
  }

  static func requireInside(_ window: TimeSpan, _ span: TimeSpan, zone: Zone) throws(Refusal) {
    if span.from >= window.from && span.to <= window.to { return }
    let from = window.from.shortText(in: zone)
    let to = window.to.shortText(in: zone)
    throw Refusal(
      .invalid, "contact.outsideWindow",
      Words(
        "接触时间不在病例的传染期内（\(from) 至 \(to)），请核对时间或先更正传染期",
        "The contact lies outside the case's window (\(from) to \(to)); check it or correct the window"
      ),
      field: "from")
  }

  /// Checks that a confirmation rests on more than the word of the one who gives it.
  static func requireSecondWord(
    _ summary: Summary?, for contact: Contact
  ) throws(Refusal) -> Summary {
    let isNew =
      contact.state != .confirmed || contact.confirmedKind != summary?.kind
      || contact.toldLastAt != summary?.lastAt
    if let summary, summary.kind == contact.kind, isNew { return summary }
    throw Refusal(
      .forbidden, "contact.ownWord",
      Words(
        "密接 \(contact.id) 依据的是您本人补录的接触，请由另一位有判定职责的人员判定",
        "The contact \(contact.id) rests on what you entered yourself; another person with this duty "
          + "must confirm it"),
      field: "contacts")
  }
}
