using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Contracts;

/// <summary>
/// Compares the contract of a generated class with a loaded model. A model may replace another one when it accepts every call that the class allows: it has
/// the same names and types, no fixed dimension where the class allows any size, and no other fixed size. Symbols are not compared, and an output without a
/// declared shape is accepted.
/// </summary>
internal static class ContractDifference
{
    /// <summary>Returns the differences between a contract and a loaded model, one sentence each; the list is empty when the model can be used.</summary>
    public static IReadOnlyList<string> Find(ModelContract contract, InferenceSession session)
    {
        var differences = new List<string>();
        foreach (var input in contract.Inputs)
            if (!session.InputMetadata.TryGetValue(input.Name, out var found))
                differences.Add($"input '{input.Name}' is missing; the model has {List(session.InputNames)}");
            else if (!Fits(input, found, isInput: true))
                differences.Add($"input '{input.Name}': the class expects {input}, the model has {Describe(found)}");
        foreach (var name in session.InputNames)
            if (!contract.Inputs.Any(input => input.Name == name))
                differences.Add($"input '{name}' of the model is not an input of the class");
        foreach (var output in contract.Outputs)
            if (!session.OutputMetadata.TryGetValue(output.Name, out var found))
                differences.Add($"output '{output.Name}' is missing; the model has {List(session.OutputNames)}");
            else if (!Fits(output, found, isInput: false))
                differences.Add($"output '{output.Name}': the class expects {output}, the model has {Describe(found)}");
        return differences;
    }

    private static bool Fits(TensorContract expected, NodeMetadata found, bool isInput)
    {
        if (Kind(found) != expected.Kind)
            return false;
        if (!expected.IsTyped)
            return true;
        if (expected.Value is not null)
            return Text(found) == expected.Type;
        if (ElementTypes.Name(found.ElementDataType) != expected.Type)
            return false;
        // ONNX Runtime reports a tensor of unknown rank without dimensions, like a scalar, so such shapes are not compared.
        if (expected.Shape is null || found.Dimensions.Length == 0)
            return expected.Shape is null || expected.Shape.Count == 0 || !isInput;
        if (expected.Shape.Count != found.Dimensions.Length)
            return false;
        for (var axis = 0; axis < found.Dimensions.Length; axis++)
            if (found.Dimensions[axis] >= 0 && found.Dimensions[axis] != expected.Shape[axis].Size && (isInput || expected.Shape[axis].Size is not null))
                return false;
        return true;
    }

    public static string Kind(NodeMetadata metadata) =>
        metadata.OnnxValueType switch
        {
            OnnxValueType.ONNX_TYPE_TENSOR => "tensor",
            OnnxValueType.ONNX_TYPE_SPARSETENSOR => "sparse",
            OnnxValueType.ONNX_TYPE_SEQUENCE => "sequence",
            OnnxValueType.ONNX_TYPE_MAP => "map",
            OnnxValueType.ONNX_TYPE_OPTIONAL => "optional",
            _ => "unknown",
        };

    private static string Describe(NodeMetadata metadata)
    {
        if (Kind(metadata) != "tensor")
            return Text(metadata);
        var dimensions = metadata.Dimensions.Select(
            (size, axis) =>
                size >= 0 ? size.ToString(CultureInfo.InvariantCulture)
                : metadata.SymbolicDimensions[axis] is { Length: > 0 } symbol ? symbol
                : "?"
        );
        return $"{ElementTypes.Name(metadata.ElementDataType)}[{string.Join(", ", dimensions)}]";
    }

    /// <summary>Returns the text that ONNX uses for a type, such as <c>seq(tensor(float))</c>.</summary>
    public static string Text(NodeMetadata metadata) =>
        metadata.OnnxValueType switch
        {
            OnnxValueType.ONNX_TYPE_TENSOR => $"tensor({Text(metadata.ElementDataType)})",
            OnnxValueType.ONNX_TYPE_SEQUENCE => $"seq({Text(metadata.AsSequenceMetadata().ElementMeta)})",
            OnnxValueType.ONNX_TYPE_MAP => $"map({Text(metadata.AsMapMetadata().KeyDataType)},{Text(metadata.AsMapMetadata().ValueMetadata)})",
            OnnxValueType.ONNX_TYPE_OPTIONAL => $"optional({Text(metadata.AsOptionalMetadata().ElementMeta)})",
            _ => $"a {Kind(metadata)}",
        };

    private static string Text(TensorElementType type) => type.ToString().ToLowerInvariant();

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
