/** TensorFlow's notes of its log level INFO, and the line that says where they go: they tell nothing of why it ended. */
const chatter = [
  /^I\d{4} \d\d:\d\d:\d\d/,
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: I /,
  /^WARNING: All log messages before absl::InitializeLog\(\)/,
];

/** What an engine printed, without the lines that TensorFlow always prints; empty where nothing is left. */
export const withoutChatter = (output: string): string =>
  output
    .split('\n')
    .filter((line) => !chatter.some((pattern) => pattern.test(line)))
    .join('\n')
    .trim();
