import Gazette
import Kernel

/// The tables of mass testing, made in the order of their migrations.
enum ScreeningTables {
  static let all = [
    rounds, tubes, custody, results, labels, decisions, erasing, pace, voided, followed, lists,
    decided, laboratories, households, waiting, strangers, sealCounts, gaps, controls, clauses,
    counting,
  ]
}

/// Mass testing: swab a city, pool by pool, and miss nobody.
///
/// The command opens a round over an area; who should be tested is frozen from the register at that
/// moment. At hundreds of points a code is scanned, a swab goes into the open tube, a beep, the next.
/// Tubes go in boxes by vehicle to laboratories, each hand-over confirmed by both sides. A tube that is
/// not negative holds everyone in it at once, each until their own tube is decided; one positive is a
/// case. Whoever is left goes by building and door to the grid worker (decision 17).
/// Retention: swabs name people by identifier only. The list, swabs with the name of the sampler, notes,
/// recalls and contradictions of a round are deleted `keep_days` after it is over, when nobody in it is
/// held any more; a list that never became a round after `list_hours`; tubes with their results and the totals of each community stay, and the journal says
/// how many rows went. Who was swabbed without being on any list is noted by identifier for as long as their
/// file is kept, so that no later list takes them for a resident.
package enum Screening {
  package static let slice = Slice(
    name: "screening",
    commands: [
      CommandKind(OpenRound.self), CommandKind(OpenListedRound.self),
      CommandKind(MakeRoundList.self),
      CommandKind(FreezeRound.self),
      CommandKind(CloseRound.self),
      CommandKind(SetPoint.self), CommandKind(NoteStanding.self), CommandKind(OweUntested.self),
      CommandKind(RegisterSwab.self, ofTheField: true), CommandKind(ImportSwabs.self),
      CommandKind(SealTube.self, ofTheField: true),
      CommandKind(VoidTube.self, ofTheField: true), CommandKind(SettleConflict.self),
      CommandKind(ScanAtPoint.self),
      CommandKind(PackBox.self),
      CommandKind(GiveBox.self), CommandKind(TakeBox.self), CommandKind(SetLaboratory.self),
      CommandKind(AppointLaboratory.self), CommandKind(DismissLaboratory.self),
      CommandKind(AskKey.self), CommandKind(DecideKey.self), CommandKind(AddControl.self),
      CommandKind(RegisterKey.self),
      CommandKind(DeliverSheet.self), CommandKind(EnterOwnResult.self),
      CommandKind(ImportResults.self), CommandKind(DeliverResults.self),
      CommandKind(EnterResult.self),
      CommandKind(DecideBatch.self), CommandKind(ExplainGap.self), CommandKind(AskCorrection.self),
      CommandKind(ApproveCorrection.self), CommandKind(ReportPositive.self),
      CommandKind(TendScreening.self), CommandKind(EraseRound.self), CommandKind(MakeLabels.self),
    ],
    queries: [
      QueryKind(ListRounds.self), QueryKind(CountRound.self), QueryKind(WatchRound.self),
      QueryKind(ListUntested.self), QueryKind(ListRecalls.self), QueryKind(ListQuarantined.self),
      QueryKind(ListGaps.self), QueryKind(ListControls.self),
      QueryKind(ShowCertificate.self), QueryKind(OwnCertificate.self), QueryKind(ShowTube.self),
      QueryKind(ListConflicts.self), QueryKind(ExportSwabs.self), QueryKind(ExportResults.self),
      QueryKind(PlanRound.self), QueryKind(PlanSlots.self), QueryKind(PlanHomeVisits.self),
      QueryKind(ListPoint.self), QueryKind(ShowRoundList.self), QueryKind(ShowPersonRounds.self),
    ],
    facts: [
      ControlAdded.self, GapExplained.self, LaboratoryKeyAsked.self, LaboratoryKeyDecided.self,
      LaboratoryDismissed.self, LaboratoryAppointed.self, RoundErased.self, RoundListMade.self,
      RoundOpened.self, RoundFrozen.self, RoundClosed.self, PointSet.self, StandingNoted.self,
      SampleRegistered.self, SamplesImported.self, TubeSealed.self, TubeCounted.self,
      TubeVoided.self,
      ConflictNoted.self, ConflictSettled.self, BoxMoved.self, LaboratorySet.self,
      ResultsDelivered.self, ResultSuperseded.self, RecallDecided.self, CorrectionAsked.self,
      CorrectionDecided.self, LabelsMade.self, PoolHeld.self, PoolMemberReleased.self,
      RecheckPositive.self, RecheckWithdrawn.self, PeopleTested.self,
    ],
    screens: ScreeningScreens.all, reactions: RosterReactions.all,
    ticks: [Tick(every: .seconds(60)) { TendScreening() }],
    obligationKinds: ScreeningObligations.all,
    imports: [
      ImportKind(
        kind: "registrations",
        columns: [
          ExchangeColumn("round", "轮次", "检测轮次", required: true),
          ExchangeColumn("person", "人员", "人员编号", required: true),
          ExchangeColumn("tube", "管码", "试管编号", required: true),
          ExchangeColumn("point", "采样点"), ExchangeColumn("sampled_at", "采样时间"),
          ExchangeColumn("operator", "采样员"),
        ],
        command: ImportSwabs.name),
      ImportKind(
        kind: "results",
        columns: [
          ExchangeColumn("tube", "管码", "试管编号", required: true),
          ExchangeColumn("result", "结果", "检测结果", required: true),
          ExchangeColumn("reported_at", "报告时间", required: true),
          ExchangeColumn("laboratory", "检测机构", required: true),
          ExchangeColumn("sequence", "序号", required: true),
        ],
        command: ImportResults.name, rowsPerCommand: 25, tally: ImportResults.lists),
    ],
    exports: [
      ExportKind(
        kind: "registrations",
        header: ["round", "person", "tube", "point", "sampled_at", "operator"],
        query: ExportSwabs.name),
      ExportKind(
        kind: "results", header: ["tube", "result", "reported_at", "laboratory", "sequence"],
        query: ExportResults.name),
    ],
    migrations: ScreeningTables.all, policySections: [ScreeningPolicy.self],
    invariants: ScreeningInvariants.all, finders: ScreeningFinder.all)
}
