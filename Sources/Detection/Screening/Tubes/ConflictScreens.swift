import Gazette
import Kernel
import Look
import Registry

/// The contradictions of a round, each with what may be decided and what follows from it.
struct ConflictsPanel {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let round: ScreeningRound

  private static let most = 50
  private static let mostPoints = 2_000

  func html(count: Int) throws -> HTML {
    let lines = try reading.ask(ListConflicts(round: round.id)).prefix(Self.most)
    let people = lines.filter { kind($0).isAboutPerson }.map { PersonID(trusted: $0.about) }
    let files = try ResidentsStore(reading.transaction).current(Set(people))
    let points = Dictionary(
      try ScreeningRoundStore(reading.transaction).points(in: round.path, limit: Self.mostPoints)
        .map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let title = look("登记矛盾，待人工核对", "Contradictions to look at")
    let rows = lines.map { line in
      Look.TableRow(
        look(kind(line).words),
        cells: [
          about(line, files), .text(details(line, points)), .text(look.moment(line.notedAt)),
          .markup(decisions(line)),
        ])
    }
    return look.panel(
      title, id: "conflicts",
      note: look(
        "剔除：此人不再算在该管内；重采：须再采一次，期限自动下达；作废：管内每人重采",
        "struck out: no longer counted in the tube; swab again: owed within the policy’s time; void: everybody in the tube is swabbed again"
      ), chip: .init(look.number(count), .soon),
      look.table(
        title,
        columns: [
          .init(look("矛盾", "What")), .init(look("试管或人员", "Tube or person")),
          .init(look("详情", "Details")), .init(look("发现于", "Noted")),
          .init(look("处理", "Decide")),
        ], rows: rows, id: "conflict-list"))
  }

  private func kind(_ line: ListConflicts.Line) -> ConflictKind {
    ConflictKind(rawValue: line.kind) ?? .overfull
  }

  private func about(
    _ line: ListConflicts.Line, _ files: [PersonID: Resident]
  ) -> Look.Cell {
    guard kind(line).isAboutPerson else {
      return .linked(line.about, to: CorrectionScreens.address(of: TubeCode(trusted: line.about)))
    }
    let name = files[PersonID(trusted: line.about)]?.name.map { Mask.name($0.revealed) }
    return .linked(
      look.dotted([name, line.about]), to: "/screening/of/\(Address.escaped(line.about))")
  }

  private func details(
    _ line: ListConflicts.Line, _ points: [PointID: String]
  ) -> String {
    var parts: [String] = []
    if kind(line).isAboutPerson {
      parts = line.members.map { member in
        let result =
          member.result.flatMap { TubeResult(rawValue: $0) }.map { look($0.words) }
          ?? look("未出结果", "no result yet")
        return look.dotted([
          member.tube.text, member.point.map { points[$0] ?? $0.text },
          look.moment(member.sampledAt), result,
        ])
      }
    } else if let counted = line.counted, let registered = line.registered {
      parts = [
        look(
          "封管时清点 \(counted)，登记 \(registered)",
          "\(counted) counted at the seal, \(registered) registered")
      ]
    } else if kind(line) == .afterSeal {
      parts = line.members.filter(\.isLate).map {
        look.dotted([$0.person.text, look.moment($0.sampledAt)])
      }
    } else if kind(line) == .heldShared {
      let held = line.members.filter(\.isRecheck).map(\.person.text)
      parts = [
        look(
          "须单管：\(held.joined(separator: "、"))；管内共 \(line.members.count) 人",
          "held: \(held.joined(separator: ", ")); \(line.members.count) people in it")
      ]
    } else {
      let devices = line.devices.map { "\($0.device) × \($0.swabs)" }
      parts = devices.isEmpty ? [] : [devices.joined(separator: look("、", ", "))]
    }
    let homes = Set(line.members.compactMap(\.home))
    if !kind(line).isAboutPerson, homes.count > 1 {
      parts.append(look("管内有 \(homes.count) 户", "people of \(homes.count) households in it"))
    }
    if !line.fresh.isEmpty {
      let names = line.fresh.prefix(Self.mostNames).joined(separator: look("、", ", "))
      let rest = line.fresh.count - Self.mostNames
      let more = rest > 0 ? look(" 等 \(line.fresh.count) 项", " and \(rest) more") : ""
      parts.append(
        look("此前已处理，之后又来：\(names)\(more)", "decided before; since then: \(names)\(more)"))
    }
    return parts.joined(separator: look("；", "; "))
  }

  private static let mostNames = 5

  private func decisions(_ line: ListConflicts.Line) -> HTML {
    let forms = line.decisions.flatMap { decision -> [HTML] in
      switch decision {
      case .keep:
        line.tubes.filter { tube in
          // Whoever is in one that is not negative is struck out of none.
          line.members.allSatisfy { member in
            member.tube == tube || TubeResult(rawValue: member.result ?? "")?.holds != true
          }
        }.map { tube in
          form(
            line, decision, [("tube", tube.text)],
            look.plainButton(look("\(tube.text) 为准", "\(tube.text) counts")))
        }
      case .device:
        line.devices.map { device in
          form(
            line, decision, [("device", device.device)],
            look.plainButton(look("归 \(device.device)", "it is \(device.device)’s")))
        }
      case .reswab:
        [form(line, decision, [], look.plainButton(look(decision.words)))] + strikes(line)
      case .void: [void(line)] + (line.decisions.contains(.reswab) ? [] : strikes(line))
      case .stands: stands(line)
      }
    }
    return look.row(forms)
  }

  /// What was swabbed after the seal stands for a reason, which is said.
  private func stands(_ line: ListConflicts.Line) -> [HTML] {
    guard kind(line) == .afterSeal, line.members.contains(where: \.isLate),
      line.members.allSatisfy({ TubeResult(rawValue: $0.result ?? "")?.holds != true })
    else {
      return [
        form(line, .stands, [], look.plainButton(look(ConflictDecision.stands.words)))
      ]
    }
    return LateGround.allCases.map { ground in
      form(line, .stands, [("ground", ground.rawValue)], look.plainButton(look(ground.words)))
    }
  }

  /// Void for everybody in it takes a second press.
  private func void(_ line: ListConflicts.Line) -> HTML {
    look.disclosure(
      look(ConflictDecision.void.words), id: "void-\(line.conflict.text)",
      look.paragraph(
        look(
          "\(line.members.count) 人的拭子不再算数，须重采。",
          "The swabs in it count no longer: \(line.members.count) to be taken again."))
        + form(
          line, .void, [], look.dangerButton(look("确定作废", "It is void"))))
  }

  /// Who may be struck out one by one.
  private func strikes(_ line: ListConflicts.Line) -> [HTML] {
    guard [.overfull, .heldShared].contains(kind(line)), line.members.count <= Self.mostStruck,
      line.members.allSatisfy({ TubeResult(rawValue: $0.result ?? "")?.holds != true })
    else { return [] }
    let buttons = line.members.map { member in
      look.form(
        SettleConflict.name, for: request,
        hidden: [
          ("conflict", line.conflict.text), ("tube", member.tube.text),
          ("person", member.person.text),
        ],
        buttons: look.plainButton(
          look("剔除 \(member.person.text)", "strike out \(member.person.text)")),
        isInline: true)
    }
    return [
      look.disclosure(
        look("剔除一人", "strike out one of them"), id: "strike-\(line.conflict.text)",
        look.row(buttons))
    ]
  }

  private static let mostStruck = 20

  private func form(
    _ line: ListConflicts.Line, _ decision: ConflictDecision, _ more: [(String, String)],
    _ button: HTML
  ) -> HTML {
    look.form(
      SettleConflict.name, for: request,
      hidden: [("conflict", line.conflict.text), ("decision", decision.rawValue)] + more,
      buttons: button, isInline: true)
  }
}
