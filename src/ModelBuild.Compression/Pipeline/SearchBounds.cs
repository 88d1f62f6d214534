using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>How much a search for mixed precision may do, counted in work and never by a clock, so that it finds the same on every machine.</summary>
/// <param name="Evaluations">How often a recipe may be run in full.</param>
/// <param name="Estimates">How many returns may be estimated.</param>
/// <param name="Calls">On how many calls each is: a few, where the budget itself is held on all of them.</param>
internal sealed record SearchBounds(int Evaluations, int Estimates, int Calls)
{
    // Multiply-adds of all evaluations, and as many of all estimates: some minutes each.
    private const double Work = 1e13;

    // What writing a weight and loading it again takes, in multiply-adds.
    private const double WorkOfWeight = 2000;

    private const int MaxCalls = 8;
    private const int MinEvaluations = 6;
    private const int MaxEvaluations = 48;
    private const int MinEstimates = 32;
    private const int MaxEstimates = 1024;

    /// <summary>For <c>auto</c>, which has other recipes to fall back to: layers are ranked in a few groups of neighbours, and a few results are
    /// tried, none of them solved again.</summary>
    public static SearchBounds Quick { get; } = new(Evaluations: 2, Estimates: 16, Calls: 1);

    /// <summary>The bounds for a model.</summary>
    /// <param name="model">The original.</param>
    /// <param name="inputShapes">Sizes of the inputs of one call.</param>
    /// <param name="layers">How many layers there are to return.</param>
    /// <param name="calls">How many calls a recipe is judged on.</param>
    /// <param name="recovers">Whether the recipe solves layers.</param>
    public static SearchBounds Of(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, int layers, int calls, bool recovers)
    {
        var call = LayerWork.Total(model, inputShapes);
        var writing = Math.Max(1, model.Proto.Graph.Initializer.Sum(tensor => tensor.ElementCount()) * WorkOfWeight);
        var sweep = recovers ? Math.Min(RowBudget.Recovery.Runs, call * LayerStages.MaxCalls * LayerStages.Passes) : 0;
        // Layers are better ranked one by one on fewer calls than together on more.
        var rankingCalls = (int)Math.Clamp(Work / (LayerReturns.EstimatesOfLayer * layers * call), 1, MaxCalls);
        return new SearchBounds(
            (int)Math.Clamp(Work / (writing + calls * call + sweep), MinEvaluations, MaxEvaluations),
            (int)Math.Clamp(Work / (writing + rankingCalls * call), MinEstimates, MaxEstimates),
            rankingCalls
        );
    }
}
