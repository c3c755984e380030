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
        ? look.empty(look("没有疑似重复的档案", "No two files look like one person"), isGood: true)
        : HTML(pairs), try merged(),
    ])
  }

  private func pair(_ pair: ListDuplicates.Pair) -> HTML {
    let percent = Int((pair.probability * 100).rounded(.down))
    let common = pair.same.map(words).joined(separator: look("、", ", "))
    return look.panel(
      look("是同一人的可能：\(percent)%", "One person with \(percent) %"),
      note: common.isEmpty ? nil : look("相同：\(common)", "The same: \(common)"),
      sideBySide(pair) + whatFollows(pair) + decision(pair))
  }

  /// Line by line, with a word where they differ.
  private func sideBySide(_ pair: ListDuplicates.Pair) -> HTML {
    let lines: [(String, String, String, Bool)] = [
      (
        look("姓名", "Name"), pair.survivor.name ?? "–", pair.merged.name ?? "–",
        pair.same.contains(.name)
      ),
      (
        look("性别 年龄", "Sex, age"), sexAndAge(pair.survivor), sexAndAge(pair.merged),
        pair.same.contains(.sex) && pair.same.contains(.birthDate)
      ),
      (
        look("证件", "Document"), pair.survivor.identityNumber ?? "–",
        pair.merged.identityNumber ?? "–", false
      ),
      (
        look("电话", "Telephone"), pair.survivor.phone ?? "–", pair.merged.phone ?? "–",
        pair.same.contains(.phone)
      ),
      (
        look("住处", "Home"), home(pair.survivor), home(pair.merged), pair.same.contains(.door)
      ),
      (
        look("工作单位", "Work place"), pair.survivor.workPlace ?? "–",
        pair.merged.workPlace ?? "–", pair.survivor.workPlace == pair.merged.workPlace
      ),
      (
        look("特殊需求", "Special needs"), tags(pair.survivor), tags(pair.merged),
        tags(pair.survivor) == tags(pair.merged)
      ),
    ]
    let rows = lines.map { name, one, other, isSame in
      let mark: Look.Label =
        isSame
        ? .init(look("相同", "the same"), .done)
        : one == "–" || other == "–"
          ? .init(look("一份没有", "only one has it"), .neutral) : .init(look("不同", "differs"), .soon)
      return Look.TableRow(
        name,
        cells: [
          .text(one), .text(other), .markup(one == "–" && other == "–" ? "" : look.chip(mark)),
        ])
    }
    return look.table(
      look("两份档案", "Two files"),
      columns: [
        .init(look("项目", "Detail")), .init(look("先建的", "First file")),
        .init(look("后建的", "Second file")), .init(look("比较", "Compared")),
      ],
      rows: [
        Look.TableRow(
          look("编号", "Number"),
          cells: [file(pair.survivor.person), file(pair.merged.person), .text("")])
      ] + rows)
  }

  private func file(_ person: PersonID) -> Look.Cell {
    .linked(person.text, to: "/residents/\(Address.escaped(person.text))")
  }

  private func sexAndAge(_ card: ResidentCard) -> String {
    let text = look.dotted([card.sex.map { look($0.words) }, card.age.map(String.init)])
    return text.isEmpty ? "–" : text
  }

  private func home(_ card: ResidentCard) -> String {
    card.address.suffix(4).joined(separator: " ")
  }

  private func tags(_ card: ResidentCard) -> String {
    let names = card.tags.map { look($0.title) }.joined(separator: look("、", ", "))
    return names.isEmpty ? "–" : names
  }

  /// What goes with whom.
  private func whatFollows(_ pair: ListDuplicates.Pair) -> HTML {
    let taken = pair.taken.map(column).joined(separator: look("、", ", "))
    var lines = [
      look(
        "合并后：两个编号都指向先建的档案，行踪、接触、管控和查阅记录都归到一人。",
        "Merged, both numbers lead to the first file; visits, contacts, measures and who looked are one person’s."
      )
    ]
    if !taken.isEmpty {
      lines.append(look("从后建的补上：\(taken)。", "Taken over from the second file: \(taken)."))
    }
    if pair.owed > 0 {
      lines.append(
        look(
          "后建的档案名下 \(pair.owed) 件未办事项随之转来。",
          "\(pair.owed) open obligations of the second file follow."))
    }
    lines.append(look("可以撤销，什么都不会丢。", "It can be undone; nothing is lost."))
    return look.paragraph(lines.joined(separator: look("", " ")))
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
      buttons: look.primaryButton(look("合并到先建的档案", "Merge into the first file")), anchor: "merged")
  }

  /// What was merged, each to be undone.
  private func merged() throws -> HTML {
    let merges = try reading.ask(ListMerges(place: place.id)).merges
    if merges.isEmpty { return "" }
    let rows = merges.map { merge in
      let undo = look.form(
        UnmergeResidents.name, for: request, hidden: [("merged", merge.merged.person.text)],
        buttons: look.plainButton(look("撤销合并", "Undo")), isInline: true, anchor: "merged")
      let taken = merge.taken.map(column).joined(separator: look("、", ", "))
      return Look.TableRow(
        look.nearMoment(merge.at),
        cells: [
          .text(merge.survivor.name ?? "–"), file(merge.survivor.person),
          file(merge.merged.person), .text(taken.isEmpty ? "–" : taken), .markup(undo),
        ])
    }
    return look.panel(
      look("已合并", "Merged"), id: "merged", note: look("最近的在前", "the latest first"),
      look.table(
        look("已合并", "Merged"),
        columns: [
          .init(look("何时", "When")), .init(look("姓名", "Name")), .init(look("留下的", "Stays")),
          .init(look("并入的", "Merged file")), .init(look("补上的", "Taken over")),
          .init(look("撤销", "Undo")),
        ], rows: rows))
  }

  private func column(_ name: String) -> String {
    switch name {
    case "name": look("姓名", "name")
    case "sex": look("性别", "sex")
    case "birth_date": look("出生日期", "date of birth")
    case "identity_number": look("证件号码", "identity number")
    case "phone": look("电话", "telephone")
    case "work_place": look("工作单位", "place of work")
    case "registered_code": look("户籍地", "place of registration")
    case "tags": look("特殊需求", "special needs")
    default: name
    }
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
