import Foundation
import Testing

/// A disk on which one call of many fails, or every one from there on.
struct FailingDisk {
  /// What goes wrong with it.
  struct Fault: CustomTestStringConvertible, Sendable {
    let error: Int32
    let isForEver: Bool
    /// Whether there is no room, rather than the disk being broken.
    var isFull: Bool { error == ENOSPC }

    var testDescription: String {
      "\(isFull ? "no room" : "broken"), \(isForEver ? "for ever" : "once")"
    }
  }

  static let faults = [ENOSPC, EIO].flatMap { error in
    [false, true].map { Fault(error: error, isForEver: $0) }
  }

  /// The library that lets calls fail; nil when there is no compiler for it.
  static let library = Preloaded.library("FailingDisk")

  let fault: Fault
  let at: Int
  let data: String
  /// The only file in the data folder that it is about; nil for all.
  var file: String?
  private var mark: String { "\(data)-failed" }

  /// What a program is started with to have this disk.
  var environment: [String: String] {
    [
      "LD_PRELOAD": Self.library ?? "", "DENGHUO_FAIL_FOLDER": data, "DENGHUO_FAIL_AT": "\(at)",
      "DENGHUO_FAIL_ERROR": "\(fault.error)", "DENGHUO_FAIL_FOREVER": fault.isForEver ? "1" : "0",
      "DENGHUO_FAIL_MARK": mark, "DENGHUO_FAIL_FILE": file.map { "\(data)/\($0)" } ?? "",
    ]
  }

  /// The call that failed first; nil when it never came to that.
  var failed: String? {
    (try? String(contentsOfFile: mark, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Libraries in C that stand between a program and the system, built once for a test run.
enum Preloaded {
  /// Shifts the clock that can be set.
  static let setClock = library("SetClock")

  /// Builds a library from the source of that name beside this file.
  static func library(_ name: String) -> String? {
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "\(name).c").path
    let library = NSTemporaryDirectory() + "denghuo-\(name)-\(getpid()).so"
    for compiler in ["clang", "cc", "gcc"] {
      let made = try? LoopDisk.run(
        compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl")
      if made != nil { return library }
    }
    return nil
  }
}
