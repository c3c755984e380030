import Gazette
import Kernel

/// Where people are isolated who cannot be at home: a hotel emptied, cleaned and handed over, and
/// everybody who comes, stays and goes.
///
/// In the street: at six the district needs a hotel. Its guests are out by seven, cleaners do floor
/// after floor, and at eight the keys change hands; each step is said by one side and confirmed by
/// the other. The street asks for a room, the site names one, the car leaves, the car arrives. Then
/// twice a day somebody knocks for temperature and symptoms, samples are taken on the days of the
/// edition, meals are brought three times, bags are weighed and labelled and go down the back stairs.
/// Whoever works there sleeps there, and takes no post outside before the edition's days are over. Nobody is released before
/// days, tests and notice are complete, and nobody whom no measure holds is kept.
///
/// What is asked of a person, until when, and which days are sampled is the measure's own: this
/// slice asks `Restrictions` and ends none.
///
/// Retention: stays and movements hold identifiers only and go with the measures behind them; results
/// of samples go after 60 days; what somebody needs of medicine goes when they leave. Registers of waste and
/// meals name nobody and are kept.
package enum Isolation {
  package static let slice = Slice(
    name: "isolation",
    commands: [
      CommandKind(SetUpSite.self), CommandKind(AddRooms.self), CommandKind(GiveSiteStep.self),
      CommandKind(ConfirmSiteStep.self), CommandKind(CloseSite.self),
      CommandKind(AskTransfer.self), CommandKind(AnswerTransfer.self),
      CommandKind(CancelTransfer.self), CommandKind(DepartTransfer.self),
      CommandKind(ArriveTransfer.self), CommandKind(MoveRoom.self),
      CommandKind(RecordResult.self), CommandKind(ReleaseStay.self), CommandKind(LetGo.self),
      CommandKind(SendToHospital.self), CommandKind(WeighBag.self), CommandKind(GiveWaste.self),
      CommandKind(LabelBags.self), CommandKind(TakeWaste.self), CommandKind(SetDiet.self),
      CommandKind(ServeMeal.self), CommandKind(EnterLoop.self), CommandKind(LeaveLoop.self),
      CommandKind(AssignTurn.self), CommandKind(UnassignTurn.self), CommandKind(TendIsolation.self),
    ],
    queries: [
      QueryKind(ListSites.self), QueryKind(ShowSite.self), QueryKind(SiteRound.self),
      QueryKind(ShowStay.self), QueryKind(ListWasteOfSite.self), QueryKind(ListWaiting.self),
      QueryKind(KitchenList.self), QueryKind(SiteRoster.self), QueryKind(WasteLabels.self),
    ],
    facts: [
      SiteChanged.self, StayMoved.self, WasteMoved.self, MealServed.self, SiteStaffed.self,
      SiteLoopChanged.self, SiteRoomsCounted.self, PersonArrived.self,
    ],
    screens: IsolationScreens.all, reactions: IsolationReactions.all,
    ticks: [Tick(every: .seconds(60)) { TendIsolation() }],
    obligationKinds: IsolationDuties.all,
    migrations: [sites, stays, waste, meals, labels, staff],
    policySections: [IsolationPolicy.self, SiteStaffPolicy.self, ClosedLoopPolicy.self],
    invariants: IsolationInvariants.all + SiteLifeInvariants.all, finders: [WasteFinder.finder])

  private static let sites = Migration(
    "isolation-0001",
    """
    CREATE TABLE isolation_site (
      place TEXT PRIMARY KEY, path TEXT NOT NULL, set_up_at BIGINT NOT NULL, ready_at BIGINT,
      closed_at BIGINT)
    """,
    "CREATE INDEX isolation_site_path ON isolation_site (path)",
    """
    CREATE TABLE isolation_step (
      site TEXT NOT NULL REFERENCES isolation_site (place), step TEXT NOT NULL,
      given_by TEXT NOT NULL, given_at BIGINT NOT NULL, confirmed_by TEXT, confirmed_at BIGINT,
      PRIMARY KEY (site, step), CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
      CHECK (confirmed_by IS NULL OR confirmed_by <> given_by))
    """,
    """
    CREATE TABLE isolation_room (
      id TEXT PRIMARY KEY, site TEXT NOT NULL REFERENCES isolation_site (place),
      number TEXT NOT NULL, floor BIGINT NOT NULL, beds BIGINT NOT NULL,
      barrier_free BIGINT NOT NULL, dirty BIGINT NOT NULL, CHECK (beds > 0))
    """,
    "CREATE UNIQUE INDEX isolation_room_number ON isolation_room (site, number)",
    """
    CREATE TABLE isolation_cleaning (
      room TEXT NOT NULL REFERENCES isolation_room (id), at BIGINT NOT NULL, sender TEXT NOT NULL,
      PRIMARY KEY (room, at))
    """)

  private static let stays = Migration(
    "isolation-0002",
    """
    CREATE TABLE isolation_stay (
      id TEXT PRIMARY KEY, person TEXT NOT NULL,
      site TEXT NOT NULL REFERENCES isolation_site (place), path TEXT NOT NULL, restriction TEXT,
      companion_of TEXT, from_stay TEXT, room TEXT REFERENCES isolation_room (id), sharing TEXT,
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, accepted_at BIGINT, accepted_by TEXT,
      departed_at BIGINT, departed_by TEXT, arrived_at BIGINT, arrived_by TEXT, check_at BIGINT,
      free_from BIGINT, counted_from BIGINT, notice_at BIGINT, left_at BIGINT, left_by TEXT,
      leaving TEXT, declined_at BIGINT, declined_by TEXT, over BIGINT NOT NULL,
      CHECK (restriction IS NOT NULL OR companion_of IS NOT NULL),
      CHECK (departed_at IS NULL OR accepted_at IS NOT NULL),
      CHECK (arrived_at IS NULL OR departed_at IS NOT NULL),
      CHECK (left_at IS NULL OR arrived_at IS NOT NULL),
      CHECK ((left_at IS NULL) = (leaving IS NULL)),
      CHECK (arrived_by IS NULL OR arrived_by <> departed_by),
      CHECK (accepted_at IS NULL OR declined_at IS NOT NULL OR room IS NOT NULL),
      CHECK ((over = 1) = (left_at IS NOT NULL OR declined_at IS NOT NULL)))
    """,
    """
    CREATE UNIQUE INDEX isolation_stay_present ON isolation_stay (person)
    WHERE over = 0 AND arrived_at IS NOT NULL
    """,
    """
    CREATE UNIQUE INDEX isolation_stay_coming ON isolation_stay (person)
    WHERE over = 0 AND arrived_at IS NULL
    """,
    "CREATE INDEX isolation_stay_person ON isolation_stay (person, asked_at) WHERE over = 0",
    "CREATE INDEX isolation_stay_site ON isolation_stay (site, asked_at) WHERE over = 0",
    "CREATE INDEX isolation_stay_room ON isolation_stay (room) WHERE room IS NOT NULL",
    "CREATE INDEX isolation_stay_check ON isolation_stay (check_at, id) WHERE check_at IS NOT NULL",
    "CREATE INDEX isolation_stay_from ON isolation_stay (from_stay) WHERE from_stay IS NOT NULL",
    """
    CREATE TABLE isolation_movement (
      site TEXT NOT NULL REFERENCES isolation_site (place),
      stay TEXT NOT NULL REFERENCES isolation_stay (id), kind TEXT NOT NULL, at BIGINT NOT NULL,
      PRIMARY KEY (site, stay, kind),
      CHECK (kind IN ('admitted', 'transferred_in', 'released', 'free', 'transferred', 'hospital')))
    """,
    """
    CREATE TABLE isolation_result (
      person TEXT NOT NULL, sampled_at BIGINT NOT NULL, negative BIGINT NOT NULL,
      sender TEXT NOT NULL, PRIMARY KEY (person, sampled_at))
    """,
    "CREATE INDEX isolation_result_sampled ON isolation_result (sampled_at)")

  private static let waste = Migration(
    "isolation-0003",
    """
    CREATE TABLE isolation_handover (
      id TEXT PRIMARY KEY, site TEXT NOT NULL REFERENCES isolation_site (place),
      bags BIGINT NOT NULL, grams BIGINT NOT NULL, given_by TEXT NOT NULL,
      given_at BIGINT NOT NULL, taken_by TEXT, taken_at BIGINT, taken_bags BIGINT,
      taken_grams BIGINT, CHECK (bags > 0), CHECK ((taken_by IS NULL) = (taken_grams IS NULL)),
      CHECK (taken_by IS NULL OR (taken_by <> given_by AND taken_bags = bags)))
    """,
    "CREATE INDEX isolation_handover_site ON isolation_handover (site, given_at)",
    """
    CREATE TABLE isolation_bag (
      site TEXT NOT NULL REFERENCES isolation_site (place), label TEXT NOT NULL,
      kind TEXT NOT NULL, grams BIGINT NOT NULL, weighed_at BIGINT NOT NULL,
      weighed_by TEXT NOT NULL, handover TEXT REFERENCES isolation_handover (id),
      PRIMARY KEY (site, label), CHECK (grams > 0))
    """,
    "CREATE INDEX isolation_bag_weighed ON isolation_bag (site, weighed_at)",
    "CREATE INDEX isolation_bag_waiting ON isolation_bag (site, weighed_at) WHERE handover IS NULL",
    "CREATE INDEX isolation_bag_handover ON isolation_bag (handover) WHERE handover IS NOT NULL")
}
