using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>Reads and writes one element of a tensor as JSON.</summary>
/// <typeparam name="T">The type of the element in memory.</typeparam>
internal interface ITensorElement<T>
{
    /// <summary>Reads the current token; the result is <see langword="false"/> when it is no element of the type.</summary>
    static abstract bool TryRead(ref Utf8JsonReader reader, out T value);

    /// <summary>Writes an element.</summary>
    static abstract void Write(Utf8JsonWriter writer, T value);

    /// <summary>Determines whether JSON can represent a value: infinity and NaN have no JSON number.</summary>
    static virtual bool HasJson(T value) => true;
}
