using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Tuning.Allocation;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// Measures the error of each group of layers in each form: the model runs on a few samples with only that group in that form. The samples that steps fit to
/// are divided once more: the steps of a table fit to one part, and the errors are measured on the other part. The held-out samples, on which the recipes of
/// the study are verified, are used for neither.
/// </summary>
/// <param name="original">The model and its data, of which some is held out.</param>
/// <param name="work">Receives the progress.</param>
/// <param name="cancellationToken">Cancels the work.</param>
internal sealed class TableMeasurement(OriginalModel original, WorkLog work, CancellationToken cancellationToken)
{
    // The largest number of groups of layers in a table of errors. Neighbouring layers of a large model form one group with one form, so that a table takes a
    // bounded number of runs.
    private const int MaxGroups = 48;
    private const int MinGroups = 8;

    private const int Calls = 8;

    // The limit of multiply-adds of all runs of a table of errors. Layers of large models are in fewer groups to keep this limit.
    private const double RunWork = 1e12;

    // The limit of multiply-adds of all sweeps that fit layers for a table. Within this limit the errors of the table are those of fitted weights.
    private const double FittingWork = 2e11;

    private readonly CalibrationContext _samples = new(original.Calibration!.Fit!, cancellationToken: cancellationToken);

    /// <summary>Measures the errors of layers in each stored form. The costs of the table are bytes.</summary>
    /// <param name="structure">The changes of the graph that come before.</param>
    public ChoiceTable MeasureStorage(Structure structure)
    {
        var context = CreateContext();
        RecipePipeline.Run(context, Recipe.Of([.. RecipePipeline.Optimize.Steps, .. structure.Steps()]));
        var call = LayerWork.Total(context.Model, FirstShapes());
        var groups = Groups(StoredWeights(context), MostGroups(call, StorageSteps.Codes.Count));
        using var evaluator = new HeldOutEvaluator(context, Calls);
        var recovery = CanFit(call, groups.Count * StorageSteps.Codes.Count) ? Recovery.Fitting : Recovery.None;
        var (bytes, number) = (context.Model.Size(), 0);
        var measured = new List<ChoiceGroup>();
        foreach (var group in groups)
        {
            var choices = new List<Choice> { new(LayerCode.Float32, 0, 0) };
            var others = Patterns(groups.Where(other => other != group));
            foreach (var code in StorageSteps.Codes)
            {
                work.Pass(string.Create(CultureInfo.InvariantCulture, $"errors of layers: {++number} of {groups.Count * StorageSteps.Codes.Count}"));
                var attempt = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new() };
                if (Noise(attempt, [StorageSteps.Step(code, others), .. RecoverySteps.Of(recovery)], evaluator) is { } noise)
                    choices.Add(new Choice(code, attempt.Model.Size() - bytes, noise));
            }

            measured.Add(new ChoiceGroup(group, Monotone(choices)));
        }

