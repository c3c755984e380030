import CAssets

/// Files that are part of the binary: pages, policies, reference data.
package enum Assets {
  /// The paths of all files, from the root of the project.
  package static var paths: [String] {
    (0..<assets_count).map { String(cString: all[$0].path) }
  }

  /// The bytes of a file, nil when it is not part of the binary.
  package static func bytes(_ path: String) -> [UInt8]? {
    for index in 0..<assets_count where String(cString: all[index].path) == path {
      return Array(UnsafeBufferPointer(start: all[index].bytes, count: all[index].count))
    }
    return nil
  }

  private static var all: UnsafePointer<Asset> { assets_first() }
}
