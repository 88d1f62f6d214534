using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The step <c>smooth-quant</c> (Xiao et al. 2022, arXiv 2211.10438, section 4). The columns of an activation with outliers are divided by s = max|x|^α /
/// max|w|^(1 − α), and the rows of the weights that read them are multiplied by s, so that one scale fits the whole activation better. The model computes the
/// same up to rounding. The normalization or layer before the activation absorbs the division; after a GELU, whose nodes ONNX Runtime computes as one, a Mul
/// does it. The step applies to MatMul and Gemm of the main graph; all
/// readers of the activation must be such layers. If the recipe gives no α, each activation gets the α with the least error on held-out rows, or does not
/// change. The middle of its range may then be subtracted from each column first, if the shift of the normalization and the biases of the layers absorb it
/// (the scale reparameterization of RepQ-ViT: Li et al. 2023, arXiv 2212.08254).
/// </summary>
internal sealed class SmoothQuantPass(SmoothQuantOptions options) : IPass
{
    public void Run(PassContext context)
    {
        if (options.Alpha.Value is { } given && given is not (>= 0 and <= 1))
            throw new CompressionException(Codes.UnknownOption, $"'smooth-quant' cannot take alpha={options.Alpha}: it must be auto, or a number from 0 to 1.");
        if (context.Calibration is not { } calibration)
        {
            context.Report.Leave("all layers", "finding outliers needs calibration data");
            return;
        }

        if (options.Alpha.Value is null && calibration.HeldOut is null)
        {
            context.Report.Leave(
                "all layers",
                "alpha=auto needs the inputs themselves; the calibration file contains only their statistics, which are enough for alpha=0.5"
            );
            return;
        }

        var main = new Graph(context.Model);
        var layers = new Dictionary<NodeProto, LinearLayer?>(ReferenceEqualityComparer.Instance);
        LinearLayer? LayerOf(NodeProto node) => layers.TryGetValue(node, out var known) ? known : layers[node] = LinearLayer.TryCreate(main, node, out _);
        var smoothings = Find(context, main, LayerOf);
        if (smoothings.Count == 0)
            return;
        // The factors of all activations are computed before any weight changes, because a layer may compute one smoothed value and read another.
        var chosen = Choose(context, main, smoothings);
        // Constants are subtracted before the factors are applied, because they are in the units of the present weights.
        foreach (var (smoothing, _, shifts) in chosen)
            if (shifts is not null)
                smoothing.Shift!.Subtract(shifts);
        foreach (var (smoothing, factors, _) in chosen)
            Apply(context, main, smoothing, factors);
        foreach (var layer in layers.Values)
            layer?.Write(main);
    }

    private List<Smoothing> Find(PassContext context, Graph main, Func<NodeProto, LinearLayer?> layerOf)
    {
        var exclude = new NamePatterns(options.Exclude);
        var candidates = main
            .Nodes.Where(node =>
                WeightedOperator.IsLinearProduct(node) && !exclude.Match(node.Name) && !exclude.Match(node.InputAt(1)) && layerOf(node) is not null
            )
            .GroupBy(node => node.Input[0], StringComparer.Ordinal);
        var found = new List<Smoothing>();
        foreach (var candidate in candidates.ToArray())
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            LinearLayer[] readers = [.. candidate.Select(node => layerOf(node)!)];
            var isAlone = main.Consumers(candidate.Key).Count == readers.Length && !main.IsOutputAnywhere(candidate.Key);
            var isGelu = false;
            var path = isAlone ? FactorPath.Find(main, layerOf, candidate.Key, readers[0].Inputs, out isGelu) : null;
            if (path is not null || options.Insert || isGelu)
                found.Add(new Smoothing(candidate.Key, readers, path, path is null ? null : ShiftPath.Find(main, candidate.Key, readers)));
            else
                Leave(context, readers, isAlone ? "no preceding normalization or layer can be scaled by the factors" : "other nodes read its input too");
        }

