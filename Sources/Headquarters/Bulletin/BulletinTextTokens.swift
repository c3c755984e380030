/// What the scanner recognises in the running text of a bulletin; all other words are passed over.
enum BulletinToken: Equatable {
  /// A list of case numbers: `病例1—病例6、病例9`.
  case cases(BulletinCaseRun)
  /// `居住于浦东新区`.
  case residence(String)
  /// A phrase that tells how the cases before it were found.
  case source(PublishedSource)
  /// `诊断为…`: the end of what is said about a group of cases.
  case diagnosis
  /// From here on the text is about local infections.
  case local
  /// From here on the text is about imported infections, deaths, discharges or totals.
  case elsewhere
}

/// Case numbers named in one breath.
struct BulletinCaseRun: Equatable {
  var kind: PublishedKind
  var ranges: [ClosedRange<Int>] = []
  /// Ranges that run backwards, as first and last number.
  var reversed: [[Int]] = []
  /// Whether a predicate follows at once (`病例1—病例4均系…`), with which cases that were listed
  /// before are taken up again.
  var isSubject = false
}

/// The phrases that carry meaning, tried in this order at each place of the text.
enum BulletinPhrases {
  static let sections: [(phrase: String, token: BulletinToken)] = [
    ("新增本土死亡", .elsewhere), ("新增境外", .elsewhere), ("新增本土", .local),
    ("本土病例情况", .local), ("本土无症状感染者情况", .local), ("死亡病例", .elsewhere),
    ("境外输入病例情况", .elsewhere), ("境外输入性无症状感染者情况", .elsewhere), ("口岸联防", .elsewhere),
    ("解除医学观察", .elsewhere), ("累计", .elsewhere),
  ]

  static let sources: [(phrase: String, source: PublishedSource?)] = [
    ("无症状感染者转", .converted), ("密切接触者", .isolation), ("密接", .isolation),
    ("闭环隔离", .isolation), ("闭环管控", .isolation), ("隔离管控人员", .isolation),
    ("隔离管控中", .isolation), ("隔离管控期间", .isolation), ("隔离观察期间", .isolation),
    ("隔离期间", .isolation),
    // Sent to hospital to rule the disease out: says nothing of how it was found.
    ("隔离排查", nil), ("筛查", .screening), ("排查", .screening),
  ]

  /// Words before which an earlier report as asymptomatic is named: `为此前报告的本土无症状感染者`.
  static let earlier = ["此前", "既往", "前期", "之前"]
  /// How far behind such a word `无症状感染者` may stand, in characters.
  static let earlierReach = 12

  static let residences = [
    "居住于", "居住在", "居住地为", "居住地在", "居住地", "居住", "现住", "家住", "暂住于", "暂住",
  ]
  static let labels: [(phrase: String, kind: PublishedKind)] = [
    ("无症状感染者", .asymptomatic), ("无症状感染", .asymptomatic), ("病例", .confirmed),
  ]
  static let singles: [(phrase: String, kind: PublishedKind)] = [
    ("该无症状感染者", .asymptomatic), ("该病例", .confirmed),
  ]
  static let predicates = ["均", "系", "为", "在", "因"]
  /// After these a case number is only mentioned, as the person somebody had contact with.
  static let mentions = ["的", "密切接触", "密接", "同住"]
  static let diagnosis = "诊断为"
}
