namespace ModelBuild.Text;

/// <summary>A part of a text with a label, such as a name.</summary>
/// <param name="Label">The label without <c>B-</c> or <c>I-</c>, such as <c>PER</c>.</param>
/// <param name="Score">The mean probability of the labels of its tokens, 0 to 1.</param>
/// <param name="Start">The index of the first character in the original text.</param>
/// <param name="Length">The number of UTF-16 characters.</param>
public readonly record struct TextSpan(string Label, float Score, int Start, int Length);
