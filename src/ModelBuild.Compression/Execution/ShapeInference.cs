using Google.Protobuf.Collections;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Infers the shapes of the main graph's values by loading the graph in ONNX Runtime. Large weights are declared as inputs, so that they are not copied.
/// </summary>
internal static class ShapeInference
{
    // The largest size in bytes of a constant that stays in the graph for shape inference. Shape computations need small constants only.
    private const int MaxConstantBytes = 4096;

    /// <summary>Returns the shapes of <paramref name="values"/> that can be inferred completely for inputs of the given shapes.</summary>
    public static IReadOnlyDictionary<string, long[]> Infer(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, IEnumerable<string> values) =>
        Describe(model, inputShapes, values)
            .Where(value => value.Value.Shape.All(size => size >= 0))
            .ToDictionary(value => value.Key, value => value.Value.Shape, StringComparer.Ordinal);

    /// <summary>The element types and shapes of all node outputs of the main graph that are tensors; −1 where a size could not be inferred.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputShapes">Sizes of its inputs.</param>
    public static IReadOnlyDictionary<string, InferredTensor> DescribeOutputs(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) =>
        Describe(model, inputShapes, model.Proto.Graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal));

    /// <summary>The element types and shapes of <paramref name="values"/> that are tensors; −1 where a size could not be inferred.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputShapes">The shapes of the model's inputs.</param>
    /// <param name="values">The names of values of the main graph.</param>
    /// <param name="computes">Whether the optimizations of ONNX Runtime run first, which compute sizes that depend on known sizes.</param>
    public static IReadOnlyDictionary<string, InferredTensor> Describe(
        OnnxModel model,
        IReadOnlyDictionary<string, long[]> inputShapes,
        IEnumerable<string> values,
        bool computes = false
    )
    {
        var copy = model.Clone();
        var graph = copy.Proto.Graph;
        foreach (var input in graph.Input)
            if (inputShapes.TryGetValue(input.Name, out var shape) && input.Type?.TensorType is { } tensor)
                tensor.Shape = Shape(shape);
        var narrow = Narrow(graph);
        string[] wanted = [.. values.Where(value => !narrow.ContainsKey(value))];
        var declared = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        DeclareWeights(graph, declared.Concat(wanted).ToHashSet(StringComparer.Ordinal));
        // The declared types of inner values and outputs are removed, because declared dynamic dimensions would override the given sizes.
        graph.ValueInfo.Clear();
        foreach (var output in graph.Output)
            output.Type = output.Type?.TensorType is { } tensor
                ? new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = tensor.ElemType } }
                : output.Type;
        graph.Output.Add(wanted.Where(value => !declared.Contains(value)).Select(value => new ValueInfoProto { Name = value }));
        try
        {
            using var session = computes ? Sessions.OpenPortable(copy, isRun: false) : Sessions.OpenUnoptimized(copy);
            return session
                .OutputMetadata.Where(output => output.Value.IsTensor)
                .Select(output => KeyValuePair.Create(output.Key, Describe(output.Value)))
                .Concat(narrow)
                .ToDictionary(StringComparer.Ordinal);
        }
        catch (OnnxRuntimeException)
        {
            // Shape inference fails if the model needs the value of a weight that was left out. In this case no shapes are returned, and the caller continues
            // without them.
            return new Dictionary<string, InferredTensor>();
        }
    }

    // Returns the types and shapes of the initializers with elements of less than 8 bits. They are excluded from the run, because the C# API of ONNX Runtime
    // does not support outputs of such types.
    private static Dictionary<string, InferredTensor> Narrow(GraphProto graph) =>
        graph
            .Initializer.Where(tensor => Tensors.BitsPerElement((DataType)tensor.DataType) < 8)
            .ToDictionary(tensor => tensor.Name, tensor => new InferredTensor((DataType)tensor.DataType, [.. tensor.Dims]), StringComparer.Ordinal);

    // Returns the type and shape of an output. The element type keeps its number, because ONNX Runtime numbers element types like ONNX (onnxruntime_c_api.h).
    private static InferredTensor Describe(NodeMetadata output) =>
        new((DataType)(int)output.ElementDataType, [.. output.Dimensions.Select(size => (long)size)]) { Symbols = output.SymbolicDimensions };

    private static void DeclareWeights(GraphProto graph, HashSet<string> outputs)
    {
        var weights = new Dictionary<string, ValueInfoProto>(StringComparer.Ordinal);
        void Add(string name, TensorProto data, IEnumerable<long> shape)
        {
            if (data.RawData.Length > MaxConstantBytes)
                weights.TryAdd(name, new InferredTensor((DataType)data.DataType, [.. shape]).Declare(name));
        }

        foreach (var tensor in graph.Initializer)
            Add(tensor.Name, tensor, tensor.Dims);
        foreach (var sparse in graph.SparseInitializer)
            Add(sparse.Values.Name, sparse.Values, sparse.Dims);
        foreach (var node in graph.Node)
            if (node.Is("Constant") && node.GetTensor("value") is { } tensor && !outputs.Contains(node.Output[0]))
                Add(node.Output[0], tensor, tensor.Dims);
        Keep(graph.Initializer, tensor => !weights.ContainsKey(tensor.Name));
        Keep(graph.SparseInitializer, sparse => !weights.ContainsKey(sparse.Values.Name));
        Keep(graph.Node, node => !node.Is("Constant") || !weights.ContainsKey(node.Output[0]));
        // Weights that are not inputs of the graph yet become inputs. Up to IR version 3, weights are inputs already.
        var inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var weight in weights.Values.Where(weight => !inputs.Contains(weight.Name)))
            graph.Input.Add(Tensors.BitsPerElement((DataType)weight.Type.TensorType.ElemType) < 8 ? AsBytes(graph, weight) : weight);
    }

    // Declares a weight with elements of less than 8 bits as an input of int8 that a Cast converts, because the C# API of ONNX Runtime does not support inputs
    // of such types.
    private static ValueInfoProto AsBytes(GraphProto graph, ValueInfoProto weight)
    {
        var (name, type) = (weight.Name, weight.Type.TensorType.ElemType);
        weight.Name = $"{name} in bytes";
        weight.Type.TensorType.ElemType = (int)DataType.Int8;
        graph.Node.Insert(0, Nodes.Create("Cast", [weight.Name], [name], attributes: ("to", (long)type)));
        return weight;
    }

    private static void Keep<T>(RepeatedField<T> items, Func<T, bool> isKept)
    {
        T[] kept = [.. items.Where(isKept)];
        items.Clear();
        items.Add(kept);
    }

    private static TensorShapeProto Shape(IEnumerable<long> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return shape;
    }
}
