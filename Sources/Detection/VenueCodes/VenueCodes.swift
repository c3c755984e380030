import Kernel

/// The code at a venue's door: one park, one shop, one warehouse, each its own.
///
/// In the street: the shop opens a page on a telephone at the till; the code on it changes every minute.
/// Who comes in scans it and is registered there. A picture of it that somebody passes on is old when
/// it arrives: that scan is kept as weak, and nobody becomes a contact by it. A printed code, for a stall
/// without a telephone, is weak from the start, and says so on the paper.
///
/// Scans that prove something go to the others every minute, packed (`Scans`); weak ones stay here and
/// are shown to whoever asks the person, as what they are.
///
/// Retention: scans go after `keep_days`, the packed ones with theirs; venues name nobody.
package enum VenueCodes {
  package static let slice = Slice(
    name: "venue-codes",
    commands: [
      CommandKind(MakeVenueCode.self), CommandKind(RenewVenueCode.self),
      CommandKind(EndVenueCode.self), CommandKind(ScanVenueCode.self),
      CommandKind(GatherVenueScans.self),
    ],
    queries: [
      QueryKind(ListVenueCodes.self), QueryKind(ShowVenueCode.self),
      QueryKind(VenueScreenCodes.self),
      QueryKind(ReadVenueCode.self), QueryKind(VenueScansOfPerson.self),
      QueryKind(OwnVenueScans.self),
    ],
    facts: [
      VenueCodeChanged.self, VenueScansGathered.self,
    ],
    screens: VenueCodesScreens.all,
    ticks: [Tick(every: .seconds(60)) { GatherVenueScans() }],
    migrations: [VenueCodesStore.schema], policySections: [VenueCodesPolicy.self],
    invariants: [
      Invariant(
        "I-14", "a weak scan of a venue’s code is no visit",
        violations: """
          SELECT id
          FROM venue_scan
          WHERE strength = 'weak' AND gathered <> 0
          ORDER BY id
          LIMIT 20
          """)
    ], finders: [VenueFinder.finder])
}
