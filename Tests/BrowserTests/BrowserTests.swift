import Testing

@Suite("BrowserTests") struct BrowserTests {}
