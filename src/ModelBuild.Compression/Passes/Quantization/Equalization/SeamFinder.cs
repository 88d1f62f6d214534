using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Finds the seams of one scope: from the output of a layer, through nodes with f(x / s) = f(x) / s for any positive s of each channel, to the next layer.
/// Each value between the layers has one reader and is no output.
/// </summary>
internal sealed class SeamFinder(Graph scope, FlattenedShapes shapes, NamePatterns exclude)
{
    private readonly Dictionary<NodeProto, LinearLayer> _layers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns all seams in the order of the nodes. Layers without a seam are added to the report, with the reason.</summary>
    public IReadOnlyList<Seam> Find(PassReport report)
    {
        var seams = new List<Seam>();
        foreach (var node in scope.Nodes)
        {
            var layer = Layer(node, out var why);
            var seam = layer is null ? null : Follow(layer, out why);
            if (seam is not null)
                seams.Add(seam);
            else if (why is not null)
                report.Leave(NodeLabel.Of(node), why);
        }

        return seams;
    }

    private LinearLayer? Layer(NodeProto node, out string? why)
    {
        why = null;
        if (_layers.TryGetValue(node, out var layer))
            return layer;
        if (LinearLayer.TryCreate(scope, node, out var refusal) is not { } created)
        {
            why = refusal?.Text;
            return null;
        }

        if (exclude.Match(node.Name) || exclude.Match(node.Input[1]))
        {
            why = Refusal.Excluded.Text;
            return null;
        }

        return _layers[node] = created;
    }

    private Seam? Follow(LinearLayer producer, out string? why)
    {
        if (producer.Node.InputAt(2) is { Length: > 0 } bias && !ChannelConstant.IsDivisible(scope, bias, producer.Outputs, spatial: 0))
        {
            why = "its bias is not a constant with one element or one for each channel";
            return null;
        }

        var path = new SeamPath(scope, shapes, producer);
        while (true)
        {
            if (path.Reader(out why) is not { } use)
                return null;
            if (use.Index == 0 && Layer(use.Node, out var reason) is { } consumer)
                return path.End(consumer, out why);
            if (!path.Pass(use, out why))
                return null;
        }
    }
}
