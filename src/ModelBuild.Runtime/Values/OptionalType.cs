using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>A value that may be absent. One that is there is to ONNX Runtime what is inside.</summary>
internal sealed class OptionalType<T>(OnnxType<T> inner) : OnnxType<T?>
    where T : class
{
    internal override T? Read(OrtValue? value) => value is null ? null : inner.Read(value);

    internal override PreparedValue? Prepare(T? value, bool isScalar) => value is null ? null : inner.Prepare(value, isScalar);
}
