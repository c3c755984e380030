import Testing

@Suite("CommandLineTests") struct CommandLineTests {}
