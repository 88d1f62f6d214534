using System.ComponentModel;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>Describes a value of the .NET type <typeparamref name="T"/> that is not a single tensor.</summary>
/// <typeparam name="T">The .NET type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OnnxType<T> : OnnxType
{
    private protected OnnxType() { }

    /// <summary>Copies a value of ONNX Runtime to a .NET value; null is an empty optional.</summary>
    internal abstract T Read(OrtValue? value);

    /// <summary>Copies the value that a caller passes, so that runs can use it; the result is null for an empty optional.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isScalar">Whether the model declares that the tensors inside are scalars.</param>
    /// <exception cref="ArgumentException">ONNX Runtime does not accept the value.</exception>
    internal abstract PreparedValue? Prepare(T value, bool isScalar);

    internal sealed override object? ReadAny(OrtValue? value) => Read(value);
}
