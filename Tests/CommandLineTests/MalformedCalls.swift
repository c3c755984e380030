extension Malformed {
  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static let requests = """
    request,opened_at,closed_at,category,target_at
    A,2022-11-28,,x,

    B,soon,,x,

    """
  private static let goodRequests = "request,opened_at,closed_at\nA,2022-11-28,\n"

  /// Calls that mean nothing: exit 2.
  static let wrongUse = [
    Malformed("a command that is not there", "scenario run x", exit: 2, "scenario", "import"),
    Malformed("companions of nobody", "companions --visits x.csv --minimum 1", exit: 2, "--index"),
    Malformed("companions without a minimum", "companions --index A", exit: 2, "--minimum"),
    Malformed("companions of nothing", "companions --index A --minimum 1", exit: 2, "--visits"),
    Malformed(
      "a third degree", "companions --index A --minimum 1 --visits x --degree 3", exit: 2,
      "--degree"),
    Malformed("a second word that is none", "policy merge a b", exit: 2, "merge", "show"),
    Malformed("an import without a kind", "import", exit: 2, "<kind>"),
    Malformed("an import without a file", "import visits --data data", exit: 2, "<files>"),
    Malformed("an import without a folder", "import visits x.csv", exit: 2, "--data"),
    Malformed("an unknown kind of file", "import moons x --data data", exit: 2, "moons", "visits"),
    Malformed("an unknown kind of export", "export planets --data data", exit: 2, "planets"),
    Malformed("a file that is not there", "import visits no.csv --data data", exit: 2, "no.csv"),
    Malformed("an unknown option", "export visits --data data --bogus", exit: 2, "--bogus"),
    Malformed("an unknown format", "export visits --data data --format xml", exit: 2, "xml"),
    Malformed(
      "tracks without their cases", "import tracks in.csv --data data",
      files: ["in.csv": text("case,seq\n")], exit: 2, "two files"),
    Malformed(
      "tracks twice", "import tracks in.csv in.csv --data data",
      files: ["in.csv": text("case,seq\n")], exit: 2, "seq"),
    Malformed(
      "rejected rows into the file itself", "import visits in.csv --rejected in.csv --data data",
      files: ["in.csv": text("person,venue,from,to,source\n")], exit: 2, "itself"),
    Malformed(
      "an unknown rule", "deadlines in.csv --rule 3x --as-of 2022-12-01",
      files: ["in.csv": text(goodRequests)], exit: 2, "3x", "3wd"),
    Malformed(
      "a moment that is none", "deadlines in.csv --rule 2h --as-of soon",
      files: ["in.csv": text(goodRequests)], exit: 2, "--as-of", "soon"),
    Malformed(
      "a day that is none", "identity check in.txt --as-of 2022-13-01",
      files: ["in.txt": text("1\n")], exit: 2, "--as-of"),
    Malformed(
      "a list with several columns", "identity check in.txt", files: ["in.txt": text("a,b\n1,2\n")],
      exit: 2, "--column"),
    Malformed(
      "a window that is none", "bulletin --from x --to 2022-11-30 --data data", exit: 2, "--from"),
    Malformed("an address without a port", "serve --data data --listen foo", exit: 2, "--listen"),
    Malformed(
      "an unknown part of a person", "duplicates in.csv --match nick=a",
      files: ["in.csv": text("id,a\n1,x\n")], exit: 2, "nick", "given_name"),
    Malformed(
      "a part of a person without its column", "duplicates in.csv --match name",
      files: ["in.csv": text("id,a\n1,x\n")], exit: 2, "NAME=COLUMN"),
    Malformed(
      "one column for two parts", "duplicates in.csv --match name=a surname=a",
      files: ["in.csv": text("id,a\n1,x\n")], exit: 2, "“a”", "once"),
    Malformed(
      "sex alone", "duplicates in.csv --match sex=a",
      files: ["in.csv": text("id,a\n1,x\n")], exit: 2, "Sex alone"),
    Malformed("people that are not there", "duplicates no.csv --match name=a", exit: 2, "no.csv"),
    Malformed("a bulletin that is not there", "bulletin check no.txt", exit: 2, "no.txt"),
  ]

  /// Calls that are understood and refused: exit 1.
  static let refused = [
    Malformed("a folder without a district", "verify --data none", exit: 1, "denghuo init"),
    Malformed("a folder that has one already", "init --data data", exit: 1, "already"),
    Malformed(
      "a sample in a district's folder", "demo --data data --make-only", exit: 1, "no sample"),
    Malformed(
      "an address open to others", "serve --data data --listen 0.0.0.0:0", exit: 1, "--exposed"),
    Malformed(
      "an unknown account", "export visits --data data --account nobody", exit: 1, "account"),
    Malformed("a link for nobody", "link --data data --account nobody", exit: 1, "account"),
    Malformed(
      "a token for no day", "token --data data --account admin --days 0", exit: 1, "days"),
    Malformed("a case that is not there", "contacts C99 --data data", exit: 1, "C99"),
    Malformed(
      "a window without length", "bulletin --from 2022-11-30 --to 2022-11-29 --data data",
      exit: 1, "before"),
    Malformed(
      "an unknown command", "perform no.such --json {} --data data", exit: 1, "no.such"),
    Malformed("broken JSON", "perform cases.report --json { --data data", exit: 1, "JSON"),
    Malformed(
      "a command without its fields", "perform cases.report --json {\"case\":\"X\"} --data data",
      exit: 1, "missing"),
    Malformed(
      "a command with a misspelt field",
      "perform cases.withdraw --json {\"case\":\"C1\",\"reason\":\"x\",\"resaon\":\"x\"} --data data",
      exit: 1, "resaon"),
    Malformed("an unknown policy", "policy show cn-99", exit: 1, "cn-99"),
    Malformed(
      "a policy that is none", "policy check in.yaml", files: ["in.yaml": text("id: [")],
      exit: 1, "in.yaml"),
    Malformed(
      "a faulty request", "deadlines in.csv --rule 2h --as-of 2022-12-01",
      files: ["in.csv": text(requests)], exit: 1, "Row 4", "opened_at"),
    Malformed(
      "requests without targets", "deadlines in.csv --rule target --as-of 2022-12-01",
      files: ["in.csv": text(goodRequests)], exit: 1, "target_at"),
    Malformed(
      "a calendar against itself",
      "deadlines in.csv --rule 1wd --as-of 2022-12-01 --calendar days.csv",
      files: [
        "in.csv": text(goodRequests),
        "days.csv": text("date,is_workday\n2022-11-28,1\n2022-11-28,0\n"),
      ], exit: 1, "Row 3", "calendar"),
    Malformed(
      "people without the column", "duplicates in.csv --match name=b",
      files: ["in.csv": text("id,a\n1,x\n")], exit: 1, "in.csv", "b"),
    Malformed(
      "identifiers that stand twice", "duplicates in.csv --match name=a",
      files: ["in.csv": text("id,a\n7,x\n8,y\n7,z\n")], exit: 1, "Row 4", "row 2"),
    Malformed(
      "people without an identifier", "duplicates in.csv --match name=a",
      files: ["in.csv": text("id,a\n7,x\n,y\n")], exit: 1, "Row 3", "identifier"),
    Malformed(
      "an empty file of people", "duplicates in.csv --match name=a", files: ["in.csv": []],
      exit: 1, "in.csv"),
    Malformed(
      "people of whom nothing is known", "duplicates in.csv --match name=a",
      files: ["in.csv": text("id,a\n7,\n8,\n")], exit: 1, "--match"),
    Malformed(
      "a column that is not there", "identity check in.csv --column id",
      files: ["in.csv": text("a,b\n1,2\n")], exit: 1, "id"),
    Malformed(
      "a bulletin that does not add up", "bulletin check in.txt",
      files: ["in.txt": text("无")], exit: 1, ""),
    Malformed(
      "a good file before one without a column", "import visits a.csv b.csv --data data",
      files: [
        "a.csv": text("person,venue,from,to,source\nP5,店,2022-11-28,2022-11-29,work\n"),
        "b.csv": text("person,venue,from,source\nP5,店,2022-11-28,work\n"),
      ], exit: 1, "b.csv", "“to”"),
  ]

  /// Calls that the world does not let happen: exit 3.
  static let worldFailed = [
    Malformed("a folder below a file", "init --data in/x", files: ["in": [1]], exit: 3, "in/x"),
    Malformed("a folder as a file", "import visits data --data data", exit: 3, "cannot be read"),
    Malformed(
      "no folder for rejected rows", "import visits in.csv --rejected no/x.csv --data data",
      files: ["in.csv": text("person,venue,from,to,source\nP5,店,x,2022-11-29,work\n")], exit: 3,
      "cannot be written"),
  ]
}
