import Detection
import Kernel
import Testing
import Town

@testable import Headquarters

@Suite("Bulletins in words") struct BulletinWordingTests {
  @Test("the text lists kinds, sources and districts as the commissions do")
  func chinese() async throws {
    let town = try await BulletinTown()
    try await town.report("C1", at: "11-29T10:00")
    try await town.report("C2", at: "11-29T10:00", district: "市南区")
    try await town.report("C3", at: "11-29T10:00", district: "市南区")
    try await town.report("C4", "converted", at: "11-29T10:00", source: "converted")
    try await town.report("C5", "asymptomatic", at: "11-29T10:00", source: "community_screening")
    let answer = try await town.town.ask(
      WordBulletin(
        from: try town.instant("11-29T00:00"), to: try town.instant("11-29T15:00")))
    #expect(
      answer.chinese == """
        2022年11月29日0—15时，新增本土新冠肺炎确诊病例4例和无症状感染者1例，其中1例确诊病例为此前无症状感染者转归，3例确诊病例在隔离管控中发现，1例无症状感染者在社区筛查中发现。
        按现住区县：市北区3例、市南区2例。
        2022年11月29日0—15时，新增本土新冠肺炎确诊病例4例。
        病例1—病例2，居住于市南区，病例3，居住于市北区，均为本市闭环隔离管控人员，其间新冠病毒核酸检测结果异常，经疾控中心复核结果为阳性，诊断为确诊病例。
        病例4，居住于市北区，为此前报告的本土无症状感染者，诊断为确诊病例。
        2022年11月29日0—15时，新增本土无症状感染者1例。
        无症状感染者1，居住于市北区，在社区筛查中发现新冠病毒核酸检测结果异常，经疾控中心复核结果为阳性，诊断为无症状感染者。

        """)
    #expect(answer.english.contains("4 confirmed and 1 asymptomatic"))
    #expect(answer.table.first == ["breakdown", "key", "count"])
    #expect(answer.table.contains(["by_district", "市北区", "3"]))
  }

  @Test(
    "a window is named as people name it",
    arguments: [
      ("11-29T00:00", "11-30T00:00", "2022年11月29日0—24时"),
      ("11-29T00:00", "11-29T15:30", "2022年11月29日0—15:30时"),
      ("11-28T15:00", "11-29T15:00", "2022年11月28日15时至2022年11月29日15时"),
    ])
  func window(from: String, to: String, words: String) async throws {
    let town = try await BulletinTown()
    let answer = try await town.town.ask(
      WordBulletin(from: try town.instant(from), to: try town.instant(to)))
    #expect(answer.chinese.hasPrefix(words + "，新增"))
  }

  @Test("corrections and the sum stand in the text of a published bulletin")
  func corrections() async throws {
    let town = try await BulletinTown()
    for number in 1...2 { try await town.report("C\(number)", at: "11-29T10:00") }
    try await town.publish("11-29T00:00", "11-30T00:00")
    try await town.town.submit(
      WithdrawCase(infection: CaseID(trusted: "C1"), reason: "复核阴性"))
    try await town.report("C3", at: "11-30T07:00")
    try await town.town.pass(.hours(24))
    let published = try await town.publish("11-30T00:00", "12-01T00:00")
    let answer = try await town.town.ask(
      WordBulletin(
        from: try town.instant("11-30T00:00"), to: try town.instant("12-01T00:00")))
    #expect(answer.chinese.contains("订正此前通报：撤销1例。"))
    #expect(answer.chinese.contains("累计报告感染者2例（前期2例，新增1例，订正-1例）。"))
    // Whoever holds the bulletin can hold the journal to it; the line is no number of cases.
    let entry = try #require(
      await town.town.rows("SELECT head FROM journal WHERE sequence = \(published.entry)").first)
    #expect(published.mark == JournalMark.text(entries: published.entry, head: entry.text(0)))
    let line = "留痕：\(published.mark)\n"
    #expect(answer.chinese.hasSuffix(line))
    #expect(answer.english.hasSuffix("Journal: \(published.mark)\n"))
    let read = BulletinText(file: "own", text: answer.chinese)
    let without = BulletinText(
      file: "own", text: String(answer.chinese.dropLast(line.count)))
    #expect(read.headline.count == without.headline.count && read.reconciles)
  }

  @Test("the text reads back into the numbers from which it was written")
  func readsBack() async throws {
    let town = try await BulletinTown()
    for number in 1...5 { try await town.report("C\(number)", at: "11-29T10:00") }
    try await town.report("C6", "converted", at: "11-29T10:00", source: "converted")
    for number in 7...9 {
      try await town.report(
        "C\(number)", "asymptomatic", at: "11-29T10:00", source: "screening", district: "市南区")
    }
    let answer = try await town.town.ask(
      WordBulletin(
        from: try town.instant("11-29T00:00"), to: try town.instant("11-30T00:00")))
    let read = BulletinText(file: "own", text: answer.chinese)
    #expect(read.reconciles)
    #expect(read.headline.count == [.confirmed: 6, .asymptomatic: 3])
    #expect(read.headline.converted == 1)
    #expect(read.breakdown.bySource(.confirmed) == [.isolation: 5, .converted: 1])
    #expect(read.breakdown.bySource(.asymptomatic) == [.screening: 3])
    #expect(read.breakdown.byDistrict(.confirmed) == ["市北区": 6])
    #expect(read.breakdown.byDistrict(.asymptomatic) == ["市南区": 3])
  }
}
