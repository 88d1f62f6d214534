using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Cli.Exports;

/// <summary>
/// Writes the file <c>config.pbtxt</c> of a model in a repository of Triton Inference Server: a message <c>ModelConfig</c> in the text form of Protocol
/// Buffers.
/// </summary>
internal static class TritonConfig
{
    /// <summary>Returns the text of the file <c>config.pbtxt</c>.</summary>
    /// <param name="signature">The inputs and outputs of the model.</param>
    /// <param name="name">The name of the model, which is that of its folder.</param>
    /// <param name="maxBatch">The largest number of rows of a run, for which Triton combines requests; 0 for a model that takes each request by itself.</param>
    /// <exception cref="CompressionException">MB1005: the server cannot serve the model, or not with batches.</exception>
    public static string Of(ModelSignature signature, string name, int maxBatch)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {Text(name)}\nbackend: \"onnxruntime\"\nmax_batch_size: {maxBatch}\n");
        foreach (var input in signature.Inputs)
            Append(text, "input", input, maxBatch > 0);
        foreach (var output in signature.Outputs)
            Append(text, "output", output, maxBatch > 0);
        if (maxBatch > 0)
            text.Append("dynamic_batching {\n}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string kind, ValueSignature value, bool isBatched)
    {
        if (value.Kind != ValueKind.Tensor || value.Shape is not { } shape)
            throw Wrong($"Triton serves tensors of a declared rank, and '{value.Name}' is {value}.");
        if (isBatched && (shape.Count == 0 || shape[0].Size is not null))
            throw Wrong($"--max-batch needs a model whose inputs and outputs have a first dimension without a fixed size, and '{value.Name}' is {value}.");
        long[] dimensions = [.. shape.Skip(isBatched ? 1 : 0).Select(dimension => dimension.Size ?? -1)];
        text.Append(
            CultureInfo.InvariantCulture,
            $"{kind} {{\n  name: {Text(value.Name)}\n  data_type: {Type(value)}\n  dims: [ {string.Join(", ", dimensions.Length > 0 ? dimensions : [1])} ]\n"
        );
        // Triton does not accept empty dimensions, so a scalar is declared as a vector of one element that Triton reshapes.
        if (dimensions.Length == 0)
            text.Append("  reshape { shape: [ ] }\n");
        if (value.Optional)
            text.Append("  optional: true\n");
        text.Append("}\n");
    }

    private static string Type(ValueSignature value) =>
        value.Type switch
        {
            "bool" => "TYPE_BOOL",
            "uint8" => "TYPE_UINT8",
            "uint16" => "TYPE_UINT16",
            "uint32" => "TYPE_UINT32",
            "uint64" => "TYPE_UINT64",
            "int8" => "TYPE_INT8",
            "int16" => "TYPE_INT16",
            "int32" => "TYPE_INT32",
            "int64" => "TYPE_INT64",
            "float16" => "TYPE_FP16",
            "bfloat16" => "TYPE_BF16",
            "float32" => "TYPE_FP32",
            "float64" => "TYPE_FP64",
            "string" => "TYPE_STRING",
            _ => throw Wrong($"Triton has no type for '{value.Name}', which is {value}."),
        };

    // Returns a quoted text. The text format of protobuf supports the escape sequences of JSON.
    private static string Text(string text) => JsonSerializer.Serialize(text);

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
