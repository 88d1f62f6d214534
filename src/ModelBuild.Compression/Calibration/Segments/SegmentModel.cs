using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>Builds the separate model that runs one segment of a graph.</summary>
internal static class SegmentModel
{
    /// <summary>Returns a model with the nodes of a segment and the constants that they read.</summary>
    /// <param name="whole">The model that is cut into segments.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="types">The types of the values between segments. Their sizes are not declared.</param>
    public static OnnxModel Of(OnnxModel whole, GraphSegment segment, IReadOnlyDictionary<string, InferredTensor> types)
    {
        var all = whole.Proto.Graph;
        var read = segment.Nodes.SelectMany(CapturedValues.WithInputs).ToHashSet(StringComparer.Ordinal);
        var graph = new GraphProto { Name = all.Name };
        graph.Node.Add(segment.Nodes);
        graph.Initializer.Add(all.Initializer.Where(tensor => read.Contains(tensor.Name)));
        graph.SparseInitializer.Add(all.SparseInitializer.Where(tensor => read.Contains(tensor.Values?.Name ?? "")));
        graph.Input.Add(segment.Inputs.Select(name => all.Input.FirstOrDefault(input => input.Name == name) ?? types[name].Open().Declare(name)));
        graph.Output.Add(segment.Outputs.Select(name => new ValueInfoProto { Name = name }));
        var proto = new ModelProto { IrVersion = whole.Proto.IrVersion, Graph = graph };
        proto.OpsetImport.Add(whole.Proto.OpsetImport);
        proto.Functions.Add(whole.Proto.Functions);
        return new OnnxModel(proto);
    }
}
