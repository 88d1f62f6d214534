using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>Reads and writes one element of a tensor as JSON.</summary>
/// <typeparam name="T">The type of the element in memory.</typeparam>
internal interface ITensorElement<T>
{
    /// <summary>Reads an element from the current JSON token; the result is <see langword="false"/> when the token is not an element of the type.</summary>
    static abstract bool TryRead(ref Utf8JsonReader reader, out T value);

    /// <summary>Writes an element as JSON.</summary>
    static abstract void Write(Utf8JsonWriter writer, T value);

    /// <summary>Determines whether JSON can represent a value. It cannot represent infinity and NaN.</summary>
    static virtual bool HasJson(T value) => true;
}
