using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Passes;

/// <summary>What one step of a recipe did.</summary>
/// <param name="Source">The step.</param>
/// <param name="Report">Its changes and what it left alone.</param>
/// <param name="Cost">What the model takes after it; null where that was not counted.</param>
public sealed record StepReport(RecipeStep Source, PassReport Report, ModelCost? Cost = null)
{
    /// <summary>The step in its one-line form.</summary>
    public string Step => Source.ToString();

    /// <summary>The name of the step in the catalogue.</summary>
    public string Name => Source.Definition.Name;

    /// <summary>The steps that were run in place of a step which chooses; null for any other step.</summary>
    internal IReadOnlyList<RecipeStep>? Chosen { get; init; }
}
