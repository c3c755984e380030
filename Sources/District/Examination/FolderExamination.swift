import Foundation
import Kernel

/// Looks at a data folder and the disk and machine under it, without opening the district.
package struct FolderExamination {
  let folder: DataFolder

  /// Below these shares of free room a disk is doubtful or bad; a backup, a restore and a checkpoint
  /// of the log want room for another copy.
  private static let doubtfulShare = 0.20
  private static let badBytes: Int64 = 1 << 30
  /// A disk that takes longer to keep a page slows every command down.
  private static let slowMilliseconds = 25.0
  private static let writes = 16
  private static let filesAtLeast: UInt64 = 8_192

  package init(_ folder: DataFolder) { self.folder = folder }

  /// - Throws: a refusal when no district is there.
  package func findings() throws -> [Finding] {
    _ = try folder.secret()
    return [
      closed(folder.path, "folder.closed", most: 0o700, Words("数据目录", "the data folder")),
      closed(
        "\(folder.path)/secret.key", "secret.closed", most: 0o600, Words("密钥文件", "the secret")),
      room(), kind(), speed(), files(),
    ]
  }

  private func closed(_ path: String, _ code: String, most: Int, _ name: Words) -> Finding {
    let found = try? FileManager.default.attributesOfItem(atPath: path)
    let mode = (found?[.posixPermissions] as? NSNumber)?.intValue ?? 0
    let written = "0" + String(mode, radix: 8)
    guard mode & ~most & 0o777 == 0 else {
      return Finding(
        code, .bad,
        Words(
          "\(name.chinese)其他用户也能打开（\(written)）", "Others can open \(name.english) (\(written))"),
        remedy: Words(
          "运行 chmod \(String(most, radix: 8)) \(path)",
          "Run chmod \(String(most, radix: 8)) \(path)"))
    }
    return .good(
      code, Words("\(name.chinese)只有本用户能打开", "Only this user can open \(name.english)"))
  }

  private func room() -> Finding {
    var disk = statvfs()
    guard statvfs(folder.path, &disk) == 0 else {
      return Finding(
        "disk.room", .bad, Words("无法查看磁盘余量", "The room on the disk cannot be seen"),
        remedy: Words("检查目录权限", "See to the folder's permissions"))
    }
    let free = Int64(disk.f_bavail) * Int64(disk.f_frsize)
    let share = Double(disk.f_bavail) / Double(max(1, disk.f_blocks))
    let used = size()
    let seen = Words(
      "磁盘剩余 \(Self.gigabytes(free)) GB（\(Int(share * 100))%），数据库 \(Self.gigabytes(used)) GB",
      "\(Self.gigabytes(free)) GB free on the disk (\(Int(share * 100)) %), the database has "
        + "\(Self.gigabytes(used)) GB")
    let remedy = Words(
      "清理磁盘或换更大的磁盘；磁盘满后不再受理任何办理",
      "Make room or take a larger disk; when it is full nothing new is taken")
    if free < max(Self.badBytes, used / 4) {
      return Finding("disk.room", .bad, seen, remedy: remedy)
    }
    let isDoubtful = share < Self.doubtfulShare || free < used
    return Finding(
      "disk.room", isDoubtful ? .doubtful : .good, seen, remedy: isDoubtful ? remedy : nil)
  }

  private func size() -> Int64 {
    [folder.database, "\(folder.database)-wal"].reduce(0) { sum, file in
      let found = try? FileManager.default.attributesOfItem(atPath: file)
      return sum + ((found?[.size] as? NSNumber)?.int64Value ?? 0)
    }
  }

  private static func gigabytes(_ bytes: Int64) -> String {
    let tenths = (Double(bytes) / Double(1 << 30) * 10).rounded() / 10
    return String(tenths)
  }

  /// What the system says of the file system under the folder, by the longest mount point above it.
  private func kind() -> Finding {
    let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
    let whole = URL(filePath: folder.path).standardizedFileURL.path()
    var best: (point: Substring, kind: Substring) = ("", "")
    for line in mounts.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count > 2, whole.hasPrefix(parts[1]), parts[1].count >= best.point.count else {
        continue
      }
      best = (parts[1], parts[2])
    }
    let kind = best.kind
    if ["tmpfs", "ramfs"].contains(kind) {
      return Finding(
        "disk.kind", .bad,
        Words("数据目录在内存里（\(kind)），断电即失", "The folder is in memory (\(kind)): a power cut loses it"),
        remedy: Words("把数据目录移到磁盘上", "Move it to a disk"))
    }
    let remote = ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"]
    if remote.contains(String(kind)) {
      return Finding(
        "disk.kind", .bad,
        Words(
          "数据目录在网络盘上（\(kind)），文件锁和落盘都不可靠",
          "The folder is on a network drive (\(kind)), whose locks and syncs cannot be trusted"),
        remedy: Words("把数据目录移到本机磁盘", "Move it to a disk of this machine"))
    }
    return .good(
      "disk.kind", Words("文件系统 \(kind)", "The file system is \(kind.isEmpty ? "unknown" : kind)"))
  }

  /// How long the disk takes to keep a page.
  private func speed() -> Finding {
    let path = "\(folder.path)/doctor-\(getpid())"
    let file = Foundation.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      return Finding(
        "disk.speed", .bad, Words("数据目录不能写入", "Nothing can be written into the folder"),
        remedy: Words("检查目录权限和磁盘余量", "See to its permissions and to the room on the disk"))
    }
    defer {
      close(file)
      unlink(path)
    }
    let page = [UInt8](repeating: 7, count: 4_096)
    var times: [Double] = []
    for _ in 0..<Self.writes {
      let start = ContinuousClock.now
      guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else {
        return Finding(
          "disk.speed", .bad, Words("磁盘写入出错", "The disk failed to write"),
          remedy: Words("查看 dmesg 和磁盘的 SMART 信息", "Look at dmesg and the disk's SMART record"))
      }
      times.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    let median = times.sorted()[times.count / 2]
    let seen = Words(
      "落盘一次 \((median * 10).rounded() / 10) 毫秒",
      "The disk keeps a page in \((median * 10).rounded() / 10) ms")
    return median > Self.slowMilliseconds
      ? Finding(
        "disk.speed", .doubtful, seen,
        remedy: Words("每次办理都要等它；请换固态硬盘", "Every command waits for it; take a solid-state disk"))
      : .good("disk.speed", seen)
  }

  private func files() -> Finding {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let seen = Words("可同时打开 \(limit.rlim_cur) 个文件", "\(limit.rlim_cur) files may be open at once")
    return limit.rlim_cur < Self.filesAtLeast
      ? Finding(
        "machine.files", .doubtful, seen,
        remedy: Words(
          "连接多时会不够；在服务单元中设 LimitNOFILE=65536 或运行 ulimit -n 65536",
          "Too few for many connections: LimitNOFILE=65536 in the unit, or ulimit -n 65536"))
      : .good("machine.files", seen)
  }
}
