import Kernel

/// Isolation at home, and what a resident asks for.
///
/// In the street: a contact of a contact stays in. The grid worker knocks the same day, looks at the
/// six rules, and what is not met the street mends or decides on. Food and medicine are left at the
/// door at fixed hours and the rubbish goes in two bags. Twice a day the resident reports temperature
/// and symptoms from the page behind the slip, or the worker asks; whoever says nothing for a day is
/// looked for. Who cannot be alone has a carer with a name. Whoever needs a hospital goes in a car
/// with a named driver, and both ends of each way say so, until the door at home is closed again.
///
/// What is asked, until when, and the health checks themselves are the measure's: this slice asks
/// `Restrictions` and ends none. Residents of a zone are served by the zone.
///
/// Retention: stays, visits and ways hold identifiers only and go with the measures behind them; what
/// residents wrote is locked and goes 60 days after its answer.
package enum Home {
  package static let slice = Slice(
    name: "home",
    commands: [
      CommandKind(ReportOwnHealth.self), CommandKind(AskForHelp.self),
      CommandKind(DecideRemedy.self), CommandKind(NameCarer.self),
      CommandKind(AskOuting.self), CommandKind(AskOwnOuting.self),
      CommandKind(AnswerOuting.self), CommandKind(CancelOuting.self),
      CommandKind(CancelOwnOuting.self), CommandKind(MoveOuting.self),
      CommandKind(ConfirmOwnReturn.self), CommandKind(TendHome.self),
    ],
    queries: [
      QueryKind(ListHomeHouseholds.self), QueryKind(ShowHomeHousehold.self),
      QueryKind(ShowCare.self), QueryKind(ShowOuting.self), QueryKind(ShowResidentRequest.self),
      QueryKind(OwnHome.self),
    ],
    facts: [
      HomeStayChanged.self, HomeVisited.self, HomeFeltWorse.self, HomeRemedied.self,
      HomeCarerNamed.self, HomeSilence.self, OutingMoved.self, ResidentAsked.self,
    ],
    screens: HomeScreens.all, reactions: HomeReactions.all,
    ticks: [Tick(every: .seconds(60)) { TendHome() }],
    obligationKinds: HomeDuties.all, migrations: [stays, requests, outings, drivers],
    policySections: [HomePolicy.self, RequestsPolicy.self], invariants: HomeInvariants.all)

  private static let stays = Migration(
    "home-0001",
    """
    CREATE TABLE home_household (
      id TEXT PRIMARY KEY, home TEXT NOT NULL, path TEXT NOT NULL, lone TEXT NOT NULL,
      opened_at BIGINT NOT NULL, closed_at BIGINT, check_at BIGINT, served_until BIGINT,
      visited_at BIGINT, unmet BIGINT NOT NULL,
      CHECK (closed_at IS NULL OR check_at IS NULL))
    """,
    """
    CREATE UNIQUE INDEX home_household_open ON home_household (home, lone)
    WHERE closed_at IS NULL
    """,
    "CREATE INDEX home_household_path ON home_household (path, id) WHERE closed_at IS NULL",
    "CREATE INDEX home_household_check ON home_household (check_at, id) WHERE check_at IS NOT NULL",
    """
    CREATE TABLE home_stay (
      id TEXT PRIMARY KEY, person TEXT NOT NULL,
      household TEXT NOT NULL REFERENCES home_household (id), restriction TEXT NOT NULL,
      kind TEXT NOT NULL, checklist BIGINT NOT NULL, deliveries BIGINT NOT NULL,
      silence BIGINT NOT NULL, since BIGINT NOT NULL, until_at BIGINT NOT NULL, heard_at BIGINT,
      silence_at BIGINT, ended_at BIGINT, CHECK (ended_at IS NULL OR silence_at IS NULL))
    """,
    "CREATE UNIQUE INDEX home_stay_running ON home_stay (person) WHERE ended_at IS NULL",
    "CREATE INDEX home_stay_household ON home_stay (household, since)",
    "CREATE INDEX home_stay_silence ON home_stay (silence_at, id) WHERE silence_at IS NOT NULL",
    "CREATE TABLE home_watch (person TEXT PRIMARY KEY, check_at BIGINT NOT NULL)",
    "CREATE INDEX home_watch_check ON home_watch (check_at, person)",
    """
    CREATE TABLE home_visit (
      household TEXT NOT NULL REFERENCES home_household (id), at BIGINT NOT NULL,
      sender TEXT NOT NULL, unmet TEXT NOT NULL, PRIMARY KEY (household, at))
    """,
    """
    CREATE TABLE home_carer (
      dependent TEXT PRIMARY KEY, carer TEXT NOT NULL, named_at BIGINT NOT NULL,
      named_by TEXT NOT NULL, CHECK (carer <> dependent))
    """,
    "CREATE INDEX home_carer_carer ON home_carer (carer)")

  private static let requests = Migration(
    "home-0002",
    """
    CREATE TABLE home_request (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL,
      kind TEXT NOT NULL, sealed_text BYTEA, asked_at BIGINT NOT NULL, due_at BIGINT NOT NULL,
      answered_at BIGINT)
    """,
    "CREATE INDEX home_request_person ON home_request (person, asked_at)",
    """
    CREATE INDEX home_request_answered ON home_request (answered_at)
    WHERE answered_at IS NOT NULL
    """)

  /// Who drove there, kept when somebody else drives back: a driver may turn out to be a contact.
  private static let drivers = Migration(
    "home-0004", "ALTER TABLE home_outing ADD COLUMN sealed_driver_there BYTEA",
    "ALTER TABLE home_outing ADD COLUMN vehicle_there TEXT")

  private static let outings = Migration(
    "home-0003",
    """
    CREATE TABLE home_outing (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, home TEXT NOT NULL, path TEXT NOT NULL,
      state TEXT NOT NULL, emergency BIGINT NOT NULL, sealed_purpose BYTEA,
      leave_at BIGINT NOT NULL, asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, sealed_refusal BYTEA, departed_at BIGINT,
      departed_by TEXT, arrived_at BIGINT, arrived_by TEXT, back_at BIGINT, back_by TEXT,
      home_at BIGINT, home_by TEXT, driver TEXT, sealed_driver BYTEA, vehicle TEXT,
      over BIGINT NOT NULL,
      CHECK (state IN ('asked', 'approved', 'declined', 'cancelled', 'out', 'there', 'back',
        'home')),
      CHECK ((over = 1) = (state IN ('declined', 'cancelled', 'home'))),
      CHECK (state NOT IN ('out', 'back') OR driver IS NOT NULL),
      CHECK (arrived_by IS NULL OR arrived_by <> departed_by),
      CHECK (home_by IS NULL OR home_by <> back_by),
      CHECK (decided_by IS NULL OR decided_by <> asked_by))
    """,
    "CREATE UNIQUE INDEX home_outing_running ON home_outing (person) WHERE over = 0",
    """
    CREATE UNIQUE INDEX home_outing_driver ON home_outing (driver)
    WHERE driver IS NOT NULL AND over = 0
    """,
    "CREATE INDEX home_outing_path ON home_outing (path, leave_at) WHERE over = 0",
    "CREATE INDEX home_outing_person ON home_outing (person, asked_at)")
}
