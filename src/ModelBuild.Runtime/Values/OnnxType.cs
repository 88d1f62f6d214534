using System.ComponentModel;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime;

/// <summary>What a value that is more than one tensor is in .NET. Generated code puts it together from these parts, so that nothing is looked up by reflection.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OnnxType
{
    private protected OnnxType() { }

    /// <summary>A tensor inside another value.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="element">Its name in signatures, such as <c>float32</c>.</param>
    public static OnnxType<Tensor<T>> Tensor<T>(string element) => new Values.TensorType<T>(element);

    /// <summary>A list.</summary>
    public static OnnxType<IReadOnlyList<T>> Sequence<T>(OnnxType<T> item)
        where T : class => new Values.SequenceType<T>(item);

    /// <summary>A dictionary.</summary>
    /// <param name="key">The name of the keys' type in signatures: <c>string</c> or an integer's.</param>
    /// <param name="value">The name of the values' type.</param>
    public static OnnxType<IReadOnlyDictionary<TKey, TValue>> Map<TKey, TValue>(string key, string value)
        where TKey : notnull => new Values.MapType<TKey, TValue>(key, value);

    /// <summary>A value that may be absent, which is null then.</summary>
    public static OnnxType<T?> Optional<T>(OnnxType<T> inner)
        where T : class => new Values.OptionalType<T>(inner);

    /// <summary>Copies a value of ONNX Runtime; null stands for an absent one.</summary>
    internal abstract object? ReadAny(OrtValue? value);

    /// <summary>A part of a list, for rows of several calls; null where the value is no list.</summary>
    internal virtual object? Slice(object value, int start, int count) => null;
}
