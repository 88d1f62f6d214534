using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Inspection;

/// <summary>A model with the bytes and multiply-adds of its layers.</summary>
internal sealed class InspectedModel
{
    // The operators that convert between types. Nodes with these operators are not listed as layers, because each of them only converts the values of a
    // neighbouring layer.
    private static readonly HashSet<string> Conversions = new(["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"], StringComparer.Ordinal);

    /// <param name="model">The model.</param>
    /// <param name="inputShapes">The input shapes of the call whose multiply-adds are counted.</param>
    public InspectedModel(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        Main = new Graph(model);
        Constants = new ConstantNodes(Main);
        Layers = Find(ModelWork.Of(model, inputShapes));
    }

    /// <summary>The main graph of the model.</summary>
    public Graph Main { get; }

    /// <summary>The nodes that compute only from constants.</summary>
    public ConstantNodes Constants { get; }

    /// <summary>The nodes with constants or multiply-adds, in the order of the graph.</summary>
    public IReadOnlyList<LayerShare> Layers { get; }

    /// <summary>Returns whether a node computes a value of the model, and is neither a constant nor a conversion between types.</summary>
    public bool IsComputed(NodeProto node) => !Conversions.Contains(node.OpType) && !Constants.Contains(node);

    private List<LayerShare> Find(IReadOnlyList<NodeWork> work)
    {
        // Nodes are found by the name of their first output, which identifies a node also in a copy of the model. The multiply-adds may be counted on a copy.
        var workOf = work.ToLookup(node => FirstOutput(node.Node), node => node.MultiplyAdds ?? 0, StringComparer.Ordinal);
        var counted = new HashSet<TensorProto>(ReferenceEqualityComparer.Instance);
        var layers = new List<LayerShare>();
        foreach (var scope in Main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(IsComputed))
        {
            var bytes = node
                .Input.Where(value => value.Length > 0)
                .SelectMany(value => Constants.Roots(scope, value))
                .Where(counted.Add)
                .Sum(tensor => Tensors.Bytes((DataType)tensor.DataType, tensor.ElementCount()));
            var layer = new LayerShare(NodeLabel.Name(node), scope, node, bytes, workOf[FirstOutput(node)].FirstOrDefault());
            if (layer is { Bytes: > 0 } or { MultiplyAdds: > 0 })
                layers.Add(layer);
        }

        return layers;
    }

    private static string FirstOutput(NodeProto node) => node.Output.FirstOrDefault(output => output.Length > 0) ?? "";
}
