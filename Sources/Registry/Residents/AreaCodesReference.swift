import Kernel

extension AreaCodes: ReferenceTable {
  package static let title = Words("行政区划代码", "area codes")
}
