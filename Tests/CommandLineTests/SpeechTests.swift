import Foundation
import Testing
import Town

@Suite(
  "What the program says", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct SpeechTests {
  @Test("init, link and token print one line and nothing else on standard output")
  func oneLine() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let made = try await desktop.done("init", "--data", "data")
    let address = /http:\/\/127\.0\.0\.1:8080\/link\/[0-9a-f]{64}\n/
    #expect(made.output.wholeMatch(of: address) != nil)
    #expect(made.complaints.contains("denghuo serve --data data"))
    let link = try await desktop.done("link", "--data", "data", "--account", "admin")
    #expect(link.output.wholeMatch(of: address) != nil && link.complaints == "")
    let token = try await desktop.done("token", "--data", "data", "--account", "admin")
    #expect(token.output.wholeMatch(of: /[0-9a-f]{64}\n/) != nil && token.complaints == "")
    #expect(link.output != made.output)
    // For everybody else the administrator issues them; who may not issue them does not.
    try await desktop.done(
      "perform", "accounts.open", "--json", #"{"account":"wang","title":"网格员"}"#, "--data", "data")
    for command in ["link", "token"] {
      let other = try await desktop.done(command, "--data", "data", "--account", "wang")
      #expect(other.lines.count == 1)
      let own = try await desktop.run(
        command, "--data", "data", "--account", "wang", "--by", "wang")
      #expect(own.status != 0 && own.output == "")
    }
  }

  @Test("a half-made folder is taken away, so that init can be tried again")
  func halfMade() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try FileManager.default.createDirectory(
      atPath: "\(desktop.path)/data/denghuo.sqlite", withIntermediateDirectories: true)
    let first = try await desktop.run("init", "--data", "data")
    #expect(first.status == 3, "\(first.complaints)")
    try await desktop.done("init", "--data", "data")
  }

  @Test("sentences, help and complaints follow the locale")
  func locale() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let chinese = "zh_CN.UTF-8"
    let help = try await desktop.run("--help", locale: chinese)
    #expect(help.status == 0 && help.output.contains("概要：") && help.output.contains("待办事项"))
    let none = try await desktop.run("verify", "--data", "none", locale: chinese)
    #expect(none.status == 1 && none.complaints.contains("请先运行 denghuo init"))
    let missing = try await desktop.run("import", "visits", locale: chinese)
    #expect(missing.status == 2 && missing.complaints.contains("错误：缺少"))
    let unknown = try await desktop.run("scenario", locale: chinese)
    #expect(unknown.status == 2 && unknown.complaints.contains("没有“scenario”这个命令"))
    try desktop.put("in.csv", "person,venue,from,to,source\nQ,店,x,2022-11-29,work\n")
    let rejected = try await desktop.run(
      "import", "visits", "in.csv", "--data", "data", locale: chinese)
    #expect(rejected.output.contains("读取 1 行 = 接受 0 + 拒绝 1 + 重复 0 + 线索 0"))
    #expect(rejected.complaints.contains("第 2 行"))
    let verified = try await desktop.run("verify", "--data", "data", locale: chinese)
    #expect(verified.status == 0 && verified.output.contains("I-53  成立"))
  }

  @Test("a reader that goes away ends it quietly, a full disk with a sentence")
  func closedPipe() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let rows = (1...4_000).map { "人员\($0),很长的店名以便超出管道,2022-11-28,2022-11-29,work\n" }
    try desktop.put("in.csv", Desktop.visitsHeader + "\n" + rows.joined())
    try await desktop.done("import", "visits", "in.csv", "--data", "data")
    let shell = Process()
    let program = try #require(BuiltProgram.url).path
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.currentDirectoryURL = URL(filePath: desktop.path)
    shell.arguments = [
      "-c",
      "{ '\(program)' export visits --data data 2>errors; echo $? >status; } | head -n 1 >head",
    ]
    try shell.run()
    await BuiltProgram.end(of: shell)
    for _ in 0..<200 where desktop.text("status") == nil {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(desktop.text("head") == "person,venue,from,to,source,lat,lon\n")
    #expect(desktop.text("errors") == "" && desktop.text("status") == "0\n")
    let full = try await desktop.run("export", "visits", "--data", "data", output: "/dev/full")
    #expect(full.status == 3 && full.complaints.contains("cannot be written"))
  }

  @Test("numbers are judged one by one, from a list, a column or a pipe")
  func identity() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let list = "号码\n11010519491231002X\n\n110105194912310021\n"
    try desktop.put("in.txt", list)
    let out = try await desktop.done("identity", "check", "in.txt", "--as-of", "2022-11-29")
    #expect(out.lines.count == 3)
    #expect(out.lines[1] == "11010519491231002X,ok,,11010519491231002X")
    #expect(out.lines[2].hasPrefix("110105194912310021,checksum,"))
    let piped = try await desktop.run("identity", "check", "-", input: Array(list.utf8))
    #expect(piped.lines == out.lines)
    try desktop.put("in.csv", "n,证号\n1,11010519491231002X\n2,\n")
    let column = try await desktop.done("identity", "check", "in.csv", "--column", "证号")
    #expect(column.lines.count == 3 && column.lines[2].hasPrefix(",length,"))
  }

  @Test("deadlines take several rules, repeated or in one breath")
  func deadlines() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put(
      "in.csv", "request,opened_at,closed_at\nA,2022-11-25 17:00,2022-11-28 09:00\n")
    let out = try await desktop.done(
      "deadlines", "in.csv", "--rule", "2h", "1wd", "--as-of", "2022-12-01", "--rule",
      "1wd-rolling")
    #expect(
      out.lines == [
        "request,opened_at,closed_at,rule,due_at,verdict",
        "A,2022-11-25 17:00,2022-11-28 09:00,2h,2022-11-25T19:00:00+08:00,breached",
        "A,2022-11-25 17:00,2022-11-28 09:00,1wd,2022-11-29T00:00:00+08:00,met",
        "A,2022-11-25 17:00,2022-11-28 09:00,1wd-rolling,2022-11-28T17:00:00+08:00,met",
      ])
  }

  @Test("a bulletin adds up or names what does not")
  func bulletin() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let window = ["--from", "2022-11-29", "--to", "2022-11-30", "--data", "data"]
    let out = try await desktop.run(["bulletin"] + window + ["--format", "json"])
    #expect(out.status == 0)
    for part in [
      #""total":1"#, #""by_district":{"道里区":1}"#, #""reconciles":true"#, #""corrections":[]"#,
      #""by_source":{"isolation":1}"#,
    ] { #expect(out.output.contains(part), "\(part)") }
    try desktop.put(
      "c.csv", "case,person,kind,district,reported_at\nC9,P99,confirmed,道里区,2022-11-29T09:00\n")
    try await desktop.done("import", "cases", "c.csv", "--data", "data")
    let open = try await desktop.run(["bulletin"] + window)
    #expect(open.status == 1 && open.complaints.contains("C9"))
  }

  @Test("policies are listed, shown and checked")
  func policies() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let list = try await desktop.done("policy", "list", "--format", "json")
    #expect(list.output.contains("\"policy\":\"cn-9@1\""))
    let shown = try await desktop.done("policy", "show", "cn-9")
    try desktop.put("cn-9.yaml", shown.bytes)
    let checked = try await desktop.done("policy", "check", "cn-9.yaml")
    #expect(checked.output == "cn-9.yaml: cn-9@1 ok\n")
    let all = try await desktop.done("policy", "check")
    #expect(all.lines.count > 5)
  }
}
