/// Statements that no transaction may hold, such as making a database.
package enum PostgresConsole {
  /// Runs one statement on a connection of its own.
  package static func run(_ statement: String, at address: PostgresAddress) async throws {
    let connection = PostgresConnection(PostgresRoute(address), application: "denghuo-console")
    try await connection.use { wire in _ = try wire.run(statement) }
  }
}
