using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The bounds of a search for mixed precision. They limit work and not time, so that the search has the same result on every machine.</summary>
/// <param name="Evaluations">The largest number of runs of a whole recipe.</param>
/// <param name="Estimates">The largest number of estimates.</param>
/// <param name="Calls">The number of calls of each estimate. The budget itself is applied on all calls.</param>
internal sealed record SearchBounds(int Evaluations, int Estimates, int Calls)
{
    // The limit of multiply-adds of all evaluations, and also the limit of multiply-adds of all estimates. The evaluations take some minutes, and so do the
    // estimates.
    private const double Work = 1e13;

    // The work of writing one weight to a file and loading it again, in multiply-adds.
    private const double WorkOfWeight = 2000;

    private const int MaxCalls = 8;
    private const int MinEvaluations = 6;
    private const int MaxEvaluations = 48;
    private const int MinEstimates = 32;
    private const int MaxEstimates = 1024;

    /// <summary>The bounds for <c>auto</c>, which has other candidates: layers are ranked in a few groups of neighbours, and a few results are
    /// evaluated without solving layers again.</summary>
    public static SearchBounds Quick { get; } = new(Evaluations: 2, Estimates: 16, Calls: 1);

    /// <summary>Returns the bounds for a model, which follow from the work of one call and the number of layers.</summary>
    /// <param name="model">The original.</param>
    /// <param name="inputShapes">Sizes of the inputs of one call.</param>
    /// <param name="layers">The number of layers that can be moved back.</param>
    /// <param name="calls">The number of calls on which a recipe is compared.</param>
    /// <param name="recovers">Whether the recipe solves layers.</param>
    public static SearchBounds Of(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, int layers, int calls, bool recovers)
    {
        var call = LayerWork.Total(model, inputShapes);
        var writing = Math.Max(1, model.Proto.Graph.Initializer.Sum(tensor => tensor.ElementCount()) * WorkOfWeight);
        var sweep = recovers ? Math.Min(RowBudget.Recovery.Runs, call * WavefrontSweep.MaxCalls * WavefrontSweep.Passes) : 0;
        // The estimates run on few calls, because a ranking of single layers on few calls is better than a ranking of groups on many calls.
        var rankingCalls = (int)Math.Clamp(Work / (LayerReturns.EstimatesOfLayer * layers * call), 1, MaxCalls);
        return new SearchBounds(
            (int)Math.Clamp(Work / (writing + calls * call + sweep), MinEvaluations, MaxEvaluations),
            (int)Math.Clamp(Work / (writing + rankingCalls * call), MinEstimates, MaxEstimates),
            rankingCalls
        );
    }
}
