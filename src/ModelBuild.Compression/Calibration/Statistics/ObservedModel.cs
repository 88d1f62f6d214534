using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>A model cut down to what gives some of its values.</summary>
internal static class ObservedModel
{
    /// <summary>A copy whose outputs are <paramref name="values"/>, without the nodes and weights behind them. Types are left to ONNX Runtime.</summary>
    public static OnnxModel Of(OnnxModel model, IEnumerable<string> values, CancellationToken cancellationToken)
    {
        var copy = model.Clone();
        copy.Proto.Graph.Output.Clear();
        copy.Proto.Graph.Output.Add(values.Select(value => new ValueInfoProto { Name = value }));
        new DeadCodeElimination().Apply(new Graph(copy), cancellationToken);
        return copy;
    }
}
