import Testing

@Suite("TidyTests") struct TidyTests {}
