import Gazette
import Kernel

/// Places that are held together because of an infection, and how they are let go.
///
/// In the street: a positive is reported at nine in the evening. The entrance it lives in is
/// proposed at once; the street's leader looks, opens it, and the clock of release begins to run.
/// A leader for the point, one for the group, members by shift, somebody at each gate; rubbish,
/// food and medicine at the doors. On the right day everybody inside is swabbed. When every clause
/// of the edition is true the zone is over, with or without somebody pressing a button, and the
/// fence comes down.
///
/// Retention: zones and their history name places and infections by identifier and stay for ever;
/// results of tests go after 60 days.
package enum Zones {
  package static let slice = Slice(
    name: "zones",
    commands: [
      CommandKind(ProposeZone.self), CommandKind(OpenZone.self), CommandKind(DeclineZone.self),
      CommandKind(StepDownZone.self), CommandKind(ReleaseZone.self),
      CommandKind(ReleaseZonePlaces.self), CommandKind(WriteZonePlan.self),
      CommandKind(SetZoneCheckpoint.self), CommandKind(AssignZoneShift.self),
      CommandKind(UnassignZoneShift.self), CommandKind(ImportZoneLists.self),
      CommandKind(TakeOutZoneList.self), CommandKind(TendZones.self),
    ],
    queries: [
      QueryKind(ListZones.self), QueryKind(ShowZone.self), QueryKind(CountZones.self),
      QueryKind(PreviewZone.self), QueryKind(ShowZoneGround.self),
      QueryKind(ListedZoneHistory.self), QueryKind(ExportZoneLists.self),
      QueryKind(TakenOutZoneLists.self),
    ],
    facts: [
      ZoneProposed.self, ZoneAsked.self, ZoneCountedBack.self, ZoneDeclined.self, ZoneStaffed.self,
      ZoneArranged.self, ZoneListsImported.self, ZoneListTakenOut.self, ZoneOpened.self,
      ZoneCountedAnew.self, ZonePlacesReleased.self, ZoneSteppedDown.self, ZoneEnded.self,
    ],
    screens: ZonesScreens.all, reactions: ZonesReactions.all,
    ticks: [Tick(every: .seconds(60)) { TendZones() }],
    obligationKinds: ZoneDuties.all, imports: [ImportZoneLists.kind],
    exports: [
      ExportKind(
        kind: "zones", header: ZoneListRow.columns, query: ExportZoneLists.name)
    ],
    migrations: [
      tables, openedAlone, inParts, located, foundIn, takenOut, takenOutBy,
      ZoneListsStore.keptForEver,
    ],
    policySections: [ZonesPolicy.self],
    invariants: ZonesInvariants.all)

  private static let tables = Migration(
    "zones-0001",
    """
    CREATE TABLE zone (
      id TEXT PRIMARY KEY, level TEXT NOT NULL, edition TEXT NOT NULL, state TEXT NOT NULL,
      place TEXT NOT NULL, path TEXT NOT NULL, infection TEXT NOT NULL,
      proposed_by TEXT NOT NULL, proposed_by_organisations TEXT NOT NULL,
      proposed_at BIGINT NOT NULL, opened_by TEXT, opened_at BIGINT, counted_from BIGINT,
      level_since BIGINT, stepped_down BIGINT NOT NULL, people BIGINT NOT NULL, plan TEXT,
      served_until BIGINT, ended_at BIGINT, end_reason TEXT,
      CHECK (level IN ('low', 'medium', 'high', 'precaution', 'controlled', 'sealed')),
      CHECK (state IN ('proposed', 'standing', 'ended', 'declined')),
      CHECK (edition LIKE '%_@_%'), CHECK (infection <> '' AND proposed_by <> ''),
      CHECK (state NOT IN ('standing', 'ended') OR (opened_at IS NOT NULL AND opened_by IS NOT NULL
        AND counted_from IS NOT NULL AND counted_from >= opened_at)),
      CHECK ((ended_at IS NOT NULL) = (state IN ('ended', 'declined'))),
      CHECK ((end_reason IS NOT NULL) = (state = 'ended')))
    """,
    "CREATE INDEX zone_state_path ON zone (state, path)",
    "CREATE INDEX zone_opened_by ON zone (opened_by, opened_at) WHERE opened_by IS NOT NULL",
    """
    CREATE TABLE zone_place (
      zone TEXT NOT NULL REFERENCES zone (id), place TEXT NOT NULL, path TEXT NOT NULL,
      from_at BIGINT NOT NULL, until_at BIGINT, PRIMARY KEY (zone, place, from_at))
    """,
    "CREATE INDEX zone_place_path ON zone_place (path) WHERE until_at IS NULL",
    "CREATE INDEX zone_place_place ON zone_place (place)",
    """
    CREATE TABLE zone_case (
      infection TEXT PRIMARY KEY, person TEXT NOT NULL, path TEXT NOT NULL, found_path TEXT,
      reported_at BIGINT NOT NULL, isolated BIGINT NOT NULL, withdrawn_at BIGINT)
    """,
    "CREATE INDEX zone_case_path ON zone_case (path, reported_at) WHERE withdrawn_at IS NULL",
    """
    CREATE TABLE zone_infection (
      zone TEXT NOT NULL REFERENCES zone (id), infection TEXT NOT NULL, person TEXT NOT NULL,
      path TEXT NOT NULL, counted_at BIGINT NOT NULL, counts BIGINT NOT NULL,
      added_at BIGINT NOT NULL, withdrawn_at BIGINT, PRIMARY KEY (zone, infection))
    """,
    "CREATE INDEX zone_infection_case ON zone_infection (infection)",
    """
    CREATE TABLE zone_event (
      zone TEXT NOT NULL REFERENCES zone (id), ordinal BIGINT NOT NULL, kind TEXT NOT NULL,
      at BIGINT NOT NULL, sender TEXT NOT NULL, edition TEXT NOT NULL, level TEXT NOT NULL,
      about TEXT NOT NULL, PRIMARY KEY (zone, ordinal))
    """,
    """
    CREATE TABLE zone_test (
      person TEXT NOT NULL, sampled_at BIGINT NOT NULL, negative BIGINT NOT NULL,
      PRIMARY KEY (person, sampled_at))
    """,
    "CREATE INDEX zone_test_sampled ON zone_test (sampled_at)",
    """
    CREATE TABLE zone_shift (
      id TEXT PRIMARY KEY, zone TEXT NOT NULL REFERENCES zone (id), role TEXT NOT NULL,
      checkpoint TEXT, account TEXT NOT NULL, from_at BIGINT NOT NULL, until_at BIGINT NOT NULL,
      removed_at BIGINT, CHECK (from_at < until_at))
    """,
    "CREATE INDEX zone_shift_zone ON zone_shift (zone, until_at) WHERE removed_at IS NULL",
    "CREATE INDEX zone_shift_account ON zone_shift (account, until_at) WHERE removed_at IS NULL",
    """
    CREATE TABLE zone_checkpoint (
      id TEXT PRIMARY KEY, zone TEXT NOT NULL REFERENCES zone (id), place TEXT NOT NULL,
      name TEXT NOT NULL, set_at BIGINT NOT NULL)
    """,
    "CREATE INDEX zone_checkpoint_zone ON zone_checkpoint (zone)",
    """
    CREATE TABLE listed_zone (
      as_of BIGINT NOT NULL, city_code TEXT NOT NULL, county TEXT NOT NULL, area TEXT NOT NULL,
      level TEXT NOT NULL, PRIMARY KEY (as_of, city_code, county, area, level))
    """)

  private static let openedAlone = Migration(
    "zones-0002", "ALTER TABLE zone ADD COLUMN opened_alone BIGINT")

  private static let inParts = Migration(
    "zones-0003", "CREATE INDEX zone_state ON zone (state, id)")

  private static let located = Migration(
    "zones-0004", "CREATE INDEX zone_case_person ON zone_case (person) WHERE withdrawn_at IS NULL")

  private static let foundIn = Migration(
    "zones-0005",
    "CREATE INDEX zone_case_found ON zone_case (found_path, reported_at) WHERE withdrawn_at IS NULL"
  )

  private static let takenOut = Migration(
    "zones-0006", "ALTER TABLE listed_zone ADD COLUMN taken_at BIGINT")

  private static let takenOutBy = Migration(
    "zones-0007", "ALTER TABLE listed_zone ADD COLUMN taken_by TEXT",
    "ALTER TABLE listed_zone ADD COLUMN taken_reason TEXT",
    "CREATE INDEX listed_zone_taken ON listed_zone (taken_at) WHERE taken_at IS NOT NULL")
}
