namespace ModelBuild.Runtime;

/// <summary>Represents a class and its score.</summary>
/// <param name="Label">The name of the class.</param>
/// <param name="Score">The probability from 0 to 1; for integer scores, the score as the model returns it.</param>
public readonly record struct LabelScore(string Label, float Score);