        return found;
    }

    private List<(Smoothing Smoothing, double[] Factors, double[]? Shifts)> Choose(PassContext context, Graph main, List<Smoothing> smoothings)
    {
        var values = smoothings.Select(smoothing => smoothing.Value).ToArray();
        var request = new StatisticsRequest(values, Histograms: false, values.ToDictionary(value => value, _ => -1, StringComparer.Ordinal));
        var statistics = context.Calibration!.Collect(context.Model, request, context.CancellationToken);
        var known = new List<(Smoothing Smoothing, ColumnRanges Ranges)>();
        foreach (var smoothing in smoothings)
            if (ColumnRanges.Of(statistics.GetValueOrDefault(smoothing.Value), smoothing.Columns) is { } ranges)
                known.Add((smoothing, ranges));
            else
                Leave(context, smoothing.Layers, "there are no statistics of its input's columns");
        if (known.Count == 0)
            return [];
        return options.Alpha.Value is { } alpha
            ? [.. known.Select(one => (one.Smoothing, one.Smoothing.Factors(one.Ranges.Largest, alpha), (double[]?)null))]
            : ChooseAlpha(context, main, known);
    }

    private static List<(Smoothing Smoothing, double[] Factors, double[]? Shifts)> ChooseAlpha(
        PassContext context,
        Graph main,
        List<(Smoothing Smoothing, ColumnRanges Ranges)> known
    )
    {
        var columns = known.ToDictionary(one => one.Smoothing.Value, one => one.Smoothing.Columns, StringComparer.Ordinal);
        var rows = HeldOutRows.Of(context, columns, context.Calibration!.HeldOut!);
        var format = SmoothingFormat.Of(context.Following);
        var chosen = new List<(Smoothing, double[], double[]?)>();
        var kept = new List<Trial<SmoothingChoice>>();
        var trials = new Trials<SmoothingChoice>(context.Work, new TrialWork("activation"));
        using var answers = new RowAnswers();
        foreach (var (smoothing, ranges) in known)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (!rows.TryGetValue(smoothing.Value, out var calls))
            {
                Leave(context, smoothing.Layers, "its input has no finite row on held-out samples");
                continue;
            }

            SmoothingLoss Loss(double[]? shifts) =>
                shifts is null
                    ? new SmoothingLoss(main, smoothing, calls, ranges.Largest, format, answers)
                    : new SmoothingLoss(main, smoothing, [.. calls.Select(call => call.Minus(shifts))], ranges.Halves, format, answers);
            if (SmoothingChoice.Best(smoothing, ranges, Loss) is not { } choice)
            {
                Leave(context, smoothing.Layers, "its activations without factors have a smaller error on held-out rows");
                continue;
            }

            chosen.Add((smoothing, choice.Factors, choice.Shifts));
            var names = string.Join(", ", smoothing.Layers.Select(layer => NodeLabel.Of(layer.Node)));
            trials.Begin(
                string.Create(CultureInfo.InvariantCulture, $"alpha={choice.Alpha}{(choice.Shifts is null ? "" : ", centred,")} for the input of {names}")
            );
            kept.Add(trials.End(choice, choice.SqnrDb));
        }

        trials.Report(context.Report, kept);
        return chosen;
    }

    private static void Apply(PassContext context, Graph main, Smoothing smoothing, double[] factors)
    {
        foreach (var layer in smoothing.Layers)
            for (var column = 0; column < factors.Length; column++)
                layer.InputFactors[column] *= factors[column];
        if (smoothing.Path is { } path)
            path.Divide(factors);
        else
            Insert(main, smoothing, factors);
        context.Report.Changed("activations smoothed");
    }

    private static void Insert(Graph main, Smoothing smoothing, double[] factors)
    {
        var (gain, smooth) = (main.FreshName($"{smoothing.Value}_gain"), main.FreshName($"{smoothing.Value}_smooth"));
        main.AddInitializer(Tensors.Create<float>(gain, [factors.Length], [.. factors.Select(factor => (float)(1 / factor))]));
        main.InsertBefore(smoothing.Layers[0].Node, Nodes.Create("Mul", [smoothing.Value, gain], [smooth], main.FreshName($"{smoothing.Value}_Smooth")));
        foreach (var layer in smoothing.Layers)
            main.SetInput(layer.Node, 0, smooth);
    }

    private static void Leave(PassContext context, LinearLayer[] layers, string why)
    {
        foreach (var layer in layers)
            context.Report.Leave(NodeLabel.Of(layer.Node), why);
    }
}
