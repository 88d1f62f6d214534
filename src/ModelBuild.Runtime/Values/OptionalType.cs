using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Describes the type of an optional. ONNX Runtime represents an optional that is not empty as its content.</summary>
internal sealed class OptionalType<T>(OnnxType<T> inner) : OnnxType<T?>
    where T : class
{
    internal override T? Read(OrtValue? value) => value is null ? null : inner.Read(value);

    internal override PreparedValue? Prepare(T? value, bool isScalar) => value is null ? null : inner.Prepare(value, isScalar);
}
