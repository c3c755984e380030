import Kernel
import Registry
import Testing
import Town

/// The table of area codes, read once.
private enum Reference {
  static let areas = Result {
    try AreaCodes(csv: SharedData.repositoryFile("Reference/areacodes.csv"))
  }
}

@Suite("An identity number") struct IdentityTests {
  private func areas() throws -> AreaCodes { try Reference.areas.get() }

  private func day() throws -> Day { try #require(Day("2022-11-29")) }

  /// The numbers are made up; their check characters come from a program of its own.
  @Test(
    "is judged by the first thing that fails",
    arguments: [
      ("11010519491231002X", .ok), ("11010519491231002x", .ok), (" 370202199001010023 ", .ok),
      // Length, then characters.
      ("", .length), ("37020290010100", .length), ("370202900101002X", .length),
      ("3702021990010100233", .length), ("37020219900101002４", .characters),
      ("3702021990010100x3", .characters), ("37020290010100X", .characters),
      // The check character; an X where a digit belongs.
      ("370202199001010024", .checksum), ("37020219900101002X", .checksum),
      // Days: a leap day that is none, a 13th month, 1879 and 1880, today and tomorrow.
      ("370202190002290011", .date), ("370202200002290018", .ok), ("370202199013010012", .date),
      ("370206187912310016", .date), ("370206188001010017", .ok), ("370202202211290013", .ok),
      ("370202202211300015", .date), ("370202991301002", .date),
      // Places: never there, a prefecture, a province; then both sides of an abolition.
      ("999999199001010016", .area), ("370200199001010012", .area), ("810000199001010019", .area),
      ("34052419800101001X", .area), ("370206199312310010", .ok),
      ("37020619940101001X", .abolishedBeforeBirth), ("37020520111231001X", .ok),
      ("370205201201010019", .abolishedBeforeBirth), ("230107200512310010", .ok),
      ("23010720060101001X", .abolishedBeforeBirth),
    ] as [(String, IdentityVerdict)])
  func verdict(number: String, verdict: IdentityVerdict) throws {
    let found = IdentityCheck.verdict(number, areas: try areas(), asOf: try day())
    #expect(found.verdict == verdict)
    #expect((found.valid == nil) == (verdict != .ok))
  }

  @Test("of 15 digits is upgraded, and tells birth, sex and county")
  func upgrade() throws {
    let number = try IdentityNumber("370202900101002", areas: areas(), asOf: day())
    #expect(number.revealed == "370202199001010023")
    #expect(number.birthDay == Day("1990-01-01"))
    #expect(number.sex == .female)
    #expect(number.countyCode == "370202")
    #expect(try IdentityNumber("37020520111231001x", areas: areas(), asOf: day()).sex == .male)
  }

  @Test("is never quoted, neither when refused nor when printed")
  func redaction() throws {
    let wrong = "370202199001010024"
    let refusal = #expect(throws: Refusal.self) {
      try IdentityNumber(wrong, areas: areas(), asOf: day())
    }
    #expect(refusal?.code == "identity.checksum")
    #expect(refusal.map { "\($0)".contains("19900101") } == false)
    let right = try IdentityNumber("370202199001010023", areas: areas(), asOf: day())
    #expect(!"\(right)".contains("1990"))
  }

  @Test("knows the records and successors of its county's code")
  func areaRecords() throws {
    let record = try #require(try areas().records(of: "370205").first)
    #expect(record.name == "四方区" && record.since == 1983 && record.until == 2012)
    #expect(record.successors.map(\.code) == ["370203", "370203"])
    #expect(record.successors.map(\.year) == [1994, nil])
    #expect(try areas().records(of: "999999").isEmpty)
  }

  @Test("file skips blank lines and a heading, a column keeps its empty cells")
  func report() throws {
    let lines = IdentityReport.lines(
      of: Array("\u{FEFF}身份证号\r\n370202199001010023\r\n\r\n 123 \n".utf8))
    #expect(lines == ["370202199001010023", "123"])
    #expect(IdentityReport.lines(of: Array("37020219900101X\n".utf8)).count == 1)
    #expect(IdentityReport.lines(of: Array("identity_number\n".utf8)).isEmpty)
    let table = IdentityReport.table(
      of: lines + [""], areas: try areas(), asOf: try day(), language: .english)
    #expect(table.header == ["number", "verdict", "reason", "normalised"])
    #expect(table.rows.map { $0[1] } == ["ok", "length", "length"])
    #expect(table.rows[0] == ["370202199001010023", "ok", "", "370202199001010023"])
    #expect(table.rows[1][3] == "" && !table.rows[1][2].isEmpty)
  }
}

@Suite("An identity document") struct IdentityDocumentTests {
  private func document(_ kind: IdentityKind, _ number: String?) throws -> IdentityDocument {
    try IdentityDocument(
      kind, number: number,
      areas: Reference.areas.get(),
      asOf: #require(Day("2022-11-29")))
  }

  @Test(
    "is taken when its number can be one of its kind",
    arguments: [
      (.residentID, "370202199001010023", "370202199001010023"),
      (.passport, "e12345678", "E12345678"), (.passport, "AB 1234567", "AB1234567"),
      (.passport, "A1234", "A1234"), (.hongKongMacauPermit, "H12345678", "H12345678"),
      (.hongKongMacauPermit, "m1234567890", "M1234567890"),
      (.hongKongMacauPermit, "810000199001010019", "810000199001010019"),
      (.taiwanPermit, "12345678", "12345678"), (.taiwanPermit, "1234567890B", "1234567890B"),
      (.taiwanPermit, "830000199001010012", "830000199001010012"),
      (.birthCertificate, "t370000001", "T370000001"), (.none, nil, nil), (.none, "  ", nil),
    ] as [(IdentityKind, String?, String?)])
  func plausible(kind: IdentityKind, number: String?, revealed: String?) throws {
    let document = try document(kind, number)
    #expect(document.kind == kind)
    #expect(document.revealed == revealed)
  }

  @Test(
    "is refused when it cannot, without quoting it",
    arguments: [
      (.residentID, "370202199001010024"), (.residentID, nil), (.passport, "A123"),
      (.passport, "ABCDE123"), (.passport, "护照12345"), (.passport, "A123456789012345"),
      (.hongKongMacauPermit, "H1234567"), (.hongKongMacauPermit, "X12345678"),
      (.hongKongMacauPermit, "810000199001010018"),
      (.hongKongMacauPermit, "830000199001010012"), (.taiwanPermit, "123456789"),
      (.taiwanPermit, "810000199001010019"), (.birthCertificate, "T37000000"),
      (.birthCertificate, "3700000011"), (.none, "H12345678"), (.passport, ""),
    ] as [(IdentityKind, String?)])
  func implausible(kind: IdentityKind, number: String?) throws {
    let refusal = #expect(throws: Refusal.self) { try document(kind, number) }
    if let number, !number.isEmpty { #expect(refusal.map { "\($0)".contains(number) } == false) }
  }

  @Test(
    "kind has the name that files use",
    arguments: [
      ("resident_id", IdentityKind.residentID), ("passport", .passport),
      ("hk_macau_permit", .hongKongMacauPermit), ("taiwan_permit", .taiwanPermit),
      ("birth_certificate", .birthCertificate), ("none", IdentityKind.none),
    ])
  func names(name: String, kind: IdentityKind) {
    #expect(IdentityKind(rawValue: name) == kind)
  }
}
