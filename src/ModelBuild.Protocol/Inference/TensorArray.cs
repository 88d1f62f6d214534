using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>
/// Reads the elements of a tensor from a JSON array, which is flat in row-major order or has one level of arrays for each dimension.
/// </summary>
internal static class TensorArray
{
    /// <summary>Reads an array into memory that has exactly as many elements as the shape. The reader is at the start of the array.</summary>
    /// <exception cref="FormatException">The array does not have the elements that the shape and the type require.</exception>
    public static void Read<T, TElement>(ref Utf8JsonReader reader, ReadOnlySpan<long> shape, Span<T> elements)
        where TElement : ITensorElement<T>
    {
        var (depth, count, isNested) = (1, 0, false);
        Span<long> items = stackalloc long[64];
        if (reader.TokenType != JsonTokenType.StartArray || shape.Length >= items.Length)
            throw new FormatException("'data' is no array of at most 63 dimensions");
        while (depth > 0 && reader.Read())
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    if ((count > 0 && !isNested) || depth == Math.Max(1, shape.Length))
                        throw Uneven(shape);
                    isNested = true;
                    items[depth - 1]++;
                    items[depth++] = 0;
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    if (isNested && items[depth] != shape[depth])
                        throw Uneven(shape);
                    break;
                default:
                    if (isNested && depth != shape.Length)
                        throw Uneven(shape);
                    if (count == elements.Length)
                        throw WrongCount(shape, $"more than {elements.Length}");
                    if (!TElement.TryRead(ref reader, out elements[count]))
                        throw new FormatException($"element {count} of 'data' is no value of the type");
                    count++;
                    items[depth - 1]++;
                    break;
            }

        if (count != elements.Length)
            throw WrongCount(shape, $"{count}");
    }

    private static FormatException Uneven(ReadOnlySpan<long> shape) =>
        new($"the arrays in 'data' are neither flat nor nested as the shape [{string.Join(", ", shape.ToArray())}]");

    private static FormatException WrongCount(ReadOnlySpan<long> shape, string count) =>
        new($"'data' has {count} elements, which are not those of the shape [{string.Join(", ", shape.ToArray())}]");
}
