import Gazette
import Kernel

/// Who came from an area of risk, from where, when they left it and who said so (入境、返乡登记).
///
/// In the street: at the station, the motorway exit or the community's desk somebody says where they have
/// been, or another city writes that they are on the way. The record says from where and on which day they
/// left, and the edition in force says whether anything follows: days at home or at a site, counted from
/// the day of leaving, by a sentence that the person reads with the record beside it. A wrong record is
/// withdrawn, and what rests on it is over at once. One account's records restrict no more people than one
/// account may.
///
/// Purpose: isolation of travellers and nothing else. Retention: identifiers, a code of an area and two
/// days; a record is deleted when the policy's `keep_days` after it was noted are over.
package enum Entries {
  /// The columns of a file, as it comes and as it goes back.
  package static let columns = [
    ExchangeColumn("entry", "登记编号"), ExchangeColumn("person", "人员编号"),
    ExchangeColumn("identity_number", "身份证", "身份证号", "证件号码"),
    ExchangeColumn("area_code", "来源地代码", "区划代码", required: true),
    ExchangeColumn("level", "风险等级", "等级", required: true),
    ExchangeColumn("left_on", "离开日期", required: true),
    ExchangeColumn("arrived_on", "抵达日期", required: true),
    ExchangeColumn("source", "来源", required: true),
  ]

  package static let slice = Slice(
    name: "entries",
    commands: [
      CommandKind(NoteEntry.self), CommandKind(WithdrawEntry.self), CommandKind(ImportEntries.self),
      CommandKind(ForgetEntries.self),
    ],
    queries: [QueryKind(ListEntries.self), QueryKind(ExportEntries.self)],
    facts: [
      EntryNoted.self, EntryWithdrawn.self,
    ],
    screens: [EntriesScreens.list],
    ticks: [Tick(every: .hours(1)) { ForgetEntries() }],
    imports: [ImportKind(kind: "entries", columns: columns, command: ImportEntries.name)],
    exports: [
      ExportKind(kind: "entries", header: columns.map(\.name), query: ExportEntries.name)
    ],
    migrations: [EntriesStore.schema], policySections: [EntriesPolicy.self],
    invariants: EntriesInvariants.all)
}
