using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The step <c>smooth-quant</c> (Xiao et al. 2022, arXiv 2211.10438, section 4): columns of an activation with outliers are divided by s = max|x|^α / max|w|^(1 − α), and the rows of the
/// weights that multiply them are multiplied by it, so that one scale suits the whole activation better; what the model computes stays the same to rounding. The division goes into
/// the normalization or the layer in front. For MatMul and Gemm of the main graph; all that reads the activation must be such layers.
/// </summary>
internal sealed class SmoothQuantPass(SmoothQuantOptions options) : IPass
{
    private sealed record Smoothing(string Value, LinearLayer[] Layers, FactorPath? Path);

    public void Run(PassContext context)
    {
        if (context.Calibration is null)
        {
            context.Report.Leave("all layers", "outliers are found with calibration data, and there is none");
            return;
        }

        var main = new Graph(context.Model);
        var layers = new Dictionary<NodeProto, LinearLayer?>(ReferenceEqualityComparer.Instance);
        var smoothings = Find(context, main, node => layers.TryGetValue(node, out var known) ? known : layers[node] = LinearLayer.TryCreate(main, node, out _));
        if (smoothings.Count == 0)
            return;
        var values = smoothings.Select(smoothing => smoothing.Value).ToArray();
        var request = new StatisticsRequest(values, Histograms: false, values.ToDictionary(value => value, _ => -1, StringComparer.Ordinal));
        var statistics = context.Calibration.Collect(context.Model, request, context.CancellationToken);
        // All factors are of the weights as they are now: a layer may give one smoothed value and read another.
        var factors = smoothings.Select(smoothing => Factors(smoothing, statistics.GetValueOrDefault(smoothing.Value))).ToArray();
        foreach (var (smoothing, scale) in smoothings.Zip(factors))
            if (scale is not null)
                Apply(context, main, smoothing, scale);
            else
                Leave(context, smoothing.Layers, "there are no statistics of its input's columns");
        foreach (var layer in layers.Values)
            layer?.Write(main);
    }

    private List<Smoothing> Find(PassContext context, Graph main, Func<NodeProto, LinearLayer?> layerOf)
    {
        var exclude = new NamePatterns(options.Exclude);
        var candidates = main.Nodes
            .Where(node => node.OpType is "MatMul" or "Gemm" && !exclude.Match(node.Name) && !exclude.Match(node.InputAt(1)) && layerOf(node) is not null)
            .GroupBy(node => node.Input[0], StringComparer.Ordinal);
        var found = new List<Smoothing>();
        foreach (var candidate in candidates.ToArray())
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            LinearLayer[] readers = [.. candidate.Select(node => layerOf(node)!)];
            var isAlone = main.Consumers(candidate.Key).Count == readers.Length && !main.IsOutputAnywhere(candidate.Key);
            var path = isAlone ? FactorPath.Find(main, layerOf, candidate.Key, readers[0].Inputs) : null;
            if (path is not null || options.Insert)
                found.Add(new Smoothing(candidate.Key, readers, path));
            else
                Leave(context, readers, isAlone ? "no normalization or layer in front can take the factors" : "other nodes read its input too");
        }

        return found;
    }

    private double[]? Factors(Smoothing smoothing, TensorStatistics? statistics)
    {
        if (statistics?.ChannelMax?.Length != smoothing.Layers[0].Inputs)
            return null;
        var factors = new double[smoothing.Layers[0].Inputs];
        for (var column = 0; column < factors.Length; column++)
        {
            var activation = Math.Max(Math.Abs((double)statistics.ChannelMin![column]), Math.Abs((double)statistics.ChannelMax[column]));
            var factor = Math.Pow(activation, options.Alpha) / Math.Pow(smoothing.Layers.Max(layer => layer.InputRange(column)), 1 - options.Alpha);
            factors[column] = double.IsNormal(factor) ? factor : 1;
        }

        return factors;
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
            context.Report.Leave(DynamicLayer.Describe(layer.Node), why);
    }
}
