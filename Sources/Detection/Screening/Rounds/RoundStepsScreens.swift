import Gazette
import Kernel
import Look
import Registry

/// What a round needs next, from the points to its end: whoever has never run one goes from line to line.
struct RoundSteps {
  let reading: Reading
  let look: Look
  let round: ScreeningRound
  let watch: WatchRound.Answer
  let points: Int

  /// How far one line is.
  private enum State {
    case done
    case now
    case later
    case urgent
  }

  private struct Step {
    let name: String
    let state: State
    let text: String
    let address: String?
  }

  private var base: String { "/screening/\(Address.escaped(round.id.text))" }
  private var sampling: String { "/sampling/\(Address.escaped(round.id.text))" }

  func html() -> HTML {
    if round.closedAt != nil {
      return look.notice(
        look("本轮已结束", "This round is over"),
        round.erasedAt.map {
          look(
            "名单和采样登记已于\(look.moment($0))按规定删除，只留合计。",
            "Its list and swabs were deleted on \(look.moment($0)) as the policy says; the totals stay."
          )
        } ?? look("追阳和更正照常，直到每人有结论。", "Recalls and corrections go on until everybody is decided."),
        tone: .information)
    }
    var isFirst = true
    let rows = steps.map { step -> Look.TableRow in
      let isNow = step.state == .now && isFirst
      if isNow { isFirst = false }
      return Look.TableRow(
        step.name, to: step.address,
        cells: [.markup(chip(step.state, isNow: isNow)), .text(step.text)])
    }
    let title = look("下一步", "What comes next")
    return look.panel(
      title, id: "next",
      look.table(
        title,
        columns: [
          .init(look("步骤", "Step")), .init(look("状态", "State")), .init(look("说明", "What to do")),
        ], rows: rows, id: "steps"))
  }

  private func chip(_ state: State, isNow: Bool) -> HTML {
    switch state {
    case .done: look.chip(look("已完成", "done"), .done)
    case .urgent: look.chip(look("马上办", "at once"), .late)
    case .now:
      look.chip(isNow ? look("现在", "now") : look("进行中", "open"), isNow ? .soon : .information)
    case .later: look.chip(look("稍后", "later"), .neutral)
    }
  }

  private var steps: [Step] {
    [setUp, labels, swabs, boxes, results, recalls, untested, end].compactMap(\.self)
  }

  private var setUp: Step {
    Step(
      name: look("设采样点", "Sampling points"), state: points > 0 ? .done : .now,
      text: points > 0
        ? look(
          "\(points) 个点，可再加", "\(look.count(points, "", "point", "points")); more can be added")
        : look("先设一个点，或逐户采样", "set one up, or go from door to door"),
      address: "#sampling-points")
  }

  private var labels: Step? {
    guard reading.authority.holds(MakeLabels.duty) else { return nil }
    let hasTubes = watch.tubes.all > 0
    return Step(
      name: look("管码标签", "Labels for tubes"), state: hasTubes ? .done : .now,
      text: hasTubes
        ? look("已用 \(look.number(watch.tubes.all)) 管", "\(look.number(watch.tubes.all)) tubes used")
        : look("打印标签，或直接用带码的成品管", "print labels, or use tubes that have a code"),
      address: "/screening/labels")
  }

  private var left: Int { watch.coverage.missing + watch.coverage.reswab }

  private var swabs: Step {
    let swabbed = watch.coverage.sampled + watch.coverage.tested
    return Step(
      name: look("采样登记", "Swab people"), state: left == 0 && swabbed > 0 ? .done : .now,
      text: left == 0
        ? look("都已采样或有原因", "everybody is sampled or has a reason")
        : look(
          "还有 \(look.number(left)) 人；用手机打开采样页，扫管码再扫人",
          "\(look.number(left)) left; on a phone scan the tube, then the people"),
      address: reading.authority.holds(RegisterSwab.duty) ? sampling : "\(base)?by=building#areas")
  }

  private var boxes: Step {
    let tubes = watch.tubes
    let here = max(0, tubes.sealed - tubes.received - tubes.inTransit)
    let isQuiet = here == 0 && tubes.inTransit == 0
    return Step(
      name: look("装箱送检", "Boxes to the laboratory"),
      state: tubes.sealed == 0 ? .later : isQuiet ? .done : .now,
      text: tubes.sealed == 0
        ? look("封管之后装箱", "after the first tube is sealed")
        : look(
          "已收 \(look.number(tubes.received)) 管，在途 \(look.number(tubes.inTransit)) 管",
          "\(look.number(tubes.received)) tubes received, \(look.number(tubes.inTransit)) on their way"
        ),
      address: "\(base)/boxes")
  }

  private var results: Step {
    let tubes = watch.tubes
    let waiting = max(0, tubes.all - tubes.resulted - tubes.voided)
    return Step(
      name: look("检测结果", "Results"),
      state: tubes.all == 0 ? .later : waiting == 0 ? .done : tubes.received > 0 ? .now : .later,
      text: tubes.all == 0
        ? look("检测机构上传，或在试管页手工录入", "laboratories send them, or enter one on a tube’s page")
        : look(
          "\(look.number(waiting)) 管待出结果；手工录入：打开箱，再打开管",
          "\(look.number(waiting)) tubes wait; by hand: open the box, then the tube"),
      address: "\(base)/boxes")
  }

  private var recalls: Step {
    let all = watch.held + watch.released + watch.cases
    return Step(
      name: look("追阳", "Recalls"),
      state: watch.held > 0 ? .urgent : all > 0 ? .done : .later,
      text: watch.held > 0
        ? look(
          "\(look.number(watch.held)) 人待单管复核",
          "\(look.number(watch.held)) people wait for their own tube")
        : all > 0
          ? look("每人都有结论", "everybody is decided")
          : look("没有异常管", "no tube that is not negative"),
      address: reading.authority.holds(ListRecalls.duty) ? "\(base)/recalls" : nil)
  }

  private var untested: Step {
    Step(
      name: look("找未采的人", "Look for the untested"),
      state: left == 0 ? .done : watch.tubes.all > 0 ? .now : .later,
      text: left == 0
        ? look("没有落下的人", "nobody was missed")
        : look("下发名单后，网格员上门采样或登记原因", "give the list to the grids: they swab or note why not"),
      address: reading.authority.holds(ListUntested.duty)
        ? Address("/untested", ["of": "\(round.id.text)/\(round.area.text)"]).text : nil)
  }

  private var end: Step? {
    guard reading.authority.holds(CloseRound.duty) else { return nil }
    let isReady = left == 0 && watch.held == 0 && watch.coverage.sampled == 0
    return Step(
      name: look("结束本轮", "End the round"), state: isReady && watch.tubes.all > 0 ? .now : .later,
      text: isReady
        ? look("都有结果或原因，可以结束", "everybody has a result or a reason")
        : look("全部办完之后", "when all is done"),
      address: "#close-round")
  }
}
