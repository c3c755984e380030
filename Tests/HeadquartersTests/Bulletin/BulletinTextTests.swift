import Headquarters
import Kernel
import Testing

@Suite("A published bulletin") struct BulletinTextTests {
  /// A made-up day in the layout of spring 2022, with every source once.
  static let sample = """
    上海2022年4月2日，新增本土新冠肺炎确诊病例9例 新增本土无症状感染者6例 新增境外输入性无症状感染者2022-04-03
    https://example.invalid/20220403/1.html

    2022年4月2日0—24时，新增本土新冠肺炎确诊病例9例和无症状感染者6例，其中2例确诊病例为此前无症状感染者转归，\
    3例确诊病例和4例无症状感染者在隔离管控中发现，其余在相关风险人群排查中发现。新增境外输入性新冠肺炎确诊病例1例，\
    在闭环管控中发现。
    本土病例情况
    2022年4月2日0—24时，新增本土新冠肺炎确诊病例9例，含2例由无症状感染者转为确诊病例。治愈出院3例。
    病例1、病例2，居住于浦东新区，病例3，居住于徐汇区，均为本市闭环隔离管控人员，其间核酸检测结果异常，诊断为确诊病例。
    病例4—病例7，居住于徐汇区，在风险人群筛查中发现新冠病毒核酸检测结果异常，即被隔离管控。诊断为确诊病例。
    病例8，居住于崇明区，病例9，居住于徐汇区，为此前报告的本土无症状感染者。诊断为确诊病例。
    目前，已追踪到以上病例在本市的密切接触者198人。
    2022年4月2日0—24时，新增本土死亡病例1例。死亡病例1，女，89岁，居住于静安区。
    本土无症状感染者情况
    2022年4月2日0—24时，新增本土无症状感染者6例。
    无症状感染者1—无症状感染者4，居住于浦东新区，均为本市闭环隔离管控人员，诊断为无症状感染者。
    无症状感染者5、无症状感染者6，居住于闵行区，在风险人群筛查中发现异常，即被隔离管控。诊断为无症状感染者。
    境外输入病例情况
    2022年4月2日0—24时，通过口岸联防联控机制，报告1例新增境外输入性新冠肺炎确诊病例。
    病例1为中国籍，在日本留学，入关后即被集中隔离观察，诊断为确诊病例。
    截至2022年4月2日24时，累计本土确诊1000例。
    """

  private func check(_ text: String) -> BulletinText { BulletinText(file: "a.txt", text: text) }

  private func edited(_ old: String, _ new: String) -> BulletinText {
    #expect(Self.sample.contains(old))
    return check(Self.sample.replacing(old, with: new))
  }

