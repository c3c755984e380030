import Glibc
import Visits

// The visit engine as a peer of the benchmark: `COMMAND DATA STORE THREADS`, one request a line.
let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
  tell("usage: visits-peer DATA STORE [THREADS]")
  exit(2)
}
let peer = Peer(data: arguments[1], store: arguments[2])
let seam = SeamPeer(data: arguments[1], store: arguments[2])
while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  do {
    if words.first == "seam" {
      say(try await seam.answer(Array(words.dropFirst())))
    } else {
      say(try peer.answer(words))
    }
  } catch let fault as VisitFault {
    say("error \(fault.english)")
  } catch { say("error \(error)") }
}
