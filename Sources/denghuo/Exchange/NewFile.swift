import Foundation
import Kernel

/// A file that a command writes: whether it can be written is known before anything is done for it.
struct NewFile {
  private let written: String

  /// - Throws: a failure in words when its folder is not there or nothing may be written in it.
  init(_ written: String) throws {
    self.written = written
    let folder = URL(filePath: written).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw WorldFailed(
        "写不了“\(written)”：没有文件夹“\(folder)”，请先建好或换一处",
        "“\(written)” cannot be written: there is no folder “\(folder)”; make it, or name another place"
      )
    }
    var isTaken: ObjCBool = false
    if FileManager.default.fileExists(atPath: written, isDirectory: &isTaken), isTaken.boolValue {
      throw WorldFailed(
        "“\(written)”是文件夹，请写文件名", "“\(written)” is a folder; name a file in it")
    }
    guard access(folder, W_OK) == 0 else {
      throw WorldFailed(
        "写不了“\(written)”：不能写入文件夹“\(folder)”，请换一处",
        "“\(written)” cannot be written: the folder “\(folder)” lets nothing be written; name another place"
      )
    }
  }

  /// - Throws: a failure in words when the disk does not take it.
  func write(_ bytes: [UInt8]) throws {
    do { try Data(bytes).write(to: URL(filePath: written)) } catch {
      throw WorldFailed(
        "写不了“\(written)”，请检查磁盘空间和权限",
        "“\(written)” could not be written; look at the disk's space and at the permissions")
    }
  }
}
