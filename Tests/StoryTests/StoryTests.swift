import Testing

@Suite("StoryTests") struct StoryTests {}
