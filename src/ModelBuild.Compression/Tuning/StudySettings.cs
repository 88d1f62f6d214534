using System.Text.Json.Serialization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tuning;

/// <summary>The settings that all trials of a study have in common.</summary>
internal sealed record StudySettings
{
    /// <summary>The path of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The files with real inputs in the form of arrays.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The files with inputs that training steps learn from; empty if no recipe trains.</summary>
    public IReadOnlyList<string> TrainingData { get; init; } = [];

    /// <summary>The files with inputs that choose the best state of a training; empty to use a part of the training data.</summary>
    public IReadOnlyList<string> ValidationData { get; init; } = [];

    /// <summary>All files with calibration, training or validation data.</summary>
    [JsonIgnore]
    public IEnumerable<string> Files => Data.Concat(TrainingData).Concat(ValidationData);

    /// <summary>The largest loss of accuracy, as the user writes it; null for the default.</summary>
    public string? MaxAccuracyLoss { get; init; }

    /// <summary>The lowest signal-to-noise ratio, as the user writes it; null for the default.</summary>
    public string? MinSqnr { get; init; }

    /// <summary>The kinds of outputs, as the user writes them; null to find them.</summary>
    public string? Fidelity { get; init; }

    /// <summary>The names of the steps that recipes may have, as the user writes them; null for all.</summary>
    public string? Steps { get; init; }

    /// <summary>The steps that recipes may have.</summary>
    /// <exception cref="Diagnostics.CompressionException">MB1005: a step is unknown, or has options.</exception>
    [JsonIgnore]
    public AllowedSteps Allowed => AllowedSteps.Parse(Steps);

    /// <summary>The name of the target that recipes are made for.</summary>
    public required string Target { get; init; }

    /// <summary>Returns the request to run a recipe.</summary>
    /// <param name="recipe">The recipe in its one-line form.</param>
    /// <param name="output">The path of the result.</param>
    /// <param name="trained">The path to which the values of training steps are written; null to write none.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1005: a setting has a wrong value.</exception>
    public CompressionRequest Request(string recipe, string output, string? trained = null) =>
        new(Model, output)
        {
            Recipe = recipe.Length == 0 ? new Recipe(Recipe.None, []) : RecipeParser.Parse(recipe),
            CalibrationData = Data,
            TrainingData = TrainingData,
            ValidationData = ValidationData,
            Train = true,
            KeepTrained = trained,
            Budget = FidelityBudget.Parse(MaxAccuracyLoss, MinSqnr),
            Fidelity = FidelityKinds.Parse(Fidelity),
            Target = TargetProfile.Parse(Target),
        };
}
