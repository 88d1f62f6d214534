using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Comparison;

/// <summary>The answer of a classifier to a sample.</summary>
/// <param name="Class">The index of the class with the highest score; −1 if a score is NaN.</param>
/// <param name="Label">The name of the class; null if it is unknown.</param>
/// <param name="Score">The highest score; null if the class is unknown.</param>
internal sealed record Answer(int Class, string? Label, double? Score)
{
    /// <summary>The text of the answer: the name of the class, or its index if the name is unknown.</summary>
    [JsonIgnore]
    public string Text => Label ?? (Class < 0 ? "no class" : $"class {Class}");
}
