import Glibc

/// A line on standard output, at once.
func say(_ text: String) { put(text, on: STDOUT_FILENO) }

/// A line on standard error.
func tell(_ text: String) { put(text, on: STDERR_FILENO) }

private func put(_ text: String, on descriptor: Int32) {
  var line = text + "\n"
  line.withUTF8 { bytes in _ = write(descriptor, bytes.baseAddress, bytes.count) }
}
