using System.Text.Json;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Remote;

/// <summary>Reads an answer into the outputs of a call.</summary>
internal static class RemoteResponse
{
    /// <summary>Reads the body of an answer into the outputs of a call.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="header">The length of the JSON object, which the binary tensors follow.</param>
    /// <param name="tensors">The call.</param>
    /// <exception cref="FormatException">The answer does not have the outputs of the call.</exception>
    /// <exception cref="JsonException">The answer does not begin with a JSON object.</exception>
    public static void Read(ReadOnlySpan<byte> body, int header, CallTensors tensors)
    {
        var reader = new Utf8JsonReader(body[..header]);
        var binary = body[header..];
        var found = new bool[tensors.Outputs.Length];
        InferenceJson.Start(ref reader);
        while (InferenceJson.TryProperty(ref reader, out var property))
            if (property == InferenceNames.Outputs)
                foreach (var tensor in InferenceJson.Tensors(ref reader))
                    ReadOutput(body[..header], tensor, ref binary, tensors, found);
            else
                reader.Skip();
        for (var i = 0; i < found.Length; i++)
            if (!found[i] && tensors.Outputs[i] is { } missing)
                throw new FormatException($"output '{missing.Contract.Name}' is missing");
    }

    private static void ReadOutput(ReadOnlySpan<byte> json, InferenceTensor tensor, ref ReadOnlySpan<byte> binary, CallTensors tensors, bool[] found)
    {
        ReadOnlySpan<byte> data = default;
        if (tensor.BinarySize is { } size)
        {
            if (size < 0 || size > binary.Length)
                throw new FormatException($"output '{tensor.Name}' has {size} bytes, and {binary.Length} follow");
            data = binary[..(int)size];
            binary = binary[(int)size..];
        }

        var index = Array.FindIndex(tensors.Outputs, output => output?.Contract.Name == tensor.Name);
        if (index < 0)
            return;
        var output = tensors.Outputs[index]!;
        if (tensor.DataType != InferenceType.Of(output.Contract.Type))
            throw new FormatException($"output '{tensor.Name}' is {tensor.DataType} instead of {InferenceType.Of(output.Contract.Type)}");
        var shape = tensor.Shape ?? throw new FormatException($"output '{tensor.Name}' has no shape");
        if (!output.Contract.Allows(shape))
            throw new FormatException($"output '{tensor.Name}' is [{string.Join(", ", shape)}] instead of {output.Contract}");
        if (tensors.Shapes.Outputs[index] is { } template && !template.Matches(tensors.Variables, shape))
            throw new FormatException(
                $"output '{tensor.Name}' is [{string.Join(", ", shape)}] instead of [{string.Join(", ", tensors.OutputShape(index))}], "
                    + $"which is {output.Contract} for the inputs of the call"
            );
        tensor.CheckSize(data);
        output.SetLength(CallTensors.BufferLength(output.Contract, shape));
        output.SetShape(shape, output.Length);
        if (output is StringBuffer strings)
            tensor.Read(json, data, strings.Span);
        else
            tensor.Read(json, data, output.WritableBytes);
        found[index] = true;
    }
}
