using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Comparison;

/// <summary>The settings for the comparison of outputs.</summary>
/// <param name="Data">Files with real inputs; empty for synthetic inputs.</param>
/// <param name="Origins">The origin of the samples in these files.</param>
/// <param name="Budget">The limits of the outputs.</param>
/// <param name="Kinds">The kinds of outputs that the rules do not find.</param>
/// <param name="Inputs">The facts about the values of the inputs in the descriptions of the model.</param>
/// <param name="Labels">The names of the classes; empty if they are unknown.</param>
internal sealed record ComparisonSettings(
    IReadOnlyList<string> Data,
    SampleOrigins Origins,
    FidelityBudget Budget,
    FidelityKinds Kinds,
    DescribedInputs Inputs,
    IReadOnlyList<string> Labels
);
