using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Comparison;

/// <summary>Compares the outputs of several models with those of the first one, which runs once.</summary>
internal static class OutputComparison
{
    // The number of calls on which values inside the graph are compared. Each call has up to 16 rows.
    private const int GraphCalls = 2;

    /// <summary>Compares the outputs of models with those of the first model, on the same inputs.</summary>
    /// <param name="paths">The paths of the models. The others are compared with the first one.</param>
    /// <param name="settings">The settings of the comparison.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <returns>One result for each model but the first.</returns>
    /// <exception cref="OnnxException">A model cannot be read.</exception>
    /// <exception cref="CompressionException">A model does not load or run, or the models do not have the same inputs and outputs.</exception>
    public static IReadOnlyList<ComparedOutputs> Compare(IReadOnlyList<string> paths, ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var skipWeights = new OnnxLoadOptions { SkipWeights = true };
        var model = OnnxModel.Load(paths[0], skipWeights, cancellationToken);
        LocalFunctions.Inline(model);
        var signature = SignatureReader.Read(model);
        foreach (var path in paths.Skip(1))
            SameInterface.Check(signature, SignatureReader.Read(OnnxModel.Load(path, skipWeights, cancellationToken)), path);
        var described = settings.Inputs;
        var (reference, whyNot) = ReferenceRun.Record(
            model,
            paths[0],
            signature,
            settings.Data,
            cancellationToken,
            hints: new OutputHints(settings.Kinds, settings.Labels.Count),
            described: described
        );
        if (reference is null)
            throw new CompressionException(Codes.CalibrationData, $"The models cannot be compared: {whyNot}.", paths[0]);
        using (reference)
        {
            Sample[] samples = [.. reference.Samples.Read(cancellationToken).Take(GraphCalls)];
            var thumbnails = Thumbnails.Of(model, signature, samples[0], described.Image);
            return [.. paths.Skip(1).Select(path => Compare(reference, paths[0], path, samples, thumbnails, settings, cancellationToken))];
        }
    }

    private static ComparedOutputs Compare(
        ReferenceRun reference,
        string first,
        string path,
        IReadOnlyList<Sample> samples,
        Thumbnails? thumbnails,
        ComparisonSettings settings,
        CancellationToken cancellationToken
    )
    {
        var places = reference.Plan.Outputs.Index().ToDictionary(output => output.Item, output => output.Index, StringComparer.Ordinal);
        AnswerMeter[] meters =
        [
            .. reference
                .Plan.Parts.Where(part =>
                    part is { ClassAxis: not null, Ranges: [], Feeds: null, Kind: not (FidelityKind.Tokens or FidelityKind.Probabilities) }
                )
                .Select(part => new AnswerMeter(part, settings.Labels, settings.Origins, thumbnails)),
        ];
        try
        {
            var report = reference.Compare(path, Add, cancellationToken);
            var verdicts = new OutputVerifier(settings.Budget).Verify(report, isPrecise: false);
            // Answers are reported only for outputs of scores. In another matrix of numbers, the column of the highest value is no answer.
            var scores = report.Outputs.Where(output => output.Kind == FidelityKind.Scores).Select(output => output.Output).ToHashSet(StringComparer.Ordinal);
            return new ComparedOutputs(
                new VerificationFacts(report),
                [.. verdicts.Select(FidelityFacts.Of)],
                !OutputVerdict.ProveNothing(verdicts) && verdicts.All(verdict => verdict.Passed),
                [.. meters.Where(meter => scores.Contains(meter.Output)).Select(meter => meter.Result()).OfType<AnswerFigures>()],
                GraphErrors.Measure(Load(first), Load(path), samples, cancellationToken)
            );
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime cannot run the model: {Sessions.Reason(exception)}", path, exception);
        }

        void Add(Sample sample, IReadOnlyList<OutputValues?> before, IReadOnlyList<OutputValues?> after)
        {
            foreach (var meter in meters)
                if ((before[places[meter.Output]], after[places[meter.Output]]) is ({ } one, { } other))
                    meter.Add(sample, one, other);
        }
    }

    private static OnnxModel Load(string path)
    {
        var model = RecordedModel.Load(path);
        ModelPreparation.Prepare(model);
        return model;
    }
}
