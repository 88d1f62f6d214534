using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Requests;

namespace ModelBuild.Serving.Rest;

/// <summary>Represents the body of an inference request.</summary>
/// <param name="Id">The identifier that the answer repeats; null for none.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The requested outputs; an empty list for all.</param>
/// <param name="IsBinary">Whether outputs are binary if the request does not specify their form.</param>
internal sealed record RestRequest(string? Id, IReadOnlyList<InferenceInput> Inputs, IReadOnlyList<InferenceTensor> Outputs, bool IsBinary)
{
    /// <summary>Reads the body of an inference request. The elements of tensors are not read.</summary>
    /// <param name="request">The headers.</param>
    /// <param name="body">The bytes.</param>
    /// <exception cref="ServingException">The body is not a valid request of the protocol.</exception>
    public static RestRequest Read(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        try
        {
            var header = HeaderLength(request, body.Length);
            return Read(body[..header], body[header..]);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw ServingException.BadRequest($"The request is not one of the protocol: {exception.Message}", exception);
        }
    }

    private static int HeaderLength(HttpRequest request, int length)
    {
        if (!request.Headers.TryGetValue(InferenceNames.HeaderLength, out var values))
            return length;
        return values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var header) && header <= length
            ? header
            : throw new FormatException($"the header '{InferenceNames.HeaderLength}' is no length within the {length} bytes of the body");
    }

    private static RestRequest Read(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> binary)
    {
        var reader = new Utf8JsonReader(json.Span);
        string? id = null;
        List<InferenceTensor>? inputs = null,
            outputs = null;
        var isBinary = false;
        InferenceJson.Start(ref reader);
        while (InferenceJson.TryProperty(ref reader, out var property))
            switch (property)
            {
                case InferenceNames.Id:
                    id = InferenceJson.Text(ref reader, InferenceNames.Id);
                    break;
                case InferenceNames.Inputs:
                    inputs = InferenceJson.Tensors(ref reader);
                    break;
                case InferenceNames.Outputs:
                    outputs = InferenceJson.Tensors(ref reader);
                    break;
                case InferenceNames.Parameters:
                    isBinary = InferenceJson.Flag(ref reader, InferenceNames.BinaryDataOutput) ?? false;
                    break;
                default:
                    reader.Skip();
                    break;
            }

        // A second call of Read throws an exception if there is text after the JSON object.
        reader.Read();
        return new RestRequest(id, Split(inputs ?? throw new FormatException($"'{InferenceNames.Inputs}' is missing"), json, binary), outputs ?? [], isBinary);
    }

    /// <summary>Assigns the bytes after the JSON object to the inputs that are binary, in the order of the inputs.</summary>
    private static List<InferenceInput> Split(List<InferenceTensor> tensors, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> binary)
    {
        var inputs = new List<InferenceInput>(tensors.Count);
        foreach (var tensor in tensors)
        {
            var size = tensor.BinarySize ?? 0;
            if (size > binary.Length)
                throw new FormatException($"input '{tensor.Name}' has {size} bytes, and {binary.Length} follow the JSON object");
            inputs.Add(new InferenceInput(tensor, json, binary[..(int)size]));
            binary = binary[(int)size..];
        }

        return binary.IsEmpty ? inputs : throw new FormatException($"{binary.Length} bytes after the JSON object belong to no input");
    }
}
