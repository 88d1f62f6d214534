using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>Reads the JSON objects of requests and answers. The elements of tensors are not read, because they may come before the shape.</summary>
internal static class InferenceJson
{
    /// <summary>
    /// The largest number of tensors in an array of a request. It is limited because an empty tensor occupies much more memory than its text of some bytes.
    /// </summary>
    public const int MaxTensors = 1024;

    private const int MaxRank = 63;

    /// <summary>Moves the reader to the start of the JSON object.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    /// <exception cref="FormatException">The text is not a JSON object.</exception>
    public static void Start(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("the body is no JSON object");
    }

    /// <summary>
    /// Moves to the value of the next property; the result is <see langword="false"/> at the end of the object. A property whose value is null is skipped,
    /// because some programs write null for members that are missing.
    /// </summary>
    public static bool TryProperty(ref Utf8JsonReader reader, out string property)
    {
        do
        {
            property = "";
            if (!reader.Read() || reader.TokenType == JsonTokenType.EndObject)
                return false;
            property = Text(ref reader, "a name of a property");
            reader.Read();
        } while (reader.TokenType == JsonTokenType.Null);

        return true;
    }

    /// <summary>Reads an array of tensors.</summary>
    /// <exception cref="FormatException">The value is not an array of tensors.</exception>
    public static List<InferenceTensor> Tensors(ref Utf8JsonReader reader)
    {
        var tensors = new List<InferenceTensor>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException("the tensors are no array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (tensors.Count == MaxTensors)
                throw new FormatException($"there are more than {MaxTensors} tensors");
            tensors.Add(Tensor(ref reader));
        }

        return tensors;
    }

    /// <summary>Reads a boolean parameter from an object of parameters; null when the object does not have it.</summary>
    public static bool? Flag(ref Utf8JsonReader reader, string name)
    {
        bool? flag = null;
        StartParameters(ref reader);
        while (TryProperty(ref reader, out var property))
            if (property == name)
                flag = Boolean(ref reader, name);
            else
                reader.Skip();
        return flag;
    }

    /// <summary>Reads a string from the current JSON token.</summary>
    /// <exception cref="FormatException">The value is not a string.</exception>
    public static string Text(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            throw new FormatException($"'{what}' is no text");
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new FormatException($"'{what}' is no text in UTF-8", exception);
        }
    }

    private static InferenceTensor Tensor(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("a tensor is no object");
        var tensor = new InferenceTensor();
        while (TryProperty(ref reader, out var property))
            switch (property)
            {
                case InferenceNames.Name:
                    tensor.Name = Text(ref reader, InferenceNames.Name);
                    break;
                case InferenceNames.DataType:
                    tensor.DataType = Text(ref reader, InferenceNames.DataType);
                    break;
                case InferenceNames.Shape:
                    tensor.Shape = Shape(ref reader);
                    break;
                case InferenceNames.Data:
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    tensor.Data = start..(int)reader.BytesConsumed;
                    break;
                case InferenceNames.Parameters:
                    ReadParameters(ref reader, tensor);
                    break;
                default:
                    reader.Skip();
                    break;
            }

        return tensor;
    }

    private static void ReadParameters(ref Utf8JsonReader reader, InferenceTensor tensor)
    {
        StartParameters(ref reader);
        while (TryProperty(ref reader, out var property))
            if (property == InferenceNames.BinaryDataSize)
                tensor.BinarySize = Integer(ref reader, InferenceNames.BinaryDataSize);
            else if (property == InferenceNames.BinaryData)
                tensor.IsBinary = Boolean(ref reader, InferenceNames.BinaryData);
            else
                reader.Skip();
    }

    private static void StartParameters(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException($"'{InferenceNames.Parameters}' is no object");
    }

    private static long[] Shape(ref Utf8JsonReader reader)
    {
        var sizes = new List<long>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException($"'{InferenceNames.Shape}' is no array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            sizes.Add(Integer(ref reader, InferenceNames.Shape));
            if (sizes.Count > MaxRank)
                throw new FormatException($"'{InferenceNames.Shape}' has more than {MaxRank} dimensions");
        }

        return [.. sizes];
    }

    private static long Integer(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0
            ? number
            : throw new FormatException($"'{name}' is no integer from 0 on");

    private static bool Boolean(ref Utf8JsonReader reader, string name) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw new FormatException($"'{name}' is neither true nor false");
}
