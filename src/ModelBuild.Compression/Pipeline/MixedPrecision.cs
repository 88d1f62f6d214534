using System.Globalization;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Searches for mixed precision by fidelity: where a whole model in int8 misses its budget, the fewest of its layers are moved back to float
/// (<see cref="LayerReturns"/>). Layers are ranked on a few held-out samples and without recovery. The budget itself is applied on all samples on which
/// the original ran.
/// </summary>
/// <param name="original">The model.</param>
/// <param name="candidates">Makes results.</param>
/// <param name="reference">The outputs of the original.</param>
/// <param name="judge">Applies the budget.</param>
/// <param name="isQuick">Whether the search has the bounds <see cref="SearchBounds.Quick"/>, and does not solve layers again.</param>
/// <param name="work">Receives reports of estimates and trials.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class MixedPrecision(
    OriginalModel original,
    CandidateBuilder candidates,
    ReferenceRun reference,
    OutputVerifier judge,
    bool isQuick,
    WorkLog work,
    CancellationToken cancellationToken
)
{
    /// <summary>Searches for a result within the budget in which some layers are moved back to float.</summary>
    /// <param name="recipe">The recipe that missed it.</param>
    /// <param name="steps">The reports of its steps.</param>
    /// <param name="calls">The number of calls on which it was compared.</param>
    /// <param name="wholeDb">The figure of its worst output, in dB.</param>
    /// <returns>The result; null where the recipe quantized no layers, or there are no samples.</returns>
    public MixedResult? Search(Recipe recipe, IReadOnlyList<StepReport> steps, int calls, double wholeDb)
    {
        (string Name, LayerState State)[] layers =
        [
            .. steps
                .SelectMany(step => step.Report.Nodes)
                .Where(node => node.Form != NodeForm.Pruned)
                .DistinctBy(node => node.Name)
                .Select(node => (node.Name, State: State(node)))
                .Where(layer => layer.State < LayerState.Float),
        ];
        if (layers.Length == 0 || original.Calibration?.HeldOut is null)
            return null;
        var mixed = MixedRecipe.WriteOut(recipe, steps);
        var bounds = isQuick
            ? SearchBounds.Quick
            : SearchBounds.Of(original.Load(), reference.Samples.Read(cancellationToken).First().Shapes(), layers.Length, calls, mixed.Recovers);
        using var evaluator = new HeldOutEvaluator(original.CreateContext(), bounds.Calls);
        work.Report(
            $"'{ShortRecipe.Of(recipe.ToString())}' misses the budget. Layers are ranked by the accuracy that restoring them to float regains, "
                + $"in at most {bounds.Estimates} estimates and {bounds.Evaluations} trials"
        );
        var oneEstimate = bounds.Calls * candidates.WorkOfCall;
        var estimates = new Trials<IReadOnlyDictionary<string, LayerState>>(
            work,
            new TrialWork("restoring layers to float: estimate", bounds.Estimates, oneEstimate, bounds.Estimates * oneEstimate) { IsLimit = true }
        );
        var evaluations = 0;
        // The first variant is the recipe with all layers in int8. It missed the budget, and its result is still in the workspace.
        List<VariantFacts> variants = [Variant("all layers", wholeDb)];
        var returns = new LayerReturns(
            layers,
            bounds,
            states =>
            {
                estimates.Begin("");
                return estimates.End(states, Estimate(mixed.WithoutRecovery(states), evaluator)).SqnrDb;
            }
        );
        (Recipe Recipe, VerifiedCandidate Candidate)? found = null;
        returns.Search(states =>
        {
            var returned = isQuick ? mixed.WithoutRecovery(states) : mixed.With(states);
            work.Report($"restoring layers to float: trial {++evaluations} of at most {bounds.Evaluations}, '{ShortRecipe.Of(returned.ToString())}'");
            var (evaluation, candidate) = Evaluate(returned);
            work.Report(Describe(evaluation));
            if (candidate is null && double.IsFinite(evaluation.Score))
                variants.Add(Variant(Name(states), evaluation.Score));
            found = candidate is null ? null : (returned, candidate);
            return evaluation;
        });
        found?.Candidate.Steps.First(step => step.Report.Nodes.Count > 0).Report.Rank(returns.Ranking);
        return new MixedResult(found?.Recipe ?? recipe, found?.Candidate, returns.Ranking, returns.Conclusion) { Variants = variants };
    }

    private VariantFacts Variant(string name, double decibels) => new(name, candidates.Bytes, Math.Round(decibels, 2));

    private static string Name(IReadOnlyDictionary<string, LayerState> states) =>
        string.Create(CultureInfo.InvariantCulture, $"{states.Values.Count(state => state == LayerState.Float)} layers in float");

    private static string Describe(MixedEvaluation evaluation)
    {
        if (evaluation.IsGood)
            return "this trial is within the budget";
        if (double.IsNegativeInfinity(evaluation.Score))
            return "this trial is dropped: ONNX Runtime cannot load or run its result";
        var size = evaluation.IsSmaller ? "" : ", and it is no smaller than the original";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"this trial is beyond the budget: its worst output gets {SignedNumber.Of(evaluation.Score, 1)} dB{size}"
        );
    }

    private static LayerState State(NodeOutcome node) =>
        node.Form switch
        {
            NodeForm.StoredInt8 => LayerState.Stored,
            NodeForm.Float => LayerState.Float,
            // Operators that are not layers compute in the same form as the layers before them.
            _ => WeightedOperator.IsLinearName(node.Operator) ? LayerState.Integer : LayerState.Float,
        };

    private (MixedEvaluation Evaluation, VerifiedCandidate? Candidate) Evaluate(Recipe recipe)
    {
        IReadOnlyList<StepReport> steps;
        FidelityReport fidelity;
        try
        {
            steps = candidates.Make(recipe, reference);
            fidelity = candidates.Compare(recipe, reference);
        }
        catch (Exception exception) when (FaultyStep.Cause(exception) is not null)
        {
            return (new MixedEvaluation(IsGood: false, candidates.IsSmaller, double.NegativeInfinity), null);
        }

        var verdicts = judge.Verify(fidelity, isPrecise: false);
        return verdicts.All(verdict => verdict.Passed)
            ? (new MixedEvaluation(IsGood: true, candidates.IsSmaller, 0), new VerifiedCandidate(steps, fidelity, verdicts))
            : (
                new MixedEvaluation(
                    IsGood: false,
                    candidates.IsSmaller,
                    verdicts.Where(verdict => !verdict.Passed).Min(verdict => verdict.Fidelity.ComparableDb)
                ),
                null
            );
    }

    private double Estimate(Recipe recipe, HeldOutEvaluator evaluator)
    {
        try
        {
            var context = original.CreateContext();
            RecipePipeline.Run(context, recipe);
            return evaluator.SqnrDb(context.Model);
        }
        catch (Exception exception) when (FaultyStep.Cause(exception) is not null)
        {
            return -OutputFidelity.IdenticalDb;
        }
    }
}
