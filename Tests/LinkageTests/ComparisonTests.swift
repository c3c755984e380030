import Testing

@testable import Linkage

/// Levels at which two values of one column agree.
private func level(_ column: MatchColumn, _ one: String, _ other: String) -> Int {
  level([column], [one], [other], of: aspect(of: column))
}

private func level(
  _ columns: [MatchColumn], _ one: [String], _ other: [String], of aspect: Aspect
) -> Int {
  var people = PeopleList(columns: columns)
  people.append("a", one)
  people.append("b", other)
  people.settle()
  var similarity = Similarity()
  let codes = Agreement(people).codes(0, 1, &similarity)
  let code =
    Int(codes >> UInt64(aspect.rawValue * AgreementCode.bits)) & (AgreementCode.count - 1)
  if code == 0 { return Level.unknown }
  return code >= AgreementCode.firstSame ? Level.same : code + 1
}

private func aspect(of column: MatchColumn) -> Aspect {
  switch column {
  case .givenName, .name: .given
  case .surname: .surname
  case .sex: .sex
  case .birthDate: .birth
  case .identity: .identity
  case .phone: .phone
  case .address: .address
  case .locality, .postcode: .area
  }
}

@Suite("Comparing people") struct ComparisonTests {
  @Test(
    "given names are the same, close, alike, partly the same, related or different",
    arguments: [
      ("伟", "偉", Level.same), ("小明", "小 明", Level.same), ("José", "jose", Level.same),
      ("Ｊｏｈｎ", "john", Level.same), ("O'Brien", "OBrien", Level.same),
      ("小明", "晓明", Level.close), ("静", "靖", Level.close), ("国强", "guo qiang", Level.close),
      ("jonathan", "jonathon", Level.close), ("小明", "小名", Level.close),
      ("诗文", "思雯", Level.alike), ("丽", "李", Level.alike), ("珊", "三", Level.alike),
      ("小明", "明", Level.partly), ("明小", "小明", Level.partly), ("ann", "annabelle", Level.partly),
      ("j", "james", Level.partly), ("国强", "国平", Level.related), ("国强", "国平安", Level.related),
      ("伟", "芳", Level.different), ("国强", "li na", Level.different),
      ("john", "mary", Level.different),
    ])
  func givenNames(_ one: String, _ other: String, _ expected: Int) {
    #expect(level(.givenName, one, other) == expected)
    #expect(level(.givenName, other, one) == expected)
  }

  @Test(
    "a surname is read as a surname",
    arguments: [
      ("单", "善", Level.close), ("仇", "求", Level.close), ("单", "丹", Level.different),
      ("張", "张", Level.same), ("王", "汪", Level.alike), ("邱", "秋", Level.close),
    ])
  func surnames(_ one: String, _ other: String, _ expected: Int) {
    #expect(level(.surname, one, other) == expected)
  }

  @Test(
    "a whole name is cut into its parts",
    arguments: [
      ("欧阳娜", "欧阳", "娜"), ("王小明", "王", "小明"), ("John Ronald Tolkien", "tolkien", "john ronald"),
      ("Tolkien, John", "tolkien", "john"), ("阿卜杜拉·买买提", "买买提", "阿卜杜拉"),
      ("欧阳", "欧", "阳"), ("Madonna", "", "madonna"),
    ])
  func wholeNames(_ name: String, _ surname: String, _ given: String) {
    var folding = TextFolding()
    var folded: [UInt16] = []
    folding.fold(name, into: &folded)
    let parts = NameParts.cut(folded)
    #expect(String(decoding: parts.surname, as: UTF16.self) == surname)
    #expect(String(decoding: parts.given, as: UTF16.self) == given)
  }

  @Test("names that changed places say so once, in the given name")
  func crossed() {
    let columns: [MatchColumn] = [.givenName, .surname]
    #expect(level(columns, ["blake", "mason"], ["mason", "blake"], of: .given) == Level.crossed)
    #expect(level(columns, ["blake", "mason"], ["mason", "blake"], of: .surname) == Level.unknown)
    #expect(level(columns, ["blake", "mason"], ["mason", "hill"], of: .given) == Level.different)
  }

  @Test(
    "days of birth: one digit wrong, day and month swapped, two of three parts",
    arguments: [
      ("1980-01-02", "1980/1/2", Level.same), ("19800102", "1980-01-02", Level.same),
      ("02/01/1980", "1980-01-02", Level.same), ("1980-01-02", "1980-01-03", Level.close),
      ("1980-05-02", "1980-02-05", Level.close), ("1980-12-09", "1980-09-12", Level.close),
      ("1980-01-12", "1980-01-29", Level.alike), ("1980-01-12", "1975-01-12", Level.alike),
      ("1980-01-12", "1980-10-29", Level.related), ("1980-05-02", "1975-02-05", Level.partly),
      ("1980-01-12", "1975-10-29", Level.different), ("1980-01-12", "", Level.unknown),
    ])
  func days(_ one: String, _ other: String, _ expected: Int) {
    #expect(level(.birthDate, one, other) == expected)
  }

