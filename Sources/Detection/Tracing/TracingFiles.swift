import Kernel

/// The files that tracing takes in and gives out.
enum TracingFiles {
  static let imports = [
    ImportKind(
      kind: "visits",
      columns: [
        ExchangeColumn("person", "人员", "人员编号", required: true),
        ExchangeColumn("venue", "场所", "地点", required: true),
        ExchangeColumn("from", "到达时间", "开始时间", required: true),
        ExchangeColumn("to", "离开时间", "结束时间", required: true),
        ExchangeColumn("source", "来源", required: true),
        ExchangeColumn("lat", "纬度"), ExchangeColumn("lon", "经度"),
      ],
      command: ImportVisits.name),
    ImportKind(
      kind: "encounters",
      columns: [
        ExchangeColumn("person_a", "人员甲", required: true),
        ExchangeColumn("person_b", "人员乙", required: true),
        ExchangeColumn("at", "结束时间", "时间", required: true),
        ExchangeColumn("seconds", "时长秒", required: true),
      ],
      command: ImportEncounters.name),
    ImportKind(
      kind: "tracks",
      columns: [
        ExchangeColumn("case", "病例", required: true),
        ExchangeColumn("seq", "序号", required: true),
        ExchangeColumn("time", "时间", required: true), ExchangeColumn("event", "事件"),
        ExchangeColumn("transport", "交通方式"),
        ExchangeColumn("places", "地点", required: true), ExchangeColumn("coords", "坐标"),
        ExchangeColumn("description", "描述"),
      ],
      command: ImportTracks.name),
  ]

  static let exports = [
    ExportKind(
      kind: "visits", header: ["person", "venue", "from", "to", "source", "lat", "lon"],
      query: ExportVisits.name),
    ExportKind(
      kind: "encounters", header: ["person_a", "person_b", "at", "seconds"],
      query: ExportEncounters.name),
    ExportKind(
      kind: "tracks",
      header: ["case", "seq", "time", "event", "transport", "places", "coords", "description"],
      query: ExportTracks.name),
  ]

  /// The header of a case's contacts.
  static let contactsHeader = [
    "case", "person", "degree", "kind", "overlap_seconds", "first_at", "last_at", "visits",
    "evidence",
  ]
}
