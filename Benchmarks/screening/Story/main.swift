import Cryptography
import District
import Foundation
import Kernel
import Registry
import Simulator

// wendeng-story FOLDER RESIDENTS
// A day of mass testing over so many residents in a new data folder in FOLDER, on the embedded database.
// Says what was played; writes FOLDER/report.json; ends with 1 when anybody was missed, held too long or
// let go early.

func say(_ line: String) {
  FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 2, let residents = Int(words[1]) else {
  FileHandle.standardError.write(Data("wendeng-story FOLDER RESIDENTS\n".utf8))
  exit(2)
}
let begin = ContinuousClock.now
let seconds: @Sendable () -> Double = { (ContinuousClock.now - begin) / .seconds(1) }
let size = WendengSize(residents: residents)
let folder = DataFolder("\(words[0])/data")
guard !folder.isMade else {
  FileHandle.standardError.write(Data("there is a district in \(folder.path) already\n".utf8))
  exit(2)
}
try folder.make()
guard let day = Day("2022-03-09") else { exit(2) }
let time = ScriptedTime(day.start(in: .china) + .hours(5))
let (district, lock) = try await folder.open(clock: Clock { time.now })
try await district.desk.foundDistrict(account: "admin", title: "admin")
let script = Script(desk: district.desk, pump: district.pump, name: "wendeng")
let places = try WendengPlaces(count: size.communities) { kind in
  Assets.bytes("Reference/divisions/\(kind).csv") ?? []
}
try await places.make(script)
let made = places.residents(size, today: day)
say(
  "\(made.count) residents of \(places.communities.count) communities, \(size.points) points, \(size.teams) teams"
)
try await WendengDay.enrol(made, script) { count in
  guard count % 50_000 == 0 || count == made.count else { return }
  say("enrolled \(count) of \(made.count), \(Int(seconds())) s")
}
let suite = OpenSSLSuite()
let laboratories = try (0..<size.laboratories).map { number in
  let seed = [UInt8](repeating: UInt8(number + 1), count: 32)
  return WendengLaboratory(key: Hex.text(try suite.publicKey(ofSigner: seed))) {
    try suite.sign($0, seed: seed)
  }
}
let play = WendengDay(
  script: script, time: time, size: size, residents: made, communities: places.communities,
  laboratories: laboratories, stopwatch: seconds, progress: { say($0) })
let report = try await play.play()
try Data(Fields.jsonBytes(report)).write(to: URL(filePath: "\(words[0])/report.json"))
say(
  """

  \(report.listed) listed = \(report.tested) tested + \(report.exempt) exempt + \(report.away) away \
  + \(report.refused) refused; \(report.tubes) tubes, \(report.voidTubes) void, \(report.invalidTubes) invalid
  \(report.recalled) recalled from \(size.positivePools) tubes: \(report.released) released, \
  \(report.cases) cases; \(report.approved) restrictions by a second person
  coverage by any level within \((report.slowestCoverage * 1_000).rounded()) ms; \(Int(seconds())) s in all
  """)
for fault in report.faults.prefix(50) { say("FAULT \(fault)") }
say(
  report.faults.isEmpty
    ? "nobody was missed, nobody was let go early" : "\(report.faults.count) faults")
withExtendedLifetime(lock) {}
exit(report.faults.isEmpty ? 0 : 1)
