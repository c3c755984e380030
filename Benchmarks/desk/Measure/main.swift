import Cryptography
import District
import Foundation
import Kernel
import Registry

// desk-benchmark home DIR                              the identifier of a door, where people are enrolled
// desk-benchmark record DIR START COMMANDS FILE        what the desk's commands run, for the bare engine
// desk-benchmark desk DIR START CLIENTS SECONDS        commands through the desk

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(2)
}

func say(_ members: KeyValuePairs<String, Double>) {
  let text = members.map { "\"\($0.key)\": \(($0.value * 1_000).rounded() / 1_000)" }
  print("{\(text.joined(separator: ", "))}")
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count > 1 else { fail("desk-benchmark home|record|desk DIR …") }
let folder = DataFolder(words[1])
let secret = try folder.secret()
let recorder = RecordingStorage(try await folder.storage())
let isRecording = words[0] == "record"
let district = try await District(
  storage: isRecording ? recorder : try await folder.storage(), rules: District.rulebook(),
  secret: secret,
  clock: Clock { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
  entropy: .system)
let home = try await district.desk.storage.read { transaction in
  try transaction.row(
    "SELECT id FROM place WHERE level = \(PlaceLevel.household.rawValue) ORDER BY path LIMIT 1")?
    .text(0)
}
guard let home else { fail("there is no door in \(words[1])") }
guard words[0] != "home" else {
  print(home)
  exit(0)
}
guard words.count == 5, let start = Int(words[2]), let count = Int(words[3]) else {
  fail("START and COMMANDS or CLIENTS are numbers")
}
let people = People(home: home, start: start)
if isRecording {
  let envelopes = (0..<count).map { people.envelope($0, as: "admin") }
  _ = recorder.take()
  _ = try await district.desk.rehearse(envelopes)
  var recording = Recording()
  recording.add(recorder.take())
  try recording.write(to: words[4])
} else {
  guard let seconds = Double(words[4]) else { fail("SECONDS is a number") }
  let load = Load(desk: district.desk, people: people, account: "admin")
  // What is prepared once, such as statements, is not what is measured.
  _ = try await Load(
    desk: district.desk, people: People(home: home, start: start + 50_000_000), account: "admin"
  ).run(clients: count, seconds: 1)
  let figures = try await load.run(clients: count, seconds: seconds)
  say([
    "commands": Double(figures.commands), "seconds": figures.seconds,
    "per_second": Double(figures.commands) / figures.seconds,
    "p50_ms": figures.percentile(0.5), "p99_ms": figures.percentile(0.99),
  ])
}
