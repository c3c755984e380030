import Glibc

/// A folder of segments, one file for each sealed day.
package struct VisitFolder {
  package let path: String

  /// Names a folder; it is made when it is not there.
  package init(path: String) throws(VisitFault) {
    self.path = path
    if mkdir(path, 0o755) != 0, errno != EEXIST {
      throw VisitFault(.unwritable, at: path, system: errno)
    }
  }

  /// Where the segment of a day lies.
  package func segmentPath(of day: UInt32) -> String { "\(path)/\(day).day" }

  /// Maps all segments, in order of day.
  package func open() throws(VisitFault) -> [Segment] {
    var segments: [Segment] = []
    for day in try days() { segments.append(try Segment(path: segmentPath(of: day))) }
    return segments
  }

  /// The sealed days, in order.
  package func days() throws(VisitFault) -> [UInt32] {
    guard let folder = opendir(path) else {
      throw VisitFault(.unreadable, at: path, system: errno)
    }
    defer { closedir(folder) }
    var days: [UInt32] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".day"), let day = UInt32(name.dropLast(4)) { days.append(day) }
    }
    return days.sorted()
  }

  /// Seals all rows into files, one for each day, and syncs them.
  package func seal(_ rows: DayRows) throws(VisitFault) {
    let memory = GrowingMemory<StayRow>()
    let scratch = GrowingMemory<StayRow>()
    for day in rows.all {
      let (region, _) = try rows.segment(of: day, in: memory, scratch)
      try DurableFile.write(
        UnsafeRawBufferPointer(start: region.base, count: region.count),
        to: segmentPath(of: day))
    }
    try DurableFile.syncFolder(path)
  }
}

extension DayRows {
  /// Makes segments in memory, without a folder.
  package func segments() throws(VisitFault) -> [Segment] {
    let memory = GrowingMemory<StayRow>()
    let scratch = GrowingMemory<StayRow>()
    var segments: [Segment] = []
    for day in all {
      let (region, form) = try segment(of: day, in: memory, scratch)
      segments.append(Segment(region, form))
    }
    return segments
  }
}

extension VisitFolder {
  /// The space that all files take on the disk.
  package func bytes() throws(VisitFault) -> Int {
    guard let folder = opendir(path) else {
      throw VisitFault(.unreadable, at: path, system: errno)
    }
    defer { closedir(folder) }
    var bytes = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var facts = stat()
      if stat("\(path)/\(name)", &facts) == 0, facts.st_mode & S_IFMT == S_IFREG {
        bytes += Int(facts.st_blocks) * 512
      }
    }
    return bytes
  }
}
