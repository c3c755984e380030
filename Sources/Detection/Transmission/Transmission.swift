import Kernel

/// Who infected whom, as far as it is known.
///
/// Somebody falls ill, and the investigator asks: from whom? Tracing has found who was together with
/// whom; when such a contact becomes a case, each exposure to an earlier case is a likely source, the
/// most probable first. The investigator links the case to its source (another case, a venue at
/// which several were infected, infected elsewhere, or unknown) and says on what ground; what proves
/// wrong is corrected or withdrawn with a reason. A case has one confirmed source at most, and
/// confirmed links never run in a circle. What contradicts itself (an infector who fell ill too late,
/// an exposure after the onset) is named beside the link and never left out in silence.
///
/// Likely sources that follow from exposures are worked out whenever somebody looks and kept nowhere,
/// so they are never older than what tracing knows; only what people said is kept.
///
/// Retention: links name cases and venues and no people; they are kept as long as the cases.
package enum Transmission {
  package static let columns = [
    "case", "infector", "basis", "venue", "exposed_from", "exposed_to", "state",
  ]

  package static let slice = Slice(
    name: "transmission",
    commands: [
      CommandKind(LinkSource.self), CommandKind(RejectSource.self),
      CommandKind(WithdrawSource.self), CommandKind(CorrectSource.self),
      CommandKind(ImportTransmission.self),
    ],
    queries: [
      QueryKind(TransmissionTreeOf.self), QueryKind(SourcesOfCase.self),
      QueryKind(ExportTransmission.self),
    ],
    facts: [
      SourceLinked.self, SourceRejected.self, SourceWithdrawn.self,
    ],
    screens: TransmissionScreens.all,
    imports: [
      ImportKind(
        kind: "transmission",
        columns: [
          ExchangeColumn("case", "病例编号", "被感染者", required: true),
          ExchangeColumn("infector", "传染源", "传染者", required: true),
          ExchangeColumn("basis", "依据"), ExchangeColumn("venue", "场所"),
          ExchangeColumn("exposed_from", "暴露开始"), ExchangeColumn("exposed_to", "暴露结束"),
          ExchangeColumn("state", "状态"),
        ],
        command: ImportTransmission.name)
    ],
    exports: [
      ExportKind(kind: "transmission", header: columns, query: ExportTransmission.name)
    ],
    migrations: [TransmissionStore.schema], policySections: [TransmissionPolicy.self],
    invariants: TransmissionInvariants.all)
}
