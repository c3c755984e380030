import Kernel
import Look

/// Files that may be of one person, side by side.
enum DuplicatesScreens {
  static let list = Screen(
    path: "/duplicates/:place", title: Words("疑似重复", "Likely duplicates"),
    duty: ListDuplicates.duty, purpose: .registry
  ) { request, reading in
    let place = try PlaceID(request.parameter("place"))
    return Page(
      title: Look(reading)("疑似重复", "Likely duplicates"),
      body: try DuplicatesPage(
        request: request, reading: reading, look: Look(reading),
        place: PlacesStore(reading.transaction).get(place)
      ).body())
  }
}

/// The pairs of one area.
private struct DuplicatesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place

  func body() throws -> HTML {
    let answer = try reading.ask(ListDuplicates(place: place.id))
    let note =
      answer.isCut
      ? look("只列最可能的，处理后再看", "only the likeliest; there are more after these") : place.name
    let pairs = answer.pairs.map(pair)
    return HTML([
      look.title(look("疑似重复", "Likely duplicates"), look.note(note)),
      pairs.isEmpty
        ? look.empty(look("没有疑似重复的档案", "No two files look like one person")) : HTML(pairs),
    ])
  }

  private func pair(_ pair: ListDuplicates.Pair) -> HTML {
    let percent = Int((pair.probability * 100).rounded(.down))
    let common = pair.same.map(words).joined(separator: look("、", ", "))
    return look.panel(
      look("是同一人的可能：\(percent)%", "One person with \(percent) %"),
      note: common.isEmpty ? nil : look("相同：\(common)", "The same: \(common)"),
      look.columns([file(pair.survivor), file(pair.merged)], .even) + decision(pair))
  }

  private func file(_ card: ResidentCard) -> HTML {
    look.card(
      nil,
      look.facts([
        (look("姓名", "Name"), look.masked(card.name ?? "")),
        (
          look("编号", "Number"),
          look.link(card.person.text, to: "/residents/\(Address.escaped(card.person.text))")
        ),
        (
          look("性别 年龄", "Sex, age"),
          "\(look.dotted([card.sex.map { look($0.words) }, card.age.map(String.init)]))"
        ),
        (look("证件", "Document"), "\(card.identityNumber ?? "–")"),
        (look("电话", "Telephone"), "\(card.phone ?? "–")"),
        (look("住处", "Home"), "\(card.address.suffix(4).joined(separator: " "))"),
      ]))
  }

  private func decision(_ pair: ListDuplicates.Pair) -> HTML {
    guard !pair.hasTwoNumbers else {
      return look.notice(
        look(
          "两份档案各有证件号码，请先更正其中一份", "Each file has an identity number; correct one of them first"),
        tone: .soon)
    }
    return look.form(
      MergeResidents.name, for: request,
      hidden: [("merged", pair.merged.person.text), ("survivor", pair.survivor.person.text)],
      buttons: look.primaryButton(look("合并到第一份档案", "Merge into the first file")))
  }

  private func words(_ detail: ListDuplicates.Detail) -> String {
    switch detail {
    case .name: look("姓名", "name")
    case .sex: look("性别", "sex")
    case .birthDate: look("出生日期", "date of birth")
    case .phone: look("电话", "telephone")
    case .door: look("住处", "home")
    }
  }
}
