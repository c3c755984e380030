import Foundation
import Kernel
import Spreadsheets

/// A file with something wrong in it, by its name.
struct FaultyFile: Error {
  let file: String
  let fault: SpreadsheetFault
  /// What became of the rows before the fault.
  var consequence = Words("", "")

  var words: Words {
    Words(
      "\(file)：\(fault.chinese)\(consequence.chinese)",
      "\(file): \(fault.english)\(consequence.english)")
  }

  /// Runs something on a file and puts its name to what goes wrong.
  static func naming<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let fault as SpreadsheetFault {
      throw FaultyFile(file: file, fault: fault)
    }
  }
}

/// A file named on the command line.
enum NamedFile {
  /// The path to read: `-` is standard input.
  ///
  /// - Throws: wrong use when there is no such file.
  static func path(_ written: String) throws -> String {
    let path = written == "-" ? "/dev/stdin" : written
    guard access(path, F_OK) == 0 || errno != ENOENT else {
      throw WrongUse(
        "没有文件“\(written)”，请核对文件名", "There is no file “\(written)”; check its name")
    }
    return path
  }

  /// The files meant by a list in which folders stand for the files inside them.
  static func all(_ written: [String]) throws -> [String] {
    try written.flatMap { name in
      var isFolder: ObjCBool = false
      let path = try path(name)
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else { return [name] }
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        .filter { !$0.hasPrefix(".") }.map { name.hasSuffix("/") ? name + $0 : "\(name)/\($0)" }
        .filter { file in
          var isFolder: ObjCBool = false
          return FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
            && !isFolder.boolValue
        }
    }
  }
}

/// The first bytes of a file.
enum FileHead {
  static func of(_ path: String, count: Int) throws -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw SpreadsheetFault(.fileUnreadable)
    }
    defer { try? handle.close() }
    return Array(try handle.read(upToCount: count) ?? Data())
  }
}
