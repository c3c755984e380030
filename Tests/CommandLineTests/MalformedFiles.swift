extension Malformed {
  private static let visits = "person,venue,from,to,source\n"
  private static let good = "P5,店,2022-11-28T09:00,2022-11-28T10:00,work\n"
  private static let cases = "case,person,kind,source,district,reported_at,age\n"
  private static let residents = "person,name,identity_kind,identity_number,community_code\n"
  private static let tracks = "case,seq,time,event,transport,places,coords,description\n"
  private static let reports = Array("case,confirmed\nT1,2020-02-01\n".utf8)

  private static func track(_ name: String, _ row: String, _ words: String) -> Malformed {
    Malformed(
      name, "import tracks reports.csv in.csv --data data",
      files: ["reports.csv": reports, "in.csv": Array((tracks + row).utf8)], exit: 1, words)
  }

  /// Files that are refused as a whole.
  static let wholeFiles = [
    file("an empty file", "visits", "", "empty"),
    file("a file without a header", "visits", good, "none of the columns"),
    file("a missing column", "visits", "person,venue,from,source\n", "“to”"),
    file("a doubled column", "visits", "person,venue,venue,from,to,source\n", "twice"),
    file("a column doubled by its alias", "visits", "person,venue,场所,from,to,source\n", "twice"),
    file("a document", "visits", "%PDF-1.7 …", "not a table"),
    file("a web page", "visits", "<html><table></table></html>", "not a table"),
    bytes("an old workbook", "visits", [0xD0, 0xCF, 0x11, 0xE0, 0, 0, 0, 0], ["old Excel"]),
    bytes("a cut workbook", "visits", [0x50, 0x4B, 3, 4, 20, 0, 0, 0], ["damaged"]),
    bytes("a picture", "visits", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4], ["not a table"]),
    bytes(
      "bytes of no encoding", "visits",
      Array(repeating: [0xFF, 0x80, 0x0A], count: 200).flatMap { $0 }, ["encoding"]),
  ]

  /// Files of which the right rows are kept.
  static let rows = [
    file(
      "a reversed span", "visits", visits + good + "P5,店,2022-11-29,2022-11-28,work\n", "row 3",
      "before it begins", kept: ["visits": 1]),
    file(
      "a time that is none", "visits", visits + "P5,店,soon,2022-11-28,work\n" + good, "row 2",
      "from", kept: ["visits": 1]),
    file(
      "an unknown source", "visits", visits + "P5,店,2022-11-28,2022-11-29,hearsay\n" + good,
      "source", kept: ["visits": 1]),
    file(
      "a row too short", "visits", visits + "P5,店\n" + good, "row 2", "fewer cells",
      kept: ["visits": 1]),
    file(
      "a row too long", "visits", visits + "P5,店,a,b,c,d,e\n" + good, "row 2", "more cells",
      kept: ["visits": 1]),
    file(
      "a row behind a blank line", "visits", visits + good + "\nP5,店,x,x,work\n", "row 4",
      kept: ["visits": 1]),
    file(
      "a quote that never ends", "visits", visits + good + "P6,\"店,2022-11-28,", "row 3", "quote",
      kept: ["visits": 1]),
    file(
      "an empty cell that is needed", "visits", visits + good + ",店,2022-11-28,2022-11-29,work\n",
      "person", "missing", kept: ["visits": 1]),
    bytes(
      "a broken character", "visits",
      Array((visits + good + "P6,甲乙丙丁戊己庚辛").utf8) + [0xFF]
        + Array(",2022-11-28,2022-11-29,work\n".utf8), ["row 3", "damaged"], kept: ["visits": 1]),
    bytes(
      "a NUL byte", "visits",
      Array((visits + good + "P6,a").utf8) + [0] + Array(",2022-11-28,2022-11-29,work\n".utf8),
      ["row 3", "NUL"], kept: ["visits": 1]),
    bytes(
      "an end that cannot be read", "visits",
      Array((visits + good + "P6,").utf8) + Array(repeating: 0x61, count: 2 << 20),
      ["too long", "rows before it"], kept: ["visits": 1]),
    file(
      "an encounter with oneself", "encounters",
      "person_a,person_b,at,seconds\nP1,P1,2022-11-28,60\nP1,P2,2022-11-28,60\n", "same person",
      kept: ["encounters": 1]),
    file(
      "less than no time together", "encounters",
      "person_a,person_b,at,seconds\nP1,P2,2022-11-28,-1\n", "seconds"),
    file(
      "an unknown district", "cases",
      cases + "X1,Q1,confirmed,clinic,火星区,2022-11-29,\nX2,Q2,confirmed,clinic,道里区,2022-11-29,\n",
      "district", kept: ["cases": 1, "residents": 1]),
    file(
      "a second number for one infection", "cases",
      cases + "X1,P1,confirmed,clinic,道里区,2022-11-29,\n", "C1"),
    file(
      "another content for a known case", "cases",
      cases + "C1,P1,confirmed,clinic,南岗区,2022-11-29T08:00+08:00,\n", "district"),
    file(
      "an age that is none", "cases",
      cases + "X1,Q1,confirmed,clinic,道里区,2022-11-29,200\n", "age", "0–130"),
    file(
      "an unknown kind of case", "cases",
      cases + "X1,Q1,maybe,clinic,道里区,2022-11-29,\n", "kind"),
    file(
      "a report of tomorrow", "cases",
      cases + "X1,Q1,confirmed,clinic,道里区,2199-01-01,\n", "reported_at"),
    file(
      "a number that lost its digits", "residents",
      residents + "Q1,某某,resident_id,3.70203E+17,230102001001\n", "identity_number", "digits"),
    file(
      "a wrong check digit", "residents",
      residents + "Q1,某某,resident_id,110105194912310021,230102001001\n", "identity_number",
      "check digit"),
    file(
      "an unknown community", "residents",
      residents + "Q1,某某,,,999999999999\nQ2,某某,,,230102001001\n", "community_code",
      kept: ["residents": 1]),
    file(
      "somebody else's number", "residents",
      residents + "Q1,李某,resident_id,11010519491231002X,230102001001\n", "identity_number"),
    file(
      "a street without a district", "places", "code,name\n999901001,某街道\n", "999901"),
    file("a code that is none", "places", "code,name\n12,某地\n", "code"),
    track("days that run backwards", "T9,1,2月3日至1月20日,,,店,,\n", "time"),
    track("too many days", "T9,1,1月1日至2月20日,,,店,,\n", "31"),
  ]
}
