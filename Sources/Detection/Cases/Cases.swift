import Gazette
import Kernel

/// An infection becomes known: who, as what, how it was found, where the person lives.
///
/// A laboratory or a clinic calls; the disease-control desk reports the case within two hours. At
/// once two things are owed: the person is brought to a designated hospital in a closed loop, and
/// the investigation begins. An asymptomatic infection that falls ill is converted: counted among
/// the confirmed of that day, never twice as an infection. Nothing is overwritten in silence: what
/// was wrong is corrected or withdrawn with a reason, and the bulletin shows it.
/// Retention: sex, age, onset and sampling of a case are kept until the outbreak's end; the name is
/// the registry's.
package enum Cases {
  /// The closed-loop transfer to a designated hospital.
  package static let transfer = ObligationKind(
    "cases.transfer",
    title: Words("闭环转运至定点医院", "Transfer in a closed loop to a designated hospital"),
    action: Words("已送达医院", "Arrived at the hospital"),
    proof: [ProofField("hospital", Words("定点医院", "Hospital"), .text)], goesWithPerson: true,
    page: "/cases/:subject")

  /// The investigation of a case, on the 24-hour clock.
  package static let investigate = ObligationKind(
    "cases.investigate",
    title: Words("流行病学调查", "Investigate the case"),
    action: Words("调查完成", "Investigation done"),
    proof: [
      ProofField(
        "contacts", Words("判定密接人数", "Close contacts found"),
        .number(unit: "人", 0...100_000), required: false)
    ], page: "/cases/:subject")

  package static let columns = [
    "case", "person", "name", "sex", "age", "kind", "source", "district", "found_in",
    "reported_at", "onset_on", "sampled_at",
  ]

  package static let slice = Slice(
    name: "cases",
    commands: [
      CommandKind(ReportCase.self), CommandKind(ImportCases.self), CommandKind(ConvertCase.self),
      CommandKind(CorrectCase.self), CommandKind(WithdrawCase.self),
    ],
    queries: [
      QueryKind(ListCases.self), QueryKind(ShowCase.self), QueryKind(ExportCases.self),
      QueryKind(ListSources.self),
    ],
    facts: [
      CaseReported.self, CaseConverted.self, CaseCorrected.self, CaseWithdrawn.self,
    ],
    screens: CasesScreens.all, obligationKinds: [transfer, investigate],
    imports: [
      ImportKind(
        kind: "cases",
        columns: [
          ExchangeColumn("case", "病例编号", "编号", required: true),
          ExchangeColumn("person", "人员编号"), ExchangeColumn("name", "姓名"),
          ExchangeColumn("sex", "性别"), ExchangeColumn("age", "年龄"),
          ExchangeColumn("kind", "类型", "感染类型", required: true),
          ExchangeColumn("source", "发现途径", "来源"),
          ExchangeColumn("district", "区县", "现住区县", required: true),
          ExchangeColumn("found_in", "发现地"),
          ExchangeColumn("reported_at", "报告时间", required: true),
          ExchangeColumn("onset_on", "发病日期"), ExchangeColumn("sampled_at", "采样时间"),
        ],
        command: ImportCases.name)
    ],
    exports: [ExportKind(kind: "cases", header: columns, query: ExportCases.name)],
    migrations: [
      Migration(
        "cases-0001",
        """
        CREATE TABLE infection (
          id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), kind TEXT NOT NULL,
          source TEXT, district TEXT NOT NULL REFERENCES place (id), path TEXT NOT NULL,
          found_in TEXT, found_in_place TEXT REFERENCES place (id), reported_at BIGINT NOT NULL,
          recorded_at BIGINT NOT NULL, onset_on TEXT, sampled_at BIGINT, sex TEXT, age BIGINT,
          converted_at BIGINT, converted_as TEXT UNIQUE, withdrawn_at BIGINT,
          withdrawal_reason TEXT, is_history BIGINT NOT NULL,
          CHECK (kind IN ('confirmed', 'asymptomatic', 'converted')),
          CHECK (converted_at IS NULL OR kind = 'asymptomatic'),
          CHECK ((converted_at IS NULL) = (converted_as IS NULL)),
          CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL)),
          CHECK (is_history IN (0, 1)))
        """,
        "CREATE INDEX infection_reported ON infection (reported_at, id)",
        "CREATE INDEX infection_person ON infection (person, reported_at)",
        "CREATE INDEX infection_path ON infection (path, reported_at)",
        """
        CREATE TABLE infection_change (
          infection TEXT NOT NULL REFERENCES infection (id), number BIGINT NOT NULL,
          at BIGINT NOT NULL, field TEXT NOT NULL, was TEXT, became TEXT, reason TEXT NOT NULL,
          sender TEXT NOT NULL, PRIMARY KEY (infection, number))
        """)
    ],
    policySections: [CasePolicy.self],
    invariants: CasesInvariants.all, finders: [CasesFinder.finder])
}
