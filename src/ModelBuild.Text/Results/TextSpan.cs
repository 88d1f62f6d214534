namespace ModelBuild.Text;

/// <summary>Represents a part of a text with a label, such as the name of a person.</summary>
/// <param name="Label">The label without <c>B-</c> or <c>I-</c>, such as <c>PER</c>.</param>
/// <param name="Score">The mean probability of the labels of the tokens of the part, 0 to 1.</param>
/// <param name="Start">The index of the first character in the original text.</param>
/// <param name="Length">The number of UTF-16 characters.</param>
public readonly record struct TextSpan(string Label, float Score, int Start, int Length);
