import Gazette
import Kernel

/// The public figures: how many were restricted each day by which clause, how objections ended, how
/// long after its end a restriction was taken down, and how often two people decided on many
/// (RELIABILITY 3.3, 7).
///
/// In the street: somebody who has been told to stay at home opens the page without signing in and
/// sees that 214 were told so that day by the same clause, that a third of the objections are upheld,
/// and that nobody was held longer than the day on their page.
///
/// Counted as it happens, so that the numbers stay when what they count has been deleted. Retention:
/// for ever; a figure names nobody.
package enum Figures {
  package static let slice = Slice(
    name: "figures", queries: [QueryKind(PublicFigures.self)], screens: [FiguresScreens.page],
    reactions: FiguresReactions.all, migrations: [FiguresStore.schema],
    invariants: [FiguresInvariants.started])
}

/// What is counted. The word behind it says of what kind.
enum FigureKind: String, CaseIterable, Sendable {
  /// By clause.
  case started
  /// By reason.
  case ended
  /// Ended by themselves, by the minutes from the end until it was taken down.
  case delay
  case objectionRaised = "objection_raised"
  case objectionUpheld = "objection_upheld"
  case objectionRejected = "objection_rejected"
  /// Not decided in time: lifted meanwhile.
  case objectionLapsed = "objection_lapsed"
  /// Decisions on many by a second person, by what it was about.
  case approved
  case declined
  /// Alarms because an account tried to restrict many, or the clock was believed by hand after a jump.
  case alarm
}
