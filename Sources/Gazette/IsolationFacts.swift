import Kernel

/// What an isolation site has changed: how many rooms it has, and how many of them are not free.
///
/// A site that counts its own rooms is not counted a second time by hand.
package struct SiteRoomsCounted: Fact {
  package static let name = "isolation.roomsCounted"
  package static let words = Words("隔离点房间数已更新", "Rooms of an isolation site counted")
  package static let about = Matter.site
  /// The place that is the site.
  package let site: PlaceID
  package let total: Int
  package let used: Int
  package var subject: String { site.text }

  package init(site: PlaceID, total: Int, used: Int) {
    self.site = site
    self.total = total
    self.used = used
  }
}
