import Gazette
import Kernel
import Look
import Registry

/// What deciding on several contacts would mean, with the button that does it.
struct DecisionPreview {
  let decision: ContactDecision
  let contacts: [ContactID]
  let back: Address
  let request: ScreenRequest
  let reading: Reading
  private var look: Look { Look(reading) }

  func html() throws -> HTML {
    let preview = try reading.ask(PreviewDecision(contacts: contacts, decision: decision))
    if preview.contacts.isEmpty {
      return look.notice(
        look("没有可以这样判定的人", "Nobody here can be decided on so"),
        preview.needAnother > 0 ? ownWord(preview.needAnother) : "", tone: .soon,
        extra: cancel)
    }
    let count = preview.contacts.count
    let title =
      decision == .confirm
      ? look("将判定 \(count) 人", "\(count) will be confirmed")
      : look("将排除 \(count) 人", "\(count) will be rejected")
    return look.panel(
      title, id: "preview", note: look("还没有生效", "nothing has been done yet"),
      look.facts(try lines(preview)) + form(preview))
  }

  private func lines(_ preview: PreviewDecision.Answer) throws -> [(String, HTML)] {
    let kinds = preview.byKind.sorted { $0.key < $1.key }.map { code, count in
      "\(ContactKind(rawValue: code).map { look($0.words) } ?? code) \(count)"
    }.joined(separator: look("，", ", "))
    let homes = try preview.byHome.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
      .map { home, count in
        let place = try PlacesStore(reading.transaction).find(PlaceID(trusted: home))
        return "\(place?.spoken ?? home) \(count)"
      }
      .joined(separator: look("，", ", "))
    var lines: [(String, HTML)] = [
      (look("是谁", "Who"), "\(kinds)"), (look("住在", "They live in"), "\(homes)"),
    ]
    func add(_ count: Int, _ name: String, _ words: String) {
      if count > 0 { lines.append((name, "\(words)")) }
    }
    let measures = look("管控", "Measures")
    add(
      preview.measuresEnd, measures,
      look(
        "\(preview.measuresEnd) 人已按密接管控：没有别的依据的，立即解除",
        "\(preview.measuresEnd) are restricted as contacts: it ends at once unless something else holds it"
      ))
    add(
      preview.measuresNotStarted, measures,
      look(
        "\(preview.measuresNotStarted) 人还没有管控：不会开始",
        "\(preview.measuresNotStarted) are not restricted yet: nothing starts"))
    add(
      preview.measuresAnew, measures,
      look(
        "\(preview.measuresAnew) 人已在管控：按新的类别和最后接触重新计算",
        "\(preview.measuresAnew) are restricted already: counted anew by kind and last exposure"))
    add(
      preview.handOversStop, look("推送", "Hand-over"),
      look(
        "\(preview.handOversStop) 人的推送、告知、转运中止",
        "for \(preview.handOversStop) the hand-over, notice or move stops"))
    add(
      preview.unknownToRegistry, look("档案", "Files"),
      look(
        "\(preview.unknownToRegistry) 人没有档案，会各建一份待补全的",
        "\(preview.unknownToRegistry) have no file yet; one is opened for each"))
    add(preview.needAnother, look("不含", "Left out"), ownWord(preview.needAnother))
    if preview.needsSecondPerson {
      lines.append(
        (
          look("第二人", "Second person"),
          "\(look("超出您一人可判定的人数，须由另一单位的人复核后才生效", "more than one may decide on alone: it holds once another organisation agrees"))"
        ))
    }
    return lines
  }

  private func ownWord(_ count: Int) -> String {
    look(
      "\(count) 人依据的是您本人补录的接触，须由另一人判定",
      "\(count) rest on what you entered yourself; another person confirms those")
  }

  private var cancel: HTML {
    look.linkButton(look("不，回到名单", "No, back to the list"), to: back.text)
  }

  private func form(_ preview: PreviewDecision.Answer) -> HTML {
    let hidden = preview.contacts.map { ("contacts", $0.text) }
    // The list stands where the preview stood once it is done.
    let after = AfterDecision(request: request, address: back.text).request
    switch decision {
    case .confirm:
      return look.form(
        ConfirmContacts.name, for: after, hidden: hidden,
        buttons: look.primaryButton(
          look("确定判定 \(preview.contacts.count) 人", "Confirm these \(preview.contacts.count)"))
          + cancel, isInline: true)
    case .reject:
      return look.form(
        RejectContacts.name, for: after, hidden: hidden,
        fields: [
          .init(
            "reason", look("原因", "Reason"),
            .choices(RejectionReason.allCases.map { .init($0.rawValue, look($0.words)) }),
            required: true)
        ],
        buttons: look.dangerButton(
          look("确定排除 \(preview.contacts.count) 人", "Reject these \(preview.contacts.count)"))
          + cancel)
    }
  }
}

/// The same request with another address to come back to.
private struct AfterDecision {
  let request: ScreenRequest

  init(request: ScreenRequest, address: String) {
    self.request = ScreenRequest(
      parameters: request.parameters, query: request.query, posted: request.posted,
      refusal: request.refusal, address: address, newCommandID: request.newCommandID)
  }
}
