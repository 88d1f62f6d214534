namespace ModelBuild.Runtime;

/// <summary>A class and how probable the model finds it.</summary>
/// <param name="Label">The class's name.</param>
/// <param name="Score">Its probability, from 0 to 1; what the model gives itself where that is a whole number.</param>
public readonly record struct LabelScore(string Label, float Score);