  private func expectWhole(_ bulletin: BulletinText, _ what: String = "") {
    #expect(bulletin.differences == [], "\(what)")
    #expect(bulletin.headline.date == Day("2022-04-02"), "\(what)")
    #expect(bulletin.headline.count == [.confirmed: 9, .asymptomatic: 6], "\(what)")
    #expect(bulletin.headline.converted == 2, "\(what)")
    #expect(bulletin.headline.isolation == [.confirmed: 3, .asymptomatic: 4], "\(what)")
    let breakdown = bulletin.breakdown
    #expect(
      breakdown.bySource(.confirmed) == [.isolation: 3, .screening: 4, .converted: 2], "\(what)")
    #expect(breakdown.bySource(.asymptomatic) == [.isolation: 4, .screening: 2], "\(what)")
    #expect(breakdown.byDistrict(.confirmed) == ["浦东新区": 2, "徐汇区": 6, "崇明区": 1], "\(what)")
    #expect(breakdown.byDistrict(.asymptomatic) == ["浦东新区": 4, "闵行区": 2], "\(what)")
  }

  @Test("is read back into its numbers")
  func whole() { expectWhole(check(Self.sample)) }

  @Test(
    "is read over slips of the pen and other ways to write the same",
    arguments: [
      ("病例4—病例7，居住于徐汇区", "病例 4 — 病例 7， 居住于 徐汇区"), ("病例4—病例7", "病例4-7"),
      ("病例4—病例7", "病例4至病例7"), ("病例4—病例7", "病例４～病例７"), ("病例4—病例7", "病例4——病例7"),
      ("病例4—病例7", "病例4、5、病例6和病例7"), ("病例1、病例2，", "病例1，病例2，"), ("病例1、病例2，", "病例1及病例2,"),
      ("居住于徐汇区，在", "居住于，徐汇区，在"), ("居住于徐汇区，在", "居住在上海市徐汇区，在"),
      ("居住于徐汇区，在", "居住地为徐汇区；在"), ("居住于徐汇区，在", "居住于徐汇区田林路118号，在"),
      ("居住于徐汇区，在", "居住于徐汇区，居住于徐汇区，在"), ("居住于徐汇区，在", "居住于徐汇，在"),
      ("，居住于崇明区，", "，男，49岁，居住于崇明区，"), ("无症状感染者5、无症状感染者6", "无症状\n感染者5、无症状感染者\n6"),
      ("其中2例确诊病例为此前无症状", "其中2例确诊病例为既往无症状"), ("确诊病例9例和无症状", "确诊病例9和无症状"),
      ("新冠肺炎确诊病例9例和", "新冠肺炎确诊病例9例（含既往无症状感染者转为确诊病例2例）和"), ("上海2022年4月2日", "4月2日上海"),
      ("均为本市闭环隔离管控人员，诊断", "均系本市报告本土确诊病例或无症状感染者的密切接触者，即被隔离管控，诊断"),
      ("。诊断为确诊病例。\n病例8", "，系无症状感染者5的密切接触者。诊断为确诊病例。\n病例8"),
    ])
  func slips(old: String, new: String) { expectWhole(edited(old, new), new) }

  @Test("reads the same with full-width digits, ASCII punctuation, a line for each part, CRLF")
  func typography() {
    var wide = ""
    for scalar in Self.sample.unicodeScalars {
      let isDigit = ("0"..."9").contains(scalar)
      wide.unicodeScalars.append(
        isDigit ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar)
    }
    expectWhole(check(wide), "full width")
    expectWhole(check(Self.sample.replacing("，", with: ",")), "ASCII commas")
    expectWhole(check(Self.sample.replacing("，", with: "，\n")), "lines")
    expectWhole(check("\u{FEFF}" + Self.sample.replacing("\n", with: "\r\n")), "CRLF")
  }

  @Test(
    "does not reconcile when its list and its headline disagree, and says in what",
    arguments: [
      ("病例4—病例7", "病例4—病例6", .missing(.confirmed, [7...7])),
      ("病例4—病例7", "病例3—病例7", .doubled(.confirmed, [3...3])),
      ("病例9，居住", "病例9、病例12，居住", .beyond(.confirmed, [12...12])),
      ("无症状感染者6，居住于", "，居住于", .missing(.asymptomatic, [6...6])),
      ("其中2例确诊", "其中1例确诊", .source(.converted, .confirmed, published: 1, rebuilt: 2)),
      ("，3例确诊病例", "，4例确诊病例", .source(.isolation, .confirmed, published: 4, rebuilt: 3)),
      ("和4例无症状", "和5例无症状", .source(.isolation, .asymptomatic, published: 5, rebuilt: 4)),
    ] as [(String, String, BulletinDifference)])
  func disagreement(old: String, new: String, difference: BulletinDifference) {
    let bulletin = edited(old, new)
    #expect(!bulletin.reconciles)
    #expect(bulletin.differences.contains(difference))
  }

  @Test("names a range that runs backwards and counts it nowhere")
  func backwards() {
    let bulletin = edited("病例4—病例7", "病例7—病例4")
    #expect(
      bulletin.differences == [
        .missing(.confirmed, [4...7]), .reversed(.confirmed, first: 7, last: 4),
      ])
  }

  @Test("with words for the source that are not understood gives it as unknown")
  func unknownSource() {
    let bulletin = edited("在风险人群筛查中发现新冠病毒核酸检测结果异常", "因发热前往门诊就诊")
    #expect(bulletin.breakdown.bySource(.confirmed)[.unknown] == 4)
    #expect(bulletin.reconciles)
  }

  @Test("without a headline says so instead of guessing")
  func noHeadline() {
    let bulletin = check("今天没有通报。")
    #expect(
      bulletin.differences == [.noDate, .noHeadline(.confirmed), .noHeadline(.asymptomatic)])
    #expect(!bulletin.reconciles)
  }

  @Test("of a day with none new reconciles at zero")
  func zero() {
    let bulletin = check("上海2022年6月1日，无新增本土新冠肺炎确诊病例和无症状感染者。")
    #expect(bulletin.headline.count == [.confirmed: 0, .asymptomatic: 0])
    #expect(bulletin.differences == [])
  }

  @Test("names two headlines that disagree, and still reconciles with the first")
  func twoHeadlines() {
    let bulletin = edited("新增本土无症状感染者6例。", "新增本土无症状感染者7例。")
    #expect(bulletin.differences == [.disagreement("asymptomatic", [6, 6, 7])])
    #expect(bulletin.reconciles)
  }

  @Test("tells all or the rest as found in isolation")
  func restInIsolation() {
    let all = check(
      """
      2022年3月7日0—24时，新增本土新冠肺炎确诊病例4例和无症状感染者51例，均在隔离管控中发现。新增境外输入性新冠肺炎确诊病例36例，\
      均在闭环管控中发现。
      """)
    #expect(all.headline.isolation == [.confirmed: 4, .asymptomatic: 51])
    let rest = check(
      "2022年3月9日0—24时，新增本土新冠肺炎确诊病例4例和无症状感染者76例，1例病例因症就诊发现，12例无症状感染者在相关风险人群排查中发现，其余在隔离管控中发现。"
    )
    #expect(rest.headline.isolation == [.confirmed: 3, .asymptomatic: 64])
    let converted = check(
      "2022年5月20日0—24时，新增本土新冠肺炎确诊病例8例（含1例由无症状感染者转为确诊病例）和无症状感染者15例，其中2例无症状感染者在相关风险人群排查中发现，其余均在隔离管控中发现。"
    )
    #expect(converted.headline.converted == 1)
    #expect(converted.headline.isolation == [.confirmed: 7, .asymptomatic: 13])
  }

  @Test("case by case takes numbers up again to tell how they were found")
  func caseByCase() {
    let bulletin = check(
      """
      2022年3月13日0—24时，新增本土新冠肺炎确诊病例3例，含1例由无症状感染者转为确诊病例。
      病例1，男，18岁，居住于闵行区东川路800号，病例2，女，80岁，居住于金山区横浦村，病例3，女，34岁，外省来沪就医人员家属，\
      病例1、病例2均系本市报告本土确诊病例的密切接触者，即被隔离管控。病例3为此前报告的本土无症状感染者。诊断为确诊病例。
      2022年3月13日0—24时，新增本土无症状感染者1例。
      该无症状感染者，男，23岁，居住于闵行区，系密切接触者，即被隔离管控。诊断为无症状感染者。
      该无症状感染者在本市的密切接触者此前均已落实集中隔离观察。
      """)
    #expect(bulletin.differences == [])
    #expect(bulletin.breakdown.bySource(.confirmed) == [.isolation: 2, .converted: 1])
    #expect(bulletin.breakdown.byDistrict(.confirmed) == ["闵行区": 1, "金山区": 1, "unknown": 1])
    #expect(bulletin.breakdown.bySource(.asymptomatic) == [.isolation: 1])
  }
}

