using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>Reduces a model to the nodes that are needed to compute some of its values.</summary>
internal static class ObservedModel
{
    /// <summary>Returns a copy whose outputs are <paramref name="values"/>, without other nodes and weights. The outputs have no declared types.</summary>
    public static OnnxModel Of(OnnxModel model, IEnumerable<string> values, CancellationToken cancellationToken)
    {
        var copy = model.Clone();
        copy.Proto.Graph.Output.Clear();
        copy.Proto.Graph.Output.Add(values.Select(value => new ValueInfoProto { Name = value }));
        new DeadCodeElimination().Apply(new Graph(copy), cancellationToken);
        return copy;
    }
}
