using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Passes.Quantization.Blocks;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// The candidates of the recipe <c>auto</c>, chosen by static rules for each model. If matrix products or LSTMs take most of the work, the candidates are
/// dynamic int8, which is faster only for such models, and int8 in blocks, whose outputs are closer to the original. For other models, static int8 is the first
/// candidate if there is calibration data and integers save time. Storage in int8 follows, fitted to the data if there is any: the file is smaller, and the
/// outputs are more exact than with int8 arithmetic. The original is kept if verification refuses every candidate.
/// </summary>
internal static class AutoRecipe
{
    private const double DominantShare = 0.5;

    // The least saving of the estimated time, as a share, that makes int8 arithmetic worthwhile. The estimate omits nodes that are the same in both forms: at
    // an estimate of 20 %, measurements showed less than 10 %.
    private const double WorthwhileSaving = 0.2;

    private static readonly Recipe Static = Of(new OptimizeOptions(), new Int8Options());
    private static readonly Recipe Fitted = Of(new OptimizeOptions(), new Int8WeightsOptions(), new LeastSquaresOptions(), new GptqOptions());

    // The dynamic recipes that 'auto' tries, the fastest first. Products with int8 weights in blocks take about one and a half times as long as dynamic int8
    // products, but do not need one range for a whole activation.
    private static readonly Recipe[] Dynamic =
    [
        Of(new OptimizeOptions(), new Int8DynamicOptions(), new Int8WeightsOptions()),
        Of(new OptimizeOptions(), new Int8BlocksOptions(), new Int8WeightsOptions()),
    ];

    private static readonly Recipe[] Storage =
    [
        Of(new OptimizeOptions(), new Int8WeightsOptions()),
        Of(new OptimizeOptions(), new Float16WeightsOptions()),
        RecipePipeline.Optimize,
    ];

    /// <summary>Returns the recipes that <c>auto</c> tries for a model, the best first.</summary>
    /// <param name="model">The original.</param>
    /// <param name="target">The target of the recipe. Only CPUs have fast kernels for dynamic quantization.</param>
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
            return Stored(RecipePipeline.Optimize);
        if (target.IsProcessor && LayerWork.DynamicShare(model, inputShapes) >= DominantShare)
            return [.. Candidates(Dynamic), .. Stored(Storage)];
        if (calibration is null)
            return Stored(Storage);
        if (target.Costs is null || IntegerSaving.Of(model, target, inputShapes, cancellationToken) is not (< WorthwhileSaving and var saving))
            return [.. Candidates(Static), .. Stored(Storage)];
        var why =
            string.Create(
                CultureInfo.InvariantCulture,
                $"int8 arithmetic would save an estimated {saving:P0} of the time. Below {WorthwhileSaving:P0}, int8 storage alone is better: "
            ) + "it is smaller and more accurate";
        return [new AutoCandidate(Static, why), .. Stored(calibration.Fit is null ? Storage : [Fitted, .. Storage])];
    }

    private static IEnumerable<AutoCandidate> Candidates(params IEnumerable<Recipe> recipes) =>
        recipes.Select(recipe => new AutoCandidate(recipe, WhyNot: null));

    private static AutoCandidate[] Stored(params IEnumerable<Recipe> recipes) =>
        [.. Candidates(recipes).Select(candidate => candidate with { IsStorage = true })];

    private static Recipe Of(params object[] options) => Recipe.Of(StepCatalog.List(options));
}
