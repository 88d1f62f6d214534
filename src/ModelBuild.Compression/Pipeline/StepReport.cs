using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>What one step of a recipe did.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Report">Its changes and what it left alone.</param>
/// <param name="Cost">What the model takes after it; null where that was not counted.</param>
public sealed record StepReport(string Step, PassReport Report, ModelCost? Cost = null)
{
    /// <summary>The name of the step in the catalogue.</summary>
    public string Name { get; init; } = "";
}
