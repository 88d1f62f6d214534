using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>A copy of a caller's value, from which each run makes its native one.</summary>
/// <param name="Create">Makes the native value; it stands on memory that this object holds.</param>
/// <param name="Shapes">The shapes of all tensors inside.</param>
internal sealed record PreparedValue(Func<OrtValue> Create, IReadOnlyList<long[]> Shapes);
