import Gazette
import Kernel

/// What is asked of whom, by which clause, on which evidence, until when.
///
/// In the street: a contact is confirmed, and the rule in force limits the person from the latest
/// exposure. The grid worker brings the notice, takes the scheduled samples, asks temperature and
/// symptoms. The person reads why, by whom and until when, and objects in one tap; another
/// organisation decides within a day, or the restriction is lifted until it does. At its end it is
/// over by itself, whether or not any job has run.
///
/// Retention: restrictions and evidence hold identifiers only; they are deleted when the policy's
/// `restrictions_kept` days after their end are over, and what a person said in an objection with them.
package enum Restrictions {
  package static let slice = Slice(
    name: "restrictions",
    commands: [
      CommandKind(IssueRestriction.self), CommandKind(ApproveRestriction.self),
      CommandKind(EndRestriction.self), CommandKind(ApproveEnd.self),
      CommandKind(ReportBreach.self), CommandKind(ApproveTransfer.self),
      CommandKind(RaiseObjection.self), CommandKind(TakeObjection.self),
      CommandKind(DecideObjection.self), CommandKind(TendRestrictions.self),
      CommandKind(ApplyEdition.self), CommandKind(RestrictWaiting.self),
      CommandKind(RestrictZone.self), CommandKind(RecountZone.self),
      CommandKind(ReleaseZoneResidents.self),
      CommandKind(ApproveHeld.self), CommandKind(NoteAttempt.self),
      CommandKind(EraseRestrictions.self), CommandKind(NoteClockAccepted.self, edgeOnly: true),
      CommandKind(NoteEditions.self),
    ],
    queries: [
      QueryKind(RestrictionsOfPerson.self), QueryKind(OwnRestrictions.self),
      QueryKind(ListRestrictions.self), QueryKind(CountRestrictions.self),
      QueryKind(ListRestrictionRequests.self), QueryKind(ShowObjection.self),
      QueryKind(CodeColourOfPerson.self), QueryKind(OwnCodeColour.self),
      QueryKind(ExportRestrictions.self), QueryKind(HeldRestrictions.self),
      QueryKind(ListHeldRestrictions.self), QueryKind(ListRestrictionChanges.self),
      QueryKind(CountByClause.self), QueryKind(PreviewEdition.self),
      QueryKind(EvidenceOfPerson.self),
    ],
    facts: [
      RestrictionAsked.self, RestrictionDeclined.self, ReleaseAsked.self, ReleaseDecided.self,
      TransferDecided.self, RestrictionEvidenceChanged.self, RestrictionsHeld.self,
      HeldDecided.self, RestrictionAlarm.self, RestrictionRelocated.self, RestrictionBreached.self,
      RestrictionPhaseChanged.self, ObjectionLapsed.self, ObjectionAdded.self,
      RestrictionsErased.self, CaseHeld.self,
      CaseSettled.self, ClockAccepted.self, RestrictionStarted.self, RestrictionMoved.self,
      RestrictionEnded.self, ObjectionRaised.self, ObjectionDecided.self, ManyDecided.self,
    ],
    screens: RestrictionsScreens.all,
    reactions: RestrictionsReactions.all + PoolReactions.all + NotedReactions.all
      + ZoneResidents.reactions,
    ticks: [
      Tick(every: .seconds(60)) { ApplyEdition() },
      Tick(every: .seconds(60)) { TendRestrictions() },
      Tick(every: .hours(1)) { EraseRestrictions() },
    ],
    obligationKinds: RestrictionDuties.all,
    exports: [
      ExportKind(
        kind: "restrictions", header: ExportRestrictions.columns,
        query: ExportRestrictions.name)
    ],
    migrations: [
      tables, objections, EvidenceStore.waiting, RestrictionLimitsStore.tables,
      EvidenceStore.people, EvidenceStore.inParts, RestrictionLimitsStore.totals, FreedStore.table,
      JoinedStore.table,
      RestrictionChangesStore.table, ErasingRestrictionsStore.indices,
      EditionsStore.table,
    ],
    policySections: [
      RestrictionsPolicy.self, RestrictionsKeepingPolicy.self, AcceptedClockPolicy.self,
    ],
    invariants: RestrictionsInvariants.all,
    finders: [RestrictionsFinder.finder])

  private static let tables = Migration(
    "restrictions-0001",
    """
    CREATE TABLE restriction (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, clause TEXT NOT NULL,
      edition TEXT NOT NULL, evidence_kind TEXT NOT NULL, evidence TEXT NOT NULL,
      issuer TEXT NOT NULL, issuer_organisations TEXT NOT NULL, approver TEXT,
      place TEXT NOT NULL, path TEXT NOT NULL, start_at BIGINT NOT NULL, end_at BIGINT NOT NULL,
      limit_at BIGINT NOT NULL, counted_from BIGINT NOT NULL, appeal TEXT NOT NULL,
      opened_until BIGINT NOT NULL, suspends_at BIGINT, ended_at BIGINT, end_reason TEXT,
      ended_by TEXT,
      CHECK (person <> '' AND clause <> '' AND evidence <> '' AND issuer <> '' AND appeal <> ''),
      CHECK (edition LIKE '%_@_%'),
      CHECK (kind IN ('central_isolation', 'home_isolation', 'home_monitoring', 'hospital',
        'notice')),
      CHECK (evidence_kind IN ('case', 'contact', 'zone_residence', 'entry_record', 'symptoms',
        'recheck', 'positive_tube')),
      CHECK (start_at < end_at), CHECK (end_at <= limit_at),
      CHECK (issuer = 'rules' OR (approver IS NOT NULL AND approver <> issuer)),
      CHECK ((ended_at IS NULL) = (end_reason IS NULL)))
    """,
    """
    CREATE UNIQUE INDEX restriction_running ON restriction (person, clause)
    WHERE ended_at IS NULL
    """,
    "CREATE INDEX restriction_person ON restriction (person, start_at)",
    "CREATE INDEX restriction_held_place ON restriction (path, end_at) WHERE ended_at IS NULL",
    "CREATE INDEX restriction_held_end ON restriction (end_at, id) WHERE ended_at IS NULL",
    "CREATE INDEX restriction_opened ON restriction (opened_until, id) WHERE ended_at IS NULL",
    "CREATE INDEX restriction_end ON restriction (end_at, id)",
    """
    CREATE TABLE restriction_phase (
      restriction TEXT NOT NULL REFERENCES restriction (id), ordinal BIGINT NOT NULL,
      kind TEXT NOT NULL, from_at BIGINT NOT NULL, until_at BIGINT NOT NULL, day_one TEXT NOT NULL,
      PRIMARY KEY (restriction, ordinal), CHECK (from_at < until_at))
    """,
    """
    CREATE TABLE evidence (
      kind TEXT NOT NULL, reference TEXT NOT NULL, person TEXT NOT NULL, infection TEXT NOT NULL,
      place TEXT NOT NULL, path TEXT NOT NULL, counted_from BIGINT NOT NULL,
      noted_at BIGINT NOT NULL, withdrawn_at BIGINT,
      PRIMARY KEY (kind, reference, person, infection))
    """,
    "CREATE INDEX evidence_infection ON evidence (infection) WHERE withdrawn_at IS NULL",
    """
    CREATE TABLE restriction_evidence (
      restriction TEXT NOT NULL REFERENCES restriction (id), kind TEXT NOT NULL,
      reference TEXT NOT NULL, person TEXT NOT NULL, infection TEXT NOT NULL,
      added_at BIGINT NOT NULL, PRIMARY KEY (restriction, kind, reference, infection))
    """,
    "CREATE INDEX restriction_evidence_kind ON restriction_evidence (kind, reference)",
    "CREATE INDEX restriction_evidence_case ON restriction_evidence (infection)")

  private static let objections = Migration(
    "restrictions-0002",
    """
    CREATE TABLE restriction_request (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, clause TEXT NOT NULL,
      evidence_kind TEXT NOT NULL, evidence TEXT NOT NULL, issuer TEXT NOT NULL,
      issuer_organisations TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL,
      asked_at BIGINT NOT NULL, decided_at BIGINT, decided_by TEXT)
    """,
    """
    CREATE INDEX restriction_request_waiting ON restriction_request (path)
    WHERE decided_at IS NULL
    """,
    """
    CREATE TABLE objection (
      id TEXT PRIMARY KEY, restriction TEXT NOT NULL REFERENCES restriction (id),
      raised_at BIGINT NOT NULL, raised_by TEXT NOT NULL, due_at BIGINT NOT NULL,
      ground TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, upheld BIGINT, reason TEXT,
      lapsed_at BIGINT, CHECK ((decided_at IS NULL) = (upheld IS NULL)))
    """,
    "CREATE INDEX objection_restriction ON objection (restriction, raised_at)",
    """
    CREATE UNIQUE INDEX objection_undecided ON objection (restriction) WHERE decided_at IS NULL
    """,
    "CREATE INDEX objection_due ON objection (due_at) WHERE decided_at IS NULL")
}
