import Kernel

/// A place came into being.
package struct PlaceMade: Fact {
  package static let name = "places.made"
  package static let words = Words("地点已建立", "Place made")
  package static let about = Matter.place
  package let place: PlaceID
  package let level: String
  package var subject: String { place.text }
}

/// A place got another name or code; the history of both is in its table.
package struct PlaceRenamed: Fact {
  package static let name = "places.renamed"
  package static let words = Words("地点名称或代码已变更", "Place renamed or given another code")
  package static let about = Matter.place
  package let place: PlaceID
  package let code: String?
  package var subject: String { place.text }
}

/// Part of a division list was taken in.
package struct PlacesImported: Fact {
  package static let name = "places.imported"
  package static let words = Words("已导入地点清单", "List of places taken in")
  package static let about = Matter.run
  package let run: String?
  package let accepted: Int
  package var subject: String { run ?? "places" }
}
