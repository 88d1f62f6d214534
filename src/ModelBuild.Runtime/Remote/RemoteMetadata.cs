using System.Globalization;
using System.Text.Json;

namespace ModelBuild.Runtime.Remote;

/// <summary>Represents the metadata of a model on a server.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record RemoteMetadata(IReadOnlyList<RemoteTensor> Inputs, IReadOnlyList<RemoteTensor> Outputs)
{
    /// <summary>Reads the metadata of a model.</summary>
    /// <exception cref="FormatException">The text is not the metadata of a model.</exception>
    public static RemoteMetadata Read(ReadOnlySpan<byte> json)
    {
        using var document = Parse(json);
        return new RemoteMetadata(Tensors(document.RootElement, InferenceNames.Inputs), Tensors(document.RootElement, InferenceNames.Outputs));
    }

    /// <summary>Determines whether the metadata of a server list the extension for binary tensors.</summary>
    /// <exception cref="FormatException">The text is not the metadata of a server.</exception>
    public static bool HasBinaryTensors(ReadOnlySpan<byte> json)
    {
        using var document = Parse(json);
        return document.RootElement.TryGetProperty(InferenceNames.Extensions, out var extensions)
            && extensions.ValueKind == JsonValueKind.Array
            && extensions.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(InferenceNames.BinaryExtension));
    }

    /// <summary>Returns the differences between a contract and the model, one sentence each.</summary>
    public IReadOnlyList<string> Differences(ModelContract contract)
    {
        var differences = new List<string>();
        foreach (var input in contract.Inputs)
            Compare(input, "input", Inputs, isInput: true, differences);
        foreach (var input in Inputs)
            if (!contract.Inputs.Any(other => other.Name == input.Name))
                differences.Add($"input '{input.Name}' of the model is not an input of the class");
        foreach (var output in contract.Outputs.Where(output => output is { IsTyped: true, Kind: "tensor" }))
            Compare(output, "output", Outputs, isInput: false, differences);
        return differences;
    }

    private static void Compare(TensorContract expected, string kind, IReadOnlyList<RemoteTensor> tensors, bool isInput, List<string> differences)
    {
        var found = tensors.FirstOrDefault(tensor => tensor.Name == expected.Name);
        if (found is null)
            differences.Add($"{kind} '{expected.Name}' is missing; the model has {string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"))}");
        else if (!found.Fits(expected, isInput))
            differences.Add($"{kind} '{expected.Name}': the class expects {expected}, the model has {found}");
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json.ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException exception)
        {
            throw new FormatException("the metadata are no JSON object: " + exception.Message, exception);
        }

        throw new FormatException("the metadata are no JSON object");
    }

    private static List<RemoteTensor> Tensors(JsonElement model, string name)
    {
        var tensors = new List<RemoteTensor>();
        try
        {
            foreach (var tensor in model.GetProperty(name).EnumerateArray())
                tensors.Add(
                    new RemoteTensor(
                        tensor.GetProperty(InferenceNames.Name).GetString() ?? "",
                        tensor.GetProperty(InferenceNames.DataType).GetString() ?? "",
                        [.. tensor.GetProperty(InferenceNames.Shape).EnumerateArray().Select(Size)]
                    )
                );
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"the metadata have no '{name}' with names, data types and shapes", exception);
        }

        return tensors;
    }

    // Returns the size of a dimension, which some servers write as a text instead of a number.
    private static long Size(JsonElement size) =>
        size.ValueKind != JsonValueKind.String ? size.GetInt64()
        : long.TryParse(size.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException("a size in the metadata is no integer");
}
