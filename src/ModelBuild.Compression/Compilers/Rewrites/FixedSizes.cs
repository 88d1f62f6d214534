using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>Replaces the nodes Shape and Size by constants if their input has a fixed shape.</summary>
internal sealed class FixedSizes : IGraphRewrite
{
    public string Effect => "sizes written as constants";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var nodes = main.Nodes.Where(node => (node.Is("Shape") || node.Is("Size")) && !main.IsOutputAnywhere(node.Output[0])).ToArray();
        if (nodes.Length == 0)
            return 0;
        var values = new GraphValues(main);
        var count = 0;
        foreach (var node in nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (values.Of(main, node.Input[0]) is not { IsRankKnown: true, Elements: not null, Shape: var shape })
                continue;
            main.Remove(node);
            main.AddInitializer(node.OpType == "Size" ? Tensors.Create<long>(node.Output[0], [], [shape.Aggregate(1L, (a, b) => a * b)]) : Sizes(node, shape));
            count++;
        }

        return count;
    }

    private static TensorProto Sizes(NodeProto node, long[] shape)
    {
        var (start, end) = (Position(node.GetInt("start")), Position(node.GetInt("end", shape.Length)));
        long[] sizes = start < end ? shape[start..end] : [];
        return Tensors.Create(node.Output[0], [sizes.Length], sizes);

        int Position(long given) => (int)Math.Clamp(given < 0 ? given + shape.Length : given, 0, shape.Length);
    }
}
