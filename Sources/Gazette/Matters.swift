import Kernel

/// What facts of several families are about.
extension Matter {
  package static let zone = Matter(Words("风险区", "Zone"), page: "/zones/:zone")
  package static let round = Matter(Words("检测轮次", "Round of testing"), page: "/screening/:round")
  package static let tube = Matter(
    Words("采样管", "Tube"), page: "/screening/tube", query: "of")
  package static let site = Matter(Words("隔离点", "Isolation site"), page: "/isolation/:site")
  package static let entry = Matter(Words("来返登记", "Entry record"))
}
