import Kernel

/// A person's file was opened at a desk, by a case or by a visit. Those that a file brings in are
/// told together by ``ResidentsImported``.
package struct ResidentEnrolled: Fact {
  package static let name = "residents.enrolled"
  package static let words = Words("居民档案已建立", "Resident’s file opened")
  package static let about = Matter.person
  package let person: PersonID
  package let home: PlaceID
  /// Whether the file has to be completed.
  package let incomplete: Bool
  package var subject: String { person.text }

  package init(person: PersonID, home: PlaceID, incomplete: Bool) {
    self.person = person
    self.home = home
    self.incomplete = incomplete
  }
}

/// Rows of a file of residents were taken in; who reacts to new files reacts to this, too.
package struct ResidentsImported: Fact {
  package static let name = "residents.imported"
  package static let words = Words("已导入居民档案", "File of residents taken in")
  package static let about = Matter.run
  /// Tells rows of one import from those of another.
  package let run: String?
  package let enrolled: [PersonID]
  package let revised: [PersonID]
  /// How many estates, grids, buildings, entrances and doors were made for them.
  package let places: Int
  package var subject: String { run ?? "residents" }

  package init(run: String?, enrolled: [PersonID], revised: [PersonID], places: Int) {
    self.run = run
    self.enrolled = enrolled
    self.revised = revised
    self.places = places
  }
}

/// Something in a person's file was completed or corrected; the columns are named, never shown.
package struct ResidentRevised: Fact {
  package static let name = "residents.revised"
  package static let words = Words("居民档案已补充或更正", "Resident’s file completed or corrected")
  package static let about = Matter.person
  package let person: PersonID
  package let fields: [String]
  /// Whether the file still has to be completed.
  package let incomplete: Bool
  package var subject: String { person.text }

  package init(person: PersonID, fields: [String], incomplete: Bool) {
    self.person = person
    self.fields = fields
    self.incomplete = incomplete
  }
}

/// A person lives somewhere else from now on, or went away, or came back.
package struct ResidentMoved: Fact {
  package static let name = "residents.moved"
  package static let words = Words("居民迁居、外出或返回", "Resident moved, went away or came back")
  package static let about = Matter.person
  package let person: PersonID
  package let from: PlaceID
  package let to: PlaceID
  package let away: Bool
  package var subject: String { person.text }

  package init(person: PersonID, from: PlaceID, to: PlaceID, away: Bool) {
    self.person = person
    self.from = from
    self.to = to
    self.away = away
  }
}

/// Two files turned out to be of one person: the merged one now points to the survivor.
package struct ResidentsMerged: Fact {
  package static let name = "residents.merged"
  package static let words = Words("两份档案已合并", "Two files merged")
  package static let about = Matter.person
  package let survivor: PersonID
  package let merged: PersonID
  /// The columns that the survivor took over because it had nothing there.
  package let taken: [String]
  package var subject: String { survivor.text }

  package init(survivor: PersonID, merged: PersonID, taken: [String]) {
    self.survivor = survivor
    self.merged = merged
    self.taken = taken
  }
}

/// A merge was a mistake: both files stand for themselves again.
package struct ResidentsUnmerged: Fact {
  package static let name = "residents.unmerged"
  package static let words = Words("档案合并已撤销", "Merge of two files undone")
  package static let about = Matter.person
  package let survivor: PersonID
  package let merged: PersonID
  /// The columns that the survivor gave back.
  package let returned: [String]
  package var subject: String { survivor.text }

  package init(survivor: PersonID, merged: PersonID, returned: [String]) {
    self.survivor = survivor
    self.merged = merged
    self.returned = returned
  }
}
