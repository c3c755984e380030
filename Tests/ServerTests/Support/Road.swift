import Kernel
import Testing
import Town

@testable import Server

/// A way by which a command reaches the district.
enum Road: String, CaseIterable, Sendable {
  /// A program with a token, and the same once more under the same key.
  case program
  /// Among others in one request.
  case batch
  /// As if, which must leave nothing behind.
  case rehearsal
  /// A page's form.
  case form
  /// What a phone kept while it had no network, as the command and as the form that was filled in; dated
  /// two days back.
  case queue
  case queuedForm
  /// The socket in the data folder, by which the command line comes.
  case commandLine
}

extension TownServer {
  private static let json = ("Content-Type", "application/json")

  /// Sends what somebody tries by a road.
  ///
  /// - Returns: the status of the command itself; a form that is done is 303.
  func send(
    _ attempt: TheList.Attempt, by road: Road, token: [(String, String)],
    browser: [(String, String)], account: String, key: String
  ) async throws -> Int {
    let name = Fields.text(attempt.name)
    let body = attempt.body
    let id = Fields.text(key)
    let done = Fields.text((town.now - .hours(48)).text(in: .china))
    switch road {
    case .program:
      let text = try Self.text(body)
      _ = await command(text, key: key, token, name: attempt.name)
      return await command(text, key: key, token, name: attempt.name).status
    case .batch:
      let entry = Fields.object(["id": id, "name": name, "command": body])
      return try await each("/api/batch", [entry], token)
    case .rehearsal:
      let entry = Fields.object(["name": name, "command": body])
      return await client.send(
        "POST", "/api/rehearse", headers: token + [Self.json],
        body: try Self.text(.list([entry]))
      ).status
    case .form:
      let pairs = Self.pairs(body, "") + [FormPair(name: "id", value: key)]
      return await form("/do/\(attempt.name)", FormPair.text(pairs), browser).status
    case .queue:
      let entry = Fields.object(["id": id, "name": name, "command": body, "done": done])
      return try await each("/api/batch", [entry], browser)
    case .queuedForm:
      var members: [String: Fields] = [:]
      for pair in Self.pairs(body, "") {
        let more = Fields.text(pair.value)
        switch members[pair.name] {
        case .list(let list): members[pair.name] = .list(list + [more])
        case .some(let one): members[pair.name] = .list([one, more])
        case nil: members[pair.name] = more
        }
      }
      let entry = Fields.object([
        "id": id, "name": name, "form": .object(members), "done": done,
      ])
      return try await each("/api/batch", [entry], browser)
    case .commandLine:
      return await local.send(
        "POST", "/api/commands/\(attempt.name)",
        headers: [("Denghuo-Account", account), ("Idempotency-Key", key), Self.json],
        body: try Self.text(body)
      ).status
    }
  }

  /// The status of the one command of a batch.
  private func each(
    _ path: String, _ entries: [Fields], _ headers: [(String, String)]
  ) async throws -> Int {
    let answer = await client.send(
      "POST", path, headers: headers + [Self.json], body: try Self.text(.list(entries)))
    guard case .list(let told) = answer.json, case .integer(let status) = told.first?["status"]
    else { return answer.status }
    return Int(status)
  }

  private static func text(_ fields: Fields) throws -> String {
    String(decoding: try Fields.jsonBytes(fields), as: UTF8.self)
  }

  /// What a form of it would send.
  private static func pairs(_ fields: Fields, _ name: String) -> [FormPair] {
    func under(_ member: String) -> String { name.isEmpty ? member : "\(name).\(member)" }
    switch fields {
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { pairs($0.value, under($0.key)) }
    case .list(let list):
      return list.enumerated().flatMap { index, item in
        if case .text = item { return pairs(item, name) }
        return pairs(item, under(String(index)))
      }
    case .text(let text): return [FormPair(name: name, value: text)]
    case .integer(let number): return [FormPair(name: name, value: String(number))]
    case .flag(let flag): return [FormPair(name: name, value: flag ? "true" : "false")]
    case .real(let number): return [FormPair(name: name, value: String(number))]
    case .null: return []
    }
  }

  /// Who is restricted at this moment, straight from the table.
  func restricted() async throws -> [String] {
    try await town.rows(
      """
      SELECT DISTINCT person
      FROM restriction
      WHERE ended_at IS NULL AND end_at > \(town.now) AND kind <> 'notice'
      ORDER BY person
      """
    ).map { $0.text(0) }
  }

  /// Nobody has caused more within any 24 hours than the policy lets one account cause alone under one
  /// clause, counted from who sent what and from when each restriction holds.
  ///
  /// - Parameter entitled: whose word starts a restriction at all; what the clock does for a zone that
  ///   was opened is counted by the zone.
  func expectWithin(_ most: Int, of entitled: Set<String>) async throws {
    let started = try await town.rows(
      """
      SELECT restriction.start_at, journal.sender, restriction.clause
      FROM restriction
      JOIN journal ON journal.subject = restriction.id AND journal.name = 'restrictions.started'
      WHERE restriction.kind <> 'notice'
      ORDER BY restriction.start_at
      """)
    #expect(Set(started.map { $0.text(1) }) == entitled)
    let causes = Dictionary(grouping: started) { "\($0.text(1)) \($0.text(2))" }
    let told = causes.mapValues(\.count)
    for (cause, rows) in causes where rows[0].text(1) != "clock" {
      for (first, beyond) in zip(rows, rows.dropFirst(most)) {
        #expect(
          beyond.instant(0) - first.instant(0) >= .hours(24), "\(cause): more than \(most) in a day"
        )
      }
    }
    // Whoever is restricted was restricted by somebody who is counted here.
    let people = try await restricted().count
    #expect(people <= started.count, "\(people): \(told)")
  }
}
