using System.Collections.Immutable;
using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// The step <c>mixed-precision</c>: converts nodes to 16-bit floats as far as the required fidelity permits. The pass measures the SQNR on held-out
/// calibration samples, with the rounding of accelerators (<see cref="AcceleratorArithmetic"/>), and keeps the fewest nodes in float32 (<see
/// cref="Float32Search"/>). Layers are ranked by sensitivity (as in Dong et al. 2019, arXiv 1905.03696), here by the measured error itself.
/// </summary>
internal sealed class MixedPrecisionPass(MixedPrecisionOptions options, IContractChange contract) : IPass
{
    // The number of held-out calls on which nodes are ranked. Few calls are enough for a ranking, and verification uses all samples.
    private const int EvaluatedCalls = 8;

    private readonly NarrowFloat _format = NarrowFloat.Of(options.Format);

    public void Run(PassContext context)
    {
        if (context.Calibration?.HeldOut is null)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "The step 'mixed-precision' measures what each layer loses, and needs real inputs for that: "
                    + "give CalibrationData (a few typical inputs as .npz, .npy or .pb), or use 'float16' with 'exclude'."
            );
        if (!PrecisionConversion.Prepare(context, _format))
        {
            contract.Adapt(context.Model);
            return;
        }

        var settings = new ConversionSettings(_format, options.Io, options.Exclude) { Overflowing = PrecisionConversion.Overflowing(context, _format) };
        var narrow = PrecisionConversion.Convert(context.Model.Clone(), settings, new PassReport()).Where(node => node.IsNarrow).ToArray();
        int[] moves = [.. narrow.Where(node => node.Rule!.Kind == OperatorKind.Move).Select(node => node.Ordinal)];
        var labels = narrow.ToDictionary(node => node.Ordinal, node => node.Label);
        int[] all = [.. labels.Keys.Except(moves)];

        using var evaluator = new HeldOutEvaluator(context, EvaluatedCalls);
        var trials = new Trials<int[]>(context.Work, new TrialWork("set of nodes"));
        var search = new Float32Search(Measure, options.Sqnr);
        var kept = search.Run(all);
        if (kept is null)
        {
            context.Report.Leave(
                "the model",
                string.Create(CultureInfo.InvariantCulture, $"its outputs do not reach {options.Sqnr} dB even with all layers in float32")
            );
            contract.Adapt(context.Model);
        }
        else
        {
            PrecisionConversion.Convert(context.Model, settings with { Float32 = [.. kept] }, context.Report);
        }

        trials.Report(context.Report, [.. trials.Ranked.Where(trial => kept is not null && trial.Subject.SequenceEqual(kept)).Take(1)]);
        Report(context.Report, search, labels, kept);

        double Measure(IReadOnlyCollection<int> converted, bool alone)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var model = context.Model.Clone();
            int[] float32 = [.. all.Except(converted)];
            PrecisionConversion.Convert(model, settings with { Float32 = [.. alone ? float32.Concat(moves) : float32], Islands = alone }, new PassReport());
            AcceleratorArithmetic.Apply(model);
            if (alone)
                return evaluator.SqnrDb(model);
            trials.Begin($"{_format.Name} with {float32.Length} of {all.Length} nodes in float32");
            return trials.Evaluate(evaluator, float32, model).SqnrDb;
        }
    }

    private static void Report(PassReport report, Float32Search search, Dictionary<int, string> labels, IReadOnlyList<int>? kept)
    {
        report.Rank(
            search
                .Shares.OrderByDescending(share => share.GainDb)
                .Select(share => new LayerRank(Name(share.Group, labels), LayerPart.Layer, share.GainDb, kept?.Contains(share.Group[0]) == true))
        );
        report.Changed("nodes kept in float32 for fidelity", kept?.Count ?? 0);
    }

    private static string Name(int[] group, Dictionary<int, string> labels) =>
        group.Length == 1 ? labels[group[0]] : string.Create(CultureInfo.InvariantCulture, $"{labels[group[0]]} … {labels[group[^1]]} ({group.Length} nodes)");
}
