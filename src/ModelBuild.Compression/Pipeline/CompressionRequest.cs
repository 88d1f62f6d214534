using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pipeline;

/// <summary>What to do to one model.</summary>
/// <param name="ModelPath">The original's file.</param>
/// <param name="OutputPath">Where the result goes.</param>
public sealed record CompressionRequest(string ModelPath, string OutputPath)
{
    /// <summary>What receipts call the model; the path as given when not set.</summary>
    public string DisplayName { get; init; } = ModelPath;

    /// <summary>The steps to run.</summary>
    public Recipe Recipe { get; init; } = new(Recipe.Auto, []);

    /// <summary>The folder from which paths in the recipe count; the current one when not set.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The files that the recipe's steps read.</summary>
    public IReadOnlyList<string> RecipeFiles => [.. Recipe.Steps.SelectMany(step => step.Files).Select(file => file.In(Folder))];

    /// <summary>Files with real inputs, in the order in which they are read; empty when there are none.</summary>
    public IReadOnlyList<string> CalibrationData { get; init; } = [];

    /// <summary>A calibration file, which stands in for the data where there is none; null for none.</summary>
    public string? CalibrationFile { get; init; }

    /// <summary>How far the answers may be from the original's.</summary>
    public FidelityBudget Budget { get; init; } = new();

    /// <summary>What the outputs hold, where the rules do not find it.</summary>
    public FidelityKinds Fidelity { get; init; } = FidelityKinds.None;

    /// <summary>
    /// Whether the result is run against the original. Without it nothing holds the recipe to its budget, so <c>auto</c>, which chooses by what it
    /// measures, is refused.
    /// </summary>
    public bool Verify { get; init; } = true;

    /// <summary>The largest result that is acceptable, in bytes; null for any.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Into how many stages the result is cut, each in a file of its own beside <see cref="OutputPath"/>; 1 for none.</summary>
    public int Stages { get; init; } = 1;

    /// <summary>What the recipe is made for.</summary>
    public string Target { get; init; } = TargetNames.Default;

    /// <summary>How many class names the project gives; 0 for none.</summary>
    public int LabelCount { get; init; }

    /// <summary>The names of the <see cref="Knobs"/> that somebody set for this model, and not for all models of a project.</summary>
    public IReadOnlyCollection<string> Given { get; init; } = [];

    internal OutputHints OutputHints => new(Fidelity, LabelCount);
}
