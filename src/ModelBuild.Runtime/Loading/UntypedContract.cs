using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Contracts;
using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Loading;

/// <summary>Creates the contract of a model that no class was generated for.</summary>
internal static class UntypedContract
{
    /// <summary>Reads the inputs and outputs of a model file. The model is loaded for this purpose without optimizations and closed again.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded.</exception>
    public static ModelContract Read(string path, ModelOptions options)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"The file '{path}' does not exist.", path);
        OnnxRuntimeLibrary.Load();
        using var session = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1 };
        options.ConfigureSession?.Invoke(session);
        try
        {
            using var model = new InferenceSession(path, session);
            return Of(Path.GetFileNameWithoutExtension(path), path, model);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelLoadException($"The file '{path}' cannot be loaded: {exception.Message}", exception);
        }
    }

    private static ModelContract Of(string name, string path, InferenceSession model)
    {
        TensorContract[] inputs = [.. model.InputNames.Select(input => Of(input, model.InputMetadata[input]))];
        TensorContract[] outputs = [.. model.OutputNames.Select(output => Of(output, model.OutputMetadata[output]))];
        return new ModelContract(name, Path.GetFileName(path), "", ModelLocation.None, [], inputs, outputs, Variables(inputs));
    }

    private static TensorContract Of(string name, NodeMetadata value)
    {
        if (value.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
            return TensorContract.Untyped(name, ContractDifference.Kind(value), ContractDifference.Text(value));
        var type = ElementTypes.Name(value.ElementDataType);
        if (InferenceType.Of(type) is null)
            return TensorContract.Untyped(name, "tensor", type);
        // ONNX Runtime reports a tensor of unknown rank without dimensions, like a scalar, so the rank counts as undeclared.
        if (value.Dimensions.Length == 0)
            return TensorContract.OfUnknownRank(name, type);
        return TensorContract.Of(name, type, [.. value.Dimensions.Select((size, axis) => Dimension(size, value.SymbolicDimensions[axis]))]);
    }

    private static TensorDimension Dimension(int size, string? symbol) =>
        size >= 0 ? size
        : symbol is { Length: > 0 } ? symbol
        : TensorDimension.Unknown;

    /// <summary>
    /// Lists the dynamic dimensions: first those that callers set with the shape, then those that are only the first dimension of inputs and follow from their
    /// lengths, so that a batcher can combine calls.
    /// </summary>
    private static ShapeVariable[] Variables(TensorContract[] inputs)
    {
        var dimensions = inputs
            .SelectMany((input, index) => (input.Shape ?? []).Select((dimension, axis) => (Input: index, Axis: axis, Dimension: dimension)))
            .Where(place => place.Dimension.Size is null)
            .GroupBy(place => place.Dimension.Symbol ?? $"{place.Input}/{place.Axis}", StringComparer.Ordinal)
            .Select(places => (places.First().Input, places.First().Axis, IsFirst: places.All(place => place.Axis == 0)))
            .ToArray();
        return
        [
            .. dimensions.Where(place => !place.IsFirst).Select(place => ShapeVariable.FromCaller(place.Input, place.Axis)),
            .. dimensions.Where(place => place.IsFirst).Select(place => ShapeVariable.FromLength(place.Input, 0, place.Input)),
        ];
    }
}
