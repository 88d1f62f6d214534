using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>The document of a segment.</summary>
internal static class SegmentModel
{
    /// <summary>A model with the nodes of a segment and the constants that they read.</summary>
    /// <param name="whole">The model that was cut.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="types">Types of the values between segments; sizes are left open, since they may differ from call to call.</param>
    public static OnnxModel Of(OnnxModel whole, GraphSegment segment, IReadOnlyDictionary<string, InferredTensor> types)
    {
        var all = whole.Proto.Graph;
        var read = segment.Nodes.SelectMany(node => node.Input.Concat(Statistics.CapturedValues.Of(node))).ToHashSet(StringComparer.Ordinal);
        var graph = new GraphProto { Name = all.Name };
        graph.Node.Add(segment.Nodes);
        graph.Initializer.Add(all.Initializer.Where(tensor => read.Contains(tensor.Name)));
        graph.SparseInitializer.Add(all.SparseInitializer.Where(tensor => read.Contains(tensor.Values?.Name ?? "")));
        graph.Input.Add(segment.Inputs.Select(name => all.Input.FirstOrDefault(input => input.Name == name) ?? Declare(name, types[name])));
        graph.Output.Add(segment.Outputs.Select(name => new ValueInfoProto { Name = name }));
        var proto = new ModelProto { IrVersion = whole.Proto.IrVersion, Graph = graph };
        proto.OpsetImport.Add(whole.Proto.OpsetImport);
        proto.Functions.Add(whole.Proto.Functions);
        return new OnnxModel(proto);
    }

    private static ValueInfoProto Declare(string name, InferredTensor inferred)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)inferred.Type };
        // No sizes at all may be a scalar, or a rank that is unknown.
        if (inferred.Shape.Length > 0)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.Add(inferred.Shape.Select(_ => new TensorShapeProto.Types.Dimension()));
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