        return new ChoiceTable(bytes, measured);
    }

    /// <summary>
    /// Measures which layers of a model in int8 compute in integers. The costs of the table are predicted times. The error of a group is the error that
    /// disappears if the group computes in float.
    /// </summary>
    /// <param name="steps">The steps of the model in int8, without steps that choose.</param>
    /// <returns>The table; null if the target has no costs, or no layer computes in integers.</returns>
    public ChoiceTable? MeasureIntegers(IReadOnlyList<RecipeStep> steps)
    {
        RecipeStep[] quantizing = [.. steps.Where(step => !step.Definition.SolvesLayers)];
        var before = CreateContext();
        RecipePipeline.Run(before, RecipePipeline.Optimize);
        using var evaluator = new HeldOutEvaluator(before, Calls);
        var shapes = FirstShapes();
        var whole = CreateContext();
        var reports = RecipePipeline.Run(whole, Recipe.Of(quantizing));
        if (PredictedTime.Of(whole.Model, original.Target, shapes) is not { } least)
            return null;
        string[] integers =
        [
            .. reports
                .SelectMany(report => report.Report.Nodes)
                .Where(node => node.Form == NodeForm.Integer && WeightedOperator.IsLinearName(node.Operator))
                .Select(node => node.Name)
                .Distinct(),
        ];
        var groups = Groups(integers, MostGroups(LayerWork.Total(before.Model, shapes), forms: 1));
        if (groups.Count < 2)
            return null;
        var all = Power(evaluator.SqnrDb(whole.Model));
        var measured = new List<ChoiceGroup>();
        foreach (var (number, group) in groups.Index())
        {
            work.Pass(string.Create(CultureInfo.InvariantCulture, $"errors of integer layers: {number + 1} of {groups.Count}"));
            var attempt = CreateContext();
            if (Guarded(() => Restored(attempt, Recipe.Of(WithFloat(quantizing, group)), evaluator)) is not { } restored)
                continue;
            var noise = Math.Max(0, all - restored);
            var time = Math.Max(0, PredictedTime.Of(attempt.Model, original.Target, shapes)!.Value - least);
            measured.Add(new ChoiceGroup(group, Monotone([new Choice(LayerCode.Integer, 0, noise), new Choice(LayerCode.Int8, time, 0)])));
        }

        return new ChoiceTable(least, measured);
    }

    /// <summary>Returns the steps of a model in int8 with some more layers in float, whose weights are stored in int8.</summary>
    public static IReadOnlyList<RecipeStep> WithFloat(IReadOnlyList<RecipeStep> steps, IReadOnlyCollection<string> layers) =>
        new MixedRecipe(Recipe.Of(steps)).With(layers.ToDictionary(layer => layer, _ => LayerState.Stored, StringComparer.Ordinal)).Steps;

    private static string Patterns(IEnumerable<IReadOnlyList<string>> groups) => string.Join('|', groups.SelectMany(group => group).Select(QuotedText.Quote));

    // Returns the choices of a group with errors that never grow with more bytes. A measurement on a few samples may show the opposite by chance.
    private static IReadOnlyList<Choice> Monotone(IReadOnlyList<Choice> choices)
    {
        var least = double.PositiveInfinity;
        return [.. choices.OrderBy(choice => choice.Cost).Select(choice => choice with { Noise = least = Math.Min(least, choice.Noise) })];
    }

    private static double Power(double sqnrDb) => sqnrDb >= OutputFidelity.IdenticalDb ? 0 : Math.Pow(10, -sqnrDb / 10);

    private static List<IReadOnlyList<string>> Groups(string[] layers, int most)
    {
        var size = (layers.Length + most - 1) / most;
        return [.. layers.Chunk(Math.Max(1, size))];
    }

    private static double? Noise(PassContext attempt, IReadOnlyList<RecipeStep> steps, HeldOutEvaluator evaluator) =>
        Guarded(() =>
        {
            var reports = RecipePipeline.Run(attempt, steps);
            return reports[0].Report.Changes.Count == 0 ? null : Power(evaluator.SqnrDb(attempt.Model));
        });

    private static double? Restored(PassContext attempt, Recipe recipe, HeldOutEvaluator evaluator)
    {
        RecipePipeline.Run(attempt, recipe);
        return Power(evaluator.SqnrDb(attempt.Model));
    }

    private static double? Guarded(Func<double?> measure)
    {
        try
        {
            return measure();
        }
        catch (Exception exception) when (FaultyStep.Cause(exception) is not null)
        {
            // ONNX Runtime does not run the model with the group of layers in this form, so the group has no such choice.
            return null;
        }
    }

    // Returns the names of the weights that become smaller in 8 bits. Steps find weights by their names, because nodes may have none.
    private static string[] StoredWeights(PassContext context)
    {
        var copy = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new() };
        var reports = RecipePipeline.Run(copy, [StorageSteps.Step(LayerCode.Int8, "")]);
        var skipped = reports[0].Report.Skipped.Select(skipped => skipped.What).ToHashSet(StringComparer.Ordinal);
        return [.. WeightSites.Find(new Graph(context.Model)).Select(site => site.Name).Distinct().Where(weight => !skipped.Contains(weight))];
    }

    private PassContext CreateContext() => original.CreateContext() with { Calibration = _samples };

    // Returns the largest number of groups of layers for a table, given the multiply-adds of one call.
    private static int MostGroups(double call, int forms) => (int)Math.Clamp(RunWork / Math.Max(1, forms * Calls * call), MinGroups, MaxGroups);

    // Returns whether layers can be fitted before errors are measured. With a single sample there are no held-out samples to measure on.
    private bool CanFit(double call, int sweeps) =>
        !ReferenceEquals(_samples.Fit, _samples.HeldOut) && call * WavefrontSweep.MaxCalls * WavefrontSweep.Passes * sweeps <= FittingWork;

    private Dictionary<string, long[]> FirstShapes() => _samples.Fit.Read(cancellationToken).First().Shapes();
}
