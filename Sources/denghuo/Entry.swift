import ArgumentParser
import Foundation
import Kernel
import Spreadsheets

/// The command line: what each word does is in `Commands/`.
struct Denghuo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denghuo",
    abstract: told(
      "灯火：疫情中街道的人、地、时。",
      "灯火: people, places and time in an outbreak, for the street that deals with it."),
    subcommands: [
      InitCommand.self, ServeCommand.self, DemoCommand.self, ImportCommand.self,
      ExportCommand.self, ContactsCommand.self, BulletinCommand.self, DeadlinesCommand.self,
      DuplicatesCommand.self,
      CompanionsCommand.self, ExposedCommand.self, ZonesCommand.self, RestrictionsCommand.self,
      IdentityCommand.self, ObligationsCommand.self, PerformCommand.self, PolicyCommand.self,
      VerifyCommand.self, MigrateCommand.self, TokenCommand.self, LinkCommand.self,
      BackupCommand.self, RestoreCommand.self, JournalCommand.self, BoundariesCommand.self,
      ClockCommand.self, DoctorCommand.self, ScreeningCommand.self, PassCommand.self,
      FactorCommand.self, IsolationCommand.self,
      AuthorisationCommand.self,
    ])
}

/// Parses and runs, and turns what went wrong into a sentence and an exit code.
enum Entry {
  /// 0 done · 1 refused or rejected · 2 wrong use · 3 the world failed.
  static func run(_ arguments: [String]) async -> Int32 {
    // A reader that goes away is an error of the next write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let voice = Voice.fromEnvironment
    if let wrong = WrongUse.unknownCommand(arguments) { return tell(wrong, voice) }
    do {
      var command = try Denghuo.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return 0
    } catch {
      return tell(error, voice)
    }
  }

  private static func tell(_ error: any Error, _ voice: Voice) -> Int32 {
    switch error {
    case is OutputClosed: return 0
    case let code as ExitCode: return code.rawValue
    case let wrong as WrongUse:
      voice.complain(wrong.words)
      return 2
    case let refusal as Refusal:
      voice.complain(refusal.wordsWithRemedy, field: refusal.field)
      return 1
    case let faulty as FaultyFile:
      voice.complain(faulty.words)
      return faulty.fault.isOfTheWorld ? 3 : 1
    case let fault as SpreadsheetFault:
      voice.complain(fault.words)
      return fault.isOfTheWorld ? 3 : 1
    case let failure as WorldFailed:
      voice.complain(failure.words)
      return 3
    case let failure as StorageFailure:
      voice.complain(failure.words)
      return 3
    case let fault as ClockFault:
      voice.complain(fault.sentence)
      return 3
    case let failure as CocoaError:
      let reason = failure.localizedDescription
      voice.complain(Words("文件无法读写：\(reason)", "A file failed: \(reason)"))
      return 3
    default:
      return tellParsing(error, voice)
    }
  }

  /// An argument library answers 64 for wrong use; the contract says 2. What it does not know is
  /// not a matter of use.
  private static func tellParsing(_ error: any Error, _ voice: Voice) -> Int32 {
    let message = Denghuo.fullMessage(for: error)
    let code = Denghuo.exitCode(for: error)
    let sentences = voice.language == .chinese ? UsageSentences.chinese(message) : message
    if code.isSuccess {
      do { try voice.say(sentences) } catch {
        return error is OutputClosed ? 0 : tell(error, voice)
      }
      return 0
    }
    guard code == .validationFailure else {
      voice.complain(Words("操作没有完成：\(error)", "It was not done: \(error)"))
      return 3
    }
    StandardError.write(sentences + "\n")
    return 2
  }
}

extension SpreadsheetFault {
  var words: Words { Words(chinese, english) }

  /// Whether the disk is at fault rather than what stands in the file.
  var isOfTheWorld: Bool { code == .fileUnreadable || code == .fileUnwritable }
}

extension StorageFailure {
  fileprivate var words: Words {
    switch kind {
    case .full:
      Words(
        "磁盘已满，没有写入；请腾出空间后重试（\(self)）",
        "The disk is full and nothing was written; make room and try again (\(self))")
    case .constraint:
      Words(
        "程序出错，操作没有生效；请把这一行告诉维护者（\(self)）",
        "The program failed and nothing was done; tell its maintainers this line (\(self))")
    case .unavailable:
      Words(
        "存储不可用，操作没有完成；请检查磁盘和权限后重试（\(self)）",
        "The storage is unavailable and it was not done; check the disk and the permissions (\(self))"
      )
    case .broken:
      Words(
        "磁盘读写出错，操作没有得到确认；请检查磁盘后重试（\(self)）",
        "The disk failed and what was sent is not confirmed; see to the disk and try again (\(self))"
      )
    case .unknown:
      Words(
        "数据库没有确认操作是否完成；请恢复后核对再重试（\(self)）",
        "The database did not say whether it was done; look before trying again (\(self))")
    }
  }
}

extension ClockFault {
  /// Why nothing was written, and what to do.
  var sentence: Words {
    Words(
      "时钟与最后一次记录不符（\(words.chinese)），没有写入；请校准时钟，或启动服务后用 denghuo clock --accept 确认",
      "The clock does not fit what was recorded last (\(words.english)) and nothing was written; set it "
        + "right, or start the server and accept it with denghuo clock --accept")
  }
}
