using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>Represents a tensor in the JSON object of a request or an answer. Its elements are in the object or in the bytes that follow the object.</summary>
internal sealed class InferenceTensor
{
    public string Name { get; set; } = "";

    /// <summary>Gets or sets the data type, such as <c>FP32</c>; null when it is missing.</summary>
    public string? DataType { get; set; }

    /// <summary>Gets or sets the dimensions; null when they are missing.</summary>
    public long[]? Shape { get; set; }

    /// <summary>Gets or sets the number of bytes of the tensor after the JSON object; null when the elements are in the object.</summary>
    public long? BinarySize { get; set; }

    /// <summary>Gets or sets whether an answer contains the tensor in binary form; null for the setting of the request.</summary>
    public bool? IsBinary { get; set; }

    /// <summary>Gets or sets the range of the array of elements in the bytes of the JSON object; null when the object has none.</summary>
    public Range? Data { get; set; }

    /// <summary>Gets the number of elements of the shape; <see cref="long.MaxValue"/> when the product overflows.</summary>
    public long Elements
    {
        get
        {
            var elements = 1L;
            foreach (var size in Shape!)
            {
                var high = Math.BigMul(elements, size, out var low);
                elements = high == 0 && low >= 0 ? low : long.MaxValue;
            }

            return elements;
        }
    }

    /// <summary>
    /// Checks that the tensor has as many bytes as its shape and type require. Callers do this before they allocate memory for the tensor, because the sender
    /// can state any shape and size.
    /// </summary>
    /// <param name="binary">The bytes of a tensor in binary form.</param>
    /// <exception cref="FormatException">The number of bytes contradicts the shape.</exception>
    public void CheckSize(ReadOnlySpan<byte> binary)
    {
        if (Array.Exists(Shape!, size => size < 0))
            throw new FormatException($"'{Name}' has a negative dimension");
        if (BinarySize is null)
        {
            var length = Data is { } data ? data.End.Value - data.Start.Value : throw new FormatException($"'{Name}' has no '{InferenceNames.Data}'");
            // Each element of a JSON array occupies at least two bytes: one character, and a comma or a bracket.
            if (Elements > length / 2)
                throw new FormatException($"'{Name}' has fewer elements in '{InferenceNames.Data}' than its shape [{string.Join(", ", Shape!)}]");
            return;
        }

        if (Data is not null)
            throw new FormatException($"'{Name}' has both '{InferenceNames.Data}' and '{InferenceNames.BinaryDataSize}'");
        var isText = DataType == InferenceType.Bytes;
        var expected = Math.BigMul(Elements, isText ? 1 : InferenceType.Size(DataType!), out var bytes) == 0 ? bytes : long.MaxValue;
        var given = isText ? TensorStrings.Count(binary) : binary.Length;
        if (expected != given)
            throw new FormatException($"'{Name}' has {Given(isText, given)}, and its shape [{string.Join(", ", Shape!)}] of {DataType} has {expected}");
    }

    /// <summary>Reads numbers or booleans into memory that has exactly as many elements as the shape.</summary>
    /// <exception cref="FormatException">The elements do not have the type.</exception>
    public void Read(ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary, Span<byte> elements)
    {
        if (BinarySize is null)
        {
            var reader = Start(json);
            TensorJson.Read(ref reader, DataType!, Shape, elements);
            return;
        }

        if (DataType == "BOOL" && binary.ContainsAnyExceptInRange((byte)0, (byte)1))
            throw new FormatException($"'{Name}' has a byte that is neither 0 nor 1");
        binary.CopyTo(elements);
    }

    /// <summary>Reads strings into memory that has exactly as many elements as the shape.</summary>
    /// <exception cref="FormatException">The elements are not strings.</exception>
    public void Read(ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary, Span<string> elements)
    {
        if (BinarySize is null)
        {
            var reader = Start(json);
            TensorJson.Read(ref reader, Shape, elements);
            return;
        }

        TensorStrings.Read(binary, elements);
    }

    private static string Given(bool isText, long given) =>
        !isText ? $"{given} bytes"
        : given < 0 ? "texts whose lengths contradict the number of bytes"
        : $"{given} texts";

    private Utf8JsonReader Start(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json[Data!.Value]);
        reader.Read();
        return reader;
    }
}
