import CPostgres
import Kernel

/// Where a database is and as whom to go there: a `postgres://` address without its password.
package struct PostgresAddress: Sendable {
  /// As it was given; it holds nothing secret.
  package let text: String
  /// What it says, in libpq's words.
  private let parameters: [(keyword: String, value: String)]

  /// Reads an address.
  ///
  /// - Throws: a refusal when it is no address, or carries a password: addresses stand in files,
  ///   command lines and messages, where a password would be read by others.
  package init(_ text: String) throws(Refusal) {
    guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
      throw Self.wrong(Words("应以 postgres:// 开头", "it begins with postgres://"))
    }
    guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else {
      throw Self.wrong(
        Words("如 postgres://灯火@主机/库名", "such as postgres://denghuo@host/database"))
    }
    defer { PQconninfoFree(options) }
    var found: [(keyword: String, value: String)] = []
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        found.append((String(cString: keyword), String(cString: value)))
      }
      option += 1
    }
    guard !found.contains(where: { $0.keyword == "password" || $0.keyword == "sslpassword" }) else {
      throw Refusal(
        .invalid, "store.password",
        Words(
          "地址中不能写密码；请把密码放在 PGPASSFILE 指定的文件（或 ~/.pgpass）中",
          "An address holds no password; put it into the file that PGPASSFILE names, or ~/.pgpass"),
        field: "store")
    }
    let others = found.first { $0.keyword == "target_session_attrs" }
    guard others == nil || others?.value == "read-write" else {
      throw Self.wrong(
        Words(
          "target_session_attrs 只能是 read-write，因为从不在只读副本上作决定",
          "target_session_attrs can only be read-write: nothing is ever decided from a replica"))
    }
    self.text = text
    parameters = found
  }

  private static func wrong(_ why: Words) -> Refusal {
    Refusal(
      .invalid, "store.address",
      Words(
        "这不是可用的数据库地址：\(why.chinese)",
        "This is no usable address of a database: \(why.english)"), field: "store")
  }

  /// How many servers it names, of which one takes writing.
  var serverCount: Int {
    ["host", "hostaddr"].map { list(of: $0).count }.max() ?? 1
  }

  /// Which of its servers a connection has reached; nil when it does not say.
  func server(host: String, port: String) -> Int? {
    let hosts = list(of: "host").isEmpty ? list(of: "hostaddr") : list(of: "host")
    let ports = list(of: "port")
    return hosts.indices.first { index in
      let other = ports.count == hosts.count ? ports[index] : ports.first ?? ""
      return hosts[index] == host && (other.isEmpty || other == port)
    }
  }

  /// What a connection is opened with: what the address says, and how to find out soon that the
  /// other side has gone.
  ///
  /// - Parameter first: which of the servers is asked first; one that has gone costs the time of
  ///   `connect_timeout` each time that it is asked before the others.
  func connectionString(application: String, first: Int = 0) -> String {
    // With another server to ask, one that is slow is not worth waiting for.
    let patience = serverCount > 1 ? "2" : "10"
    var all = [
      "application_name": application, "connect_timeout": patience, "keepalives_idle": "3",
      "keepalives_interval": "2", "keepalives_count": "2", "tcp_user_timeout": "6000",
    ]
    for (keyword, value) in parameters { all[keyword] = value }
    for keyword in ["host", "hostaddr", "port"] {
      let list = list(of: keyword)
      guard list.count > 1 else { continue }
      let start = first % list.count
      all[keyword] = (list[start...] + list[..<start]).joined(separator: ",")
    }
    all["client_encoding"] = "UTF8"
    // After a failover the address may name two servers, one of which takes no writing.
    all["target_session_attrs"] = "read-write"
    return all.sorted { $0.key < $1.key }
      .map { keyword, value in
        let quoted = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "\(keyword)='\(quoted)'"
      }
      .joined(separator: " ")
  }

  private func list(of keyword: String) -> [Substring] {
    parameters.last { $0.keyword == keyword }?.value
      .split(separator: ",", omittingEmptySubsequences: false) ?? []
  }
}
