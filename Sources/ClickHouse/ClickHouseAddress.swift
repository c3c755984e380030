/// Where ClickHouse is: its machines, the database, and who asks.
package struct ClickHouseAddress: Sendable {
  /// One machine's door for programs.
  package struct Host: Hashable, Sendable {
    package let name: String
    package let port: Int

    package init(name: String, port: Int) {
      self.name = name
      self.port = port
    }

    var text: String { "\(name):\(port)" }
  }

  /// Every machine that holds a part of the visits; the first is asked.
  package let hosts: [Host]
  package let database: String
  /// The cluster's name in the servers' own settings (`remote_servers`); nil for a single machine.
  package let cluster: String?
  package var user = "default"
  /// Never part of an address: it comes from a file that only the program reads.
  package var password = ""
  /// How long an answer is waited for.
  package var patience: Duration = .seconds(120)

  /// - Returns: nil when there is no host, or a name that is not letters, digits and `_`.
  package init?(hosts: [Host], database: String, cluster: String? = nil) {
    guard !hosts.isEmpty, Self.isName(database), cluster.map(Self.isName) ?? true else {
      return nil
    }
    self.hosts = hosts
    self.database = database
    self.cluster = cluster
  }

  /// Names become part of statements, so that only plain ones are taken.
  private static func isName(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == 95
    }
    return isPlain && !text.isEmpty && !(48...57).contains(text.utf8.first ?? 48)
  }
}
