import Gazette
import Kernel
import Registry

/// What a zone must have before anything is done with it.
extension Work {
  /// A zone of a state.
  func requireZone(_ id: ZoneID, _ state: ZoneState) throws -> HeldZone {
    let held = try zonesStore.get(id)
    guard held.state == state else {
      throw Refusal(
        .conflict, "zone.state",
        Words(
          "该区域现为“\(held.state.words.chinese)”，不能这样处理",
          "This zone is “\(held.state.words.english)”; this cannot be done with it"), field: "zone")
    }
    return held
  }

  /// Places that may be held at a level: there, not below the entrance, not wider than the edition
  /// allows, none inside another, and none held as strictly already.
  func requirePlaces(
    _ ids: [PlaceID], for level: ZonesPolicy.Level
  ) throws -> [Place] {
    guard !ids.isEmpty else { throw Refusal.missing("places") }
    guard ids.count <= 500 else {
      throw Refusal(
        .invalid, "zone.placesMany",
        Words(
          "一个区域最多 500 个地点，请改选上级地点或分开提出",
          "A zone has at most 500 places; choose wider ones or propose several"),
        field: "places")
    }
    let places = try Set(ids).sorted().map(PlacesStore(transaction).get)
    for place in places {
      guard place.level.depth <= PlaceLevel.entrance.depth else {
        throw Refusal.zonePlaceSmall
      }
      guard place.level.depth >= level.widest.depth else {
        throw Refusal(
          .invalid, "zone.placeWide",
          Words(
            "现行政策规定该等级最大到“\(level.widest.words.chinese)”，不得扩大",
            "The edition in force holds this level to “\(level.widest.words.english)” at most"),
          field: "places")
      }
      if let other = places.first(where: { $0.id != place.id && $0.path.holds(place.path) }) {
        throw Refusal(
          .invalid, "zone.placeTwice",
          Words(
            "“\(place.id.text)”在“\(other.id.text)”之内，请只选其一",
            "“\(place.id.text)” lies in “\(other.id.text)”; choose one of them"), field: "places")
      }
      let strict = try zonesStore.holding(place.path).first { $0.level.rank >= level.level.rank }
      if let strict {
        throw Refusal(
          .conflict, "zone.heldAlready",
          Words(
            "“\(place.id.text)”已在同级或更高等级的区域 \(strict.id.text) 内",
            "“\(place.id.text)” is held by zone \(strict.id.text) of this level or a higher one"),
          field: "places")
      }
    }
    return places
  }

  /// The infection on whose account a proposal may stand: the one for which it was made, or, when
  /// that one is evidence no longer, another one of it.
  func requireEvidence(
    of proposal: HeldZone, near places: [Place], for level: ZonesPolicy.Level
  ) throws -> ZoneInfection {
    let others = try zonesStore.infections(of: proposal.id).map(\.infection)
    var first: Refusal?
    for infection in [proposal.infection] + others.filter({ $0 != proposal.infection }) {
      do {
        return try requireEvidence(infection, near: places, for: level)
      } catch let refusal as Refusal {
        first = first ?? refusal
      }
    }
    throw first ?? Refusal.missing("infection")
  }

  /// An infection that lives, or was found, near each of the places, as near as the edition asks.
  func requireEvidence(
    _ infection: CaseID, near places: [Place], for level: ZonesPolicy.Level
  ) throws -> ZoneInfection {
    guard let found = try ZoneCasesStore(transaction).standing(infection) else {
      if let doubt = try ZoneDoubtStore.doubt(of: infection, in: transaction) {
        throw Refusal.zoneEvidenceDoubted(doubt)
      }
      throw Refusal(
        .notFound, "zone.noEvidence",
        Words(
          "没有这例感染者，或已撤销；划区必须依据一例感染者",
          "There is no such infection, or it was withdrawn; a zone rests on one"),
        field: "infection")
    }
    let days = try policy(ZonesPolicy.self).evidenceDays(for: level)
    guard now < ZonesRules.complete(days, after: found.at, zone: zone) else {
      throw Refusal(
        .invalid, "zone.evidenceOld",
        Words(
          "该感染者报告已超过 \(days) 天，不能再作为划区依据；请选近 \(days) 天内报告的感染者",
          "The infection was reported more than \(days) days ago; a zone rests on one of the last \(days)"
        ), field: "infection")
    }
    let store = PlacesStore(transaction)
    let paths = try places.map { place in
      let line = try store.line(to: place.path)
      return line.last { $0.level.depth <= level.evidenceWithin.depth }?.path ?? place.path
    }
    let near = found.paths.first { path in paths.allSatisfy { $0.holds(path) } }
    guard let near else {
      throw Refusal(
        .invalid, "zone.evidenceFar",
        Words(
          "该感染者不居住、也未被发现于每个所选地点的“\(level.evidenceWithin.words.chinese)”内，不能作为依据",
          "The infection neither lives nor was found within the “\(level.evidenceWithin.words.english)” of every place; it is no evidence for them"
        ), field: "infection")
    }
    let inside = found.inside(places.map(\.path))
    return inside
      ?? ZoneInfection(
        infection: infection, person: found.person, path: near, at: found.at, counts: false)
  }

  /// Other infections that live, or were found, in the places and were reported within the days that count.
  func noteKnownInfections(
    of zone: HeldZone, _ places: [PlacePath], _ level: ZonesPolicy.Level
  ) throws {
    let days = try policy(ZonesPolicy.self).evidenceDays(for: level)
    let since = (today - days).start(in: self.zone)
    for path in places {
      for found in try ZoneCasesStore(transaction).known(in: path, since: since)
      where found.infection != zone.infection {
        if let infection = found.inside(places) {
          try zonesStore.note(infection, in: zone.id, at: now)
        }
      }
    }
  }
}

extension Refusal {
  /// One account told more cases than one may: until another organisation has looked, it is no ground.
  fileprivate static func zoneEvidenceDoubted(_ doubt: ZoneDoubt) -> Refusal {
    switch doubt {
    case .waits:
      Refusal(
        .conflict, "zone.evidenceWaits",
        Words(
          "该感染者的报告超出一人可报的数量，正等另一单位批准，批准之前不能作为划区依据",
          "This infection is more than one account may tell; until another organisation approves it no zone rests on it"
        ), field: "infection")
    case .declined:
      Refusal(
        .conflict, "zone.evidenceDeclined",
        Words(
          "该感染者的报告未获另一单位批准，不能作为划区依据",
          "Another organisation did not approve this infection; no zone rests on it"),
        field: "infection")
    }
  }

  /// Whoever shares a staircase is held, and let go, together.
  static var zonePlaceSmall: Refusal {
    Refusal(
      .invalid, "zone.placeSmall",
      Words(
        "风险区最小到单元，请选择该户所在单元",
        "A zone is at least an entrance; choose the one that the door is in"), field: "places")
  }
}