@Suite("The check of a bulletin") struct BulletinTextCheckTests {
  private func table(_ rows: String) throws -> BulletinTable {
    try BulletinTable(
      PlainTable(csv: Array("date,district,confirmed,asymptomatic\n\(rows)".utf8)))
  }

  @Test("has the JSON of the contract")
  func json() throws {
    let bulletin = BulletinText(file: "a.txt", text: "2022年6月1日，新增本土确诊病例1例，无新增本土无症状感染者。")
    let json = String(decoding: try [BulletinTextCheck(bulletin)].json(), as: UTF8.self)
    #expect(
      json == """
        [{"asymptomatic":0,"by_district":{"asymptomatic":{},"confirmed":{}},\
        "by_source":{"asymptomatic":{},"confirmed":{}},"confirmed":1,"converted":0,\
        "date":"2022-06-01","differences":[{"code":"missing","kind":"confirmed",\
        "numbers":[[1,1]],"words":{"en":"Of the confirmed cases, 1 are not listed",\
        "zh":"确诊病例 1 未列出"}}],"file":"a.txt","reconciles":false}]
        """)
  }

  @Test("lists the districts that differ from a table, without touching the verdict")
  func against() throws {
    let bulletin = BulletinText(file: "a.txt", text: BulletinTextTests.sample)
    let same = """
      2022-04-02,浦东新区,2,4
      2022-04-02,徐汇区,6,0
      2022-04-02,崇明区,1,0
      2022-04-02,闵行区,0,2
      2022-04-02,闵行区,0,2
      2022-04-01,闵行区,9,9

      """
    let equal = BulletinTextCheck(bulletin, against: try table(same))
    #expect(equal.tableDifferences == [])
    let other = same.replacing("崇明区,1,0", with: "宝山区,1,0").replacing("区,2,4", with: "区,2,5")
    let check = BulletinTextCheck(bulletin, against: try table(other))
    #expect(
      check.tableDifferences == [
        BulletinTableDifference(district: "宝山区", bulletin: [0, 0], table: [1, 0]),
        BulletinTableDifference(district: "崇明区", bulletin: [1, 0], table: [0, 0]),
        BulletinTableDifference(district: "浦东新区", bulletin: [2, 4], table: [2, 5]),
      ])
    #expect(check.reconciles)
    #expect(check.text(.chinese).contains("宝山区：通报 0+0，对照表 1+0"))
    let elsewhere = BulletinTextCheck(bulletin, against: try table("2022-05-01,徐汇区,1,1\n"))
    #expect(elsewhere.tableDifferences == nil)
    #expect(elsewhere.text(.english).contains("does not have this day"))
  }

  @Test(
    "refuses a table with a row that cannot be read",
    arguments: ["2022-13-01,徐汇区,1,1\n", "2022-04-02,徐汇区,one,1\n", "2022-04-02,徐汇区,1,-1\n"])
  func malformedTable(rows: String) {
    #expect(throws: Refusal.self) { try table(rows) }
  }
}
