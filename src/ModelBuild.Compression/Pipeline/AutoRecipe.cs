using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// The recipe <c>auto</c>: by static rules, per model. Dynamic int8, or int8 in blocks where that answers too far from the original, where matrix
/// products or LSTMs dominate the work (they are faster there, and only there); elsewhere static int8 where there is calibration data and integers
/// save time, and int8 storage everywhere else, fitted to the data where there is any: it is smaller and more exact than int8 arithmetic. What the
/// verification refuses falls back step by step, down to the original.
/// </summary>
internal static class AutoRecipe
{
    private const double DominantShare = 0.5;

    // Of the estimated time. The estimate leaves out what is the same in both forms: where it is this share, hardly a tenth was measured.
    private const double WorthwhileSaving = 0.2;

    private const string Static = "optimize int8";
    private const string Fitted = "optimize int8-weights least-squares gptq";

    // The fastest first. Blocks take about half as long again, and need no range for a whole activation.
    private static readonly string[] Dynamic = ["optimize int8-dynamic int8-weights", "optimize int8-blocks int8-weights"];

    private static readonly string[] Storage = ["optimize int8-weights", "optimize float16-weights", "optimize"];

    /// <summary>The recipes to try, best first.</summary>
    /// <param name="model">The original.</param>
    /// <param name="target">What the recipe is made for: only processors have fast kernels for dynamic quantization.</param>
    /// <param name="inputShapes">Sizes of the model's inputs, to count work with.</param>
    /// <param name="calibration">The project's real inputs, or statistics of them; null where it gives none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<AutoCandidate> Candidates(
        OnnxModel model,
        TargetProfile target,
        IReadOnlyDictionary<string, long[]> inputShapes,
        ICalibrationContext? calibration,
        CancellationToken cancellationToken
    )
    {
        if (IntegerOperators.IsQuantized(model))
            return Stored("optimize");
        if (target.IsProcessor && LayerWork.DynamicShare(model, inputShapes) >= DominantShare)
            return [.. Ladder([.. Dynamic]), .. Stored(Storage)];
        if (calibration is null)
            return Stored(Storage);
        if (target.Costs is null || IntegerSaving.Of(model, target, inputShapes, cancellationToken) is not (< WorthwhileSaving and var saving))
            return [.. Ladder(Static), .. Stored(Storage)];
        var why =
            string.Create(
                CultureInfo.InvariantCulture,
                $"int8 arithmetic would save an estimated {saving:P0} of the time, and what saves less than {WorthwhileSaving:P0} is better "
                    + $"stored in int8 only: "
            ) + "smaller and more exact";
        return [new AutoCandidate(RecipeParser.Parse(Static), why), .. Stored(calibration.Fit is null ? Storage : [Fitted, .. Storage])];
    }

    private static AutoCandidate[] Stored(params string[] recipes) => [.. Ladder(recipes).Select(candidate => candidate with { IsStorage = true })];

    private static AutoCandidate[] Ladder(params string[] recipes) =>
        [.. recipes.Select(recipe => new AutoCandidate(RecipeParser.Parse(recipe), WhyNot: null))];
}
