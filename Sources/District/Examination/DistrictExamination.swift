import Containment
import Foundation
import Kernel
import Registry
import Storage

/// Looks at an open district: its engine, clock, policies, offices, errands, and what is kept elsewhere.
package struct DistrictExamination: Sendable {
  private let desk: Desk

  /// The versions of SQLite between which a checkpoint could lose what a second connection wrote; one
  /// process and one writing connection keep out of its way (RELIABILITY finding 3).
  private static let endOfResetFault = 3_051_003
  private static let tailDoubtful = 1_000
  private static let calendarDays = 30

  package init(_ desk: Desk) { self.desk = desk }

  /// - Parameter deep: whether the whole file is read, which takes a minute for a few gigabytes.
  package func findings(deep: Bool) async throws -> [Finding] {
    var findings: [Finding] = [working()]
    let isFile = desk.storage is SQLiteStorage
    findings += try await desk.storage.read { transaction in
      isFile ? try Self.file(transaction, deep: deep) : try Self.server(transaction)
    }
    findings += [try await clock(), policies(), calendar()]
    findings += try await decidedPolicies()
    findings += try await acceptedClock()
    findings += try await people()
    findings += try await kept()
    return findings
  }

  /// Whether anything new is taken at all.
  private func working() -> Finding {
    guard let standstill = desk.standstill else {
      return .good("district.working", Words("正常办理", "Everything is taken"))
    }
    let why =
      switch standstill {
      case let fault as ClockFault: fault.words
      default: Words("\(standstill)", "\(standstill)")
      }
    return Finding(
      "district.working", .bad,
      Words("暂停办理：\(why.chinese)", "Nothing new is taken: \(why.english)"),
      remedy: Words("见 docs/howto/FAULTS.md", "See docs/howto/FAULTS.md"))
  }

  private static func file(_ transaction: any Transaction, deep: Bool) throws -> [Finding] {
    let version = try transaction.row("SELECT sqlite_version()")?.text(0) ?? ""
    let numbers = version.split(separator: ".").compactMap { Int($0) }
    let number = numbers.reduce(0) { $0 * 1_000 + $1 }
    var findings = [
      Finding.good(
        "engine.version",
        number < endOfResetFault
          ? Words(
            "SQLite \(version)：已知的日志重置缺陷由单进程单写连接避开，不要用其他程序打开数据库",
            "SQLite \(version): its known fault at a reset of the log is kept out of by one process and one "
              + "writing connection; open the file with no other program")
          : Words("SQLite \(version)", "SQLite \(version)"))
    ]
    if deep {
      let check = try transaction.row("PRAGMA quick_check(1)")?.text(0) ?? "no answer"
      findings.append(
        check == "ok"
          ? .good("engine.file", Words("数据库文件完好", "The file of the database is sound"))
          : Finding(
            "engine.file", .bad, Words("数据库文件损坏", "The file of the database is damaged"),
            remedy: Words(
              "停止服务，复制数据目录，再用 denghuo restore 恢复最近的备份",
              "Stop, copy the folder, and bring the last backup back with denghuo restore")))
    }
    return findings
  }

  private static func server(_ transaction: any Transaction) throws -> [Finding] {
    let row = try transaction.row(
      """
      SELECT current_setting('server_version'), current_setting('synchronous_standby_names'),
        (SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))
      """)
    let version = row?.text(0) ?? ""
    let names = row?.text(1) ?? ""
    let standbys = row?.integer(2) ?? 0
    let engine = Finding.good(
      "engine.version", Words("PostgreSQL \(version)", "PostgreSQL \(version)"))
    if names.isEmpty {
      return [
        engine,
        Finding(
          "engine.standby", .doubtful,
          Words("没有同步备库，主库损坏会丢失数据", "No standby confirms: a lost primary loses data"),
          remedy: Words("见 docs/howto/POSTGRESQL.md", "See docs/howto/POSTGRESQL.md")),
      ]
    }
    return [
      engine,
      standbys > 0
        ? .good(
          "engine.standby", Words("\(standbys) 个同步备库", "\(standbys) standbys confirm"))
        : Finding(
          "engine.standby", .bad,
          Words("同步备库不在，写入会等待", "The standby that has to confirm is away; writing waits"),
          remedy: Words("让备库恢复连接", "Bring the standby back")),
    ]
  }

  private func clock() async throws -> Finding {
    let last = try await desk.storage.read { try JournalStore(transaction: $0).lastTime() }
    let now = desk.clock.now()
    guard let last, last > now + .seconds(1) else {
      return .good(
        "machine.clock",
        Words("时钟 \(now.text(in: .china))", "The clock says \(now.text(in: .china))"))
    }
    return Finding(
      "machine.clock", .bad,
      Words(
        "时钟早于最后一条记录（\(last.text(in: .china))）",
        "The clock is behind the last record (\(last.text(in: .china)))"),
      remedy: Words("校准系统时间（timedatectl）", "Set the system's time right (timedatectl)"))
  }

  /// Whether somebody at the machine believed a clock that had jumped, and nobody has looked into it yet.
  private func acceptedClock() async throws -> [Finding] {
    let owed = try await desk.storage.read {
      try ObligationStore($0).owed(
        RestrictionDuties.clock.name, about: NoteClockAccepted.subject)
    }
    if owed.isEmpty { return [] }
    return [
      Finding(
        "machine.clockAccepted", .doubtful,
        Words("服务器时钟被人工确认过，尚未核查", "The clock was accepted by hand; nobody has looked into it"),
        remedy: Words("请审计员核查并办结该待办", "Let the auditor look into it and close what is owed"))
    ]
  }

  /// Whether each version of the policy that has decided is there as it was then.
  private func decidedPolicies() async throws -> [Finding] {
    let faults = try await DecidedPolicies.faults(desk)
    if faults.isEmpty {
      return [
        .good(
          "policies.decided",
          Words("作出过决定的政策版本都在", "Every version of the policy that has decided is there"))
      ]
    }
    return faults.map {
      Finding("policies.decided", .bad, $0.words, remedy: EditionFault.remedy)
    }
  }

  private func policies() -> Finding {
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    let inForce = desk.rules.policies.editions.filter { $0.isInForce(on: today) }
    let missing = desk.assembly.policySections.map { $0.key }.filter { key in
      !inForce.contains { $0.sections[key] != nil }
    }.sorted()
    let names = inForce.map(\.reference).joined(separator: " ")
    guard missing.isEmpty else {
      let parts = missing.joined(separator: ", ")
      return Finding(
        "policies.complete", .doubtful,
        Words(
          "今天没有生效的政策规定：\(parts)（生效的有 \(names)）",
          "No policy in force today says anything of: \(parts) (in force: \(names))"),
        remedy: Words(
          "如需这些功能，在数据目录的 policies/ 中加入带日期的政策文件",
          "If these are needed, add a policy file with its days to policies/ in the data folder"))
    }
    return .good("policies.complete", Words("生效的政策：\(names)", "In force: \(names)"))
  }

  private func calendar() -> Finding {
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    let end = desk.rules.calendar.covered.upperBound
    guard end < today + Self.calendarDays else {
      return .good(
        "policies.calendar", Words("工作日历到 \(end.text)", "Working days are known until \(end.text)"))
    }
    return Finding(
      "policies.calendar", .doubtful,
      Words("工作日历只到 \(end.text)", "Working days are known until \(end.text) only"),
      remedy: Words(
        "放假通知公布后升级程序；在此之前按工作日计的期限只按星期算",
        "Take a newer program when the holidays are announced; until then weekdays count"))
  }

  private func people() async throws -> [Finding] {
    let now = desk.clock.now()
    let today = Day(of: now, in: desk.rules.zone)
    let roles = try desk.rules.policies.section(OfficesPolicy.self, on: today).section.roles
    let managing = Set(
      roles.filter { $0.value.duties.contains("offices.manage") }.map(\.key))
    let (managers, failed) = try await desk.storage.read { transaction in
      let held = try OfficesStore(transaction).heldSeats(in: .everywhere, at: now)
      return (
        held.count { managing.contains($0.role) },
        try OutboxStore(transaction: transaction).counts().failed
      )
    }
    return [
      managers > 0
        ? .good("people.manager", Words("有人管理账号", "Somebody manages accounts"))
        : Finding(
          "people.manager", .bad, Words("没有人能管理账号", "Nobody can manage accounts"),
          remedy: Words(
            "用 denghuo link --account admin 签发登录地址并任命管理员",
            "Make a sign-in with denghuo link --account admin and give the office")),
      failed == 0
        ? .good("errands.failed", Words("没有失败的后续事项", "No errand was given up"))
        : Finding(
          "errands.failed", .doubtful,
          Words("\(failed) 项后续事项失败", "\(failed) errands were given up"),
          remedy: Words(
            "查看服务日志中的 errand 记录并报告缺陷", "See the log for them and report the defect")),
    ]
  }

  private func kept() async throws -> [Finding] {
    let (keeping, tail, last) = try await desk.storage.read { transaction in
      let store = KeepingStore(transaction: transaction)
      return (
        try store.keeping(), try store.waiting(),
        try CheckpointStore(transaction: transaction).last()
      )
    }
    guard let keeping else {
      return [
        Finding(
          "journal.kept", .doubtful,
          Words(
            "日志没有存到第二处：机器损坏会丢失最近一次备份之后的数据",
            "The journal is kept nowhere else: a lost machine loses what came after the last backup"
          ),
          remedy: Words(
            "见 docs/howto/JOURNAL.md：denghuo journal keep",
            "See docs/howto/JOURNAL.md: denghuo journal keep"))
      ]
    }
    let signed = last.map { Words("，已签到第 \($0.size) 条", ", signed up to entry \($0.size)") }
    let seen = Words(
      "日志同时存到 \(keeping.place)\(signed?.chinese ?? "")",
      "The journal is kept at \(keeping.place) too\(signed?.english ?? "")")
    return [
      tail > Self.tailDoubtful
        ? Finding(
          "journal.kept", .bad,
          Words(
            "有 \(tail) 批变更没有送到第二处（\(keeping.place)）",
            "\(tail) batches of changes have not reached \(keeping.place)"),
          remedy: Words("检查第二处是否可写", "See whether it can be written there"))
        : .good("journal.kept", seen)
    ]
  }
}
