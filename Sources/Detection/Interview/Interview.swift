import Kernel

/// An investigator telephones a case: onset, symptoms, household, work, then each day backwards.
///
/// Every piece is one command and is kept at once, so that nothing is lost when the call breaks, and
/// whoever calls again sees what was said already; "not known" and "refused" are answers, too. A stay
/// becomes a visit, somebody who was met becomes a contact to confirm; a venue or a person that the
/// registry does not know is kept and becomes a lead by itself. What was said wrongly is struck with a
/// reason and stays to be read.
///
/// Retention: what was said goes with the visits, `keep_days` of the scans after it was recorded;
/// words, names and telephones are sealed.
package enum Interview {
  package static let slice = Slice(
    name: "interview",
    commands: [
      CommandKind(NoteAnswer.self), CommandKind(NoteStay.self), CommandKind(NoteRide.self),
      CommandKind(NoteMeeting.self), CommandKind(ResolveEntry.self), CommandKind(StrikeEntry.self),
      CommandKind(ExpireInterviews.self),
    ],
    queries: [QueryKind(InterviewOfCase.self), QueryKind(FindVenues.self)],
    facts: [
      InterviewNoted.self, InterviewResolved.self, InterviewStruck.self, InterviewsExpired.self,
    ],
    screens: [InterviewScreens.one],
    ticks: [Tick(every: .hours(1)) { ExpireInterviews() }],
    migrations: [InterviewStore.schema, InterviewStore.leads, InterviewStore.told],
    policySections: [InterviewPolicy.self],
    invariants: InterviewInvariants.all)
}
