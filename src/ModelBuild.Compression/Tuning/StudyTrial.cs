using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// Runs one recipe of a study, and compares its result with the original on held-out samples. A result beyond the budget is a result as well.
/// </summary>
internal static class StudyTrial
{
    private const int TimeDigits = 2;
    private const int DecibelDigits = 2;
    private const int LossDigits = 5;

    /// <summary>Runs a recipe, writes its result and returns the figures.</summary>
    /// <param name="settings">The model, its data and the budget.</param>
    /// <param name="recipe">The recipe in its one-line form.</param>
    /// <param name="output">The path of the result.</param>
    /// <param name="trained">The path of the trained values of the recipe, if it trains.</param>
    /// <param name="shared">Results that all trials of the study share; null to compute all of them.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The recipe cannot be used on the model, or the data is at fault.</exception>
    public static TrialResult Run(
        StudySettings settings,
        string recipe,
        string output,
        string? trained,
        SharedResults? shared,
        CancellationToken cancellationToken
    )
    {
        var request = settings.Request(recipe, output, trained) with { Shared = shared };
        using var original = OriginalModel.Open(request, cancellationToken);
        using var workspace = OutputWorkspace.Create(output);
        CheckData(original, cancellationToken);
        var (run, whyNot) = original.Record();
        using var reference = run ?? throw new CompressionException(Codes.CalibrationData, $"The model cannot be compared with others: {whyNot}.");
        var builder = new CandidateBuilder(original, workspace, WorkLog.Silent, cancellationToken);
        var steps = builder.Make(request.Recipe, reference);
        var expected = new ExpectedLoss(reference.Plan);
        var fidelity = Compare(original, reference, workspace.ModelPath, expected, cancellationToken);
        var verdicts = new OutputVerifier(request.Budget).Verify(fidelity, request.Recipe.Steps.All(step => step.Definition.IsPrecise));
        StoredTraining.Keep(request, original.Files, original.Training?.Results ?? [], [], cancellationToken);
        double[] losses = [.. verdicts.Where(verdict => verdict.IsOfAccuracy).Select(verdict => expected.Of(verdict.Fidelity.Output)).OfType<double>()];
        var files = workspace.Files;
        var result = new TrialResult
        {
            Written = MixedRecipe.WriteOut(request.Recipe, steps).Recipe.ToString(),
            Bytes = builder.Bytes,
            ZippedBytes = ZippedSize.Of(files, cancellationToken),
            MultiplyAdds = steps[^1].Cost!.MultiplyAdds,
            PredictedTime = RelativeTime(original, workspace.ModelPath, reference, cancellationToken),
            Outputs = [.. verdicts.Select(FidelityFacts.Of)],
            SqnrDb = Math.Round(Worst(fidelity), DecibelDigits),
            Judged = fidelity.Judged,
            ExpectedLoss = losses.Length == 0 ? null : Math.Round(losses.Max(), LossDigits),
            IsWithinBudget =
                verdicts.All(verdict => verdict.Passed) && !OutputVerdict.ProveNothing(verdicts) && losses.All(loss => loss <= request.Budget.MaxAccuracyLoss),
            Sha256 = ContentHash.Of(files),
        };
        workspace.Commit();
        return result;
    }

    /// <summary>Checks that some samples are held out, so that nothing is verified on samples that it was fitted to.</summary>
    /// <exception cref="CompressionException">MB1019: there are too few samples.</exception>
    public static void CheckData(OriginalModel original, CancellationToken cancellationToken)
    {
        if (original.Calibration?.All is not { } samples || !SampleDivision.Of(samples, cancellationToken).IsEvaluatedApart)
            throw new CompressionException(
                Codes.CalibrationData,
                $"A search needs {SampleDivision.MinRowsToHoldOut} samples or more, so that a quarter of them is held out: what it finds would "
                    + "otherwise be verified on the samples that it was fitted to."
            );
    }

    private static FidelityReport Compare(
        OriginalModel original,
        ReferenceRun reference,
        string result,
        ExpectedLoss expected,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return reference.Compare(result, expected.Add, cancellationToken, asAccelerator: !original.Target.IsProcessor, wasFitted: true);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(
                Codes.ModelUnreadable,
                $"ONNX Runtime cannot load or run the result: {Sessions.Reason(exception)}",
                inner: exception
            );
        }
    }

    private static double Worst(FidelityReport fidelity) =>
        fidelity.Outputs.Where(output => output.IsCompared).Select(output => output.ComparableDb).DefaultIfEmpty(OutputFidelity.IdenticalDb).Min();

    private static double? RelativeTime(OriginalModel original, string result, ReferenceRun reference, CancellationToken cancellationToken)
    {
        var shapes = reference.Samples.Read(cancellationToken).First().Shapes();
        var before = original.CreateContext();
        RecipePipeline.Run(before, RecipePipeline.Optimize);
        var after = OnnxModel.Load(result, new OnnxLoadOptions { MapWeights = true }, cancellationToken);
        return PredictedTime.Of(before.Model, original.Target, shapes) is { } time && PredictedTime.Of(after, original.Target, shapes) is { } compressed
            ? Math.Round(compressed / time, TimeDigits)
            : null;
    }
}
