using System.Globalization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Mixed precision by fidelity: where a whole model in int8 misses its budget, the fewest of its layers are returned to float (<see cref="LayerReturns"/>).
/// They are ranked on a few held-out samples and without recovery; the budget itself is held on everything that the original ran on.
/// </summary>
/// <param name="original">The model.</param>
/// <param name="candidates">Makes results.</param>
/// <param name="reference">What the original answers.</param>
/// <param name="judge">Holds answers to the budget.</param>
/// <param name="isQuick">Whether the search is bounded as <see cref="SearchBounds.Quick"/> says, and does not solve layers again.</param>
/// <param name="work">Told each estimate and each trial.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class MixedPrecision(
    Original original,
    Candidates candidates,
    ReferenceRun reference,
    OutputVerifier judge,
    bool isQuick,
    WorkLog work,
    CancellationToken cancellationToken
)
{
    /// <summary>Searches for a result within the budget.</summary>
    /// <param name="recipe">The recipe that missed it.</param>
    /// <param name="steps">What its steps did.</param>
    /// <param name="calls">How many calls it was judged on.</param>
    /// <returns>What was found; null where the recipe quantized no layers with samples.</returns>
    public MixedResult? Search(Recipe recipe, IReadOnlyList<StepReport> steps, int calls)
    {
        (string Name, LayerState State)[] layers =
        [
            .. steps
                .SelectMany(step => step.Report.Nodes)
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
        using var heldOut = new HeldOutJudge(original.Context(), bounds.Calls);
        work.Report(
            $"'{ShortRecipe.Of(recipe.ToString())}' misses the budget: ranking layers by what returning them to float gives back, "
                + $"in at most {bounds.Estimates} estimates and {bounds.Evaluations} trials"
        );
        var (oneEstimate, estimates, evaluations) = (bounds.Calls * candidates.WorkOfCall, 0, 0);
        var account = new WorkAccount(bounds.Estimates * oneEstimate);
        var returns = new LayerReturns(
            layers,
            bounds,
            states =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"estimate {++estimates} of at most {bounds.Estimates}");
                work.EnterTrial($"returning layers, {name}");
                var sqnr = Estimate(mixed.WithoutRecovery(states), heldOut);
                work.Measured(sqnr);
                work.Report(string.Create(CultureInfo.InvariantCulture, $"returning layers to float: {name} gets {sqnr:0.0} dB; {account.Add(oneEstimate)}"));
                return sqnr;
            }
        );
        (Recipe Recipe, VerifiedCandidate Candidate)? found = null;
        returns.Search(states =>
        {
            var returned = isQuick ? mixed.WithoutRecovery(states) : mixed.With(states);
            work.Report($"returning layers to float: trial {++evaluations} of at most {bounds.Evaluations}, '{ShortRecipe.Of(returned.ToString())}'");
            var (evaluation, candidate) = Evaluate(returned);
            work.Report(Describe(evaluation));
            found = candidate is null ? null : (returned, candidate);
            return evaluation;
        });
        found?.Candidate.Steps.First(step => step.Report.Nodes.Count > 0).Report.Rank(returns.Ranking);
        return new MixedResult(found?.Recipe ?? recipe, found?.Candidate, returns.Ranking, returns.Conclusion);
    }

    private static string Describe(MixedEvaluation evaluation)
    {
        if (evaluation.IsGood)
            return "this trial is within the budget";
        if (double.IsNegativeInfinity(evaluation.Score))
            return "this trial is dropped: ONNX Runtime refuses its result";
        var size = evaluation.IsSmaller ? "" : ", and it is no smaller than the original";
        return string.Create(CultureInfo.InvariantCulture, $"this trial is beyond the budget: its worst output gets {evaluation.Score:0.0} dB{size}");
    }

    private static LayerState State(NodeOutcome node) =>
        node.Became switch
        {
            NodeOutcome.StoredInInt8 => LayerState.Stored,
            NodeOutcome.Float => LayerState.Float,
            // Other operators follow the layers before them.
            _ => OperatorRules.IsLayer(node.Operator) ? LayerState.Integer : LayerState.Float,
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

    private double Estimate(Recipe recipe, HeldOutJudge heldOut)
    {
        try
        {
            var context = original.Context();
            RecipePipeline.Run(context, recipe);
            return heldOut.SqnrDb(context.Model);
        }
        catch (Exception exception) when (FaultyStep.Cause(exception) is not null)
        {
            return -OutputFidelity.IdenticalDb;
        }
    }
}
