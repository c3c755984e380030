import Kernel

/// The probe's pages.
enum ProbeScreens {
  @Sendable static func notes(_ request: ScreenRequest, _ reading: Reading) -> Page {
    Page(
      title: "Notes",
      body: """
        <h1>Notes \(request.parameters["note"] ?? "")</h1>
        <details><div class="notice late" role="alert">Some are left over</div></details>
        <form method="post" action="/do/probe.note">
        <input name="text" value="\(request.value("text", or: "begin"))">
        <input name="id" value="\(request.newCommandID())"></form>
        """, isLive: true)
  }

  @Sendable static func sought(_ request: ScreenRequest, _ reading: Reading) -> Page {
    Page(
      title: "Sought",
      body: "<p>\(request.query["words"] ?? "nothing") for \(reading.purpose.rawValue)</p>")
  }

  @Sendable static func own(_ request: ScreenRequest, _ reading: Reading) -> Page {
    Page(
      title: "Me", body: "<h1 class=\"answer\">\(reading.authority.sender.text)</h1>",
      frame: .resident)
  }
}
