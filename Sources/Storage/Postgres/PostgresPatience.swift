/// How long a node waits for a database that does not answer.
package struct PostgresPatience: Sendable {
  /// For how long a transaction is begun again when the server has gone, or undoes it again and again.
  package var server = Duration.seconds(5)
  /// The word on a COMMIT, which a server whose standby is away does not give: longer than a primary
  /// needs to choose another standby, shorter than a person, or a proxy in front, waits for an answer.
  package var commit = Duration.seconds(10)
  /// The district's lock: its holder may be waiting for an absent standby.
  package var lock = Duration.seconds(10)
  /// No statement of a command or a question takes so long; a server that is silent for longer hangs.
  package var statement = Duration.seconds(120)
  /// A COMMIT that is waited for longer than this says that its standby is away.
  package var confirmation = Duration.seconds(2)
  /// Whether anybody is there at all.
  package var asking = Duration.seconds(2)

  package init() {}
}