  @Test(
    "identity numbers: the same, one slip, both right and not the same",
    arguments: [
      ("11010519491231002X", "11010519491231002x", Level.same),
      ("110105491231002", "11010519491231002X", Level.same),
      ("11010519491231002X", "11010519491231003X", Level.close),
      ("11010519491231002X", "11010519491213002X", Level.close),
      ("11010519491231002X", "1101051949123102X", Level.close),
      ("11010519491231002X", "34052419800101001X", Level.related),
      ("11010519491231002X", "34052419800101002X", Level.different),
      ("11010519491231002X", "1101**********002X", Level.unknown),
      ("7968988", "7968989", Level.close), ("7968988", "7969888", Level.close),
      ("7968988", "7968889", Level.different), ("7968988", "无", Level.unknown),
    ])
  func identities(_ one: String, _ other: String, _ expected: Int) {
    #expect(level(.identity, one, other) == expected)
    #expect(level(.identity, other, one) == expected)
  }

  @Test(
    "telephones, sexes and addresses",
    arguments: [
      (MatchColumn.phone, "+86 138-0000-0001", "13800000001", Level.same),
      (.phone, "13800000001", "13800000011", Level.close),
      (.phone, "13800000001", "13800000022", Level.different),
      (.sex, "男", "male", Level.same), (.sex, "F", "女", Level.same),
      (.sex, "男", "女", Level.different),
      (.sex, "男", "?", Level.unknown),
      (.address, "幸福路12号阳光小区3栋501", "幸福路12號陽光小區3棟501", Level.same),
      (.address, "幸福路12号阳光小区3栋501", "阳光小区3栋501", Level.close),
      (.address, "幸福路12号阳光小区3栋501", "幸福路12号阳光小区3栋502", Level.alike),
      (.address, "tullaroop street", "tullarop street", Level.close),
      (.address, "幸福路12号阳光小区3栋501", "滨海大街7号", Level.different),
      (.locality, "霁虹社区", "霁虹社區", Level.same), (.postcode, "2673", "2763", Level.crossed),
      (.postcode, "2673", "9999", Level.different),
    ])
  func others(_ column: MatchColumn, _ one: String, _ other: String, _ expected: Int) {
    #expect(level(column, one, other) == expected)
  }

  @Test("locality and postcode speak together")
  func areas() {
    let columns: [MatchColumn] = [.locality, .postcode]
    let one = ["preston", "3638"]
    for (other, expected) in [
      (["preston", "3638"], Level.same), (["preston", "3683"], Level.close),
      (["preston", ""], Level.alike), (["preston", "9999"], Level.partly),
      (["prestn", "3683"], Level.crossed), (["prestn", "9999"], Level.related),
      (["seymour", "9999"], Level.different), (["", ""], Level.unknown),
    ] {
      #expect(level(columns, one, other, of: .area) == expected, "\(other)")
    }
  }

  @Test(
    "Jaro–Winkler gives the published values",
    arguments: [
      ("martha", "marhta", 0.9611), ("dixon", "dicksonx", 0.8133), ("dwayne", "duane", 0.84),
      ("abc", "xyz", 0), ("same", "same", 1), ("a", "a", 1),
    ])
  func jaroWinkler(_ one: String, _ other: String, _ expected: Float) {
    let symbols = Array((one + other).utf16)
    var similarity = Similarity()
    let found = similarity.jaroWinkler(
      symbols.span, 0..<one.utf16.count, one.utf16.count..<symbols.count)
    #expect(abs(found - expected) < 0.0005)
    let again = similarity.jaroWinkler(
      symbols.span, one.utf16.count..<symbols.count, 0..<one.utf16.count)
    #expect(abs(again - expected) < 0.0005)
  }

  @Test("counts of digits never hide a slip")
  func digitCounts() {
    var dice = Dice(state: 3)
    for _ in 0..<2_000 {
      let one = (0..<11).map { _ in UInt16.random(in: 0x30...0x39, using: &dice) }
      let place = Int.random(in: 0..<10, using: &dice)
      var wrong = one
      wrong[place] = UInt16.random(in: 0x30...0x39, using: &dice)
      var swapped = one
      swapped.swapAt(place, place + 1)
      var short = one
      short.remove(at: place)
      for other in [wrong, swapped, short] {
        #expect(DigitCounts.mayBeOneSlip(DigitCounts.of(one[...]), DigitCounts.of(other[...])))
      }
    }
  }
}
