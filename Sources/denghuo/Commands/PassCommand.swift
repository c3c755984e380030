import ArgumentParser
import Containment
import Cryptography
import District
import Foundation
import Kernel

/// `denghuo pass`: codes from the command line.
struct PassCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pass",
    abstract: told(
      "健康码：签发、核验、作废、打印、导出公钥。",
      "Pass codes: issue, verify, revoke, print, and the public keys."),
    subcommands: [Issue.self, Verify.self, Revoke.self, Sheet.self, Keys.self])

  /// Issues codes.
  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "issue",
      abstract: told("为居民签发健康码。", "Issue pass codes for residents."))

    @Argument(help: .told("人员编号。", "The people, by identifier.")) var person: [String]
    @Flag(help: .told("纸质：有效期较长。", "For paper: valid for longer.")) var paper = false
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    private struct Line: Encodable {
      let person: String
      let colour: String
      let code: String?
      let from: Instant?
      let until: Instant?
      let document: String?
      let clause: String?
      let end: Instant?
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      var lines: [Line] = []
      for written in person {
        let query = IssuePass(person: try PersonID(written, field: "person"), paper: paper)
        let view = try await door.ask(
          IssuePass.name, Fields.json(Fields.jsonBytes(query)), purpose: .containment,
          as: PassView.self)
        lines.append(
          Line(
            person: view.person.text, colour: view.colour.rawValue, code: view.code,
            from: view.from, until: view.until, document: view.document,
            clause: view.why.map { $0.clause(voice.language) }, end: view.why?.end))
        guard format == .text else { continue }
        let until = view.until.map { $0.text(in: .china) } ?? "–"
        let why = view.why.map { "  \($0.clause(voice.language))" } ?? ""
        try voice.say(
          "\(view.person.text)  \(view.words(voice.language))  \(until)\(why)\n\(view.code ?? "–")")
      }
      if format == .json { try voice.say(json: lines) }
    }
  }

  /// Checks codes, with a district or with nothing but its keys.
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: told(
        "核验健康码；有 pass keys 导出的文件即可离线核验。",
        "Check pass codes; with a file of pass keys no district is needed."))

    @Argument(help: .told("编码。", "The codes.")) var code: [String]
    @Option(help: .told("pass keys 写出的文件。", "A file that pass keys wrote.")) var keys: String?
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String?
    @Option(help: .told("核验时刻，默认现在。", "The moment, now if not said.")) var at: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

    private struct Line: Encodable {
      let code: String
      let verdict: PassVerdict
      let colour: CodeColour?
      let from: Instant?
      let until: Instant?
      let document: String?
      let carried: Bool?
      let paper: Bool?
      let list: ListAge
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let now = try moment()
      let kept = try await known(voice)
      let verifier = try kept.verifier(with: OpenSSLSuite())
      let age = verifier.age(at: now)
      var isAllValid = true
      var lines: [Line] = []
      for text in code {
        let (verdict, code) = verifier.check(text, at: now)
        isAllValid = isAllValid && verdict == .valid
        lines.append(
          Line(
            code: text, verdict: verdict, colour: code?.colour, from: code?.from,
            until: code?.until, document: code?.documentTail, carried: code?.isCarriedByAnother,
            paper: code?.isPaper, list: age))
        guard format == .text else { continue }
        let colour = code.map { kept.words(of: $0.colour)(voice.language) } ?? ""
        let until = code.map { $0.until.text(in: .china) } ?? ""
        let said = verdict.words(voice.language)
        try voice.say(verdict == .valid ? "\(said)  \(colour)  \(until)" : said)
      }
      if format == .json { try voice.say(json: lines) }
      if age == .tooOld || age == .missing {
        voice.note(
          Words(
            "作废名单太旧或没有，结论不可靠，请更新",
            "The list of revoked codes is too old or missing: do not rely on this"))
      }
      if !isAllValid { throw ExitCode(1) }
    }

    private func moment() throws -> Instant {
      guard let at else { return Clock.machine.now() }
      guard let instant = Instant(at, in: .china) else {
        throw Refusal.malformed("at", at, expected: Words("时刻", "an instant"))
      }
      return instant
    }

    private func known(_ voice: Voice) async throws -> KnownKeys {
      if let keys {
        guard let bytes = FileManager.default.contents(atPath: keys) else {
          throw WrongUse(
            "--keys：无法读取“\(keys)”；请用 denghuo pass keys 导出",
            "--keys: “\(keys)” cannot be read; make it with denghuo pass keys")
        }
        return try Fields.json(Array(bytes)).decoded(KnownKeys.self, strict: false)
      }
      guard let data else {
        throw WrongUse("请用 --keys 或 --data", "Say --keys or --data")
      }
      let door = try await Doors.open(DataFolder(data), account: "admin", voice: voice)
      return try await KnownKeys.asked(of: door)
    }
  }

  /// Revokes codes.
  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke",
      abstract: told(
        "作废某人的全部健康码，或一个编码。", "Revoke everything that a person shows, or one code."))

    @Argument(help: .told("人员编号或编码。", "A person's identifier, or a code.")) var what: String
    @Option(help: .told("lost（遗失、冒用）或 mistaken（发错）。", "lost or mistaken."))
    var reason = "lost"
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      if what.uppercased().hasPrefix(PassCode.prefix), what.utf8.count > 100 {
        let command = RevokeShownPass(code: what, reason: reason)
        _ = try await door.perform(
          RevokeShownPass.name, Fields.json(Fields.jsonBytes(command)))
      } else {
        let command = RevokePasses(person: try PersonID(what, field: "person"), reason: reason)
        _ = try await door.perform(RevokePasses.name, Fields.json(Fields.jsonBytes(command)))
      }
      voice.note(Words("已作废，核验端下次更新名单即生效", "Revoked; verifiers know with their next list"))
    }
  }

  /// The codes of a household on paper.
  struct Sheet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sheet",
      abstract: told("打印一户的纸质健康码（PDF）。", "The pass codes of a household on paper, as PDF."))

    @Argument(help: .told("门牌的地点编号。", "The door, by identifier.")) var home: String
    @Option(help: .told("写到哪个 PDF 文件。", "The PDF file to write.")) var to: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let query = PassesOfHome(home: try PlaceID(home, field: "home"))
      let answer = try await door.ask(
        PassesOfHome.name, Fields.json(Fields.jsonBytes(query)), purpose: .fieldwork,
        as: PassesOfHome.Answer.self)
      try NewFile(to).write(PassSheet.pdf(of: answer, zone: .china))
      voice.note(
        Words("\(answer.passes.count) 人的码已写出", "the codes of \(answer.passes.count) people"))
    }
  }

  /// What a verifier needs.
  struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "keys",
      abstract: told(
        "导出核验用的公钥和作废名单（JSON）。", "The public keys and the list of revoked codes, as JSON."))

    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      try voice.say(json: await KnownKeys.asked(of: folder.door(voice)))
    }
  }
}

