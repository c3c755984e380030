import Kernel

/// A list of scans was taken in.
package struct ScansTaken: Fact {
  package static let name = "scans.taken"
  package static let words = Words("已收到扫码记录", "List of scans taken in")
  package static let about = Matter.run
  package let run: String?
  package let batch: Int
  package let scans: Int
  package var subject: String { run ?? "scans" }
}

/// The scans of a day were deleted because their time had come.
package struct ScansExpired: Fact {
  package static let name = "scans.expired"
  package static let words = Words(
    "一天的扫码记录到期删除", "Scans of a day deleted after their time of keeping")
  package static let about = Matter.day
  package let day: String
  package let scans: Int
  /// A digest over the lists that were deleted, by which a copy of them would be known.
  package let digest: String
  package var subject: String { day }
}

/// A node's index of scans deleted a day too.
package struct ScansDropped: Fact {
  package static let name = "scans.dropped"
  package static let words = Words("节点的扫码索引也已删除这一天", "Index of scans deleted a day on a node")
  package static let about = Matter.day
  package let day: String
  package let node: String
  package let stays: Int
  /// The checksum of the file that was deleted.
  package let checksum: String
  package var subject: String { day }
}
