import Foundation
import Linkage
import Spreadsheets

// linkage-benchmark FILE NAME=COLUMN… : finds duplicates and tells the times on standard error.
let arguments = Array(CommandLine.arguments.dropFirst())
guard let file = arguments.first, arguments.count > 1 else {
  print("linkage-benchmark FILE NAME=COLUMN…")
  exit(2)
}
var columns: [MatchColumn] = []
var headers: [String] = []
for word in arguments.dropFirst() {
  let parts = word.split(separator: "=", maxSplits: 1)
  guard parts.count == 2, let column = MatchColumn(rawValue: String(parts[0])) else { exit(2) }
  columns.append(column)
  headers.append(String(parts[1]))
}
let start = ContinuousClock.now
func tell(_ what: String) {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let cpu =
    Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    + Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
  FileHandle.standardError.write(
    Data(
      "\(what) \(ContinuousClock.now - start) cpu \(cpu) rss \(usage.ru_maxrss / 1024) MB\n".utf8))
}
var table = try Table(path: file, columns: headers.map { Column($0) })
let places = headers.map { table.position(of: $0) ?? 0 }
var people = PeopleList(columns: columns)
while let entry = try table.next() {
  if case .row(let row) = entry { people.append(row.cells[0], places.map { row.cells[$0] }) }
}
tell("read \(people.count)")
let search = DuplicateSearch(people, threshold: 0.1)
tell("settled")
let pairs = search.pairs { stage, done, total in if done == 0 { tell("\(stage) \(total)") } }
tell("found \(pairs.count)")
var out = "a,b,probability\n"
for pair in pairs { out += "\(pair.first),\(pair.second),\(pair.probability)\n" }
FileHandle.standardOutput.write(Data(out.utf8))
tell("written")
