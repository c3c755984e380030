import Kernel
import Look

/// The devices on which somebody signs in, to be revoked from afar.
enum DevicesScreens {
  static let own = Screen(
    path: "/devices", title: Words("我的设备", "My devices"), duty: OwnDevices.duty,
    purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let devices = try reading.ask(OwnDevices())
    return Page(
      title: look("我的设备", "My devices"),
      body: HTML([
        look.title(look("我的设备", "My devices")),
        look.paragraph(
          look(
            "手机丢了就撤销它：它的登录立即结束，存在上面的内容再也打不开，下次联网时自动清空。",
            "If a phone is lost, revoke it: its sign-in ends at once, what is stored on it opens no more, and it empties itself when it next has network."
          )),
        look.panel(
          look("设备", "Devices"),
          DeviceTable(
            look: look, request: request, silent: try DeviceTable.silence(in: reading), holders: [:]
          ).html(devices)),
      ]))
  }
}

/// Devices with what waits on them.
struct DeviceTable {
  let look: Look
  let request: ScreenRequest
  /// After so long without a word a device that has work waiting is called silent.
  let silent: Duration
  /// What the accounts are called, where the list is of several.
  let holders: [AccountID: String]

  /// The silence that the policy in force allows.
  static func silence(in reading: Reading) throws -> Duration {
    .minutes(try reading.policy(DevicesPolicy.self).silentMinutes)
  }

  func html(_ devices: [RegisteredDevice]) -> HTML {
    if devices.isEmpty {
      return look.empty(
        look("还没有设备", "No device yet"),
        look("在浏览器里登录一次，设备就会出现在这里。", "A device is listed once somebody signs in with its browser."))
    }
    let heads =
      holders.isEmpty ? [] : [Look.Column(look("谁的", "Whose"))]
    return look.table(
      look("设备", "Devices"),
      columns: [Look.Column(look("设备", "Device"))] + heads + [
        .init(look("最近联系", "Last contact")), .init(look("待传", "Waiting")),
        .init(look("情况", "State")),
        .init(""),
      ], rows: devices.map(row), id: "devices")
  }

  private func row(_ device: RegisteredDevice) -> Look.TableRow {
    let whose: [Look.Cell] =
      holders.isEmpty ? [] : [.text(holders[device.account] ?? device.account.text)]
    return Look.TableRow(
      device.name == "?" ? look("认不出的浏览器", "unknown browser") : device.name,
      cells: whose + [
        .text(look.moment(device.seenAt)), .text(waiting(on: device)),
        .markup(look.chip(state(of: device))), .markup(revoke(device)),
      ])
  }

  private func waiting(on device: RegisteredDevice) -> String {
    guard device.waiting > 0 else { return "0" }
    let count = look.number(device.waiting)
    return device.oldestAt.map {
      look("\(count) 条，最早 \(look.moment($0))", "\(count), oldest \(look.moment($0))")
    } ?? count
  }

  private func state(of device: RegisteredDevice) -> Look.Label {
    if device.emptiedAt != nil { return .init(look("已清空", "emptied"), .neutral) }
    if device.revokedAt != nil {
      return .init(look("已撤销，等它联网", "revoked, not in contact since"), .late)
    }
    if device.waiting > 0, look.now - device.seenAt > silent {
      return .init(look("失联，有待传", "silent, work waiting"), .late)
    }
    return device.waiting > 0
      ? .init(look("有待传", "work waiting"), .soon) : .init(look("在用", "in use"), .done)
  }

  private func revoke(_ device: RegisteredDevice) -> HTML {
    guard device.revokedAt == nil else { return "" }
    return look.form(
      RevokeDevice.name, for: request, hidden: [("device", device.id.text)],
      buttons: look.dangerButton(look("撤销", "Revoke")), isInline: true)
  }
}
