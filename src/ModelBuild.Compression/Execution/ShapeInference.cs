using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Shapes of a main graph's values, inferred by ONNX Runtime when it loads the graph. Large weights are declared as inputs, so that no weight is copied.
/// </summary>
internal static class ShapeInference
{
    // Shape computations need their constants; no shape needs more than this.
    private const int LargestConstant = 4096;

    /// <summary>The shapes of <paramref name="values"/>, where they could be inferred completely, for inputs of the given shapes.</summary>
    public static IReadOnlyDictionary<string, long[]> Infer(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, IEnumerable<string> values) =>
        Describe(model, inputShapes, values)
            .Where(value => value.Value.Shape.All(size => size >= 0))
            .ToDictionary(value => value.Key, value => value.Value.Shape, StringComparer.Ordinal);

    /// <summary>The element types and shapes of <paramref name="values"/> that are tensors; −1 where a size could not be inferred.</summary>
    public static IReadOnlyDictionary<string, InferredTensor> Describe(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, IEnumerable<string> values)
    {
        var copy = model.Clone();
        var graph = copy.Proto.Graph;
        foreach (var input in graph.Input)
            if (inputShapes.TryGetValue(input.Name, out var shape) && input.Type?.TensorType is { } tensor)
                tensor.Shape = Shape(shape);
        foreach (var weight in graph.Initializer.Where(tensor => tensor.RawData.Length > LargestConstant).ToArray())
        {
            graph.Initializer.Remove(weight);
            // Up to IR version 3 it is an input already.
            if (graph.Input.All(input => input.Name != weight.Name))
                graph.Input.Add(Declare(weight));
        }

        var declared = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        // What exporters wrote for open dimensions would stand in the way of the sizes given here.
        graph.ValueInfo.Clear();
        foreach (var output in graph.Output)
            output.Type = output.Type?.TensorType is { } tensor ? new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = tensor.ElemType } } : output.Type;
        graph.Output.Add(values.Where(value => !declared.Contains(value)).Select(value => new ValueInfoProto { Name = value }));
        try
        {
            using var session = Sessions.OpenUnoptimized(copy);
            return session.OutputMetadata
                .Where(output => output.Value.IsTensor)
                .ToDictionary(output => output.Key, output => Describe(output.Value), StringComparer.Ordinal);
        }
        catch (OnnxRuntimeException)
        {
            // A weight that must be constant for the operator to load; the caller works with what it knows without shapes.
            return new Dictionary<string, InferredTensor>();
        }
    }

    // ONNX Runtime numbers its element types as ONNX does (onnxruntime_c_api.h).
    private static InferredTensor Describe(NodeMetadata output) =>
        new((TensorProto.Types.DataType)(int)output.ElementDataType, [.. output.Dimensions.Select(size => (long)size)]) { Symbols = output.SymbolicDimensions };

    private static ValueInfoProto Declare(TensorProto weight) => new()
    {
        Name = weight.Name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = weight.DataType, Shape = Shape(weight.Dims) } },
    };

    private static TensorShapeProto Shape(IEnumerable<long> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return shape;
    }
}
