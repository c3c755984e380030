import Kernel

/// Who was where, told by machines: scans of venue codes, checkpoints, location, by the million a day.
///
/// They come in lists, are packed day by day and stand in the database so, beside the visits that
/// people told of, which stay rows. An index in the data folder is made from them on every node and
/// answers who was together with whom; whatever came since it was last brought up to date is looked
/// through as it stands, so that an answer is complete at any moment (decision 12).
///
/// Retention: a day is deleted as a whole, `keep_days` after it and after the last list that told of
/// it; how many scans there were and a digest stay in the journal.
package enum Scans {
  package static let slice = Slice(
    name: "scans",
    commands: [
      CommandKind(TakeScans.self), CommandKind(LoadScans.self), CommandKind(ExpireScans.self),
      CommandKind(NoteDroppedScans.self),
    ],
    queries: [QueryKind(ExportScans.self)],
    facts: [
      ScansTaken.self, ScansExpired.self, ScansDropped.self,
    ],
    ticks: [Tick(every: .hours(1)) { ExpireScans() }],
    imports: [
      ImportKind(
        kind: "scans",
        columns: [
          ExchangeColumn("person", "人员", "人员编号", required: true),
          ExchangeColumn("venue", "场所", "地点", required: true),
          ExchangeColumn("from", "到达时间", "开始时间", required: true),
          ExchangeColumn("to", "离开时间", "结束时间", required: true),
          ExchangeColumn("source", "来源"),
        ],
        command: TakeScans.name, rowsPerCommand: 5_000)
    ],
    exports: [
      ExportKind(
        kind: "scans", header: ["person", "venue", "from", "to", "source"],
        query: ExportScans.name)
    ],
    migrations: [ScansStore.schema, ScansStore.told], policySections: [ScansPolicy.self],
    invariants: ScansInvariants.all)
}
