import Gazette
import Kernel

/// Who was where when, and who was together with a case.
///
/// A case is reported: an investigation opens with its clocks (trajectory, contacts, conclusion:
/// the golden 24 hours). The computation looks for everybody who was together with the case inside
/// its infectious window, at home, at a venue or in an encounter, then for those who met the close
/// contacts after that, and proposes them. An investigator confirms or rejects each; a confirmed
/// contact is handed to those who act on it, and the latest exposure drives its clock. What one account told, another confirms; more people than one may
/// confirm alone wait for a second person of another organisation.
///
/// Retention: visits, encounters and tracks `keep_days` (28) after they were recorded; contacts with their
/// exposures 60 days after the case closes.
package enum Tracing {
  package static let slice = Slice(
    name: "tracing",
    commands: [
      CommandKind(RecordVisit.self), CommandKind(ImportVisits.self),
      CommandKind(ImportEncounters.self), CommandKind(ImportTracks.self),
      CommandKind(ClassifyVenue.self), CommandKind(ComputeContacts.self),
      CommandKind(SetIsolation.self), CommandKind(ConfirmContacts.self),
      CommandKind(RejectContacts.self), CommandKind(AddContact.self),
      CommandKind(ApproveContacts.self), CommandKind(ConfirmApproved.self),
      CommandKind(CorrectContact.self),
      CommandKind(ExpireVisits.self), CommandKind(ReturnContact.self),
    ],
    queries: [
      QueryKind(ExportVisits.self), QueryKind(ExportEncounters.self), QueryKind(ListLeads.self),
      QueryKind(ExportTracks.self),
      QueryKind(ContactsOfCase.self), QueryKind(ListContacts.self), QueryKind(ContactCard.self),
      QueryKind(PreviewContacts.self), QueryKind(PreviewDecision.self),
      QueryKind(ContactsTable.self), QueryKind(ContactHistory.self),
      QueryKind(TrajectoryOfPerson.self),
      QueryKind(InvestigationOfCase.self), QueryKind(ListInvestigations.self),
      QueryKind(ListContactRequests.self), QueryKind(InvestigationBoard.self),
    ],
    facts: [
      VisitsRecorded.self, VisitsExpired.self, VenueClassified.self, InvestigationOpened.self,
      WindowChanged.self, InvestigationConcluded.self, ContactsComputed.self, ContactsAsked.self,
      ContactsApproved.self, ContactRejected.self, ContactCorrected.self, TracksImported.self,
      ContactConfirmed.self, ContactWithdrawn.self,
    ],
    screens: [
      ContactRequestsScreens.list, ContactsTableScreens.ofCase, ContactPageScreens.one,
      InvestigationBoardScreens.board,
    ],
    reactions: TracingReactions.all,
    ticks: [Tick(every: .hours(1)) { ExpireVisits() }],
    obligationKinds: TracingObligations.steps + [TracingObligations.approve],
    imports: TracingFiles.imports, exports: TracingFiles.exports,
    migrations: [
      VisitsStore.schema, TracksStore.schema, InvestigationStore.schema, ContactsStore.schema,
      InvestigationStore.board, CaseDoubts.column,
      ContactsStore.secondWord, ContactRequestsStore.schema, ContactsStore.lending,
      VisitsStore.expiry, ContactRulingsStore.schema, ContactRequestsStore.rejections,
    ],
    policySections: [ContactsPolicy.self, TrajectoryPolicy.self], invariants: TracingInvariants.all)
}
