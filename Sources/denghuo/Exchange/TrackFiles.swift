import Detection
import Foundation
import Kernel
import Spreadsheets

/// The two files of published tracks: cases with their report dates, and the tracks themselves.
enum TrackFiles {
  /// Tells the two files apart by their columns and reads the median report date.
  ///
  /// - Returns: the file of tracks and what its rows share.
  static func prepare(
    _ files: [String]
  ) throws -> (tracks: String, shared: [String: Fields]) {
    guard files.count == 2 else {
      throw WrongUse(
        "tracks 需要两个文件：cases.csv tracks.csv",
        "tracks takes two files: cases.csv tracks.csv")
    }
    let isTracks = try files.map { file in
      let header = try header(of: file)
      return header.contains("seq") || header.contains("序号")
    }
    guard let tracksIndex = isTracks.firstIndex(of: true),
      let casesIndex = isTracks.firstIndex(of: false)
    else {
      throw WrongUse(
        "两个文件中应有一个带 seq 列（tracks），另一个不带（cases）",
        "one of the two files should have a column seq (the tracks), the other not (the cases)")
    }
    let median = try TracksRules.medianDay(days(of: files[casesIndex]))
    guard let median else {
      throw Refusal(
        .invalid, "tracks.noDates",
        Words(
          "\(files[casesIndex]) 的 confirmed 列没有可识别的日期，无法确定年份",
          "the column confirmed of \(files[casesIndex]) has no readable day, so no year is known"),
        field: "confirmed")
    }
    return (files[tracksIndex], ["median_day": .text(median.text)])
  }

  private static func header(of file: String) throws -> [String] {
    let path = try NamedFile.path(file)
    return try FaultyFile.naming(file) {
      var list = try RecordList(path: path)
      return try list.next()?.cells.map { $0.trimmingWhitespace().lowercased() } ?? []
    }
  }

  private static func days(of file: String) throws -> [String] {
    let path = try NamedFile.path(file)
    return try FaultyFile.naming(file) {
      var table = try Table(
        path: path,
        columns: [Column("case", aliases: ["病例"]), Column("confirmed", aliases: ["确诊日期"])])
      var days: [String] = []
      while let entry = try table.next() {
        if case .row(let row) = entry, let day = row["confirmed"] { days.append(day) }
      }
      return days
    }
  }
}
