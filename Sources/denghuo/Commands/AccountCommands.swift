import ArgumentParser
import Cryptography
import District
import Foundation
import Kernel
import Registry
import Storage

/// `denghuo init`: a new data folder with one account, without a password.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: told(
      "新建数据目录和一个账号，打印一次性登录地址。",
      "Make a data folder with one account; prints its sign-in address."))

  @Option(help: .told("数据放在哪里。", "Where the district will live.")) var data: String
  @Option(help: .told("第一个账号的名称。", "The name of the first account.")) var account = "admin"
  @Option(
    help: .told(
      "PostgreSQL 数据库地址（postgres://…，不含密码）；缺省为目录中的文件。",
      "The address of a PostgreSQL database, without a password; a file in the folder otherwise."))
  var store: String?

  func run() async throws {
    let voice = Voice.fromEnvironment
    let folder = DataFolder(data)
    let name = try AccountID(account, field: "account")
    try folder.make(store: store.map { try PostgresAddress($0) })
    let address: String
    do {
      address = try await found(folder, name)
    } catch {
      // A folder that is half made would be refused from then on.
      folder.clearUnfinished()
      throw error
    }
    try voice.say(address)
    voice.note(
      Words(
        "已建立。先运行 denghuo serve --data \(data)，再用浏览器打开上面的一次性地址设置口令。",
        "Made. Run denghuo serve --data \(data), then open the one-time address above and set a password."
      ))
  }

  /// Opens the first account and gives its sign-in address.
  private func found(_ folder: DataFolder, _ name: AccountID) async throws -> String {
    // The folder is the district's own from here on; `lock` keeps others out until the end.
    let (district, lock) = try await folder.open(clock: .machine)
    try await district.desk.foundDistrict(account: name.text, title: name.text)
    let door = Doorkeeper.registry(district.desk)
    let secret = try await door.issueLink(name, .account(name))
    withExtendedLifetime(lock) {}
    return folder.address(path: "/link/\(secret.revealed)")
  }
}

/// `denghuo token`: a secret by which a program signs in.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: told(
      "打印程序登录用的令牌。", "Print a token with which a program signs in as an account."))

  @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
  @Option(help: .told("程序代表的账号。", "The account for which the program acts.")) var account: String
  @Option(help: .told("由哪个账号签发。", "The account that issues it.")) var by = "admin"
  @Option(help: .told("有效天数。", "For how many days it is valid.")) var days: Int?

  func run() async throws {
    let voice = Voice.fromEnvironment
    let secret = Hex.text(Entropy.system.bytes(32))
    var body: [String: Fields] = [
      "account": .text(account), "fingerprint": .text(Secret.fingerprint(secret)),
    ]
    if let days { body["days"] = .integer(Int64(days)) }
    let door = try await Doors.open(DataFolder(data), account: by, voice: voice)
    _ = try await door.perform(IssueToken.name, .object(body))
    try voice.say(secret)
  }
}

/// `denghuo link`: a one-time sign-in address for a person's browser.
struct LinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: told("打印账号的一次性登录地址。", "Print a one-time sign-in address for an account."))

  @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
  @Option(help: .told("要登录的账号。", "The account that signs in.")) var account: String
  @Option(help: .told("由哪个账号签发。", "The account that issues it.")) var by = "admin"

  func run() async throws {
    let voice = Voice.fromEnvironment
    let folder = DataFolder(data)
    let secret = Hex.text(Entropy.system.bytes(32))
    let body: [String: Fields] = [
      "account": .text(account), "fingerprint": .text(Secret.fingerprint(secret)),
    ]
    let door = try await Doors.open(folder, account: by, voice: voice)
    _ = try await door.perform(IssueLink.name, .object(body))
    try voice.say(folder.address(path: "/link/\(secret)"))
  }
}

/// Secrets that the command line makes; the district keeps their digest only.
enum Secret {
  static func fingerprint(_ secret: String) -> String {
    Hex.text(OpenSSLSuite().digest(Array(secret.utf8)))
  }
}

extension DataFolder {
  /// Where a server listens unless told otherwise.
  static let usualAddress = "127.0.0.1:8080"

  /// The file in which a running server says where it listens.
  var addressFile: String { "\(path)/address" }

  /// A web address of the district: at the address of the running server, or where one would be.
  func address(path: String) -> String {
    // A server that was killed leaves its address behind.
    let isServed = SocketClient(path: socket).isAnswered
    let written = isServed ? FileManager.default.contents(atPath: addressFile) : nil
    let address = written.map { String(decoding: $0, as: UTF8.self).trimmingWhitespace() }
    return "http://\(address ?? Self.usualAddress)\(path)"
  }
}