/// Keys and list as one file.
private struct KnownKeys: Codable {
  let keys: PassKeys.Answer
  let list: RevokedPasses.Answer

  static func asked(of door: any Door) async throws -> KnownKeys {
    KnownKeys(
      keys: try await door.ask(PassKeys.name, .object([:]), purpose: .supervision),
      list: try await door.ask(RevokedPasses.name, .object([:]), purpose: .supervision))
  }

  func words(of colour: CodeColour) -> Words {
    keys.colours[colour.rawValue]?.words ?? Words(colour.rawValue, colour.rawValue)
  }

  func verifier(with suite: any CryptoSuite) throws -> PassVerifier {
    let known = try keys.keys.map { key in
      guard let bytes = Hex.bytes(key.key), bytes.count == 32 else {
        throw Refusal.malformed("key", key.id, expected: Words("公钥", "a public key"))
      }
      return PassKey(publicKey: bytes, from: key.from, until: key.until, with: suite)
    }
    let read = Hex.bytes(list.list).flatMap {
      RevocationList.read($0, keys: known, with: suite)
    }
    return PassVerifier(
      keys: known, list: read, skewMinutes: keys.skewMinutes, listMinutes: keys.listMinutes,
      listOldestMinutes: keys.listOldestMinutes, suite: suite)
  }
}
