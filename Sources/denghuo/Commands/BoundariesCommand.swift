import ArgumentParser
import Foundation
import Headquarters
import Kernel

/// `denghuo boundaries FILE…`: the boundaries of districts, for the map on the wall.
struct BoundariesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boundaries",
    abstract: told(
      "导入区县边界（GeoJSON），供大屏地图使用。", "Take in district boundaries (GeoJSON) for the wall's map."))

  @Argument(help: .told("带 adcode 或 code 的 GeoJSON 文件。", "GeoJSON files with an adcode or a code."))
  var files: [String]
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    let read = try files.map(BoundaryFile.features)
    let door = try await folder.door(voice)
    var count = 0
    for features in read {
      let receipt = try await door.perform(
        KeepBoundaries.name, .object(["features": .list(features)]))
      if case .integer(let taken) = try Fields.json(receipt.answer) { count += Int(taken) }
    }
    try voice.say(Words("已导入 \(count) 个区县的边界", "boundaries taken in: \(count)")(voice.language))
  }
}

/// A GeoJSON file named on the command line.
enum BoundaryFile {
  /// The features that a file holds.
  ///
  /// - Throws: wrong use when there is no such file, a refusal when it is no GeoJSON.
  static func features(_ file: String) throws -> [Fields] {
    let path = try NamedFile.path(file)
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw WorldFailed("无法读取“\(file)”", "“\(file)” cannot be read")
    }
    let content = try? Fields.json(Array(bytes))
    guard let content, case .list(let features) = content["features"] else {
      throw Refusal(
        .invalid, "boundary.notGeoJSON",
        Words(
          "“\(file)”不是 GeoJSON 要素集，请换用带 features 的文件",
          "“\(file)” is no GeoJSON feature collection; give a file with features"))
    }
    return features
  }
}
