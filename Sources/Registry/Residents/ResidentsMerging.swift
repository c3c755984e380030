import Gazette
import Kernel

/// Two files turn out to be of one person: the merged one points to the survivor from now on, and
/// the survivor takes over what it lacks. Nothing is deleted, so that it can be undone.
package struct MergeResidents: Command {
  package static let name = "residents.merge"
  package static let duty: Duty = "residents.merge"
  package let survivor: PersonID
  package let merged: PersonID

  package init(survivor: PersonID, merged: PersonID) {
    self.survivor = survivor
    self.merged = merged
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let files = try ResidentFiles(work)
    guard survivor != merged else {
      throw Refusal(
        .invalid, "merge.same",
        Words("请选择两份不同的档案", "Choose two different files"), field: "merged")
    }
    var kept = try files.store.live(survivor, field: "survivor")
    var gone = try files.store.live(merged, field: "merged")
    for file in [kept, gone] { try work.require(Self.duty, at: file.path) }
    guard kept.identity == nil || gone.identity == nil else {
      throw Refusal(
        .conflict, "merge.twoNumbers",
        Words(
          "两份档案各有不同的证件号码，不能合并；请先更正其中一份",
          "Each file has an identity number of its own; correct one of them before merging"),
        field: "merged")
    }
    if let field = files.difference(kept, gone) {
      throw Refusal(
        .conflict, "merge.different",
        Words(
          "两份档案的\(field.chinese)不同，不像同一个人；若是登记有误，请先更正其中一份再合并",
          "The files differ in \(field.english): hardly one person. Where one is wrong, correct it before merging"
        ), field: "merged")
    }
    gone.mergedInto = kept.id
    try files.store.update(gone, initials: files.initials(of: gone))
    let (taken, tags) = try files.take(into: &kept, from: gone)
    let level = try PlacesStore(work.transaction).get(kept.home).level
    _ = try files.keep(.init(resident: kept, fields: taken), homeLevel: level)
    try MergesStore(work.transaction).insert(
      Merge(survivor: kept.id, merged: gone.id, at: work.now, taken: taken, tags: tags))
    try work.record(ResidentsMerged(survivor: kept.id, merged: gone.id, taken: taken))
    return Done()
  }
}

/// A merge was a mistake: both files stand for themselves again.
package struct UnmergeResidents: Command {
  package static let name = "residents.unmerge"
  package static let duty: Duty = "residents.merge"
  /// The file that was merged into another.
  package let merged: PersonID

  package init(merged: PersonID) { self.merged = merged }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let files = try ResidentFiles(work)
    let merges = MergesStore(work.transaction)
    var gone = try files.store.get(merged, field: "merged")
    guard let merge = try merges.standing(of: merged) else {
      throw Refusal(
        .conflict, "merge.none",
        Words("档案 \(merged) 没有被合并", "The file \(merged) was not merged into another"),
        field: "merged")
    }
    var kept = try files.store.live(merge.survivor, field: "merged")
    for file in [kept, gone] { try work.require(Self.duty, at: file.path) }
    let returned = try files.giveBack(merge, from: &kept, to: gone)
    let places = PlacesStore(work.transaction)
    _ = try files.keep(
      .init(resident: kept, fields: returned), homeLevel: places.get(kept.home).level)
    gone.mergedInto = nil
    _ = try files.keep(.init(resident: gone), homeLevel: places.get(gone.home).level)
    try merges.undo(merge, at: work.now)
    try work.record(
      ResidentsUnmerged(survivor: kept.id, merged: gone.id, returned: returned))
    return Done()
  }
}

/// One merge of two files.
package struct Merge: Sendable {
  package let survivor: PersonID
  package let merged: PersonID
  package let at: Instant
  /// The columns that the survivor took over.
  package let taken: [String]
  /// The special needs among them.
  package let tags: [String]
}

extension ResidentFiles {
  /// In what two files contradict each other so that they are hardly one person's: sex, birth, or
  /// names that share neither a sign nor their initials.
  fileprivate func difference(_ one: Resident, _ other: Resident) -> Words? {
    if let first = one.sex, let second = other.sex, first != second { return Words("性别", "sex") }
    if let first = one.birthDay, let second = other.birthDay, first != second {
      return Words("出生日期", "date of birth")
    }
    guard let first = one.name?.revealed, let second = other.name?.revealed,
      Set(first.lowercased()).isDisjoint(with: second.lowercased()),
      initials(of: one) != initials(of: other)
    else { return nil }
    return Words("姓名", "name")
  }

  /// Fills what a file lacks from another one; says which columns and which special needs.
  fileprivate func take(
    into kept: inout Resident, from gone: Resident
  ) throws -> (taken: [String], tags: [String]) {
    var taken: [String] = []
    func fill<Value>(_ path: WritableKeyPath<Resident, Value?>, _ field: String) {
      guard kept[keyPath: path] == nil, let value = gone[keyPath: path] else { return }
      kept[keyPath: path] = value
      taken.append(field)
    }
    fill(\.name, "name")
    fill(\.sex, "sex")
    fill(\.birthDay, "birth_date")
    fill(\.registered, "registered_code")
    fill(\.workPlace, "work_place")
    if kept.identity == nil, let identity = gone.identity {
      kept.identityKind = gone.identityKind
      kept.identity = try reseal(
        identity, from: Vault.identityPlace(of: gone.id), to: Vault.identityPlace(of: kept.id))
      taken.append("identity_number")
    }
    if kept.phone == nil, let phone = gone.phone {
      kept.phone = try reseal(
        phone, from: Vault.phonePlace(of: gone.id), to: Vault.phonePlace(of: kept.id))
      taken.append("phone")
    }
    let tags = gone.tags.filter { !kept.tags.contains($0) }
    if !tags.isEmpty {
      kept.tags = (kept.tags + tags).sorted()
      taken.append("tags")
    }
    return (taken, tags)
  }

  /// Takes back what the survivor took over, unless it was changed since.
  fileprivate func giveBack(
    _ merge: Merge, from kept: inout Resident, to gone: Resident
  ) throws -> [String] {
    var returned: [String] = []
    func empty<Value: Equatable>(_ path: WritableKeyPath<Resident, Value?>, _ field: String) {
      guard merge.taken.contains(field), kept[keyPath: path] == gone[keyPath: path] else { return }
      kept[keyPath: path] = nil
      returned.append(field)
    }
    if merge.taken.contains("identity_number"), kept.identity?.index == gone.identity?.index {
      kept.identity = nil
      kept.identityKind = nil
      returned.append("identity_number")
    }
    if merge.taken.contains("phone"), kept.phone?.index == gone.phone?.index {
      kept.phone = nil
      returned.append("phone")
    }
    empty(\.name, "name")
    empty(\.sex, "sex")
    empty(\.birthDay, "birth_date")
    empty(\.registered, "registered_code")
    empty(\.workPlace, "work_place")
    if merge.taken.contains("tags") {
      kept.tags.removeAll { merge.tags.contains($0) }
      returned.append("tags")
    }
    return returned
  }

  private func reseal(_ sealed: Sealed, from place: String, to other: String) throws -> Sealed {
    let plain = try work.vault.unlock(sealed.bytes, place: place)
    return Sealed(
      bytes: try work.vault.lock(plain, place: other), index: sealed.index, tail: sealed.tail)
  }
}
