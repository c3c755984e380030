import Gazette
import Kernel

/// One person, one file: who lives behind which door, and what they need.
///
/// A street takes its list in from a spreadsheet; a grid worker completes it at the door, enrols the
/// newborn without a number and the guest from abroad, and notes who is away. Identity numbers and
/// telephone numbers are locked with keys outside the database and found by blind indices; they are
/// shown masked, and whoever looks is written down for the person concerned, who reads it with a
/// slip of paper in hand.
///
/// Retention: each file has a class (`resident`, `temporary`) and a last day of keeping, renewed
/// when it is confirmed; former homes, merges and slips are kept as long as their file.
package enum Residents {
  package static let slice = Slice(
    name: "residents",
    commands: [
      CommandKind(EnrolResident.self, ofTheField: true), CommandKind(UpdateResident.self),
      CommandKind(MoveResident.self), CommandKind(ImportResidents.self),
      CommandKind(MergeResidents.self), CommandKind(UnmergeResidents.self),
      CommandKind(IssueSlip.self), CommandKind(RevokeSlips.self),
      CommandKind(LearnInitials.self),
    ],
    queries: [
      QueryKind(FindResidents.self), QueryKind(ShowResident.self), QueryKind(RevealResident.self),
      QueryKind(ShowHousehold.self),
      QueryKind(ListResidents.self), QueryKind(CountResidents.self),
      QueryKind(CountCoverage.self), QueryKind(ExportResidents.self),
      QueryKind(ListDisclosures.self), QueryKind(ShowOwnFile.self),
      QueryKind(ListOwnDisclosures.self), QueryKind(ListDuplicates.self),
      QueryKind(ListMerges.self),
    ],
    facts: [
      ResidentEnrolled.self, ResidentsImported.self, ResidentRevised.self, ResidentMoved.self,
      ResidentsMerged.self, ResidentsUnmerged.self, SlipIssued.self, SlipsRevoked.self,
    ],
    screens: ResidentsScreens.all, reactions: ResidentsReactions.all,
    ticks: [Tick(every: .minutes(5)) { LearnInitials() }],
    imports: [
      ImportKind(
        kind: "residents", columns: ResidentRow.columns, command: ImportResidents.name)
    ],
    exports: [
      ExportKind(
        kind: "residents", header: ResidentRow.columns.map(\.name), query: ExportResidents.name)
    ],
    migrations: [migration, births, tails],
    policySections: [RegistryPolicy.self, DuplicatesPolicy.self],
    invariants: invariants, finders: [PeopleFinder.finder])
}
