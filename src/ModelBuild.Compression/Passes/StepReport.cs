using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Passes;

/// <summary>The result of one step of a recipe.</summary>
/// <param name="Source">The step.</param>
/// <param name="Report">The changes and the skipped elements.</param>
/// <param name="Cost">The cost of the model after the step; null if it was not counted.</param>
internal sealed record StepReport(RecipeStep Source, PassReport Report, ModelCost? Cost = null)
{
    /// <summary>The step in its one-line form.</summary>
    public string Step => Source.ToString();

    /// <summary>The name of the step in the catalogue of steps.</summary>
    public string Name => Source.Definition.Name;

    /// <summary>The steps that were run instead of this step, if it chooses among lists of steps; null for any other step.</summary>
    internal IReadOnlyList<RecipeStep>? Chosen { get; init; }
}
