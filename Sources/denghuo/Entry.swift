import ArgumentParser
import Foundation
import Kernel
import Spreadsheets

/// The command line: what each word does is in `Commands/`.
struct Denghuo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denghuo",
    abstract: "灯火: people, places and time in an outbreak, for the street that deals with it.",
    subcommands: [
      ImportCommand.self, ExportCommand.self, ObligationsCommand.self, PerformCommand.self,
      PolicyCommand.self, VerifyCommand.self, DeadlinesCommand.self, IdentityCommand.self,
      BulletinCommand.self, InitCommand.self, TokenCommand.self, LinkCommand.self,
      ServeCommand.self, DemoCommand.self, ContactsCommand.self,
    ])
}

/// Parses and runs, and turns what went wrong into a sentence and an exit code.
enum Entry {
  /// 0 done · 1 refused or rejected · 2 wrong use · 3 the world failed.
  static func run(_ arguments: [String]) async -> Int32 {
    let voice = Voice.fromEnvironment
    do {
      var command = try Denghuo.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch let wrong as WrongUse {
      voice.complain(wrong.words)
      return 2
    } catch let refusal as Refusal {
      voice.complain(refusal.words, field: refusal.field)
      return 1
    } catch let fault as SpreadsheetFault {
      voice.complain(Words(fault.chinese, fault.english))
      return fault.code.isOfTheWorld ? 3 : 1
    } catch let failure as StorageFailure {
      voice.complain(
        Words("存储出错，操作未完成：\(failure)", "The storage failed; nothing was done: \(failure)"))
      return 3
    } catch let error as CocoaError {
      voice.complain(
        Words(
          "文件无法读写：\(error.localizedDescription)", "A file failed: \(error.localizedDescription)"))
      return 3
    } catch let error as POSIXError {
      voice.complain(
        Words("系统出错：\(error.code)", "The system failed: \(error.code)"))
      return 3
    } catch {
      return parsingFailed(error)
    }
  }

  /// An argument library answers 64 for wrong use; the contract says 2.
  private static func parsingFailed(_ error: any Error) -> Int32 {
    let message = Denghuo.fullMessage(for: error)
    let code = Denghuo.exitCode(for: error)
    if code.isSuccess {
      print(message)
      return 0
    }
    FileHandle.standardError.write(Data((message + "\n").utf8))
    return 2
  }
}

/// The command was called in a way that means nothing.
struct WrongUse: Error {
  let words: Words

  init(_ chinese: String, _ english: String) { words = Words(chinese, english) }
}

extension SpreadsheetFaultCode {
  /// Whether the disk is at fault rather than what stands in the file.
  fileprivate var isOfTheWorld: Bool { self == .fileUnreadable || self == .fileUnwritable }
}
