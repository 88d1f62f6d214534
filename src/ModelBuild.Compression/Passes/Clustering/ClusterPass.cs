using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// The step <c>cluster</c>: the weights of a tensor share a few values (Han et al. 2016, Deep Compression, arXiv 1510.00149, section 3). It processes all
/// weights, in all scopes, that are large enough for the result to be smaller. Without calibration data, weights get the values of <see
/// cref="OptimalKMeans"/>. With data, the layers of the main graph are processed in topological order (<see cref="ClusteredLayer"/>), on the activations of
/// the clustered model and with the outputs of the original layer as target. The result is a <see cref="CodebookForm"/>, or the same tensors with other
/// values. The option <c>bits</c> limits the bits of indices in a zip; these bits are divided among the layers (<see cref="BitBudget"/>). If a tenth or more
/// of the weights are zero, the weights were pruned: zero is then one of the values, and weights that are zero stay zero.
/// </summary>
internal sealed class ClusterPass : IPass
{
    private readonly ClusterOptions _options;
    private readonly NamePatterns _exclude;

    public ClusterPass(ClusterOptions options)
    {
        if (options.Clusters is < 2 or > 256)
            throw new CompressionException(Codes.UnknownOption, $"cluster({options.Clusters}): the number of values must be from 2 to 256.");
        if (options.Bits is not (>= 0 and <= 8))
            throw new CompressionException(Codes.UnknownOption, "cluster(bits=…): the number of bits must be from 0 to 8.");
        (_options, _exclude) = (options, new NamePatterns(options.Exclude));
    }

    public void Run(PassContext context)
    {
        var samples = _options.Method == ClusterMethod.KMeans ? null : context.Calibration?.Fit;
        if (samples is null && _options.Method == ClusterMethod.Gptq)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "cluster(method=gptq) needs the inputs themselves, which a calibration file does not contain: give CalibrationData, or use method=k-means."
            );
        if (samples is null && _options.Bits > 0)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "cluster(bits=…) needs the inputs themselves, which a calibration file does not contain: give CalibrationData, or leave the option out."
            );
        if (_options.Form == ClusterForm.Codebook && context.Model.Opset() < StoredWeights.MinOpset)
        {
            context.Report.Leave("all weights", $"the model's opset is {context.Model.Opset()}; indices into a codebook need {StoredWeights.MinOpset}");
            return;
        }

        var main = new Graph(context.Model);
        var hasInt4 = OpsetUpgrade.WhyNot(main) is null;
        var chosen = Choose(context, main, hasInt4);
        if (samples is not null)
            Solve(context, main, chosen, samples);
        var memory = new WeightMemory();
        // The weights are searched for again, because the sweep over the layers may have replaced the tensors of the weights.
        foreach (var site in WeightSites.Find(main).Where(site => chosen.Contains((site.Scope, site.Name))))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            Store(context, main, site, hasInt4);
            memory.Done(site.Tensor);
        }
    }

    private HashSet<(Graph Scope, string Name)> Choose(PassContext context, Graph main, bool hasInt4)
    {
        var chosen = new HashSet<(Graph, string)>();
        foreach (var site in WeightSites.Find(main))
        {
            if (WhyNot(site, hasInt4) is { } why)
                context.Report.Leave(site.Name, why);
            else
                chosen.Add((site.Scope, site.Name));
        }

        return chosen;
    }

    private Refusal? WhyNot(WeightSite site, bool hasInt4)
    {
        var count = site.Tensor.ElementCount();
        if (count == 0)
            return Refusal.Empty;
        var books = site.ScaleShape(_options.PerChannel).Aggregate(1L, (a, b) => a * b);
        var (bytes, nodes) = CodebookForm.Of(count, _options.Clusters, hasInt4).Cost(count, books, _options.Clusters);
        return StoredWeights.WhyNot(site, bytes, _options.Form == ClusterForm.Codebook ? nodes : 0, _exclude) ?? Refusal.OfNotFinite(site.Tensor.Span<float>());
    }

    private void Solve(PassContext context, Graph main, HashSet<(Graph Scope, string Name)> chosen, ISampleSource samples)
    {
        var original = context.Model.Clone();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = context.Calibration!.Threads, CancellationToken = context.CancellationToken };
        var reference = new Graph(original);
        var layers = main
            .Nodes.Where(node => chosen.Contains((main, node.InputAt(1))))
            .Select(node => FloatLayer.TryCreate(main, node, reference, out _))
            .OfType<FloatLayer>()
            .ToArray();
        // The weights that are not solved, such as those of embeddings and LSTMs and shared weights, are clustered first, so that the layers can compensate
        // their errors.
        var solved = layers.Select(layer => layer.Node.Input[1]).ToHashSet(StringComparer.Ordinal);
        foreach (
            var site in WeightSites
                .Find(main)
                .Where(site => chosen.Contains((site.Scope, site.Name)) && !(ReferenceEquals(site.Scope, main) && solved.Contains(site.Name)))
        )
            Share(site, ClusteredTensor.Of(site, _options));
        var bits = _options.Bits > 0 ? BitBudget.Divide(_options.Bits, [.. layers.Select(layer => layer.Count)]) : new double[layers.Length];
        new WavefrontSweep(context.ForSweep(), original, samples).Sweep(
            [.. layers.Select((layer, i) => new ClusteredLayer(layer, _options, bits[i], parallel))],
            (layer, group, moments) => layer.Measured(group, moments)
        );
        context.Report.Changed("layers clustered on calibration data", layers.Length);
    }

    private void Store(PassContext context, Graph main, WeightSite site, bool hasInt4)
    {
        var weights = ClusteredTensor.Of(site, _options);
        if (_options.Form == ClusterForm.Shared)
        {
            Share(site, weights);
            context.Report.Changed($"weights with {_options.Clusters} shared values");
            return;
        }

        var form = CodebookForm.Of(weights.Codes.Length, _options.Clusters, hasInt4);
        if (form.NeedsInt4)
            OpsetUpgrade.Apply(main);
        form.Replace(site, weights);
        context.Report.Changed($"weights stored as {form.Bits}-bit indices of a codebook");
    }

    private static void Share(WeightSite site, ClusteredTensor weights)
    {
        long[] shape = [.. site.Tensor.Dims];
        site.Scope.ReplaceConstant(site.Name, Tensors.Create(site.Name, shape, weights.Values(shape)));
    }
}
