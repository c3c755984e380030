import Glibc

/// What went wrong with stored visits or a file of visits, where, and what can be done about it.
///
/// Cells are never quoted: they may hold people's identifiers.
package struct VisitFault: Error, Equatable, Sendable {
  /// The stable name of the problem, for programs.
  package let code: VisitFaultCode
  /// The file, where one is concerned.
  package let path: String
  /// The part of the file: the name of a column, or a row's number.
  package let part: String
  /// The system's error number, 0 when it had none.
  package let system: Int32

  package init(
    _ code: VisitFaultCode, at path: String = "", part: String = "", system: Int32 = 0
  ) {
    self.code = code
    self.path = path
    self.part = part
    self.system = system
  }
}

/// The stable names of what can be wrong.
package enum VisitFaultCode: String, Sendable {
  case noMemory = "no_memory"
  case unreadable
  case unwritable
  case notASegment = "not_a_segment"
  case torn
  case damaged
  case tooManyRows = "too_many_rows"
  case tooManyNames = "too_many_names"
  case badDay = "bad_day"
  case notALog = "not_a_log"
  case dayDropped = "day_dropped"
  case reversed
  case unreachable
  case askedInVain = "asked_in_vain"
  case notGone = "not_gone"
}

extension VisitFault {
  /// Visits of a deleted day were to be written.
  package init(dropped day: UInt32) {
    self.init(.dayDropped, part: CivilDay(number: Int(day)).text)
  }

  private var reason: String { system == 0 ? "" : String(cString: strerror(system)) }

  /// The sentence in Chinese.
  package var chinese: String {
    switch code {
    case .noMemory: "内存不足（\(reason)），请减少数据或换大内存的机器"
    case .unreadable: "\(path)：文件无法读取（\(reason)），请检查权限和磁盘"
    case .unwritable: "\(path)：文件无法写入（\(reason)），请检查权限和磁盘空间"
    case .notASegment: "\(path)：不是到访数据段，请从备份恢复该文件"
    case .torn: "\(path)：文件不完整，请从备份恢复该文件"
    case .damaged: "\(path)：“\(part)”的内容已损坏，请从备份恢复该文件"
    case .tooManyRows: "一天的到访超过了上限，请分成几个存储"
    case .tooManyNames: "编号的个数超过了上限，请分成几个存储"
    case .badDay: "时间超出可存的范围（1970 至 2106 年），请核对“\(part)”"
    case .notALog: "\(path)：不是到访日志，请从备份恢复该文件"
    case .dayDropped: "\(part) 的到访已按期限删除，不能再写入"
    case .reversed: "“to”早于“from”，请核对两个时间"
    case .unreachable: "\(path)：分布式数据库没有应答，请检查地址和网络后重试"
    case .askedInVain: "\(path)：分布式数据库拒绝了请求（代码 \(part)），请查看该机的日志"
    case .notGone: "\(path)：\(part) 的到访没有全部删除，请再删一次"
    }
  }

  /// The sentence in English.
  package var english: String {
    switch code {
    case .noMemory: "there is no memory left (\(reason)); use less data or a larger machine"
    case .unreadable: "\(path): cannot be read (\(reason)); check the permissions and the disk"
    case .unwritable:
      "\(path): cannot be written (\(reason)); check the permissions and the space on the disk"
    case .notASegment: "\(path): is no segment of visits; restore the file from a backup"
    case .torn: "\(path): is cut off; restore the file from a backup"
    case .damaged: "\(path): “\(part)” is damaged; restore the file from a backup"
    case .tooManyRows: "a day has more visits than fit; use several stores"
    case .tooManyNames: "there are more identifiers than fit; use several stores"
    case .badDay: "a time lies outside of what can be kept (1970 to 2106); check “\(part)”"
    case .notALog: "\(path): is no log of visits; restore the file from a backup"
    case .dayDropped:
      "the visits of \(part) were deleted as the retention rule asks; none can be added"
    case .reversed: "“to” is before “from”; check both times"
    case .unreachable:
      "\(path): the distributed database does not answer; check the address and the network, and try again"
    case .askedInVain:
      "\(path): the distributed database refused the request (code \(part)); see the log of that machine"
    case .notGone: "\(path): visits of \(part) are still there; delete the day again"
    }
  }
}
