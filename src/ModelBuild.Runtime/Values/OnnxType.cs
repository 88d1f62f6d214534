using System.ComponentModel;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime;

/// <summary>
/// Describes the .NET type of a value that is not a single tensor. Generated code composes the description from the methods of this class, so that no
/// reflection is needed.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OnnxType
{
    private protected OnnxType() { }

    /// <summary>Describes a tensor inside another value.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="element">The name of the element type in signatures, such as <c>float32</c>.</param>
    /// <returns>The type.</returns>
    public static OnnxType<Tensor<T>> Tensor<T>(string element) => new Values.TensorType<T>(element);

    /// <summary>Describes a sequence.</summary>
    /// <typeparam name="T">The .NET type of the items.</typeparam>
    /// <param name="item">The type of the items.</param>
    /// <returns>The type.</returns>
    public static OnnxType<IReadOnlyList<T>> Sequence<T>(OnnxType<T> item)
        where T : class => new Values.SequenceType<T>(item);

    /// <summary>Describes a map.</summary>
    /// <typeparam name="TKey">The .NET type of the keys.</typeparam>
    /// <typeparam name="TValue">The .NET type of the values.</typeparam>
    /// <param name="key">The name of the type of the keys in signatures: <c>string</c> or an integer type.</param>
    /// <param name="value">The name of the type of the values in signatures.</param>
    /// <returns>The type.</returns>
    public static OnnxType<IReadOnlyDictionary<TKey, TValue>> Map<TKey, TValue>(string key, string value)
        where TKey : notnull => new Values.MapType<TKey, TValue>(key, value);

    /// <summary>Describes an optional. An empty optional is null.</summary>
    /// <typeparam name="T">The .NET type of the content.</typeparam>
    /// <param name="inner">The type of the content.</param>
    /// <returns>The type.</returns>
    public static OnnxType<T?> Optional<T>(OnnxType<T> inner)
        where T : class => new Values.OptionalType<T>(inner);

    /// <summary>Copies a value of ONNX Runtime to a .NET value; null is an empty optional.</summary>
    internal abstract object? ReadAny(OrtValue? value);

    /// <summary>
    /// Returns a range of the items of a sequence: the rows that belong to one call of a run that combined several calls; null when the value is not a
    /// sequence.
    /// </summary>
    internal virtual object? Slice(object value, int start, int count) => null;
}
